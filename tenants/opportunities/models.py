"""Opportunities, the programmes that they are for, and who says that she is interested."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers


class OpportunityKind(StrEnum):
    JOB = "job"
    TRAINING = "training"
    EVENT = "event"  # a call, a visit, a conference of somebody else
    OTHER = "other"


class OpportunityState(StrEnum):
    PROPOSED = "proposed"  # by somebody who takes part; a coordinator has not decided yet
    OPEN = "open"
    DECLINED = "declined"
    CLOSED = "closed"  # its last day is over, or a coordinator has closed it
    WITHDRAWN = "withdrawn"  # by whoever posted it


class Opportunity(TenantRow):
    """
    Written in one language, which its page says. `last_on` is the last day on which one can act on it.

    `office_id` is the office of the participant who proposed it, for whom the decision is a task; None of a coordinator.
    """

    __tablename__ = "opportunity"
    __table_args__ = keys(
        refers("posted_by", "person", on_delete="SET NULL"),
        refers("office_id", "office", on_delete="SET NULL"),
        one_of("kind", OpportunityKind),
        one_of("state", OpportunityState),
        Index("opportunity_listing_ix", "organisation_id", "state", "last_on", "id"),
        index("posted_by"),
    )

    kind: Mapped[str]
    state: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    language: Mapped[str]
    place: Mapped[str | None]
    is_remote: Mapped[bool]
    url: Mapped[str | None]
    last_on: Mapped[date]
    contact: Mapped[str | None]
    posted_by: Mapped[UUID | None]
    is_proposal: Mapped[bool]  # came from somebody who takes part
    office_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer: Mapped[str | None]  # what the poster is told of a proposal that was declined
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class OpportunityProgramme(TenantRow):
    """Who takes part in this programme sees the opportunity."""

    __tablename__ = "opportunity_programme"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "opportunity_id", "programme_id", name="opportunity_programme_once_key"
        ),
        refers("opportunity_id", "opportunity", on_delete="CASCADE"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        index("programme_id"),
    )

    opportunity_id: Mapped[UUID]
    programme_id: Mapped[UUID]


class OpportunityInterest(TenantRow):
    """Somebody has said that she is interested. Taken back, the row goes."""

    __tablename__ = "opportunity_interest"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "opportunity_id", "person_id", name="opportunity_interest_once_key"
        ),
        refers("opportunity_id", "opportunity", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        index("person_id"),
        index("participation_id"),
    )

    opportunity_id: Mapped[UUID]
    person_id: Mapped[UUID]
    participation_id: Mapped[UUID]  # by which she saw it, and by whose office she is seen
