"""
All that is kept of one person, gathered along the map: what stands in her copy, and what it says that exists.

Ids of others become names only where she has been told them: partners of proposals that have reached her, and of
her pairs. All other ids are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, MetaData, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.mapping import Column, Export, Rows
from tenants.mapping import Table as Mapped
from tenants.notifications.letters import KINDS
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.privacy import finding
from tenants.privacy.finding import Hers
from tenants.privacy.mapped import tables
from tenants.privacy.words import CLOSED, PROPOSAL_SEEN
from tenants.programmes.models import Cycle, Programme, Question
from tenants.proposals import queries as proposals
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party
from tenants.registration.models import Participation

MOST_ROWS = 2_000  # of one table: years of letters; the newest count
# Columns that hold the id of something which has a name that she knows.
_OFFICES, _PROGRAMMES, _CYCLES, _PARTS = "office_id", "programme_id", "cycle_id", ("mentor_id", "mentee_id")


@dataclass(frozen=True, slots=True)
class Section:
    """One table: its map, and her rows by column."""

    mapped: Mapped
    rows: Sequence[Mapping[str, Any]]

    @property
    def columns(self) -> list[tuple[str, Column]]:
        return [(name, one) for name, one in self.mapped.columns.items() if one.export is Export.GIVEN]


@dataclass(frozen=True, slots=True)
class Gathered:
    """
    `names` are those of offices, programmes, cycles and participations that she may be told, by id; `questions` those
    that her answers are to, by key, also if they are asked no more.
    """

    person: Person
    sections: Sequence[Section]
    noted: Sequence[tuple[Mapped, str, int]]
    names: Mapping[UUID, Any]
    questions: Mapping[str, Question]


async def gather(session: AsyncSession, metadata: MetaData, person: Person) -> Gathered:
    hers = await finding.find(session, metadata, person)
    sections, noted = [], []
    for mapped in tables().values():
        if mapped.hers and mapped.title:
            section = await _section(session, hers, mapped)
            sections += [section] if section.rows else []
        if mapped.hers:
            noted += await _noted(session, hers, mapped)
    return Gathered(person, sections, noted, await _names(session, hers), await _questions(session, sections))


async def _questions(session: AsyncSession, sections: Sequence[Section]) -> dict[str, Question]:
    keys = {key for one in sections for row in one.rows for key in row.get("answers") or ()}
    rows = await session.scalars(select(Question).where(bulk.texts(Question.key, sorted(keys))))
    return {one.key: one for one in rows}


async def _section(session: AsyncSession, hers: Hers, mapped: Mapped) -> Section:
    table = hers.table(mapped.name)
    given = [name for name, one in mapped.columns.items() if one.export is Export.GIVEN]
    query = select(*(table.c[name] for name in given)).where(await _known(session, hers, mapped))
    rows = (
        await session.execute(query.order_by(table.c.created_at.desc(), table.c.id).limit(MOST_ROWS))
    ).all()
    return Section(mapped, [_seen(mapped, row._asdict()) for row in rows])


def _seen(mapped: Mapped, row: dict[str, Any]) -> dict[str, Any]:
    """A closed proposal does not say who closed it: that would be the other one's answer."""
    if mapped.name == "proposal":
        row["state"] = PROPOSAL_SEEN.get(row["state"], CLOSED)
    return row


async def _known(session: AsyncSession, hers: Hers, mapped: Mapped) -> ColumnElement[bool]:
    """
    Her rows as far as they are hers to have.

    A proposal that has not been sent names somebody whom she does not know, and a group may still change; letters
    that she got for her work are of those with whom she works. Whoever calls has loaded every room's letters.
    """
    mine = hers.rows(mapped)
    if mapped.name == "letter":
        return mine & hers.table("letter").c.kind.not_in(
            [one.name for one in KINDS.values() if one.is_for_staff]
        )
    if mapped.name == "seat":
        sent = select(Party.id).where(Party.sent_at.is_not(None))
        return mine & hers.table("seat").c.party_id.in_(sent)
    if mapped.name != "proposal":
        return mine
    return mine & bulk.any_of(hers.table("proposal").c.id, await _told(session, hers))


async def _told(session: AsyncSession, hers: Hers) -> list[UUID]:
    parts = set(hers.ids["participation"])
    query = select(Proposal).where(
        bulk.any_of(Proposal.id, hers.ids["proposal"]), Proposal.sent_at.is_not(None)
    )
    sent = (await session.scalars(query)).all()
    knows = await proposals.told_of(session, sent)
    return [one.id for one in sent if knows[one.id] & parts]


async def _noted(session: AsyncSession, hers: Hers, mapped: Mapped) -> list[tuple[Mapped, str, int]]:
    """What exists and is not given out: column by column, in how many rows."""
    table = hers.table(mapped.name)
    found = []
    for name, one in mapped.columns.items():
        if one.export is Export.NOTED and mapped.rows is not Rows.KEPT:
            query = select(table.c.id).where(hers.rows(mapped), table.c[name].is_not(None))
            if count := len((await session.execute(query)).all()):
                found.append((mapped, name, count))
    return found


async def _names(session: AsyncSession, hers: Hers) -> dict[UUID, Any]:
    names: dict[UUID, Any] = {
        row.id: row.name for row in await session.execute(select(Office.id, Office.name))
    }
    names |= {row.id: row.name for row in await session.execute(select(Programme.id, Programme.name))}
    names |= {row.id: row.name for row in await session.execute(select(Cycle.id, Cycle.name))}
    return names | await _partners(session, hers)


async def _partners(session: AsyncSession, hers: Hers) -> dict[UUID, Any]:
    """Participations by the name of who takes part: her own, and those of whom she has been told."""
    proposal, pair = hers.table("proposal"), hers.table("relationship")
    both: set[UUID] = set()
    for table, ids in ((proposal, await _told(session, hers)), (pair, hers.ids["relationship"])):
        query = select(table.c.mentor_id, table.c.mentee_id).where(bulk.any_of(table.c.id, ids))
        both |= {one for row in await session.execute(query) for one in row if one is not None}
    rows = await session.execute(
        select(Participation.id, Person.full_name)
        .join(
            Person,
            (Person.organisation_id == Participation.organisation_id)
            & (Person.id == Participation.person_id),
        )
        .where(bulk.any_of(Participation.id, sorted(both)))
    )
    return {row.id: row.full_name for row in rows}


NAMED = frozenset({_OFFICES, _PROGRAMMES, _CYCLES, *_PARTS})
