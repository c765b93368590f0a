"""What somebody is waited for: answers to proposals, follow-ups and evaluations. A reminder is made of this alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Date, and_, cast, func, literal, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.evaluations.models import Evaluation, EvaluationState
from tenants.proposals.models import Answer, AskedFor, Proposal, ProposalState
from tenants.proposals.party_models import Party, PartyState, Seat
from tenants.registration.models import Participation
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
    """What each of these people is waited for, what is due first at the beginning. One query."""
    hers = bulk.any_of(Participation.person_id, person_ids)
    is_side = or_(Participation.id == Proposal.mentor_id, Participation.id == Proposal.mentee_id)

    def asked(kind: Kind, asked_for: AskedFor, by: Any, *states: Any) -> Any:
        answered = select(Answer.id).where(
            Answer.proposal_id == Proposal.id,
            Answer.participation_id == Participation.id,
            Answer.asked_for == asked_for,
        )
        return (
            select(Participation.person_id, literal(kind.value), cast(by, Date))
            .join(Proposal, is_side)
            .where(hers, *states, ~answered.exists())
        )

    rows: Any = await session.execute(
        union_all(
            asked(
                Kind.MEET, AskedFor.MEET, Proposal.answer_by,
                Proposal.state == ProposalState.OPEN, Proposal.sent_at <= func.now(),
            ),
            asked(
                Kind.GO_ON, AskedFor.GO_ON, null(),
                Proposal.state == ProposalState.MEETING, Proposal.first_meeting_on < func.current_date(),
            ),
            select(Participation.person_id, literal(Kind.PARTY.value), cast(Party.answer_by, Date))
            .join(Seat, Seat.participation_id == Participation.id)
            .join(Party, and_(Party.organisation_id == Seat.organisation_id, Party.id == Seat.party_id))
            .where(hers, Party.state == PartyState.OPEN, Party.sent_at <= func.now(), Seat.answered_at.is_(None)),
            select(Participation.person_id, literal(Kind.FOLLOW_UP.value), FollowUp.reply_by)
            .join(FollowUp, FollowUp.participation_id == Participation.id)
            .join(Relationship, Relationship.id == FollowUp.relationship_id)
            .where(hers, Relationship.state == RelationshipState.RUNNING, FollowUp.replied_at.is_(None)),
            select(Participation.person_id, literal(Kind.EVALUATION.value), cast(null(), Date))
            .join(Evaluation, Evaluation.participation_id == Participation.id)
            .where(hers, Evaluation.state == EvaluationState.ASKED),
        )
    )  # fmt: skip
    found: dict[UUID, list[Thing]] = {}
    for person_id, kind, by in rows:
        found.setdefault(person_id, []).append(Thing(Kind(kind), by))
    for things in found.values():
        things.sort(key=lambda one: (one.by is None, one.by or date.max, one.kind))
    return found
