"""Saying that one is interested, taking it back, and passing an opportunity on to the partner of a running pair."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.opportunities import queries, rules, seeing
from tenants.opportunities.events import Event
from tenants.opportunities.models import (
    Opportunity,
    OpportunityInterest,
    OpportunityProgramme,
    OpportunityState,
)
from tenants.permissions import Permission
from tenants.registration.models import Participation, Status
from tenants.relationships import queries as relationships
from tenants.relationships.models import RelationshipState
from tenants.relationships.queries import Belonging

PASSED_ON = "opportunity.passed_on"


@dataclass(frozen=True, slots=True)
class Partner:
    """One other of a running relationship of the actor's, who can see the opportunity too."""

    relationship_id: UUID
    person_id: UUID
    full_name: str
    is_told: bool  # it was passed on to her by the actor


async def say(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Opportunity:
    """
    "I am interested": a coordinator sees it, and whoever posted it. Twice is once.

    Raises:
        NotFound: not open to her. OpportunityNotOpen: it is one of her own, or over.
    """
    actor.require(Permission.OWN_CASE)
    try:
        one = await seeing.see(session, actor, opportunity_id)
    except NotFound:
        if await seeing.is_over(session, actor, opportunity_id):
            raise rules.OpportunityNotOpen(state=OpportunityState.CLOSED) from None
        raise
    rules.must_be_open(one, await queries.today(session))
    if one.posted_by == actor.person_id and one.is_proposal:
        raise rules.OpportunityNotOpen(state=one.state)
    table = bulk.table(OpportunityInterest)
    made = await session.execute(
        insert(table)
        .values(
            organisation_id=actor.organisation_id, id=ids.new(), opportunity_id=one.id,
            person_id=actor.require_person(), participation_id=await _by_which(session, actor, one.id),
        )
        .on_conflict_do_nothing(
            index_elements=[table.c.organisation_id, table.c.opportunity_id, table.c.person_id]
        )
        .returning(table.c.id)
    )  # fmt: skip
    if made.first() is not None:
        audit.record(session, actor, Event.INTERESTED, kind="opportunity", id=one.id)
    return one


async def take_back(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> None:
    """
    Be interested no more; nothing of it is left. Possible after the last day, too.

    Raises:
        NotFound: she had not said so, and it is not open to her.
    """
    actor.require(Permission.OWN_CASE)
    gone = await session.execute(
        delete(OpportunityInterest)
        .where(
            OpportunityInterest.opportunity_id == opportunity_id,
            OpportunityInterest.person_id == actor.require_person(),
        )
        .returning(OpportunityInterest.id)
    )
    if gone.first() is None:
        await seeing.see(session, actor, opportunity_id)
        return
    audit.record(session, actor, Event.NOT_INTERESTED, kind="opportunity", id=opportunity_id)


async def partners(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> list[Partner]:
    """The others of the actor's running relationships to whom it can be passed on, and whether it was."""
    me = actor.require_person()
    found: dict[UUID, tuple[UUID, Belonging]] = {}
    for row in await relationships.own(session, actor):
        if row.Relationship.state == RelationshipState.RUNNING:
            for one in await relationships.people(session, row.Relationship):
                if one.person_id != me:
                    found.setdefault(one.person_id, (row.Relationship.id, one))
    sees = (
        select(Participation.person_id)
        .join(OpportunityProgramme, OpportunityProgramme.programme_id == Participation.programme_id)
        .where(
            bulk.any_of(Participation.person_id, list(found)),
            Participation.status != Status.LEFT,
            OpportunityProgramme.opportunity_id == opportunity_id,
        )
    )
    seeing = set(await session.scalars(sees))
    keys = {_key(opportunity_id, me, her): her for her in seeing}
    told = set(await session.scalars(select(Letter.key).where(bulk.texts(Letter.key, list(keys)))))
    return [
        Partner(relationship_id, her, one.full_name, _key(opportunity_id, me, her) in told)
        for her, (relationship_id, one) in found.items()
        if her in seeing
    ]


async def pass_on(session: AsyncSession, actor: Actor, opportunity_id: UUID, person_id: UUID) -> Opportunity:
    """
    Tell the other of a running pair of it, by one letter.

    Raises:
        NotFound: it is not open to the actor, or the other not one of hers. OpportunityNotOpen. PassedOnBefore.
        NoAddress: nothing can be sent to her.
    """
    actor.require(Permission.OWN_CASE)
    one = await seeing.see(session, actor, opportunity_id)
    rules.must_be_open(one, await queries.today(session))
    to = next((p for p in await partners(session, actor, one.id) if p.person_id == person_id), None)
    if to is None:
        raise NotFound(kind="person", id=str(person_id))
    written = await notifications.write(
        session, actor, PASSED_ON, key=_key(one.id, actor.require_person(), to.person_id),
        person_id=to.person_id, opportunity_id=one.id, relationship_id=to.relationship_id,
        from_id=actor.require_person(),
    )  # fmt: skip
    if written is None:
        raise rules.PassedOnBefore if to.is_told else rules.NoAddress
    audit.record(
        session, actor, Event.PASSED_ON, kind="opportunity", id=one.id, relationship=str(to.relationship_id)
    )
    return one


async def _by_which(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> UUID:
    """Of several participations by which she sees it, the newest."""
    query = (
        select(Participation.id)
        .join(OpportunityProgramme, OpportunityProgramme.programme_id == Participation.programme_id)
        .where(
            OpportunityProgramme.opportunity_id == opportunity_id,
            Participation.person_id == actor.require_person(),
            Participation.status != Status.LEFT,
        )
        .order_by(Participation.created_at.desc(), Participation.id.desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one()


def _key(opportunity_id: UUID, from_id: UUID, to_id: UUID) -> str:
    return f"{PASSED_ON}:{opportunity_id}:{from_id}:{to_id}"
