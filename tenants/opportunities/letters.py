"""The letters about opportunities. Each reads anew how it stands, and says nothing of what is over."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.language import N_, isolated, ngettext
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHER, READER
from tenants.opportunities import queries, weekly, wording
from tenants.opportunities.models import Opportunity, OpportunityKind, OpportunityState
from tenants.opportunities.rules import shown_host
from tenants.opportunities.words import KINDS
from tenants.people.models import Person
from tenants.registration.models import Participation, Status
from tenants.relationships import queries as relationships
from tenants.relationships import staying
from tenants.relationships.models import Relationship, RelationshipState


@letter("opportunity.published", title=N_("What you proposed is published"), words=wording.PUBLISHED)
async def published(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    one = await _about(session, promised)
    if one is None or one.state != OpportunityState.OPEN or not await _takes_part(session, promised):
        return None
    return Filling(
        {READER: await _reader(session, promised), wording.TITLE: isolated(one.title)},
        button=(_("See it on the board"), _page(desk, one)),
    )


@letter("opportunity.declined", title=N_("What you proposed is not published"), words=wording.DECLINED)
async def declined(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    one = await _about(session, promised)
    if one is None or one.state != OpportunityState.DECLINED or not await _takes_part(session, promised):
        return None
    facts = {
        READER: await _reader(session, promised),
        wording.TITLE: isolated(one.title),
        wording.ANSWER: one.answer or "",
    }
    return Filling(facts, button=(_("See what you proposed"), _page(desk, one)))


@letter(
    "opportunity.passed_on",
    title=N_("Your partner passes an opportunity on to you"),
    may_drop=True,
    words=wording.PASSED_ON,
)
async def passed_on(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Only while both still are together, and she can act on it."""
    one = await _about(session, promised)
    found = select(Relationship).where(Relationship.id == UUID(promised.about["relationship_id"]))
    relationship = await session.scalar(found)
    if one is None or relationship is None or relationship.state != RelationshipState.RUNNING:
        return None
    there = await staying.people(session, [relationship.id])
    names = {who.person_id: who.full_name for who in await relationships.people(session, relationship)}
    from_id, stay = UUID(promised.about["from_id"]), {who.person_id for who in there}
    if not {from_id, promised.person_id} <= stay or not await _is_open_to(session, promised, one, desk):
        return None
    return Filling(
        {
            READER: await _reader(session, promised),
            OTHER: isolated(names[from_id]),
            wording.TITLE: isolated(one.title),
        },
        button=(_("Read about it"), _page(desk, one)),
        facts=_facts([one]),
    )


@letter(
    "opportunity.new_ones",
    title=N_("New opportunities, at most once a week"),
    is_asked_for=True,
    words=wording.NEW_ONES,
)
async def new_ones(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    assert promised.person_id is not None
    found = await weekly.news_for(session, promised.person_id, promised.about["week"], desk.time_zone)
    if not found:
        return None
    number = ngettext("One new opportunity", "%(num)s new opportunities", len(found))
    return Filling(
        {READER: await _reader(session, promised), wording.NUMBER: number},
        facts=_facts(found[: weekly.MOST_TOLD]),
        button=(_("See all opportunities"), desk.url("/me/opportunities")),
    )


def _facts(listed: list[Opportunity]) -> list[tuple[str, str]]:
    """Each with what it is, how long one can act on it, and where its link leads."""
    facts = []
    for one in listed:
        told = [_(KINDS[OpportunityKind(one.kind)]), _("until %(day)s", day=language.day(one.last_on))]
        if one.place:
            told.insert(1, isolated(one.place))
        if one.url:
            told.append(shown_host(one.url))
        facts.append((isolated(one.title), " · ".join(told)))
    return facts


def _page(desk: Desk, one: Opportunity) -> str:
    return desk.url(f"/me/opportunities/{one.id}")


async def _about(session: AsyncSession, promised: Letter) -> Opportunity | None:
    query = select(Opportunity).where(Opportunity.id == UUID(promised.about["opportunity_id"]))
    found: Opportunity | None = await session.scalar(query)
    return found


async def _is_open_to(session: AsyncSession, promised: Letter, one: Opportunity, desk: Desk) -> bool:
    day = clock.today(desk.time_zone)
    query = select(Opportunity.id).where(Opportunity.id == one.id, queries.open_to(promised.person_id, day))
    return (await session.execute(query)).first() is not None


async def _takes_part(session: AsyncSession, promised: Letter) -> bool:
    query = select(Participation.id).where(
        Participation.person_id == promised.person_id, Participation.status != Status.LEFT
    )
    return (await session.execute(query.limit(1))).first() is not None


async def _reader(session: AsyncSession, promised: Letter) -> str:
    query = select(Person.full_name).where(Person.id == promised.person_id)
    return isolated((await session.execute(query)).scalar_one())
