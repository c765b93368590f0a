"""
The oldest PostgreSQL that we run on. Apart from the migrations, so that the web holds nothing of theirs.

Every connection is judged when it is opened, for a server may be exchanged for an older one while we run; and each
process looks once when it starts, so that it does not begin what it cannot go on with.
"""

from functools import cache
from typing import Any

import psycopg
from psycopg import BaseConnection
from sqlalchemy import make_url

from infra import errors, logs
from infra.db import roles
from infra.settings import DatabaseSettings

VERSION = "SHOW server_version_num"
log = logs.get("database")


class ServerTooOld(errors.Unavailable):
    """The server lacks a security fix that row security depends on (CVE-2026-120154)."""

    code = "server_too_old"

    def __init__(self, found: int) -> None:
        super().__init__(found=found)

    def __str__(self) -> str:
        found = self.facts["found"]
        floors = ", ".join(f"{major}.{number % 10000}" for major, number in roles.SERVER_FLOOR.items())
        return (
            f"PostgreSQL {found // 10000}.{found % 10000} is too old. "
            f"Needed is {floors} or newer: older servers can show one organisation a value of another."
        )


def judge_server(number: int, *, refuse: bool) -> bool:
    """
    Whether the server (its `server_version_num`) is at or above the floor of its major version.

    Raises:
        ServerTooOld: it is not, and `refuse` says that this matters; demos go on.
    """
    floor = roles.SERVER_FLOOR.get(number // 10000)
    if number // 10000 > max(roles.SERVER_FLOOR) or (floor is not None and number >= floor):
        return True
    if refuse:
        raise ServerTooOld(number)
    return False


def judge_connection(connection: BaseConnection[Any], *, refuse: bool) -> None:
    """
    Judge the server by what it said of itself when it was reached, which costs no question.

    Raises:
        ServerTooOld: it is, and `refuse` says that this matters; demos are told once.
    """
    version = connection.info.server_version
    if not judge_server(version, refuse=refuse):
        _tell_once(version)


@cache
def _tell_once(version: int) -> None:
    log.warning("old database server", version=version)


def look(settings: DatabaseSettings) -> None:
    """
    Judge the server at the start of a process. One that is away is judged when it is back.

    Raises:
        ServerTooOld: this process must not begin.
    """
    plain = make_url(settings.relay_url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(plain, connect_timeout=5) as connection:
            judge_connection(connection, refuse=settings.refuse_old_server)
    except psycopg.OperationalError as error:
        log.warning("the database is away", error=type(error).__name__)
