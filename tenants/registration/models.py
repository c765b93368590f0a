"""
Registrations (not yet confirmed), participations (what counts), consents and rosters.

An unconfirmed registration is never counted or matched and is deleted when it
expires (K02); the participation begins with the confirmation.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where

_NARROWED = ["role", "cycle_id", "office_id"]
_WAITING = ("status", "status_at", "id")  # the order of the pipeline


class ParticipantRole(StrEnum):
    MENTOR = "mentor"
    MENTEE = "mentee"
    PEER = "peer"


class Status(StrEnum):
    """K08 and K13, to the letter."""

    REGISTERED = "REGISTERED"
    AWAITING_INTERVIEW = "AWAITING INTERVIEW"
    READY = "READY TO BE MATCHED"
    IN_RELATIONSHIP = "IN A MENTOR RELATIONSHIP"
    NETWORK_PARTICIPANT = "NETWORK PARTICIPANT"
    LEFT = "LEFT"


class Origin(StrEnum):
    FORM = "form"
    COORDINATOR = "coordinator"
    ROSTER = "roster"


class Mode(StrEnum):
    INDIVIDUAL = "individual"
    GROUP = "group"
    BOTH = "both"


class Channel(StrEnum):
    """How somebody gave a consent or confirmed her registration."""

    FORM = "form"
    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPER = "paper"
    ROSTER = "roster"  # given to the organisation that sent the roster


class Registration(TenantRow):
    """
    A form being filled in, or waiting for its confirmation.

    Its id is random, since it stands in the link by which the person comes back.
    """

    __tablename__ = "registration"
    __table_args__ = keys(
        refers("cycle_id", "cycle"),
        refers("programme_id", "programme"),
        refers("recorded_by", "person"),
        one_of("role", ParticipantRole),
        one_of("origin", Origin),
        index("recorded_by"),
        index("email"),
        index("expires_at"),
    )

    programme_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    role: Mapped[str | None]
    email: Mapped[str | None]
    full_name: Mapped[str | None]
    language: Mapped[str]
    answers: Mapped[dict[str, Any]]
    consents: Mapped[list[Any]]
    origin: Mapped[str]
    recorded_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    participation_id: Mapped[UUID | None]
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Participation(TenantRow):
    """
    One person in one role in one cycle, with all that matching may look at.

    `languages` is [{"code": "fr", "level": 3}], levels 1 basic to 4 native.
    `topics_wanted` is ranked, the most important first.
    """

    __tablename__ = "participation"
    __table_args__ = keys(
        unique("cycle_id", "person_id", "role"),
        refers("person_id", "person"),
        refers("cycle_id", "cycle"),
        refers("programme_id", "programme"),
        refers("office_id", "office", on_delete="SET NULL"),
        refers("import_id", "roster_import"),
        one_of("role", ParticipantRole),
        one_of("status", Status),
        one_of("origin", Origin),
        one_of("mode", Mode),
        CheckConstraint("capacity BETWEEN 0 AND 50", name="capacity"),
        # What lists filter by lies in these, so that they read no row which they do not show.
        Index(
            "participation_person_ix",
            "organisation_id",
            "person_id",
            postgresql_include=["id", "status", *_NARROWED, "programme_id"],
        ),
        Index("participation_pipeline_ix", "organisation_id", *_WAITING, postgresql_include=_NARROWED),
        Index(
            "participation_cycle_ix",
            "organisation_id",
            "cycle_id",
            *_WAITING,
            postgresql_include=["role", "office_id"],
        ),
        Index("participation_import_ix", "organisation_id", "import_id"),
    )

    person_id: Mapped[UUID]
    programme_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    office_id: Mapped[UUID | None]
    role: Mapped[str]
    status: Mapped[str] = mapped_column(default=Status.REGISTERED)
    status_at: Mapped[datetime]
    origin: Mapped[str]
    import_id: Mapped[UUID | None]
    registered_on: Mapped[date]
    interview_on: Mapped[datetime | None]  # the appointment
    interviewed_on: Mapped[date | None]  # when it was held
    capacity: Mapped[int] = mapped_column(default=1)
    mode: Mapped[str] = mapped_column(default=Mode.INDIVIDUAL)
    topics_offered: Mapped[list[str]] = mapped_column(default=list)
    topics_wanted: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[Any]] = mapped_column(default=list)
    entity: Mapped[str | None]
    sector: Mapped[str | None]
    grade: Mapped[str | None]
    region: Mapped[str | None]
    experience_years: Mapped[int | None]
    gender_wish: Mapped[str | None]
    supervisor_email: Mapped[str | None]
    excluded_emails: Mapped[list[str]] = mapped_column(default=list)
    motivation: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What was said of the person when she was registered and is not what we know of her, by field: a coordinator
    # asks her which is right.
    told: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    note: Mapped[str | None]
    end_reason: Mapped[str | None]


class Consent(TenantRow):
    """
    Append-only but for the withdrawal: which text, in which language, how and by whom recorded.

    The application has the right to change the three columns of a withdrawal and no other, and the database lets
    nobody take a withdrawal back.
    """

    __tablename__ = "consent"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        refers("recorded_by", "person"),
        one_of("channel", Channel),
        one_of("withdrawn_channel", Channel),
        index("person_id", "purpose"),
        # Asked for each person who is deleted.
        Index(
            "consent_recorder_ix",
            "organisation_id",
            "recorded_by",
            postgresql_where=text("recorded_by IS NOT NULL"),
        ),
    )

    person_id: Mapped[UUID]
    purpose: Mapped[str]
    text_version: Mapped[str]
    language: Mapped[str]
    channel: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_channel: Mapped[str | None]
    withdrawn_by: Mapped[UUID | None]  # who wrote the withdrawal down for her; None if she did it herself
    recorded_by: Mapped[UUID | None]


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    STAGED = "staged"  # the preview stands; nothing is saved yet
    COMMITTING = "committing"
    COMMITTED = "committed"
    REVERTING = "reverting"
    REVERTED = "reverted"
    FAILED = "failed"
    DISCARDED = "discarded"


# Whose file is somebody's work at this moment: it lies there once in each cycle.
OPEN_IMPORT = "state IN ('uploaded', 'staged', 'failed', 'committing')"


class RowState(StrEnum):
    READY = "ready"
    ASSUMED = "assumed"
    REFUSED = "refused"
    SKIPPED = "skipped"
    IMPORTED = "imported"


class RosterImport(TenantRow):
    """
    A roster file on its way in: how it was read, how its columns map, what the coordinator chose.

    `version` counts the coordinator's decisions; who decides on an older one is told so.
    """

    __tablename__ = "roster_import"
    __table_args__ = keys(
        refers("cycle_id", "cycle"),
        refers("uploaded_by", "person"),
        one_of("state", ImportState),
        index("created_at"),
        unique_where("roster_import", "open_file", "cycle_id", "file_digest", where=OPEN_IMPORT),
    )

    cycle_id: Mapped[UUID]
    uploaded_by: Mapped[UUID]
    file_name: Mapped[str]
    file: Mapped[bytes | None] = mapped_column(deferred=True)
    file_digest: Mapped[str]
    state: Mapped[str] = mapped_column(default=ImportState.UPLOADED)
    reading: Mapped[dict[str, Any]] = mapped_column(default=dict)
    mapping: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    committed_at: Mapped[datetime | None]
    error: Mapped[str | None]


class RosterRow(TenantRow):
    """
    One row of the file, as it will become and as it became.

    `before` holds what an update replaced, so that a revert is exact.
    """

    __tablename__ = "roster_row"
    __table_args__ = keys(
        unique("import_id", "row_number"),
        refers("import_id", "roster_import", on_delete="CASCADE"),
        one_of("state", RowState),
        index("import_id", "state", "row_number"),
    )

    import_id: Mapped[UUID]
    row_number: Mapped[int]
    state: Mapped[str]
    cells: Mapped[list[Any]]
    values: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
    person_id: Mapped[UUID | None]
    person_is_new: Mapped[bool] = mapped_column(default=False)
    participation_ids: Mapped[list[Any]] = mapped_column(default=list)
    before: Mapped[dict[str, Any] | None]


class RosterMapping(TenantRow):
    """How this organisation mapped the columns of a roster of this shape the last time."""

    __tablename__ = "roster_mapping"
    __table_args__ = keys(unique("fingerprint"))

    fingerprint: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
