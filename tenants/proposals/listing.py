"""Proposals as coordinators see them: lists with names, and who has answered what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.lookup import CHOSEN, keyed, lookup
from tenants.actor import Actor
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Cycle, Programme
from tenants.programmes.structures import Makes, facts
from tenants.proposals import queries, rules
from tenants.proposals.models import Answer, Proposal, ProposalState
from tenants.proposals.runs import rules as rules_of_runs
from tenants.proposals.runs.rules import Shown
from tenants.registration.joining import with_participation
from tenants.registration.models import Participation

_Mentor = keyed(Participation, Proposal.mentor_id, "person_id")
_Mentee = keyed(Participation, Proposal.mentee_id, "person_id")
_MentorPerson = keyed(Person, _Mentor.c.person_id, "full_name", "time_zone")
_MenteePerson = keyed(Person, _Mentee.c.person_id, "full_name", "time_zone")
_LISTED = lookup(
    select(
        Proposal.id, Proposal.run_id, Proposal.cycle_id, Proposal.state, Proposal.score, Proposal.most,
        Proposal.sent_at, Proposal.answer_by, Proposal.meet_by, Proposal.first_meeting_on,
        Proposal.closed_at, Proposal.created_at, Proposal.mentor_id, Proposal.mentee_id,
        _MentorPerson.c.full_name.label("mentor_name"), _MenteePerson.c.full_name.label("mentee_name"),
        _MentorPerson.c.time_zone.label("mentor_zone"), _MenteePerson.c.time_zone.label("mentee_zone"),
        _Mentor.c.person_id.label("mentor_person_id"), _Mentee.c.person_id.label("mentee_person_id"),
        Programme.name.label("programme_name"), Programme.structure.label("structure"),
    )
    .select_from(Proposal)
    .join(_Mentor, true())
    .join(_Mentee, true())
    .join(_MentorPerson, true())
    .join(_MenteePerson, true())
    .join(Cycle, Cycle.id == Proposal.cycle_id)
    .join(Programme, Programme.id == Cycle.programme_id)
    .where(Proposal.id == CHOSEN.c.id)
)  # fmt: skip


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
    structure: str

    @property
    def is_peers(self) -> bool:
        """Two who learn from each other, of whom none is the mentor."""
        return facts(self.structure).makes is Makes.MUTUAL

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


async def listed(
    session: AsyncSession,
    actor: Actor,
    *,
    states: Collection[str] = (),
    cycle_id: UUID | None = None,
    run_id: UUID | None = None,
    by_hand: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Proposals of the actor's offices with both names, the newest first; `by_hand` those that no run has made."""
    actor.require(Permission.PROPOSAL_READ)
    ids = _reached(select(Proposal.id), actor)
    ids = ids.order_by(Proposal.created_at.desc(), Proposal.id.desc()).limit(limit)
    if states:
        ids = ids.where(Proposal.state.in_(states))
    if cycle_id:
        ids = ids.where(Proposal.cycle_id == cycle_id)
    if run_id:
        ids = ids.where(Proposal.run_id == run_id)
    if by_hand:
        ids = ids.where(Proposal.run_id.is_(None))
    if after:
        ids = ids.where(tuple_(Proposal.created_at, Proposal.id) < tuple_(*after))
    query = _LISTED.of(ids).order_by(_LISTED.c.created_at.desc(), _LISTED.c.id.desc())
    return [Listed(*row) for row in await session.execute(query)]


async def shown(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Listed:
    """
    One proposal with names, for its page.

    Raises:
        NotFound: no such proposal among the actor's cases.
    """
    await queries.access_proposal(session, actor, proposal_id)
    row = (await session.execute(_LISTED.of(select(Proposal.id).where(Proposal.id == proposal_id)))).one()
    return Listed(*row)


BY_HAND = "by_hand"


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """How many proposals stand in each state, as far as the actor's offices reach; and, by hand, how many drafts."""
    actor.require(Permission.PROPOSAL_READ)
    is_by_hand = Proposal.run_id.is_(None)
    query = select(Proposal.state, is_by_hand, func.count()).group_by(Proposal.state, is_by_hand)
    found: dict[str, int] = {}
    for state, by_hand, count in await session.execute(_reached(query, actor)):
        found[ProposalState(state).value] = found.get(state, 0) + count
        if by_hand and state == ProposalState.DRAFT:
            found[BY_HAND] = count
    return found


async def why(session: AsyncSession, actor: Actor, proposal_id: UUID) -> list[Shown]:
    """What its points are made of, strongest first, as points of a hundred."""
    return rules_of_runs.shown((await queries.access_proposal(session, actor, proposal_id)).contributions)


async def answers(session: AsyncSession, actor: Actor, proposal_id: UUID) -> list[Said]:
    """
    What both have said, for their coordinators only (K33); each reason for those of her own office.

    Who is one of the two and coordinates here reads her own answer.
    """
    proposal = await queries.access_proposal(session, actor, proposal_id)
    query = select(
        Answer.participation_id, Answer.asked_for, Answer.is_yes, Answer.reason, Answer.created_at,
        Participation.office_id,
    )  # fmt: skip
    rows = await session.execute(
        with_participation(query, Answer.participation_id)
        .where(Answer.proposal_id == proposal.id, _is_not_kept_from(actor))
        .order_by(Answer.created_at, Answer.id)
    )
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
            Answer.proposal_id.in_(asked), _is_not_kept_from(actor)
        )
    )
    found: dict[UUID, dict[UUID, bool]] = {one.id: {} for one in shown}
    for proposal_id, participation_id, asked_for, is_yes in rows:
        if asked[proposal_id] == asked_for:
            found[proposal_id][participation_id] = is_yes
    return found


def _is_not_kept_from(actor: Actor) -> ColumnElement[bool]:
    """One of the two never reads what the other answers."""
    hers = select(Participation.id).where(Participation.person_id == actor.person_id)
    own = union_all(
        select(Proposal.id).where(Proposal.mentor_id.in_(hers)),
        select(Proposal.id).where(Proposal.mentee_id.in_(hers)),
    )
    return or_(Answer.participation_id.in_(hers), Answer.proposal_id.not_in(own))


def _reached(query: Any, actor: Actor) -> Any:
    if not actor.offices:
        return query
    mine = select(Participation.id).where(Participation.office_id.in_(actor.offices))
    return query.where(or_(Proposal.mentor_id.in_(mine), Proposal.mentee_id.in_(mine)))
