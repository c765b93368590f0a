"""
What must not be seen and must not change: a mark in every text of an organisation, and a digest of all its rows.

Both are done by the database's superuser, who is under no policy.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Connection,
    Text,
    create_engine,
    func,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from tests.conftest import DATABASE, Servers
from tests.isolation.world import tenant_tables

# Codes, addresses of machines and facts that the product reads: a mark in them would be an error and no secret.
CODES = {
    "kind", "key", "language", "time_zone", "slug", "host", "structure", "state", "role", "event", "actor_kind",
    "object_kind", "status", "origin", "mode", "channel", "purpose", "text_version", "default_language", "queue",
    "contact_release", "asked_of", "asked_for", "side", "salt", "fingerprint", "file_digest", "inputs_digest",
    "matcher_version", "end_reason", "gender", "gender_wish", "field", "code", "wall_time", "search_key", "sector",
    "grade", "region_code", "name_code",
}  # fmt: skip
# Of what is kept as JSON: the columns whose texts are people's own.
TEXTS = {
    "programme": {"name", "summary"},
    "question": {"label", "hint"},
    "topic": {"label"},
    "roster_row": {"cells"},
}
NAMED = {"criterion": {"name"}}  # text columns of one table that are codes there
_STATES = {"matching_run": {"error"}, "roster_import": {"error"}, "unmatched": {"reason"}}


@contextmanager
def superuser(servers: Servers) -> Iterator[Connection]:
    engine = create_engine(servers.postgres.admin_url(DATABASE))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def mark(connection: Connection, organisation_id: UUID, canary: str) -> int:
    """Put `canary` into every text that somebody wrote. Returns how many values were marked."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    marked = 0
    for table in tenant_tables():
        changes: dict[str, Any] = {}
        for column in table.c:
            if _is_written(table.name, column):
                changes[column.name] = column + func.cast(_mark(column, canary), Text)
            elif column.name in TEXTS.get(table.name, set()):
                changes[column.name] = func.cast(
                    func.regexp_replace(
                        func.cast(column, Text), r'(:|\[|,) ?"([^"]*)"(?=[,}\]])', rf'\1"\2 {canary}"', "g"
                    ),
                    JSONB,
                )
        if changes:
            done = connection.execute(
                update(table).where(table.c.organisation_id == organisation_id).values(changes)
            )
            marked += done.rowcount * len(changes)
    return marked


def _mark(column: Any, canary: str) -> str:
    return f".{canary.lower()}" if "email" in column.name else f" {canary}"


def _is_written(table: str, column: Any) -> bool:
    if not isinstance(column.type, Text) or column.computed is not None:
        return False
    known = CODES | NAMED.get(table, set()) | _STATES.get(table, set())
    return column.name not in known and not _is_choice(column)


def _is_choice(column: Any) -> bool:
    """Whether the database takes only certain words for it."""
    checks = (one for one in column.table.constraints if isinstance(one, CheckConstraint))
    return any(str(check.sqltext).startswith(f"{column.name} IN (") for check in checks)


def digests(connection: Connection, organisation_id: UUID) -> dict[str, str]:
    """How many rows of the organisation each table has, and a digest of them all; asked of all tables at once."""
    found = connection.execute(text(_digests()), {"organisation_id": organisation_id})
    return dict(found.all())


@cache
def _digests() -> str:
    """A row is written out as the database itself writes it, with every column that it has."""
    of_one = """
        SELECT '{0}', count(*) || ':' || md5(coalesce(string_agg(line, '' ORDER BY line), ''))
        FROM (SELECT md5(one::text) AS line FROM "{0}" AS one WHERE organisation_id = :organisation_id) AS its
    """
    return " UNION ALL ".join(of_one.format(table.name) for table in tenant_tables())
