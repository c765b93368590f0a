"""
What leans on a row, of whichever room: asked of the database itself.

Rooms above this one may refer to people and participations, and cannot be
named here; their foreign keys can be read from the catalogue, so that a table
of tomorrow counts as well.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk

# Copies of a participation that are made anew whenever it changes; nobody has done anything with them.
_DERIVED = frozenset({"pool_card"})

_KEYS = text("""
    SELECT refers.conrelid::regclass::text AS name, a.attname AS of
    FROM pg_constraint refers
    JOIN pg_attribute a ON a.attrelid = refers.conrelid AND a.attnum = ANY (refers.conkey)
    WHERE refers.contype = 'f' AND refers.confrelid = CAST(:meant AS regclass) AND a.attname <> 'organisation_id'
    ORDER BY 1, 2""")


async def of(
    session: AsyncSession, table: str, row_ids: Sequence[UUID], *, ours: Mapping[str, Collection[UUID]]
) -> dict[UUID, set[str]]:
    """
    For each of these rows of `table` the names of the tables in which something refers to it.

    `ours` are rows that do not count, by their table.
    """
    found: dict[UUID, set[str]] = {}
    for name, column in (await session.execute(_KEYS, {"meant": table})).all():
        if name in _DERIVED:
            continue
        # Names out of the catalogue, quoted as names.
        asked = text(
            f'SELECT DISTINCT "{column}" FROM "{name}"'  # noqa: S608
            f' WHERE "{column}" = ANY (:ids) AND id <> ALL (:ours)'
        )
        uncounted = list(ours.get(name, ()))
        for part in bulk.batches(row_ids, 2_000):
            for (row_id,) in await session.execute(asked, {"ids": list(part), "ours": uncounted}):
                found.setdefault(row_id, set()).add(name)
    return found
