"""A pair's case: begun by the second yes, checked upon, ended. Meetings are in `meeting`."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids, language
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.proposals import answering, moving, places
from tenants.proposals.answering import Answered
from tenants.proposals.models import AskedFor, Hold, Proposal, ProposalState
from tenants.registration import actions as registration
from tenants.registration import queries as registrations
from tenants.registration import watching
from tenants.registration.models import ParticipantRole, Status
from tenants.relationships import queries, rules
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.agreements import closing as agreements
from tenants.relationships.agreements import tasks as agreement_tasks
from tenants.relationships.events import Event
from tenants.relationships.keeping import rhythm
from tenants.relationships.models import EndReason, Meeting, MeetingState, Relationship, RelationshipState
from tenants.relationships.words import END_REASONS


async def answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
    by_letter: bool = False,
) -> Proposal:
    """
    Keep a private answer (see `tenants.proposals.answering.answer`); the second yes to going on begins the pair.

    Where the last place has been taken meanwhile, or one of the two takes part no
    more, the proposal is withdrawn instead: nobody is promised what is not there,
    and the coordinator is told.
    """
    answered = await answering.answer(
        session, actor, proposal_id, asked_for, is_yes=is_yes, reason=reason, by_letter=by_letter
    )
    return await _conclude(session, house(actor.organisation_id), answered)


async def note_answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    participation_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Proposal:
    """The same for what a coordinator has been told (see `tenants.proposals.answering.note_answer`)."""
    answered = await answering.note_answer(
        session, actor, proposal_id, participation_id, asked_for, is_yes=is_yes, reason=reason
    )
    return await _conclude(session, actor, answered)


async def _conclude(session: AsyncSession, actor: Actor, answered: Answered) -> Proposal:
    proposal = answered.proposal
    if answered.is_match:
        if await _have_places(session, proposal):
            await moving.confirm(session, actor, proposal)
            await _begin(session, actor, proposal)
        else:
            await moving.close(session, actor, proposal, ProposalState.WITHDRAWN)
    return proposal


async def _have_places(session: AsyncSession, proposal: Proposal) -> bool:
    """Whether both still have a place. Both are locked by the answer, so the last place is given once."""
    sides = (proposal.mentor_id, proposal.mentee_id)
    offered = await places.offered(session, sides)
    return all([await queries.running(session, side) < offered[side] for side in sides])


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
        coordinator_id=None,
        begun_at=now,
        ends_on=rules.months_after(today, programme.term_months),
        check_up_on=rules.next_check_up(today, programme.check_up_days, today),
    )
    session.add(relationship)
    await session.flush()
    people = [one.person_id for one in await queries.people(session, relationship)]
    relationship.coordinator_id = rules.accompanied_by(proposal.approved_by, people)
    await _keep_places(session, relationship, zone)
    for participation_id in sorted((proposal.mentor_id, proposal.mentee_id)):
        await registration.begin_relationship(session, actor, participation_id)
    await ask_for_check_up(session, actor, relationship)
    await agreement_tasks.ask_for_copy(session, actor, relationship)
    for person_id in people:
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
        Invalid: a day that is over, or beyond all planning.
    """
    relationship = await _access(session, actor, relationship_id)
    today = clock.today((await organisations.own(session)).time_zone)
    rules.must_be_check_up_day(on, today)
    await move_check_up(session, actor, relationship, on)
    audit.record(
        session, actor, Event.CHECK_UP_SET, kind="relationship", id=relationship.id, on=on.isoformat()
    )
    return relationship


async def finish_check_up(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Relationship:
    """Note that the check-up was done; the next one of the programme takes its place."""
    relationship = await _access(session, actor, relationship_id)
    programme = await programmes.own_programme(session, relationship.programme_id)
    zone = (await organisations.own(session)).time_zone
    today = clock.today(zone)
    begun_on = clock.local(relationship.begun_at, zone).date()
    after = max(today, relationship.check_up_on or today)
    upcoming = rules.next_check_up(begun_on, programme.check_up_days, after)
    await move_check_up(session, actor, relationship, upcoming)
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

    All keep reading it and are thanked in the same words. A check-up that was due is
    settled, meetings to come are cancelled, and a mentor and her mentees, or two peers,
    are not proposed to each other again; those of a circle may meet anew. Mentees and
    peers go on as `mentee_goes_on_as`. Whoever has changed her status meanwhile keeps that.

    Raises:
        NotFound: not one of the actor's cases.
        RelationshipEnded: it is closed already.
        Invalid: the note is too long.
        StatusNotReachable: not one of the three choices.
    """
    note = rules.tidy_note(note)
    for chosen in (mentor_goes_on_as, mentee_goes_on_as):
        rules.must_be_end_choice(chosen)
    relationship = await _access(session, actor, relationship_id)
    await move_check_up(session, actor, relationship, None)
    relationship.state = RelationshipState.ENDED
    relationship.ended_at = clock.now()
    relationship.end_reason = reason
    relationship.note = note
    await _cancel_meetings(session, relationship)
    await settle_tasks(session, actor, rules.left_keys(relationship.id))
    await agreements.close(session, actor, relationship)
    await rhythm.close(session, actor, relationship.id)
    await session.flush()
    people = await queries.people(session, relationship)
    await free_places(session, relationship, [one.participation_id for one in people])
    for one in sorted(people, key=lambda one: one.participation_id):
        to = mentor_goes_on_as if one.role == ParticipantRole.MENTOR else mentee_goes_on_as
        await go_on_as(session, actor, one.participation_id, to, reason)
    for mentor, other in rules.tried_together(relationship, people):
        await answering.never_again(session, actor, mentor, other)
    await afterwards.ask(session, relationship, [one.participation_id for one in people])
    for person_id in (one.person_id for one in people):
        await notifications.write(
            session, actor, "relationship.ended", key=f"relationship.ended:{relationship.id}:{person_id}",
            person_id=person_id, relationship_id=relationship.id,
        )  # fmt: skip
    audit.record(
        session, actor, Event.RELATIONSHIP_ENDED, kind="relationship", id=relationship.id, reason=reason
    )
    return relationship


async def _access(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Relationship:
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    return relationship


async def go_on_as(
    session: AsyncSession, actor: Actor, participation_id: UUID, to: Status, reason: EndReason
) -> None:
    participation = await registrations.own_participation(session, participation_id)
    if participation.status != Status.IN_RELATIONSHIP:
        await watching.changed(session, [participation_id])  # her place is free all the same
        return
    others = await queries.running(session, participation_id)
    # A note is one for all who read it, so it is written in the language of the house and not in the actor's.
    with language.use((await organisations.own(session)).default_language):
        note = language.gettext(END_REASONS[reason])
    await registration.end_relationship(
        session, actor, participation_id, to=to, reason=reason.value, note=note, has_others=others > 0
    )


async def _cancel_meetings(session: AsyncSession, relationship: Relationship) -> None:
    await session.execute(
        update(Meeting)
        .where(
            Meeting.relationship_id == relationship.id,
            Meeting.state.in_((MeetingState.PROPOSED, MeetingState.AGREED)),
            Meeting.starts_at > relationship.ended_at,
        )
        .values(
            state=MeetingState.CANCELLED,
            sequence=Meeting.sequence + 1,
            changed_at=relationship.ended_at,  # by which the letter about the end knows them
        )
    )


async def free_places(
    session: AsyncSession, relationship: Relationship, participation_ids: Sequence[UUID]
) -> None:
    """The places that its proposal or party held are free again."""
    held = (
        Hold.proposal_id == relationship.proposal_id
        if relationship.party_id is None
        else Hold.party_id == relationship.party_id
    )
    await session.execute(delete(Hold).where(held, Hold.participation_id.in_(participation_ids)))


async def settle_tasks(session: AsyncSession, actor: Actor, beginning: str) -> None:
    """What the tasks ask for whose keys begin so has been done."""
    await notifications.settle_all(session, actor, keys=await queries.open_tasks(session, beginning))


async def move_check_up(
    session: AsyncSession, actor: Actor, relationship: Relationship, to: date | None
) -> None:
    """The one date of a case that its caller has locked: its task goes, and another is asked for."""
    await settle_tasks(session, actor, rules.check_up_keys(relationship.id))
    relationship.check_up_on = to
    await ask_for_check_up(session, actor, relationship)


async def ask_for_check_up(session: AsyncSession, actor: Actor, relationship: Relationship) -> None:
    if relationship.check_up_on is None:
        return
    # A key of its own each time: the same day may be set again after it was moved away from.
    await notifications.ask(
        session, actor, "relationship.check_up", key=f"{rules.check_up_keys(relationship.id)}{ids.new()}",
        due_on=relationship.check_up_on, person_id=relationship.coordinator_id, relationship_id=relationship.id,
    )  # fmt: skip
