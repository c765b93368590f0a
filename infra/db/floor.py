"""The oldest PostgreSQL that we run on. Apart from the migrations, so that the web holds nothing of theirs."""

from infra.db import roles

VERSION = "SHOW server_version_num"


class ServerTooOld(Exception):
    """The server lacks a security fix that row security depends on (CVE-2026-120154)."""

    def __init__(self, found: int) -> None:
        floors = ", ".join(f"{major}.{number % 10000}" for major, number in roles.SERVER_FLOOR.items())
        super().__init__(
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
