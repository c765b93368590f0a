"""A pair's case: begun by the second yes, checked upon, ended. Meetings are in `meeting`."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.proposals import actions as proposals
from tenants.proposals import moving
from tenants.proposals.models import AskedFor, Hold, Proposal, ProposalState
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tenants.relationships import queries, rules
from tenants.relationships.events import Event
from tenants.relationships.models import EndReason, Relationship, RelationshipState


async def answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Proposal:
    """
    Keep a private answer (see `tenants.proposals.actions.answer`); the second yes to going on begins the pair.

    Where the last place has been taken meanwhile, the proposal is withdrawn
    instead: nobody is promised what is not there, and the coordinator is told.
    """
    proposal = await proposals.answer(session, actor, proposal_id, asked_for, is_yes=is_yes, reason=reason)
    if proposal.state == ProposalState.CONFIRMED:
        if await _have_places(session, proposal):
            await _begin(session, actor, proposal)
        else:
            await moving.close(session, actor, proposal, ProposalState.WITHDRAWN)
    return proposal


async def _have_places(session: AsyncSession, proposal: Proposal) -> bool:
    """Lock both participations, in the order of their ids, and count: the last place is given once."""
    rows = await session.execute(
        select(Participation.id, Participation.capacity)
        .where(Participation.id.in_((proposal.mentor_id, proposal.mentee_id)))
        .order_by(Participation.id)
        .with_for_update()
    )
    return all([await queries.running(session, row.id) < row.capacity for row in rows.all()])


async def _begin(session: AsyncSession, actor: Actor, proposal: Proposal) -> Relationship:
    cycle = await programmes.own_cycle(session, proposal.cycle_id)
    programme = await programmes.own_programme(session, cycle.programme_id)
    zone = (await organisations.own(session)).time_zone
    now = clock.now()
    today = clock.local(now, zone).date()
    relationship = Relationship(
        organisation_id=actor.organisation_id,
        proposal_id=proposal.id,
        programme_id=programme.id,
        cycle_id=cycle.id,
        mentor_id=proposal.mentor_id,
        mentee_id=proposal.mentee_id,
        coordinator_id=proposal.approved_by,
        begun_at=now,
        ends_on=rules.months_after(today, programme.term_months),
        check_up_on=rules.next_check_up(today, programme.check_up_days, today),
    )
    session.add(relationship)
    await session.flush()
    await _keep_places(session, relationship, zone)
    for participation_id in sorted((proposal.mentor_id, proposal.mentee_id)):
        await registration.begin_relationship(session, actor, participation_id)
    await _ask_for_check_up(session, actor, relationship)
    for person_id in await _people(session, relationship):
        await notifications.write(
            session, actor, "relationship.confirmed", key=f"relationship.confirmed:{relationship.id}:{person_id}",
            person_id=person_id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(session, actor, Event.RELATIONSHIP_BEGUN, kind="relationship", id=relationship.id)
    return relationship


async def _keep_places(session: AsyncSession, relationship: Relationship, zone: str) -> None:
    """The places that the proposal held stay taken until the pair ends."""
    until = clock.instant(relationship.ends_on, datetime.min.time(), zone)
    await session.execute(
        update(Hold).where(Hold.proposal_id == relationship.proposal_id).values(until=until)
    )


async def set_check_up(
    session: AsyncSession, actor: Actor, relationship_id: UUID, *, on: date
) -> Relationship:
    """
    Move the one check-up date of a case (K45).

    Raises:
        NotFound: not one of the actor's cases.
        RelationshipEnded: it is closed.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    await notifications.settle(session, actor, key=_check_up_key(relationship))
    relationship.check_up_on = on
    await _ask_for_check_up(session, actor, relationship)
    audit.record(
        session, actor, Event.CHECK_UP_SET, kind="relationship", id=relationship.id, on=on.isoformat()
    )
    return relationship


async def finish_check_up(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Relationship:
    """Note that the check-up was done; the next one of the programme takes its place."""
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    await notifications.settle(session, actor, key=_check_up_key(relationship))
    programme = await programmes.own_programme(session, relationship.programme_id)
    zone = (await organisations.own(session)).time_zone
    today = clock.today(zone)
    begun_on = clock.local(relationship.begun_at, zone).date()
    after = max(today, relationship.check_up_on or today)
    relationship.check_up_on = rules.next_check_up(begun_on, programme.check_up_days, after)
    await _ask_for_check_up(session, actor, relationship)
    audit.record(session, actor, Event.CHECK_UP_DONE, kind="relationship", id=relationship.id)
    return relationship


async def end(
    session: AsyncSession,
    actor: Actor,
    relationship_id: UUID,
    *,
    reason: EndReason,
    note: str | None = None,
    mentor_goes_on_as: Status = Status.READY,
    mentee_goes_on_as: Status = Status.READY,
) -> Relationship:
    """
    End a relationship, with the reason in the note and what each chooses afterwards (K12, K13).

    Both keep reading it; a check-up that was due is settled.

    Raises:
        NotFound: not one of the actor's cases.
        RelationshipEnded: it is closed already.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    await notifications.settle(session, actor, key=_check_up_key(relationship))
    relationship.state = RelationshipState.ENDED
    relationship.ended_at = clock.now()
    relationship.end_reason = reason
    relationship.note = note
    relationship.check_up_on = None
    await session.flush()
    await session.execute(delete(Hold).where(Hold.proposal_id == relationship.proposal_id))
    choices = {relationship.mentor_id: mentor_goes_on_as, relationship.mentee_id: mentee_goes_on_as}
    for participation_id, to in sorted(choices.items()):
        others = await queries.running(session, participation_id)
        await registration.end_relationship(
            session, actor, participation_id, to=to, reason=reason.value, has_others=others > 0
        )
    audit.record(
        session, actor, Event.RELATIONSHIP_ENDED, kind="relationship", id=relationship.id, reason=reason
    )
    return relationship


async def _people(session: AsyncSession, relationship: Relationship) -> list[UUID]:
    rows = await session.execute(
        select(Participation.person_id).where(
            Participation.id.in_((relationship.mentor_id, relationship.mentee_id))
        )
    )
    return list(rows.scalars())


def _check_up_key(relationship: Relationship) -> str:
    return f"relationship.check_up:{relationship.id}:{relationship.check_up_on}"


async def _ask_for_check_up(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    if relationship.check_up_on is None:
        return
    await notifications.ask(
        session, actor, "relationship.check_up", key=_check_up_key(relationship), due_on=relationship.check_up_on,
        person_id=relationship.coordinator_id, relationship_id=relationship.id,
    )  # fmt: skip
