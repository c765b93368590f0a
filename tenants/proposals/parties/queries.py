"""Reading parties: as a coordinator, who sees all answers, or as one of their people, who sees her own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications.models import Letter, LetterState
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Cycle, Programme
from tenants.proposals.models import Hold
from tenants.proposals.parties import rules
from tenants.proposals.parties.seats import given_up
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.joining import with_person
from tenants.registration.models import Participation

_HERE = (LetterState.WAITING, LetterState.WITHDRAWN)  # her first letter has not left


@dataclass(frozen=True, slots=True)
class Seated:
    """One person of a party with all her data, for the house and her coordinators."""

    participation_id: UUID
    person_id: UUID
    role: str
    full_name: str
    email: str | None
    phone: str | None
    time_zone: str
    entity: str | None
    office_id: UUID | None
    score: int
    most: int
    contributions: list[dict[str, Any]]
    is_yes: bool | None
    reason: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A party for its coordinators."""

    party: Party
    seats: list[Seated]
    programme_name: dict[str, str]

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.party.created_at, self.party.id

    @property
    def yes(self) -> int:
        return sum(one.is_yes is True for one in self.seats)


@dataclass(frozen=True, slots=True)
class Seen:
    """
    A party as one of its people sees it: what she answered, how many others there are, never who.

    `mentor` is the name of a group's mentor, for her mentees; empty for all others. `is_given_up`: her seat, since she has
    left (`seats.given_up`).
    """

    party: Party
    me: Seated
    others: int
    mentor: str
    is_given_up: bool = False

    @property
    def may_answer(self) -> bool:
        return self.party.state == PartyState.OPEN and not self.is_given_up


async def access_party(session: AsyncSession, actor: Actor, party_id: UUID, *, lock: bool = False) -> Party:
    """
    As a coordinator of one of its people.

    Raises:
        NotFound: no such party among the actor's cases.
    """
    actor.require(Permission.PROPOSAL_READ)
    query: Any = select(Party).where(Party.id == party_id, *reach(actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Party | None = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="group", id=str(party_id))
    return found


def reach(actor: Actor) -> list[ColumnElement[bool]]:
    if not actor.offices:
        return []
    mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    return [Party.id.in_(select(Seat.party_id).where(Seat.participation_id.in_(mine)))]


async def own_party(session: AsyncSession, party_id: UUID, *, lock: bool = False) -> Party | None:
    """For the house's own use, whoever acts."""
    query = select(Party).where(Party.id == party_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


async def seats_of(session: AsyncSession, party_ids: Collection[UUID]) -> dict[UUID, list[Seated]]:
    """Everybody of these parties, a mentor first, then by name; one query at most."""
    if not party_ids:
        return {}
    query = select(
        Seat.party_id, Seat.participation_id, Participation.person_id, Seat.role, Person.full_name,
        Person.email, Person.phone, Person.time_zone, Participation.entity, Participation.office_id,
        Seat.score, Seat.most, Seat.contributions, Seat.is_yes, Seat.reason, Seat.answered_at,
    )  # fmt: skip
    rows = await session.execute(
        with_person(query, Seat.participation_id)
        .where(bulk.any_of(Seat.party_id, list(party_ids)))
        .order_by(Seat.role != "mentor", Person.search_key, Seat.participation_id)
    )
    found: dict[UUID, list[Seated]] = {one: [] for one in party_ids}
    for party_id, *facts in rows:
        found[party_id].append(Seated(*facts))
    return found


async def of_run(session: AsyncSession, actor: Actor, run_id: UUID) -> list[Shown]:
    """The parties of a run in which the actor may see somebody, the highest score first."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(Party).where(Party.run_id == run_id, *reach(actor)).order_by(Party.score.desc(), Party.id)
    return await _shown(session, actor, query)


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Collection[str] = (),
    run_id: UUID | None = None,
    cycle_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Shown]:
    """Parties of the actor's offices with their people, the newest first."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(Party).where(*reach(actor))
    query = query.order_by(Party.created_at.desc(), Party.id.desc()).limit(limit)
    if states:
        query = query.where(Party.state.in_(states))
    if run_id:
        query = query.where(Party.run_id == run_id)
    if cycle_id:
        query = query.where(Party.cycle_id == cycle_id)
    if after:
        query = query.where(tuple_(Party.created_at, Party.id) < tuple_(*after))
    return await _shown(session, actor, query)


async def shown(session: AsyncSession, actor: Actor, party_id: UUID) -> Shown:
    """
    Raises:
        NotFound: no such party among the actor's cases.
    """
    await access_party(session, actor, party_id)
    return (await _shown(session, actor, select(Party).where(Party.id == party_id)))[0]


async def _shown(session: AsyncSession, actor: Actor, query: Any) -> list[Shown]:
    parties = list((await session.execute(query)).scalars())
    if not parties:
        return []
    seats = await seats_of(session, [one.id for one in parties])
    names = await session.execute(
        select(Cycle.id, Programme.name)
        .join(
            Programme,
            and_(Programme.organisation_id == Cycle.organisation_id, Programme.id == Cycle.programme_id),
        )
        .where(Cycle.id.in_({one.cycle_id for one in parties}))
    )
    by_cycle = {row[0]: row[1] for row in names}
    found = []
    for one in parties:
        hers = any(seat.person_id == actor.person_id for seat in seats[one.id])
        found.append(Shown(one, [_told(actor, seat, hers) for seat in seats[one.id]], by_cycle[one.cycle_id]))
    return found


def _told(actor: Actor, seat: Seated, is_hers: bool) -> Seated:
    """
    A reason is for coordinators of her own office; of those of others there is no address either.

    Who is one of them and coordinates here reads no answer but her own.
    """
    if is_hers and seat.person_id != actor.person_id:
        seat = replace(seat, is_yes=None, reason=None, answered_at=None)
    return seat if actor.sees_office(seat.office_id) else replace(seat, email=None, phone=None, reason=None)


async def waiting(session: AsyncSession, actor: Actor) -> int | None:
    """How many parties wait for answers, as far as the actor reaches; None where there has never been any."""
    actor.require(Permission.PROPOSAL_READ)
    query = select(func.count(), func.count().filter(Party.state == PartyState.OPEN)).where(*reach(actor))
    row = (await session.execute(query)).one()
    return int(row[1]) if row[0] else None


async def see(session: AsyncSession, actor: Actor, party_id: UUID, *, lock: bool = False) -> Seen:
    """
    As one of its people.

    Raises:
        NotFound: not one of the actor's, or not (yet) hers to see.
    """
    party = await own_party(session, party_id, lock=lock)
    if party is None or party.state == PartyState.DRAFT or actor.person_id is None:
        raise NotFound(kind="group", id=str(party_id))
    seats = (await seats_of(session, [party_id]))[party_id]
    me = next((one for one in seats if one.person_id == actor.person_id), None)
    if me is None or me.participation_id not in await told(session, party, seats):
        raise NotFound(kind="group", id=str(party_id))
    mentor = next((one.full_name for one in seats if one.role == "mentor" and one is not me), "")
    is_given_up = (party_id, me.participation_id) in await given_up(session, [party_id])
    return Seen(party, me, len(seats) - 1, mentor, is_given_up)


async def told(
    session: AsyncSession, party: Party, seats: Sequence[Seated], *, lock: bool = False
) -> frozenset[UUID]:
    """
    Which participations know of the party: their first letter has left, or it can no longer be taken back.

    `lock` keeps letters that wait from leaving until this transaction is over.
    """
    everybody = frozenset(one.participation_id for one in seats)
    if party.sent_at is None:
        return frozenset()
    if rules.is_known(party) and not lock:
        return everybody
    first = {rules.letter_key(party, "ask", one): one for one in everybody}
    query = select(Letter.key, Letter.state).where(bulk.texts(Letter.key, list(first))).order_by(Letter.id)
    rows = (await session.execute(query.with_for_update() if lock else query)).all()
    gone = frozenset(first[row.key] for row in rows if row.state not in _HERE)
    return everybody if rules.is_known(party) else gone


async def own(session: AsyncSession, actor: Actor) -> list[Seen]:
    """The actor's own parties that she has been told of, the newest first."""
    person_id = actor.require_person()
    mine = select(Participation.id).where(Participation.person_id == person_id)
    rows = await session.execute(
        select(Party)
        .where(
            Party.state != PartyState.DRAFT,
            Party.id.in_(select(Seat.party_id).where(Seat.participation_id.in_(mine))),
        )
        .order_by(Party.sent_at.desc(), Party.id)
    )
    parties = list(rows.scalars())
    seats = await seats_of(session, [one.id for one in parties])
    left = await given_up(session, [one.id for one in parties])
    found = []
    for party in parties:
        me = next(one for one in seats[party.id] if one.person_id == person_id)
        if me.participation_id in await told(session, party, seats[party.id]):
            mentor = next(
                (one.full_name for one in seats[party.id] if one.role == "mentor" and one is not me), ""
            )
            is_given_up = (party.id, me.participation_id) in left
            found.append(Seen(party, me, len(seats[party.id]) - 1, mentor, is_given_up))
    return found


async def open_with(session: AsyncSession, participation_id: UUID) -> Sequence[UUID]:
    """Ids of the open parties in which somebody has a seat, for the house's own use."""
    rows = await session.execute(
        select(Party.id)
        .join(Seat, and_(Seat.organisation_id == Party.organisation_id, Seat.party_id == Party.id))
        .where(
            Seat.participation_id == participation_id,
            Party.state == PartyState.OPEN,
            or_(Seat.is_yes.is_(None), Seat.is_yes.is_(True)),
        )
        .order_by(Party.id)
    )
    return rows.scalars().all()


async def held_until(session: AsyncSession, party_id: UUID) -> datetime | None:
    until: datetime | None = await session.scalar(
        select(func.max(Hold.until)).where(Hold.party_id == party_id)
    )
    return until
