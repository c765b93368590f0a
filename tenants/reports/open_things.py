"""What somebody is waited for: answers to proposals, follow-ups and evaluations. A reminder is made of this alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.db import bulk
from tenants.evaluations.models import Evaluation, EvaluationState
from tenants.organisations import queries as organisations
from tenants.proposals import leaving, rules
from tenants.proposals.models import Answer, AskedFor, Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation, Status
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.models import Relationship, RelationshipState


class Kind(StrEnum):
    MEET = "meet"
    GO_ON = "go_on"
    PARTY = "party"
    FOLLOW_UP = "follow_up"
    EVALUATION = "evaluation"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is waited for, until a day where there is one."""

    kind: Kind
    by: date | None


async def of_people(session: AsyncSession, person_ids: Sequence[UUID]) -> dict[UUID, list[Thing]]:
    """What each of these people is waited for, what is due first at the beginning. Nothing where she has left. Two queries."""
    zone = (await organisations.own(session)).time_zone
    now = clock.now()
    known_since = now - rules.UNDO  # until then nobody has been told of a proposal
    hers = and_(bulk.any_of(Participation.person_id, person_ids), Participation.status != Status.LEFT)
    is_side = or_(Participation.id == Proposal.mentor_id, Participation.id == Proposal.mentee_id)

    def thing(kind: Kind, *, until: Any = None, by: Any = None) -> Any:
        """`until` is the midnight after the last day, which the database does not turn into a day."""
        return select(
            Participation.person_id, literal(kind.value),
            cast(null() if until is None else until, DateTime(timezone=True)),
            cast(null() if by is None else by, Date),
        )  # fmt: skip

    def asked(kind: Kind, asked_for: AskedFor, until: Any, *states: Any) -> Any:
        answered = select(Answer.id).where(
            Answer.proposal_id == Proposal.id,
            Answer.participation_id == Participation.id,
            Answer.asked_for == asked_for,
        )
        return thing(kind, until=until).join(Proposal, is_side).where(hers, *states, ~answered.exists())

    rows: Any = await session.execute(
        union_all(
            asked(
                Kind.MEET, AskedFor.MEET, Proposal.answer_by,
                Proposal.state == ProposalState.OPEN, Proposal.sent_at <= known_since,
            ),
            asked(
                Kind.GO_ON, AskedFor.GO_ON, None,
                Proposal.state == ProposalState.MEETING,
                Proposal.first_meeting_on < clock.local(now, zone).date(),
            ),
            thing(Kind.PARTY, until=Party.answer_by)
            .join(Seat, Seat.participation_id == Participation.id)
            .join(Party, and_(Party.organisation_id == Seat.organisation_id, Party.id == Seat.party_id))
            .where(hers, Party.state == PartyState.OPEN, Party.sent_at <= known_since, Seat.answered_at.is_(None)),
            thing(Kind.FOLLOW_UP, by=FollowUp.reply_by)
            .join(FollowUp, FollowUp.participation_id == Participation.id)
            .join(Relationship, Relationship.id == FollowUp.relationship_id)
            .where(
                hers, Relationship.state == RelationshipState.RUNNING, FollowUp.replied_at.is_(None),
                Participation.status.not_in(leaving.GONE),
            ),
            thing(Kind.EVALUATION)
            .join(Evaluation, Evaluation.participation_id == Participation.id)
            .where(hers, Evaluation.state == EvaluationState.ASKED),
        )
    )  # fmt: skip
    found: dict[UUID, list[Thing]] = {}
    for person_id, kind, until, by in rows:
        last = by if until is None else rules.last_day(until, zone)
        found.setdefault(person_id, []).append(Thing(Kind(kind), last))
    for things in found.values():
        things.sort(key=lambda one: (one.by is None, one.by or date.max, one.kind))
    return found
