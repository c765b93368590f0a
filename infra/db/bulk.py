"""
Many rows in one statement.

COPY FROM is refused under row security, one INSERT a row asks the signed
context each time, and a VALUES list of thousands is slow to write. So rows
travel as one JSON text and come apart in the server.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from psycopg.errors import LockNotAvailable
from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    insert,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from infra import logs

log = logs.get("database")

BATCH = 500  # rows; with the longest cells a statement stays far below the time it may take

# The server makes its own counting give way to whoever has waited for a second.
_COUNTS_WITHIN = "3s"
_FORGET_PLANS = text("DISCARD PLANS")

T = TypeVar("T")
Rows = Sequence[Mapping[str, Any]]


def batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def any_of(found: Any, values: Sequence[Any], kind: Any = None) -> ColumnElement[bool]:
    """`found = ANY(values)`: one parameter, however many values."""
    made: ColumnElement[bool] = found == func.any(cast(bindparam(None, list(values)), ARRAY(kind or Uuid())))
    return made


def texts(found: Any, values: Sequence[str]) -> ColumnElement[bool]:
    return any_of(found, values, Text())


def numbers(found: Any, values: Sequence[int]) -> ColumnElement[bool]:
    return any_of(found, values, Integer())


def alone(row_id: UUID) -> ColumnElement[Any]:
    """Wait until no other transaction works on the same thing; held until this one ends."""
    return func.pg_advisory_xact_lock(func.hashtextextended(str(row_id), 0))


async def plan_anew(session: AsyncSession) -> None:
    """
    Forget how statements and foreign keys of this connection were looked up so far.

    The plan of a foreign key's check is made for the rows that are there when a connection
    needs it first, and then kept. Made for a few hundred, it may read all rows of the
    organisation for each check: where ten thousand come in, two hundred million.
    """
    await session.execute(_FORGET_PLANS)


async def hold_counts(session: AsyncSession, *models: type[DeclarativeBase]) -> bool:
    """
    Keep ANALYZE, and autovacuum's above all, from counting these tables anew until the transaction ends.

    It sees the pages that we fill and not our rows, which are not committed: a table that we fill for the first time would
    seem empty, and from then on each of its foreign keys would be checked in the wrong index. Readers and writers go on.

    Returns False where somebody else holds them and does not give way: most likely another who fills them.
    """
    names = ", ".join(f'"{table(model).name}"' for model in models)
    try:
        async with session.begin_nested():
            await session.execute(text(f"SET LOCAL lock_timeout = '{_COUNTS_WITHIN}'"))
            await session.execute(text(f"LOCK TABLE {names} IN SHARE UPDATE EXCLUSIVE MODE"))
            await session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        log.info("counts are held by somebody else", tables=names)
        return False
    return True


def table(model: type[DeclarativeBase]) -> Table:
    found = model.__table__
    if not isinstance(found, Table):
        raise TypeError(f"{model.__name__} has no table of its own")
    return found


async def insert_rows(session: AsyncSession, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    for part in batches(rows):
        names = list(part[0])
        await session.execute(insert(table).from_select(names, given(table, part).select()))


async def update_rows(session: AsyncSession, table: Table, rows: Rows) -> None:
    """Update rows by their `id`; all have the same columns."""
    for part in batches(rows):
        names = list(part[0])
        fresh = given(table, part)
        changed = {name: fresh.c[name] for name in names if name != "id"}
        await session.execute(update(table).where(and_(table.c.id == fresh.c.id)).values(changed))


def given(table: Table, rows: Rows) -> Any:
    """The rows as something to select from; all have the same columns, with the table's types."""
    sent = cast(bindparam(None, msgspec.json.encode([dict(row) for row in rows]).decode()), JSONB)
    typed = [column(name, table.c[name].type) for name in rows[0]]
    return func.jsonb_to_recordset(sent).table_valued(*typed, name="given").render_derived(with_types=True)


def storable(value: Any) -> Any:
    """JSON as PostgreSQL takes it: no NUL, no half of a surrogate pair, no tuples, enumerations as their text."""
    if isinstance(value, str):
        return str(value) if value.isascii() and "\x00" not in value else _text(value)
    if isinstance(value, Mapping):
        return {storable(str(name)): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(one) for one in value]
    return value


def _text(value: str) -> str:
    return value.replace("\x00", "").encode(errors="replace").decode()
