"""
One private answer from each: kept for one person, changed by her until it is decided, and then concluded.

Doors call `tenants.relationships.parties`, which goes on from here where a party begins.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Forbidden, NotFound
from tenants.actor import Actor, house, person
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.proposals import places
from tenants.proposals import rules as pairs
from tenants.proposals.leaving import GONE
from tenants.proposals.models import Hold
from tenants.proposals.parties import moving, queries, rules
from tenants.proposals.parties.events import Event
from tenants.proposals.parties.queries import Seated
from tenants.proposals.parties.seats import given_up
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Answered:
    """The party as it stands now. Those of `begins` are its people; none while it does not begin."""

    party: Party
    begins: tuple[Seated, ...] = ()


@dataclass(frozen=True, slots=True)
class PartyReader:
    """Whoever holds a letter with a question: she may answer as its reader, this one party and nothing else."""

    actor: Actor
    party_id: UUID


async def answer(
    session: AsyncSession,
    actor: Actor,
    party_id: UUID,
    *,
    is_yes: bool,
    reason: str | None = None,
    by_letter: bool = False,
) -> Answered:
    """
    Keep one person's private answer, and draw the conclusion once it is due.

    Raises:
        NotFound: not one of the actor's parties.
        PartyClosed: it is no longer open.
        SeatGivenUp: she has left, or had left meanwhile.
        Invalid: the reason is too long.
    """
    actor.require(Permission.OWN_CASE)
    told = pairs.tidy_reason(reason)
    seen = await queries.see(session, actor, party_id, lock=True)
    rules.must_be_open(seen.party)
    if seen.is_given_up:
        raise rules.SeatGivenUp
    # The trail is read by people who may not know who said no, so it does not tell whose answer decided.
    nobody = house(actor.organisation_id)
    facts = {"by_letter": by_letter}
    return await _take(session, nobody, seen.party, seen.me.participation_id, is_yes, told, facts)


async def note_answer(
    session: AsyncSession,
    actor: Actor,
    party_id: UUID,
    participation_id: UUID,
    *,
    is_yes: bool,
    reason: str | None = None,
) -> Answered:
    """
    A coordinator writes down what one of its people has told her, who then need not answer herself.

    Raises:
        NotFound: not one of the actor's cases, or not of her office.
        Forbidden: the actor is one of the people.
        AnsweredAlready: her own answer stands, and she alone changes it.
        PartyClosed, SeatGivenUp, Invalid: as for `answer`.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    told = pairs.tidy_reason(reason)
    party = await queries.access_party(session, actor, party_id, lock=True)
    seats = {one.participation_id: one for one in (await queries.seats_of(session, [party_id]))[party_id]}
    if participation_id not in seats or not actor.sees_office(seats[participation_id].office_id):
        raise NotFound(kind="participation", id=str(participation_id))
    if actor.person_id in {one.person_id for one in seats.values()}:
        raise Forbidden(permission=Permission.PROPOSAL_APPROVE.value)
    rules.must_be_open(party)
    if (party_id, participation_id) in await given_up(session, [party_id]):
        raise rules.SeatGivenUp
    if seats[participation_id].is_yes is not None:
        raise pairs.AnsweredAlready
    return await _take(session, actor, party, participation_id, is_yes, told, {"noted": True})


async def _take(
    session: AsyncSession,
    actor: Actor,
    party: Party,
    participation_id: UUID,
    is_yes: bool,
    reason: str | None,
    facts: dict[str, bool],
) -> Answered:
    rules.must_be_open(party)
    await _keep(session, party.id, participation_id, is_yes, reason)
    audit.record(session, actor, Event.PARTY_ANSWERED, kind="party", id=party.id, **facts)
    return await conclude(session, actor, party)


async def conclude(session: AsyncSession, actor: Actor, party: Party, *, is_over: bool = False) -> Answered:
    """Begin it, end it, or wait on, as the answers stand. Whoever has no place left any more counts as no."""
    seats = (await queries.seats_of(session, [party.id]))[party.id]
    await places.lock(session, [one.participation_id for one in seats])
    verdict = rules.verdict(seats, party.least, is_over=is_over)
    if verdict:
        here = await _with_places(session, seats)
        if rules.verdict(here, party.least, is_over=True):
            return await _begin(session, actor, party, here)
        verdict = False
    if verdict is False:
        await moving.close(session, actor, party, seats, PartyState.DECLINED)
    return Answered(party)


async def begin_now(session: AsyncSession, actor: Actor, party_id: UUID) -> Answered:
    """
    A coordinator lets a party begin with those who have said yes, though others are silent or they are few.

    Raises:
        NotFound: not one of the actor's cases.
        PartyClosed: it is not open.
        TooFewYes: fewer than two who still take part have said yes, or a group's mentor has not.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    party = await queries.access_party(session, actor, party_id, lock=True)
    rules.must_be_open(party)
    seats = (await queries.seats_of(session, [party.id]))[party.id]
    await places.lock(session, [one.participation_id for one in seats])
    here = await _with_places(session, seats)
    if not rules.may_begin(here):
        raise rules.TooFewYes(least=rules.LEAST_OF_ALL)
    return await _begin(session, actor, party, here)


async def _with_places(session: AsyncSession, seats: list[Seated]) -> list[Seated]:
    """The answers as far as they count: the yes of whoever has no place left any more is a no."""
    offered = await places.offered(session, [one.participation_id for one in seats])
    return [
        replace(one, is_yes=False) if one.is_yes and not offered.get(one.participation_id) else one
        for one in seats
    ]


async def _begin(session: AsyncSession, actor: Actor, party: Party, seats: list[Seated]) -> Answered:
    await moving.confirm(session, actor, party, seats)
    return Answered(party, tuple(one for one in seats if one.is_yes))


async def remind(session: AsyncSession, actor: Actor, party_id: UUID) -> None:
    """Write once more to whoever has not answered."""
    party = await queries.own_party(session, party_id, lock=True)
    if party is None or party.state != PartyState.OPEN or party.answer_by is None:
        return
    if party.answer_by > clock.now():
        return  # sent anew since: that sending has a job of its own
    for one in (await queries.seats_of(session, [party.id]))[party.id]:
        if one.is_yes is None:
            await notifications.write(
                session, actor, "party.remind", key=rules.letter_key(party, "remind", one.participation_id),
                person_id=one.person_id, party_id=party.id,
            )  # fmt: skip


async def expire(session: AsyncSession, actor: Actor, party_id: UUID) -> Answered | None:
    """The time is over: begin with those who said yes, or end it."""
    party = await queries.own_party(session, party_id, lock=True)
    if party is None or party.state != PartyState.OPEN:
        return None
    until = await queries.held_until(session, party_id)
    if until is None or until > clock.now():
        return None  # sent anew since: that sending has a job of its own
    return await conclude(session, actor, party, is_over=True)


async def leave(session: AsyncSession, actor: Actor, participation_id: UUID) -> list[Answered]:
    """Somebody takes part no more: her seats in open parties count as a no, and her places are free."""
    concluded = []
    for party_id in await queries.open_with(session, participation_id):
        party = await queries.own_party(session, party_id, lock=True)
        if party is not None and party.state == PartyState.OPEN:
            await _keep(session, party_id, participation_id, False, None)
            await moving.free_places(session, party_id, [participation_id])
            concluded.append(await conclude(session, actor, party))
    return concluded


async def reader_of(session: AsyncSession, visitor: Actor, hold_id: UUID) -> PartyReader | None:
    """
    Whom a letter's link speaks for; None once it is decided, or she has left (docs/decisions/0005-answering-from-a-letter.md).
    """
    row = (
        await session.execute(
            select(Hold.party_id, Person.id, Person.language, Person.time_zone)
            .join(Party, Party.id == Hold.party_id)
            .join(Participation, Participation.id == Hold.participation_id)
            .join(Person, Person.id == Participation.person_id)
            .where(
                Hold.id == hold_id,
                Party.state == PartyState.OPEN,
                Person.is_active,
                Participation.status.not_in(GONE),
            )
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
    return PartyReader(reader, row.party_id)


async def hold_of(session: AsyncSession, party_id: UUID, participation_id: UUID) -> UUID | None:
    """The row over whose id the link of a letter is signed."""
    found: UUID | None = await session.scalar(
        select(Hold.id).where(Hold.party_id == party_id, Hold.participation_id == participation_id)
    )
    return found


async def _keep(
    session: AsyncSession, party_id: UUID, participation_id: UUID, is_yes: bool, reason: str | None
) -> None:
    await session.execute(
        update(Seat)
        .where(Seat.party_id == party_id, Seat.participation_id == participation_id)
        .values(is_yes=is_yes, reason=reason, answered_at=clock.now())
    )
