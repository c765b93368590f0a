"""Proposals as coordinators see them: lists with names, and who has answered what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Cycle, Programme
from tenants.proposals import queries, rules
from tenants.proposals.models import Answer, Proposal, ProposalState
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Listed:
    """One proposal in a list. `key` goes back into `after`."""

    id: UUID
    run_id: UUID | None
    cycle_id: UUID
    state: str
    score: int
    most: int
    sent_at: datetime | None
    answer_by: datetime | None
    meet_by: date | None
    first_meeting_on: date | None
    closed_at: datetime | None
    created_at: datetime
    mentor_id: UUID
    mentee_id: UUID
    mentor_name: str
    mentee_name: str
    mentor_zone: str
    mentee_zone: str
    mentor_person_id: UUID
    mentee_person_id: UUID
    programme_name: dict[str, str]

    @property
    def key(self) -> tuple[datetime, UUID]:
        return self.created_at, self.id


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as a coordinator reads it."""

    participation_id: UUID
    asked_for: str
    is_yes: bool
    reason: str | None
    answered_at: datetime


def _listed() -> Any:
    mentor, mentee = aliased(Participation), aliased(Participation)
    mentor_person, mentee_person = aliased(Person), aliased(Person)
    organisation = Proposal.organisation_id
    return (
        select(
            Proposal.id, Proposal.run_id, Proposal.cycle_id, Proposal.state, Proposal.score, Proposal.most,
            Proposal.sent_at, Proposal.answer_by, Proposal.meet_by, Proposal.first_meeting_on,
            Proposal.closed_at, Proposal.created_at, Proposal.mentor_id, Proposal.mentee_id,
            mentor_person.full_name, mentee_person.full_name, mentor_person.time_zone, mentee_person.time_zone,
            mentor.person_id, mentee.person_id, Programme.name,
        )
        .join(mentor, and_(mentor.organisation_id == organisation, mentor.id == Proposal.mentor_id))
        .join(mentee, and_(mentee.organisation_id == organisation, mentee.id == Proposal.mentee_id))
        .join(
            mentor_person,
            and_(mentor_person.organisation_id == organisation, mentor_person.id == mentor.person_id),
        )
        .join(
            mentee_person,
            and_(mentee_person.organisation_id == organisation, mentee_person.id == mentee.person_id),
        )
        .join(Cycle, and_(Cycle.organisation_id == organisation, Cycle.id == Proposal.cycle_id))
        .join(Programme, and_(Programme.organisation_id == organisation, Programme.id == Cycle.programme_id))
    )  # fmt: skip


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Collection[str] = (),
    cycle_id: UUID | None = None,
    run_id: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Proposals of the actor's offices with both names, the newest first."""
    actor.require(Permission.PROPOSAL_READ)
    query = _reached(_listed(), actor).order_by(Proposal.created_at.desc(), Proposal.id.desc()).limit(limit)
    if states:
        query = query.where(Proposal.state.in_(states))
    if cycle_id:
        query = query.where(Proposal.cycle_id == cycle_id)
    if run_id:
        query = query.where(Proposal.run_id == run_id)
    if after:
        query = query.where(tuple_(Proposal.created_at, Proposal.id) < tuple_(*after))
    return [Listed(*row) for row in await session.execute(query)]


async def shown(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Listed:
    """
    One proposal with names, for its page.

    Raises:
        NotFound: no such proposal among the actor's cases.
    """
    await queries.access_proposal(session, actor, proposal_id)
    row = (await session.execute(_listed().where(Proposal.id == proposal_id))).one()
    return Listed(*row)


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many proposals stand in each state, as far as the actor's offices reach."""
    actor.require(Permission.PROPOSAL_READ)
    query = _reached(select(Proposal.state, func.count()).group_by(Proposal.state), actor)
    return {ProposalState(state).value: count for state, count in await session.execute(query)}


async def answers(session: AsyncSession, actor: Actor, proposal_id: UUID) -> list[Said]:
    """What both have said, for their coordinators only (K33); each reason for those of her own office."""
    proposal = await queries.access_proposal(session, actor, proposal_id)
    rows = await session.execute(
        select(
            Answer.participation_id, Answer.asked_for, Answer.is_yes, Answer.reason, Answer.created_at,
            Participation.office_id,
        )
        .join(
            Participation,
            and_(
                Participation.organisation_id == Answer.organisation_id,
                Participation.id == Answer.participation_id,
            ),
        )
        .where(Answer.proposal_id == proposal.id)
        .order_by(Answer.created_at, Answer.id)
    )  # fmt: skip
    return [
        Said(row[0], row[1], row[2], row[3] if actor.sees_office(row[5]) else None, row[4]) for row in rows
    ]


async def answers_of(
    session: AsyncSession, actor: Actor, shown: Sequence[Listed]
) -> Mapping[UUID, Mapping[UUID, bool]]:
    """For proposals that `listed` gave: answers to the question of the moment, by proposal and participation."""
    actor.require(Permission.PROPOSAL_READ)
    asked = {
        one.id: question for one in shown for question, state in rules.IN_STATE.items() if state == one.state
    }
    rows = await session.execute(
        select(Answer.proposal_id, Answer.participation_id, Answer.asked_for, Answer.is_yes).where(
            Answer.proposal_id.in_(asked)
        )
    )
    found: dict[UUID, dict[UUID, bool]] = {one.id: {} for one in shown}
    for proposal_id, participation_id, asked_for, is_yes in rows:
        if asked[proposal_id] == asked_for:
            found[proposal_id][participation_id] = is_yes
    return found


def _reached(query: Any, actor: Actor) -> Any:
    if not actor.offices:
        return query
    mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    return query.where(or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine)))
