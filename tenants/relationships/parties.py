"""Groups and circles: the answer that lets one begin, its case, and somebody who leaves it before it ends."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import NotFound
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.proposals.models import Hold
from tenants.proposals.parties import answering
from tenants.proposals.parties.answering import Answered
from tenants.proposals.party_models import Party
from tenants.registration import actions as registration
from tenants.registration import queries as registrations
from tenants.registration.models import Status
from tenants.relationships import actions, queries, rules
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.agreements import actions as agreements
from tenants.relationships.agreements import closing
from tenants.relationships.agreements import tasks as agreement_tasks
from tenants.relationships.events import Event
from tenants.relationships.models import EndReason, Member, Relationship


async def answer(
    session: AsyncSession,
    actor: Actor,
    party_id: UUID,
    *,
    is_yes: bool,
    reason: str | None = None,
    by_letter: bool = False,
) -> Party:
    """Keep a private answer (see `tenants.proposals.parties.answering.answer`); the last one may let it begin."""
    answered = await answering.answer(
        session, actor, party_id, is_yes=is_yes, reason=reason, by_letter=by_letter
    )
    return await _conclude(session, house(actor.organisation_id), answered)


async def note_answer(
    session: AsyncSession,
    actor: Actor,
    party_id: UUID,
    participation_id: UUID,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Party:
    """The same for what a coordinator has been told."""
    answered = await answering.note_answer(
        session, actor, party_id, participation_id, is_yes=is_yes, reason=reason
    )
    return await _conclude(session, actor, answered)


async def begin_now(session: AsyncSession, actor: Actor, party_id: UUID) -> Party:
    """A coordinator lets it begin with those who have said yes."""
    return await _conclude(session, actor, await answering.begin_now(session, actor, party_id))


async def expire(session: AsyncSession, actor: Actor, party_id: UUID) -> None:
    """The time to answer is over."""
    answered = await answering.expire(session, actor, party_id)
    if answered is not None:
        await _conclude(session, actor, answered)


async def let_go_of_leaver(session: AsyncSession, actor: Actor, participation_id: UUID) -> None:
    """Somebody takes part no more: what is open with her counts as a no."""
    for answered in await answering.leave(session, actor, participation_id):
        await _conclude(session, actor, answered)


async def _conclude(session: AsyncSession, actor: Actor, answered: Answered) -> Party:
    if answered.begins:
        await _begin(session, actor, answered)
    return answered.party


async def _begin(session: AsyncSession, actor: Actor, answered: Answered) -> Relationship:
    """One case for all of them, with one check-up date."""
    party = answered.party
    cycle = await programmes.own_cycle(session, party.cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    zone = (await organisations.own(session)).time_zone
    now = clock.now()
    today = clock.local(now, zone).date()
    relationship = Relationship(
        organisation_id=actor.organisation_id,
        party_id=party.id,
        programme_id=programme.id,
        cycle_id=cycle.id,
        coordinator_id=rules.accompanied_by(party.approved_by, [one.person_id for one in answered.begins]),
        begun_at=now,
        ends_on=rules.months_after(today, programme.term_months),
        check_up_on=rules.next_check_up(today, programme.check_up_days, today),
    )
    session.add(relationship)
    await session.flush()
    session.add_all(
        Member(
            organisation_id=actor.organisation_id,
            relationship_id=relationship.id,
            participation_id=one.participation_id,
            role=one.role,
        )
        for one in answered.begins
    )
    until = clock.instant(relationship.ends_on, datetime.min.time(), zone)
    await session.execute(update(Hold).where(Hold.party_id == party.id).values(until=until))
    for one in sorted(answered.begins, key=lambda one: one.participation_id):
        await registration.begin_relationship(session, actor, one.participation_id)
    await actions.ask_for_check_up(session, actor, relationship)
    await agreement_tasks.ask_for_copy(session, actor, relationship)
    for one in answered.begins:
        await notifications.write(
            session, actor, "relationship.confirmed", key=f"relationship.confirmed:{relationship.id}:{one.person_id}",
            person_id=one.person_id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(session, actor, Event.RELATIONSHIP_BEGUN, kind="relationship", id=relationship.id)
    return relationship


async def remove(
    session: AsyncSession,
    actor: Actor,
    relationship_id: UUID,
    participation_id: UUID,
    *,
    goes_on_as: Status = Status.READY,
) -> Relationship:
    """
    Somebody leaves a group or circle that goes on without her. Nothing if she has left it: two click, or one twice.

    She gets the letter that for her is the one about the end, and is asked what comes next (K13); evaluations ask her by
    themselves (see `tenants.evaluations.ends.who_left`).

    Raises:
        NotFound: not one of the actor's cases, or nobody of it.
        RelationshipEnded: it is closed.
        LastOnes: fewer than two would be left, or no mentor: it has to be ended instead.
        StatusNotReachable: not one of the three choices.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    rules.must_be_end_choice(goes_on_as)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    member = await session.scalar(
        select(Member).where(
            Member.relationship_id == relationship.id,
            Member.participation_id == participation_id,
        )
    )
    if member is None:
        raise NotFound(kind="participation", id=str(participation_id))
    if member.left_at is not None:
        return relationship
    together = await queries.people(session, relationship)
    if not rules.goes_on_without(member.role, len(together)):
        raise rules.LastOnes
    member.left_at = clock.now()
    await session.flush()
    await actions.free_places(session, relationship, [participation_id])
    await actions.go_on_as(session, actor, participation_id, goes_on_as, EndReason.LEFT_PROGRAMME)
    await actions.settle_tasks(session, actor, rules.left_keys(relationship.id, participation_id))
    await agreements.somebody_left(session, actor, relationship)
    await closing.somebody_left(session, actor, relationship, participation_id)
    await afterwards.ask(session, relationship, [participation_id])
    person_id = (await registrations.own_participation(session, participation_id)).person_id
    await notifications.write(
        session, actor, "relationship.parted", key=f"relationship.parted:{relationship.id}:{participation_id}",
        person_id=person_id, relationship_id=relationship.id, participation_id=participation_id,
    )  # fmt: skip
    audit.record(session, actor, Event.MEMBER_LEFT, kind="relationship", id=relationship.id)
    return relationship
