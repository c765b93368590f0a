"""K72, K78: what is told of a network wherever people meet: how many take part, where, and how they came together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.gatherings import queries as gatherings
from tenants.gatherings.models import Workshop
from tenants.networks import queries as networks
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.registration.models import ParticipantRole, Participation
from tenants.relationships.models import Meeting, MeetingState, Member, Relationship, RelationshipState
from tenants.reports import people

ROLES = (ParticipantRole.MENTOR, ParticipantRole.MENTEE, ParticipantRole.PEER)


@dataclass(frozen=True, slots=True)
class Facts:
    """As of now, and for what is held in a time. Mentors, mentees and peers are people, each of them once."""

    mentors: int
    mentees: int
    peers: int
    offices: int
    pairs: int
    ever: int  # people who have taken part since the beginning
    held: int  # meetings in the period (U09)
    missed: int  # agreed, and they say that they did not meet
    cancelled: int
    workshops: int  # that took place in the period
    kinds: int  # of how many kinds they were: introductions, themes, seminars, trips, sessions
    sub_networks: int  # that are open

    @property
    def kept(self) -> float | None:
        """U09: meetings that took place, for each that was agreed and is over or cancelled; None without any."""
        agreed = self.held + self.missed + self.cancelled
        return self.held / agreed if agreed else None


async def facts(
    session: AsyncSession, actor: Actor, begins: datetime, ends: datetime, *, offices: int | None = None
) -> Facts:
    """As far as the actor's offices reach; without a number of `offices` the open ones are counted."""
    actor.require(Permission.RELATIONSHIP_READ)
    if offices is None:
        found = await organisations.offices(session, open_only=True)
        offices = sum(actor.sees_office(one.id) for one in found)
    mentors, mentees, peers = await people.count_taking_part(session, actor, ROLES)
    ever = await _ever(session, actor)
    mine = _mine(actor)
    held, missed, cancelled = (await session.execute(_meetings(begins, ends, mine))).one()
    running = (
        select(func.count()).select_from(Relationship).where(Relationship.state == RelationshipState.RUNNING)
    )
    if mine is not None:
        running = running.where(Relationship.id.in_(mine))
    pairs = int((await session.execute(running)).scalar_one())
    workshops, kinds, sub_networks = (await session.execute(_workshops(actor, begins, ends))).one()
    return Facts(
        mentors, mentees, peers, offices, pairs, ever, held, missed, cancelled, workshops, kinds, sub_networks
    )  # fmt: skip


async def _ever(session: AsyncSession, actor: Actor) -> int:
    query = select(func.count(Participation.person_id.distinct()))
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    return int((await session.execute(query)).scalar_one())


def _mine(actor: Actor) -> Any:
    """The cases of the actor's offices; None where she works for all."""
    if not actor.offices:
        return None
    hers = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    joined = select(Member.relationship_id).where(Member.participation_id.in_(hers))
    return select(Relationship.id).where(or_(Relationship.mentee_id.in_(hers), Relationship.id.in_(joined)))


def _meetings(begins: datetime, ends: datetime, mine: Any) -> Any:
    """Held, missed and cancelled; without those that fell away because their relationship ended, which nobody cancelled."""
    fell_with_the_end = select(Relationship.id).where(
        Relationship.organisation_id == Meeting.organisation_id,
        Relationship.id == Meeting.relationship_id,
        Relationship.ended_at == Meeting.changed_at,
    )
    states = (MeetingState.HELD, MeetingState.MISSED, MeetingState.CANCELLED)
    met: Any = [func.count().filter(Meeting.state == state) for state in states]
    query = (
        select(*met)
        .select_from(Meeting)
        .where(
            Meeting.starts_at >= begins,
            Meeting.starts_at < ends,
            or_(Meeting.agreed_at.is_not(None), Meeting.state == MeetingState.HELD),
            or_(
                Meeting.state != MeetingState.CANCELLED,
                Meeting.cancelled_by.is_not(None),
                ~fell_with_the_end.exists(),
            ),
        )
    )
    return query if mine is None else query.where(Meeting.relationship_id.in_(mine))


def _workshops(actor: Actor, begins: datetime, ends: datetime) -> Any:
    return (
        select(func.count(), func.count(Workshop.kind.distinct()), networks.number_open().scalar_subquery())
        .select_from(Workshop)
        .where(*gatherings.took_place(begins, ends), gatherings.within_reach(actor))
    )
