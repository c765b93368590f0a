"""Letters (one e-mail to one person, from its promise to its delivery), tasks of coordinators, and concerns."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class LetterState(StrEnum):
    WAITING = "waiting"  # held or due; may still be withdrawn
    SENDING = "sending"  # a worker talks to the mail server
    SENT = "sent"
    REFUSED = "refused"  # the mail server will not take it: a person has to look
    UNKNOWN = "unknown"  # a worker died while sending, longer ago than a repeat is safe
    WITHDRAWN = "withdrawn"  # what it spoke of has changed


class Letter(TenantRow):
    """
    Rendered when it is sent, from `kind` and the ids in `about`, so that it tells what is true then.

    `to_email` is set only where no person exists yet (a registration to confirm).
    """

    __tablename__ = "letter"
    __table_args__ = keys(
        unique("key"),
        one_of("state", LetterState),
        refers("person_id", "person", on_delete="CASCADE"),
        index("state", "due_at"),
        Index("letter_person_ix", "organisation_id", "person_id", "created_at"),
    )

    key: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[UUID | None]
    to_email: Mapped[str | None]
    language: Mapped[str]
    about: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=LetterState.WAITING)
    due_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]  # when a worker first took it to the mail server
    sent_at: Mapped[datetime | None]
    subject: Mapped[str | None]
    error: Mapped[str | None]
    # Whether a coordinator has written it anew for this reader (see `template_models.LetterEdit`).
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class LetterWish(TenantRow):
    """Somebody has asked for letters of this kind, which come to nobody else."""

    __tablename__ = "letter_wish"
    __table_args__ = keys(
        unique("person_id", "kind"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("kind", "person_id"),
    )

    person_id: Mapped[UUID]
    kind: Mapped[str]


class Task(TenantRow):
    """
    One thing that a coordinator has to do by a date.

    `person_id` is the coordinator; None means any coordinator of the office, or
    any who works for the whole organisation where that is None too. `about` holds the ids that the
    page links to; `key` keeps the same thing from being asked twice.
    """

    __tablename__ = "task"
    __table_args__ = keys(
        unique("key"),
        refers("person_id", "person", on_delete="SET NULL"),
        refers("office_id", "office", on_delete="SET NULL"),
        index("person_id"),
        Index("task_open_ix", "organisation_id", "due_on", postgresql_where=text("done_at IS NULL")),
    )

    key: Mapped[str]
    kind: Mapped[str]
    person_id: Mapped[UUID | None]
    office_id: Mapped[UUID | None]
    due_on: Mapped[date]
    about: Mapped[dict[str, Any]]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None] = mapped_column()


class Concern(TenantRow):
    """
    What somebody told in confidence, to be read by the people in `readers` (ids) alone.

    Its words stand nowhere else: not in the task, not in the audit trail, not in a letter.
    """

    __tablename__ = "concern"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        Index("concern_person_ix", "organisation_id", "person_id"),
    )

    person_id: Mapped[UUID]
    text: Mapped[str]
    readers: Mapped[list[str]]
    read_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None]
