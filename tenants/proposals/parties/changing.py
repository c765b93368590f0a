"""
Moving somebody to another group or circle by hand, or adding somebody new, before anybody is asked.

A numeric worker says what each move would mean; the answer lies in Redis under a key made
of the parties as they stand, so that a move is never made on figures of yesterday.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Conflict, NotFound
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.pools.models import PoolCard, Side
from tenants.proposals.models import MatchingRun, Unmatched
from tenants.proposals.parties import queries, rules
from tenants.proposals.parties.events import Event
from tenants.proposals.parties.jobs import WeighMove
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import ParticipantRole, Participation

MOST_NEW = 200


class MoveNotWeighed(Conflict):
    """The groups or circles have changed, or nobody has asked yet what the move would mean."""

    code = "party_move_not_weighed"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody whom a run did not know."""

    participation_id: UUID
    full_name: str
    role: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who sits in a draft, its mentor apart; a group has one topic and language, which it keeps."""

    party_id: UUID
    mentor: UUID | None
    people: tuple[UUID, ...]
    topic: str = ""
    language: str = ""


async def sittings(session: AsyncSession, run_id: UUID) -> list[Sitting]:
    """The drafts of a run, for the house's own use."""
    rows = await session.execute(
        select(Party.id, Seat.participation_id, Seat.role, Party.facts)
        .join(Seat, Seat.party_id == Party.id)
        .where(Party.run_id == run_id, Party.state == PartyState.DRAFT)
        .order_by(Party.id, Seat.participation_id)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    facts: dict[UUID, Mapping[str, Any]] = {}
    for party_id, participation_id, role, told in rows:
        found.setdefault(party_id, []).append((participation_id, role))
        facts[party_id] = told
    return [
        Sitting(
            party_id,
            next((one for one, role in people if role == ParticipantRole.MENTOR), None),
            tuple(one for one, role in people if role != ParticipantRole.MENTOR),
            next(iter(facts[party_id].get("topics", ())), ""),
            next(iter(facts[party_id].get("languages", ())), ""),
        )
        for party_id, people in found.items()
    ]


async def newcomers(session: AsyncSession, actor: Actor, run_id: UUID) -> list[Newcomer]:
    """Who can be matched in the pool of a run and was not there when it ran: she may be added to a draft of it, by name."""
    actor.require(Permission.PROPOSAL_APPROVE)
    query = (
        select(Participation.id, Person.full_name, Participation.role)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_(_new(run_id)))
        .order_by(Person.search_key, Participation.id)
        .limit(MOST_NEW)
    )
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    return [Newcomer(*row) for row in await session.execute(query)]


def _new(run_id: UUID) -> Any:
    """Of a card that may still be dealt, and of whom the run says nothing."""
    pool = select(MatchingRun.pool_id).where(MatchingRun.id == run_id).scalar_subquery()
    seated = (
        select(Seat.participation_id).join(Party, Party.id == Seat.party_id).where(Party.run_id == run_id)
    )
    left = select(Unmatched.participation_id).where(Unmatched.run_id == run_id)
    return select(PoolCard.participation_id).where(
        PoolCard.pool_id == pool,
        PoolCard.side != Side.MENTOR,
        PoolCard.open_places > 0,
        PoolCard.participation_id.not_in(seated),
        PoolCard.participation_id.not_in(left),
    )


async def ask_move(session: AsyncSession, actor: Actor, run_id: UUID, participation_id: UUID) -> str:
    """
    Have it worked out what moving somebody would mean; returns the key of the answer.

    Raises:
        NotFound: nobody of a draft of this run, whom it left out, or who came after it, within the actor's reach.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    await _must_be_here(session, actor, run_id, participation_id)
    key = await _key(session, actor, run_id, participation_id)
    job = WeighMove(run_id=run_id, participation_id=participation_id, key=key)
    # The answer may be lost with its server: a minute later it may be asked for anew.
    await enqueue(session, job, key=f"{key}:{clock.now():%Y-%m-%dT%H:%M}")
    return key


async def move(
    session: AsyncSession,
    actor: Actor,
    run_id: UUID,
    participation_id: UUID,
    to_id: UUID,
    *,
    key: str,
    weighed: Sequence[Mapping[str, Any]],
) -> Party:
    """
    Move somebody into another draft, as a worker has weighed it under `key`.

    Raises:
        NotFound: nobody of a draft of this run, or no such draft, within the actor's reach.
        MoveNotWeighed: the drafts are not those any more that were weighed.
        MoveRefused: a constraint of the run would not hold.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    await _must_be_here(session, actor, run_id, participation_id)
    query: Any = select(Party).where(Party.run_id == run_id, Party.state == PartyState.DRAFT)
    drafts: dict[UUID, Party] = {
        one.id: one for one in (await session.execute(query.order_by(Party.id).with_for_update())).scalars()
    }
    if to_id not in drafts:
        raise NotFound(kind="group", id=str(to_id))
    await queries.access_party(session, actor, to_id)
    found = next((one for one in weighed if one["to"] == str(to_id)), None)
    if found is None or key != await _key(session, actor, run_id, participation_id):
        raise MoveNotWeighed
    if found["faults"]:
        raise rules.MoveRefused(limits=list(found["faults"]))
    role = await session.scalar(select(Participation.role).where(Participation.id == participation_id))
    await session.execute(
        delete(Seat).where(Seat.participation_id == participation_id, Seat.party_id.in_(drafts))
    )
    await session.execute(
        delete(Unmatched).where(Unmatched.run_id == run_id, Unmatched.participation_id == participation_id)
    )
    session.add(
        Seat(
            organisation_id=actor.organisation_id, id=ids.new(), party_id=to_id,
            participation_id=participation_id, role=role, score=0, most=0, contributions=[],
        )
    )  # fmt: skip
    await session.flush()
    for side, party_id in (("into", to_id), ("out_of", UUID(found["from"]) if "from" in found else None)):
        if party_id is not None:
            await _write(session, drafts[party_id], found[side])
    audit.record(session, actor, Event.PARTY_CHANGED, kind="party", id=to_id, moved=str(participation_id))
    return drafts[to_id]


async def _write(session: AsyncSession, party: Party, told: Mapping[str, Any]) -> None:
    party.score, party.changed_at = told["score"], clock.now()
    if told["languages"] and "hours" in party.facts:  # of a circle; a group keeps its topic and language
        party.facts = {**party.facts, "hours": told["hours"]}
    for seat in told["seats"]:
        await session.execute(
            update(Seat)
            .where(Seat.party_id == party.id, Seat.participation_id == UUID(seat["id"]))
            .values(score=seat["score"], most=seat["most"], contributions=seat["contributions"])
        )


async def _must_be_here(session: AsyncSession, actor: Actor, run_id: UUID, participation_id: UUID) -> None:
    """
    Raises:
        NotFound: she sits in no draft of this run, was not left out by it and did not come later, or is of another office.
    """
    seated = (
        select(Seat.participation_id)
        .join(Party, Party.id == Seat.party_id)
        .where(
            Party.run_id == run_id,
            Party.state == PartyState.DRAFT,
            Seat.role != ParticipantRole.MENTOR,
        )
    )
    left = select(Unmatched.participation_id).where(
        Unmatched.run_id == run_id, Unmatched.side != ParticipantRole.MENTOR
    )
    office = (
        await session.execute(
            select(Participation.office_id).where(
                Participation.id == participation_id,
                Participation.id.in_(seated)
                | Participation.id.in_(left)
                | Participation.id.in_(_new(run_id)),
            )
        )
    ).one_or_none()
    if office is None or not actor.sees_office(office[0]):
        raise NotFound(kind="participation", id=str(participation_id))


async def _key(session: AsyncSession, actor: Actor, run_id: UUID, participation_id: UUID) -> str:
    """Changes whenever a draft of the run does."""
    row = (
        await session.execute(
            select(func.count(), func.max(Party.changed_at)).where(
                Party.run_id == run_id, Party.state == PartyState.DRAFT
            )
        )
    ).one()
    stamp = hashlib.sha256(f"{row[0]} {row[1]}".encode()).hexdigest()[:16]
    return f"move:{actor.organisation_id}:{run_id}:{participation_id}:{stamp}"
