"""Appointments: when a coordinator and one person talk, and what that person says of it. Nothing of the talk itself."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra import ids
from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where


class AppointmentState(StrEnum):
    ASKED = "asked"  # invited, and has not answered yet
    CONFIRMED = "confirmed"
    PROPOSED = "proposed"  # she has proposed other times
    DECLINED = "declined"  # she cannot come, and names no other time
    CANCELLED = "cancelled"
    HELD = "held"


# Whose state may still change: one person has at most one such appointment in one participation.
OPEN = (
    AppointmentState.ASKED,
    AppointmentState.CONFIRMED,
    AppointmentState.PROPOSED,
    AppointmentState.DECLINED,
)
_IS_OPEN = "state IN ('asked', 'confirmed', 'proposed', 'declined')"


class Appointment(TenantRow):
    """
    `wall_time` and `time_zone` are the coordinator's, `starts_at` the instant that they mean.

    The id names the entry in calendars for ever; `sequence` counts the changes of it. `link_id` is what the link of
    the latest letter is made of: it is a new one with each change, so that an older letter opens nothing.
    `proposed` are up to three times of hers, each {"wall": …, "zone": …, "at": …}.
    """

    __tablename__ = "appointment"
    __table_args__ = keys(
        unique("link_id"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("coordinator_id", "person", on_delete="SET NULL"),
        one_of("state", AppointmentState),
        CheckConstraint("minutes BETWEEN 10 AND 240", name="minutes"),
        unique_where("appointment", "open", "participation_id", where=_IS_OPEN),
        index("participation_id"),
        index("coordinator_id", "starts_at"),
        index("batch_id"),
        Index(
            "appointment_open_at_ix", "organisation_id", "starts_at", "id", postgresql_where=text(_IS_OPEN)
        ),
    )

    participation_id: Mapped[UUID]
    coordinator_id: Mapped[UUID | None]
    batch_id: Mapped[UUID]  # those that were arranged together, and can be taken back together
    link_id: Mapped[UUID] = mapped_column(default=ids.random)
    state: Mapped[str] = mapped_column(default=AppointmentState.ASKED)
    wall_time: Mapped[str]
    time_zone: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str | None]
    link: Mapped[str | None]
    language: Mapped[str]  # in which the two talk
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    moved_at: Mapped[datetime]  # when it was last given a time
    proposed: Mapped[list[Any]] = mapped_column(default=list, server_default=text("'[]'"))
    word: Mapped[str | None]  # what she adds to her answer
    answered_at: Mapped[datetime | None]
