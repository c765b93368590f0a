"""Workshops, their guests, and what was said of them without a name."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra import ids
from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.registration.models import ParticipantRole


class GatheringKind(StrEnum):  # K70, K73
    INTRODUCTION = "introduction"
    THEME = "theme"
    SEMINAR = "seminar"
    TRIP = "trip"
    SESSION = "session"  # pairs together


class Audience(StrEnum):
    MENTORS = "mentors"
    MENTEES = "mentees"
    EVERYBODY = "everybody"


class WorkshopState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class GuestState(StrEnum):
    ASKED = "asked"  # invited, and has not answered yet
    COMING = "coming"  # and has a place
    WAITING = "waiting"  # would come, and there is no place
    DECLINED = "declined"
    GONE = "gone"  # has left the programme
    UNASKED = "unasked"  # came without an invitation


ROLES = {
    Audience.MENTORS: frozenset({ParticipantRole.MENTOR}),
    Audience.MENTEES: frozenset({ParticipantRole.MENTEE}),
    Audience.EVERYBODY: frozenset(ParticipantRole),
}


class Workshop(TenantRow):
    """
    `wall_time` and `time_zone` are those of the place, `starts_at` the instant that they mean.

    The id names the entry in calendars for ever; `sequence` counts its changes, `version` all changes of the row.
    One with an office is for the people of that office and in the hands of its coordinators. `remind_at` is when the
    guests are reminded, and empty once they were. `title` and `words` are per language.
    """

    __tablename__ = "workshop"
    __table_args__ = keys(
        refers("programme_id", "programme"),
        refers("cycle_id", "cycle"),
        refers("office_id", "office", on_delete="SET NULL"),
        refers("planned_by", "person", on_delete="SET NULL"),
        one_of("kind", GatheringKind),
        one_of("audience", Audience),
        one_of("state", WorkshopState),
        CheckConstraint("minutes BETWEEN 15 AND 720", name="minutes"),
        CheckConstraint("places BETWEEN 1 AND 10000", name="places"),
        index("starts_at", "id"),
        index("cycle_id"),
        index("office_id"),
        index("planned_by"),
        Index(
            "workshop_to_remind_ix",
            "organisation_id",
            "remind_at",
            postgresql_where=text("remind_at IS NOT NULL"),
        ),
    )

    programme_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    office_id: Mapped[UUID | None]
    planned_by: Mapped[UUID | None]
    kind: Mapped[str]
    audience: Mapped[str]
    title: Mapped[dict[str, str]]
    words: Mapped[dict[str, str]]
    wall_time: Mapped[str]
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    link: Mapped[str | None]
    language: Mapped[str]  # in which it is held
    places: Mapped[int | None]
    state: Mapped[str] = mapped_column(default=WorkshopState.PLANNED)
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    remind_at: Mapped[datetime | None]


class Guest(TenantRow):
    """
    Somebody who is invited to a workshop, or came to it.

    `link_id` is what the links of her letters are made of; it is a new one when the workshop moves. `answered_at` is
    the order of those who wait. `has_said` that she has told what she thinks of it, and never what.
    """

    __tablename__ = "workshop_guest"
    __table_args__ = keys(
        unique("workshop_id", "participation_id"),
        unique("link_id"),
        refers("workshop_id", "workshop", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("state", GuestState),
        index("workshop_id", "state", "answered_at"),
        index("participation_id"),
        index("batch_id"),
    )

    workshop_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    batch_id: Mapped[UUID | None]  # those that were invited together, and can be taken back together
    link_id: Mapped[UUID] = mapped_column(default=ids.random)
    state: Mapped[str]
    answered_at: Mapped[datetime | None]
    came: Mapped[bool | None]
    has_said: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class Opinion(TenantRow):
    """
    What one guest thinks of a workshop, without a way back to her: no name, a random id, and the day of the
    workshop as the time at which it was made.
    """

    __tablename__ = "workshop_opinion"
    __table_args__ = keys(
        refers("workshop_id", "workshop", on_delete="CASCADE"),
        one_of("role", ParticipantRole),
        CheckConstraint("useful BETWEEN 1 AND 5", name="useful"),
        index("workshop_id"),
    )

    workshop_id: Mapped[UUID]
    role: Mapped[str]
    useful: Mapped[int]
    will_use: Mapped[str | None]
    missing: Mapped[str | None]
