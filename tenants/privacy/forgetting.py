"""
What becomes of somebody's rows when her data is deleted: what the map says, in one transaction.

Rows are emptied before others are deleted, and children go before what they refer to. May be run again: what is
done already is found done.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.language import gettext as _
from tenants.mapping import Erasing, Rows
from tenants.mapping import Table as Mapped
from tenants.organisations.models import Organisation
from tenants.privacy import mentions
from tenants.privacy.finding import Hers
from tenants.privacy.mapped import tables

Counts = dict[str, int]


async def forget(session: AsyncSession, hers: Hers) -> Counts:
    """Returns how many rows of which table were deleted, emptied or freed of her name, as "table.what"."""
    counts = await mentions.forget(session, hers)
    for mapped in tables().values():
        if mapped.rows is Rows.EMPTIED and not mapped.by_hand:
            counts[f"{mapped.name}.emptied"] = await _empty(session, hers, mapped)
    answers = select(func.app.forget_earlier_answers(hers.ids["participation"]))
    counts["earlier_answers.deleted"] = int((await session.execute(answers)).scalar_one())
    for mapped in _children_first(hers):
        if mapped.rows is Rows.DELETED and not mapped.by_hand:
            counts[f"{mapped.name}.deleted"] = await _delete(session, hers, mapped)
    return {name: count for name, count in sorted(counts.items()) if count}


async def _empty(session: AsyncSession, hers: Hers, mapped: Mapped) -> int:
    table = hers.table(mapped.name)
    values: dict[str, Any] = {
        name: one.empty for name, one in mapped.columns.items() if mapped.erasing(name) is Erasing.EMPTIED
    }
    for name in mapped.columns:
        if mapped.erasing(name) is Erasing.REPLACED:
            values[name] = await nobody(session)
    return await _count(session, update(table).where(hers.rows(mapped)).values(values), table)


async def _delete(session: AsyncSession, hers: Hers, mapped: Mapped) -> int:
    table = hers.table(mapped.name)
    return await _count(session, delete(table).where(hers.rows(mapped)), table)


async def _count(session: AsyncSession, statement: Any, table: Table) -> int:
    gone = statement.returning(table.c.organisation_id).cte("gone")
    return int((await session.execute(select(func.count()).select_from(gone))).scalar_one())


def _children_first(hers: Hers) -> Iterator[Mapped]:
    mapped = tables()
    for table in reversed(hers.metadata.sorted_tables):
        if table.name in mapped:
            yield mapped[table.name]


async def nobody(session: AsyncSession) -> str:
    """What stands where her name stood, in the organisation's own language."""
    own = (await session.execute(select(Organisation.default_language))).scalar_one()
    with language.use(own):
        return _("Somebody whose data was deleted")
