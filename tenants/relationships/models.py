"""The case of a pair, from the second yes on, and the meetings they arrange."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.registration.models import ParticipantRole


class RelationshipState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


class EndReason(StrEnum):
    TERM_OVER = "term_over"
    GOALS_REACHED = "goals_reached"
    NO_CONTACT = "no_contact"
    SITUATION_CHANGED = "situation_changed"
    ASKED_TO_END = "asked_to_end"
    LEFT_PROGRAMME = "left_programme"
    OTHER = "other"


class MeetingState(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    HELD = "held"
    MISSED = "missed"  # agreed, and they say that they did not meet
    CANCELLED = "cancelled"


class Relationship(TenantRow):
    """
    The case of a pair, or of a party: a group or a circle.

    A pair is in the row itself; the people of a party are its members, and neither
    `mentor_id` nor `mentee_id` is set.
    """

    __tablename__ = "relationship"
    __table_args__ = keys(
        unique("proposal_id"),
        unique("party_id"),
        refers("proposal_id", "proposal"),
        refers("party_id", "party"),
        refers("programme_id", "programme"),
        refers("cycle_id", "cycle"),
        refers("mentor_id", "participation"),
        refers("mentee_id", "participation"),
        refers("coordinator_id", "person"),
        one_of("state", RelationshipState),
        one_of("end_reason", EndReason),
        CheckConstraint(
            "CASE WHEN party_id IS NULL THEN num_nulls(proposal_id, mentor_id, mentee_id) = 0 "
            "ELSE num_nonnulls(proposal_id, mentor_id, mentee_id) = 0 END",
            name="one",
        ),
        index("coordinator_id", "begun_at"),
        index("mentor_id"),
        index("mentee_id"),
        index("state", "check_up_on"),
        # What lists filter by lies in it, so that a page is found without reading any other row.
        Index(
            "relationship_listing_ix",
            "organisation_id",
            "begun_at",
            "id",
            postgresql_include=[
                "state",
                "cycle_id",
                "coordinator_id",
                "check_up_on",
                "mentor_id",
                "mentee_id",
            ],
        ),
    )

    proposal_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    programme_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    mentor_id: Mapped[UUID | None]
    mentee_id: Mapped[UUID | None]
    coordinator_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=RelationshipState.RUNNING)
    begun_at: Mapped[datetime]
    ends_on: Mapped[date]
    check_up_on: Mapped[date | None]  # K45: one date a case, moved on at every step
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]
    note: Mapped[str | None]


class Member(TenantRow):
    """One person of a group or circle that has begun. Whoever leaves it earlier than it ends has `left_at`."""

    __tablename__ = "relationship_member"
    __table_args__ = keys(
        unique("relationship_id", "participation_id"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("participation_id", "participation"),
        one_of("role", ParticipantRole),
        index("participation_id"),
    )

    relationship_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    role: Mapped[str]
    left_at: Mapped[datetime | None]


class Meeting(TenantRow):
    """
    `starts_at` is computed from wall time and zone by `infra.clock.instant`, never by SQL.

    Meetings of every month are rows of one `series_id`; `series_wall` is when the rule has
    this one, by which calendars know it, and stays when it is moved.
    """

    __tablename__ = "meeting"
    __table_args__ = keys(
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("proposed_by", "participation"),
        refers("cancelled_by", "participation"),
        refers("instead_of", "meeting", on_delete="CASCADE"),
        one_of("state", MeetingState),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        CheckConstraint("(series_id IS NULL) = (series_wall IS NULL)", name="series"),
        index("relationship_id", "starts_at"),
        Index(
            "meeting_instead_of_ix",
            "organisation_id",
            "instead_of",
            postgresql_where=text("instead_of IS NOT NULL"),
        ),
        Index(
            "meeting_to_ask_ix",
            "organisation_id",
            "starts_at",
            postgresql_where=text("state = 'agreed' AND asked_at IS NULL"),
        ),
    )

    relationship_id: Mapped[UUID]
    proposed_by: Mapped[UUID]
    state: Mapped[str] = mapped_column(default=MeetingState.PROPOSED)
    wall_time: Mapped[str]  # 2026-11-23T14:00
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    agreed_at: Mapped[datetime | None]  # stays after a cancellation: calendars have to be told of it
    sequence: Mapped[int] = mapped_column(default=0)
    instead_of: Mapped[UUID | None]  # an offer to move the agreed meeting that it names
    series_id: Mapped[UUID | None]
    series_wall: Mapped[str | None]
    moved: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # how often
    cancelled_by: Mapped[UUID | None]
    changed_at: Mapped[datetime | None]  # moved or cancelled, after it was agreed
    asked_at: Mapped[datetime | None]  # whether they met
