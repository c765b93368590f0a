"""
Two private answers: kept for one person, changed by her until the question is decided, and then concluded.

Doors call `tenants.relationships.actions.answer`, which goes on from here where
the second yes to going on begins a pair.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.errors import Forbidden, NotFound
from tenants.actor import Actor, house, person
from tenants.audit import actions as audit
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.proposals import moving, places, queries, rules
from tenants.proposals.events import Event
from tenants.proposals.models import Answer, AskedFor, Hold, NeverAgain, Proposal, ProposalState
from tenants.registration.models import Participation

PURPOSE = "answer"  # of the links in letters, over the id of a hold


@dataclass(frozen=True, slots=True)
class Answered:
    """The proposal as it stands now. After a match it is still to be confirmed, or withdrawn for want of a place."""

    proposal: Proposal
    is_match: bool


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Whoever holds a letter with a question: she may answer as its reader, this one proposal and nothing else."""

    actor: Actor
    proposal_id: UUID


async def answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
    by_letter: bool = False,
) -> Answered:
    """
    Keep one person's private answer, and draw the conclusion once it is due.

    A no closes the proposal: both get the same words, and the pair is not proposed
    again (K33, K35). The second yes to meeting releases the contact data.

    Raises:
        NotFound: not one of the actor's proposals.
        ProposalClosed: it is no longer open, or has moved on from this question.
        Invalid: the reason is too long.
    """
    actor.require(Permission.OWN_CASE)
    told = rules.tidy_reason(reason)
    seen = await queries.see(session, actor, proposal_id, lock=True)
    proposal = seen.proposal
    # The trail is read by people who may not know who said no, so it does not tell whose answer decided.
    nobody = house(actor.organisation_id)
    facts = {"by_letter": by_letter}
    return await _take(session, nobody, proposal, seen.me.participation_id, asked_for, is_yes, told, facts)


async def note_answer(
    session: AsyncSession,
    actor: Actor,
    proposal_id: UUID,
    participation_id: UUID,
    asked_for: AskedFor,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Answered:
    """
    A coordinator writes down what one of the two has told her (K33), who then need not answer herself.

    Raises:
        NotFound: not one of the actor's cases, or not of her office.
        Forbidden: the actor is one of the two.
        AnsweredAlready: her own answer stands, and she alone changes it.
        ProposalClosed, Invalid: as for `answer`.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    told = rules.tidy_reason(reason)
    proposal = await queries.access_proposal(session, actor, proposal_id, lock=True)
    sides = {side.participation_id: side for side in await queries.sides(session, proposal)}
    if participation_id not in sides or not actor.sees_office(sides[participation_id].office_id):
        raise NotFound(kind="participation", id=str(participation_id))
    if actor.person_id in {side.person_id for side in sides.values()}:
        raise Forbidden(permission=Permission.PROPOSAL_APPROVE.value)
    await places.lock(session, sides)
    rules.must_be_answerable(proposal, asked_for)
    if participation_id in await queries.said(session, proposal.id, asked_for):
        raise rules.AnsweredAlready
    return await _take(session, actor, proposal, participation_id, asked_for, is_yes, told, {"noted": True})


async def _take(
    session: AsyncSession,
    actor: Actor,
    proposal: Proposal,
    participation_id: UUID,
    asked_for: AskedFor,
    is_yes: bool,
    reason: str | None,
    facts: dict[str, bool],
) -> Answered:
    rules.must_be_answerable(proposal, asked_for)
    await _keep(session, actor, proposal, participation_id, asked_for, is_yes, reason)
    audit.record(
        session, actor, Event.PROPOSAL_ANSWERED, kind="proposal", id=proposal.id, asked_for=asked_for, **facts
    )
    agreed = rules.both_said((await queries.said(session, proposal.id, asked_for)).values())
    if agreed is False:
        mentor, mentee = await queries.sides(session, proposal)
        await never_again(session, actor, mentor.person_id, mentee.person_id)
        await moving.close(session, actor, proposal, ProposalState.DECLINED)
    elif agreed and asked_for is AskedFor.MEET:
        days = rules.promised(proposal, await moving.programme_of(session, proposal))
        await moving.let_them_meet(session, actor, [proposal], days)
    return Answered(proposal, is_match=bool(agreed) and asked_for is AskedFor.GO_ON)


async def note_first_meeting(session: AsyncSession, actor: Actor, proposal_id: UUID, *, on: date) -> Proposal:
    """
    One of the two, or a coordinator, says when the first meeting is; each is asked the morning after.

    Raises:
        NotFound: not one of the actor's proposals or cases.
        ProposalClosed: the two are not (or no longer) to meet.
        Invalid: a day before the proposal, or later than a first meeting should be.
    """
    is_coordinator = False
    try:
        proposal = (await queries.see(session, actor, proposal_id, lock=True)).proposal
    except NotFound:
        if not actor.may(Permission.PROPOSAL_APPROVE):
            raise
        proposal = await queries.access_proposal(session, actor, proposal_id, lock=True)
        is_coordinator = True
    rules.must_be_answerable(proposal, AskedFor.GO_ON)
    zone = (await organisations.own(session)).time_zone
    rules.must_be_meeting_day(proposal, on, zone, is_coordinator=is_coordinator)
    await moving.meet_on(session, actor, proposal, on)
    return proposal


async def reader_of(session: AsyncSession, visitor: Actor, hold_id: UUID) -> LetterReader | None:
    """
    Whom a link speaks for; None once the question is decided or the proposal is over.

    The actor that comes of it holds no session. The door uses it for this
    proposal alone: see docs/decisions/0005-answering-from-a-letter.md.
    """
    row = (
        await session.execute(
            select(Hold.proposal_id, Person.id, Person.language, Person.time_zone)
            .join(Proposal, Proposal.id == Hold.proposal_id)
            .join(Participation, Participation.id == Hold.participation_id)
            .join(Person, Person.id == Participation.person_id)
            .where(Hold.id == hold_id, Proposal.state.in_(rules.LIVE), Person.is_active)
        )
    ).one_or_none()
    if row is None:
        return None
    reader = person(
        visitor.organisation_id,
        row.id,
        frozenset({Role.PARTICIPANT}),
        language=row.language,
        time_zone=row.time_zone,
    )
    return LetterReader(reader, row.proposal_id)


async def hold_of(session: AsyncSession, proposal_id: UUID, participation_id: UUID) -> UUID | None:
    """The row over whose id the link of a letter is signed."""
    found: UUID | None = await session.scalar(
        select(Hold.id).where(Hold.proposal_id == proposal_id, Hold.participation_id == participation_id)
    )
    return found


async def never_again(session: AsyncSession, actor: Actor, one_id: UUID, other_id: UUID) -> None:
    """Keep two people from being proposed to each other again, in any cycle (K35)."""
    one, other = rules.pair_key(one_id, other_id)
    await session.execute(
        insert(NeverAgain)
        .values(organisation_id=actor.organisation_id, id=ids.new(), one_id=one, other_id=other)
        .on_conflict_do_nothing()
    )


async def _keep(
    session: AsyncSession,
    actor: Actor,
    proposal: Proposal,
    participation_id: UUID,
    asked_for: AskedFor,
    is_yes: bool,
    reason: str | None,
) -> None:
    said = {"is_yes": is_yes, "reason": reason}
    statement = insert(Answer).values(
        organisation_id=actor.organisation_id,
        id=ids.new(),
        proposal_id=proposal.id,
        participation_id=participation_id,
        asked_for=asked_for,
        **said,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[
                Answer.organisation_id,
                Answer.proposal_id,
                Answer.participation_id,
                Answer.asked_for,
            ],
            set_=said,
        )
    )
