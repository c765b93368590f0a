"""
Notes and who may read them. What a note says is in `sealed_note` alone, as ciphertext.

The row security of these tables is of their own (the migration `interviews`): a sealed text is there only for its
author, for whoever shares it, and for whoever holds a grant that lives, and nobody can write such a grant for herself.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where


class Kind(StrEnum):
    INTERVIEW = "interview"  # the record of K19
    DEBRIEF = "debrief"  # after a hard interview, for a second coordinator alone (K22)
    SHARED = "shared"  # between the two of a pair (N10)


class NoteState(StrEnum):
    DRAFT = "draft"
    SEALED = "sealed"
    DESTROYED = "destroyed"  # its key is gone, and so are its words, in every backup


class Purpose(StrEnum):
    """What somebody is to read a note for. The interviewee is told."""

    MATCHING = "matching"
    SUPPORT = "support"
    HAND_OVER = "hand_over"
    CONCERN = "concern"
    EMERGENCY = "emergency"
    RELEASE = "release"


class GrantKind(StrEnum):
    GIVEN = "given"  # by the interviewer
    EMERGENCY = "emergency"  # break-glass: by a second person, for an hour
    RELEASE = "release"  # of a shared note, by both of the pair


class AskedFor(StrEnum):
    """What somebody else has to decide on, since the author is not asked."""

    EMERGENCY = "emergency"  # to read a note for an hour
    HAND_OVER = "hand_over"  # to read on for an author who works with nobody here any more


class EmergencyState(StrEnum):
    ASKED = "asked"
    OPENED = "opened"
    REFUSED = "refused"


class Note(TenantRow):
    """
    One note. `subject_id` is the person whose key seals it: the interviewee, or the writer of a shared note.

    `other_id` reads without a grant: the second coordinator of a debrief, the other of a pair.
    `window` is the open form that saved last: what comes from the same one is no conflict.
    """

    __tablename__ = "interview_note"
    __table_args__ = keys(
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("about_id", "interview_note", on_delete="CASCADE"),
        refers("subject_id", "person", on_delete="CASCADE"),
        refers("author_id", "person"),
        refers("other_id", "person", on_delete="CASCADE"),
        one_of("kind", Kind),
        one_of("state", NoteState),
        CheckConstraint("author_id <> other_id", name="two"),
        CheckConstraint("(kind = 'interview') = (other_id IS NULL)", name="other"),
        CheckConstraint("(kind = 'shared') = (participation_id IS NULL)", name="participation"),
        CheckConstraint("(kind = 'shared') = (relationship_id IS NOT NULL)", name="relationship"),
        CheckConstraint("(kind = 'debrief') = (about_id IS NOT NULL)", name="about"),
        CheckConstraint("(state = 'destroyed') = (destroyed_at IS NOT NULL)", name="destroyed"),
        # A doubled click begins one record, and one debrief with one colleague.
        unique_where(
            "interview_note", "draft", "author_id", "participation_id", where="state = 'draft' AND kind = 'interview'"
        ),
        unique_where("interview_note", "debrief", "about_id", "other_id", where="kind = 'debrief' AND state <> 'destroyed'"),
        index("subject_id"),
        index("author_id"),
        index("other_id"),
        index("participation_id"),
        index("relationship_id"),
        index("about_id"),
        Index("interview_note_due_ix", "organisation_id", "destroy_on", postgresql_where=text("destroyed_at IS NULL")),
    )  # fmt: skip

    kind: Mapped[str]
    participation_id: Mapped[UUID | None]
    relationship_id: Mapped[UUID | None]  # of a room above this one, so that no foreign key leads there
    about_id: Mapped[UUID | None]
    subject_id: Mapped[UUID]
    author_id: Mapped[UUID]
    other_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=NoteState.DRAFT)
    held_on: Mapped[date]
    explained: Mapped[list[str]] = mapped_column(default=list)
    fields_filled: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    window: Mapped[UUID | None] = mapped_column("form_window")
    saved_at: Mapped[datetime | None]
    destroy_on: Mapped[date]
    destroyed_at: Mapped[datetime | None]

    @property
    def is_there(self) -> bool:
        return self.destroyed_at is None


class SealedNote(TenantRow):
    """The words of a note, sealed at the place `sealed_note`/`note_id`/`words` by the record key of the note."""

    __tablename__ = "sealed_note"
    __table_args__ = keys(unique("note_id"), refers("note_id", "interview_note", on_delete="CASCADE"))

    note_id: Mapped[UUID]
    words: Mapped[bytes]


class Emergency(TenantRow):
    """
    Break-glass: asked for by one with a reason, opened by another for sixty minutes, told to everybody concerned.

    The notes of an author who has left are handed over in the same way, for longer.
    """

    __tablename__ = "note_emergency"
    __table_args__ = keys(
        refers("note_id", "interview_note", on_delete="CASCADE"),
        refers("requester_id", "person"),
        refers("decided_by", "person"),
        one_of("state", EmergencyState),
        one_of("asked_for", AskedFor),
        CheckConstraint("requester_id <> decided_by", name="two"),
        CheckConstraint("(state = 'asked') = (decided_by IS NULL)", name="decided"),
        unique_where("note_emergency", "asked", "note_id", "requester_id", where="state = 'asked'"),
        index("note_id"),
        index("requester_id"),
        index("decided_by"),
    )

    note_id: Mapped[UUID]
    requester_id: Mapped[UUID]
    asked_for: Mapped[str] = mapped_column(default=AskedFor.EMERGENCY, server_default=text("'emergency'"))
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=EmergencyState.ASKED)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]


class Release(TenantRow):
    """The wish that a coordinator may read a shared note; she may once both of the pair have agreed."""

    __tablename__ = "note_release"
    __table_args__ = keys(
        refers("note_id", "interview_note", on_delete="CASCADE"),
        refers("reader_id", "person", on_delete="CASCADE"),
        refers("asked_by", "person", on_delete="CASCADE"),
        unique("note_id", "reader_id"),
        index("reader_id"),
        index("asked_by"),
    )

    note_id: Mapped[UUID]
    reader_id: Mapped[UUID]
    asked_by: Mapped[UUID]


class Agreed(TenantRow):
    """One yes to a release. It is taken back by deleting it."""

    __tablename__ = "note_release_yes"
    __table_args__ = keys(
        refers("release_id", "note_release", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        unique("release_id", "person_id"),
        index("person_id"),
    )

    release_id: Mapped[UUID]
    person_id: Mapped[UUID]


class Grant(TenantRow):
    """Somebody else's right to read a note, for a purpose and until a moment."""

    __tablename__ = "note_grant"
    __table_args__ = keys(
        refers("note_id", "interview_note", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        refers("granted_by", "person"),
        refers("ended_by", "person"),
        refers("emergency_id", "note_emergency", on_delete="CASCADE"),
        refers("release_id", "note_release", on_delete="CASCADE"),
        one_of("kind", GrantKind),
        one_of("purpose", Purpose),
        CheckConstraint("person_id <> granted_by", name="two"),
        CheckConstraint("(kind = 'emergency') = (emergency_id IS NOT NULL)", name="emergency"),
        CheckConstraint("(kind = 'release') = (release_id IS NOT NULL)", name="release"),
        unique("emergency_id"),
        index("note_id", "person_id"),
        index("person_id"),
        index("granted_by"),
        index("ended_by"),
        index("release_id"),
    )

    note_id: Mapped[UUID]
    person_id: Mapped[UUID]
    kind: Mapped[str]
    purpose: Mapped[str]
    until: Mapped[datetime]
    granted_by: Mapped[UUID]
    emergency_id: Mapped[UUID | None]
    release_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
