"""
Parties: groups and circles, from a draft of a run to the day on which they begin or come to nothing.

A pair is asked twice and may decline twice; more than two people are asked once, all
together, and the party begins with whoever said yes, if they are enough
(docs/decisions/0018-parties.md). The people of a party that has begun are the members of
its relationship.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.programmes.models import Structure
from tenants.registration.models import ParticipantRole


class PartyState(StrEnum):
    DRAFT = "draft"  # a result of a run, seen by coordinators only
    OPEN = "open"  # sent: everybody is asked whether she takes part
    CONFIRMED = "confirmed"  # enough said yes: the relationship has begun
    DECLINED = "declined"  # too few said yes, or the mentor said no; nobody is told who
    WITHDRAWN = "withdrawn"  # taken back by a coordinator


class Party(TenantRow):
    """
    A group around its mentor, or a circle of peers. Its id is random: everybody's links carry it.

    `least` is how many have to say yes, the mentor not counted. `facts` are what all of them
    have: topic and language, hours of the day. `changed_at` says that a coordinator
    has moved somebody since the run.
    """

    __tablename__ = "party"
    __table_args__ = keys(
        unique("run_id", "number"),
        refers("run_id", "matching_run"),
        refers("pool_id", "pool"),
        refers("cycle_id", "cycle"),
        refers("approved_by", "person"),
        one_of("structure", Structure),
        one_of("state", PartyState),
        CheckConstraint("least >= 1", name="least"),
        index("state", "created_at", "id"),
        index("created_at", "id"),
    )

    run_id: Mapped[UUID]
    pool_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    structure: Mapped[str]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=PartyState.DRAFT)
    least: Mapped[int]
    score: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    approved_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]


class Seat(TenantRow):
    """
    One person of a party, with her private answer (K33). Only coordinators of her own office read `reason`.

    `contributions` add up to `score`, which is at most `most`: of a peer, over all the
    others of her circle together; a mentor has none of her own.
    """

    __tablename__ = "seat"
    __table_args__ = keys(
        unique("party_id", "participation_id"),
        refers("party_id", "party", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("role", ParticipantRole),
        index("participation_id"),
    )

    party_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    role: Mapped[str]
    score: Mapped[int]
    most: Mapped[int]
    contributions: Mapped[list[Any]]
    is_yes: Mapped[bool | None]
    reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
