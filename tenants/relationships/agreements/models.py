"""Agreements with their signatures, and the texts they are made of. A text is never changed: a change is a new row."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique, unique_where


class Form(StrEnum):
    TOOLBOX = "toolbox"  # K50 to K53: what each brings, clauses, how it ends
    ANNEX = "annex"  # K55: nine aims
    MEMO_MENTEE = "memo_mentee"  # K58
    MEMO_MENTOR = "memo_mentor"

    @property
    def is_memo(self) -> bool:
        return self in (Form.MEMO_MENTEE, Form.MEMO_MENTOR)


class AgreementState(StrEnum):
    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPLACED = "replaced"  # by one that was signed later
    DROPPED = "dropped"  # a change that came to nothing


class AgreementText(TenantRow):
    """
    One version of the text of a form in one language, as a programme uses it.

    Written when the programme edits its copy, and when somebody first signs what the house
    brings along: a signature points to the very words.
    """

    __tablename__ = "agreement_text"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "programme_id", "form", "language", "number", name="agreement_text_once_key"
        ),
        refers("programme_id", "programme", on_delete="CASCADE"),
        refers("written_by", "person", on_delete="SET NULL"),
        one_of("form", Form),
        index("written_by"),
    )

    programme_id: Mapped[UUID]
    form: Mapped[str]
    language: Mapped[str]
    number: Mapped[int]
    body: Mapped[dict[str, Any]]
    digest: Mapped[str]
    is_shipped: Mapped[bool]
    written_by: Mapped[UUID | None]


class AgreementSetting(TenantRow):
    """What a programme has its people agree on. Without a row: the toolbox's text, a copy in three weeks, a review each year."""

    __tablename__ = "agreement_setting"
    __table_args__ = keys(
        unique("programme_id"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        CheckConstraint("form IN ('toolbox', 'annex')", name="form"),
        CheckConstraint("copy_days BETWEEN 1 AND 90", name="copy_days"),
        CheckConstraint("review_months BETWEEN 1 AND 12", name="review_months"),
    )

    programme_id: Mapped[UUID]
    form: Mapped[str]
    copy_days: Mapped[int]
    review_months: Mapped[int]


class Agreement(TenantRow):
    """
    One version of what the people of a relationship agree on.

    `revision` grows with each change of what is filled in. `salt` keeps the digests of signatures from
    telling, after a deletion, what had been written.
    """

    __tablename__ = "agreement"
    __table_args__ = keys(
        unique("relationship_id", "number"),
        unique_where("agreement", "one_draft", "relationship_id", where="state = 'draft'"),
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("edited_by", "participation", on_delete="SET NULL"),
        CheckConstraint("form IN ('toolbox', 'annex')", name="form"),
        one_of("state", AgreementState),
        index("state", "review_on"),
        index("edited_by"),
    )

    relationship_id: Mapped[UUID]
    number: Mapped[int]
    form: Mapped[str]
    state: Mapped[str] = mapped_column(default=AgreementState.DRAFT)
    revision: Mapped[int] = mapped_column(default=0)
    ways: Mapped[list[str]]
    frequency: Mapped[str]
    aims: Mapped[str]
    purposes: Mapped[list[str]]  # K56: at most four
    other_purposes: Mapped[str]
    salt: Mapped[str]
    edited_by: Mapped[UUID | None]
    edited_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]  # by all of them
    review_on: Mapped[date | None]  # K54; none once it has been asked


class Expectation(TenantRow):
    """What one of the people expects, in one version of an agreement."""

    __tablename__ = "agreement_expectation"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "agreement_id", "participation_id", name="agreement_expectation_once_key"
        ),
        refers("agreement_id", "agreement", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        index("participation_id"),
    )

    agreement_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    text: Mapped[str]


class Signature(TenantRow):
    """
    Somebody has read the text in one language with what was filled in, and agrees.

    `digest` is of both; see `rules.digest`. It stands until what was filled in is changed before all have signed.
    """

    __tablename__ = "agreement_signature"
    __table_args__ = keys(
        unique_where(
            "agreement_signature", "once", "agreement_id", "participation_id", where="voided_at IS NULL"
        ),
        refers("agreement_id", "agreement", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("text_id", "agreement_text"),
        index("agreement_id"),
        index("participation_id"),
        index("text_id"),
    )

    agreement_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    text_id: Mapped[UUID]
    language: Mapped[str]
    revision: Mapped[int]
    digest: Mapped[str]
    by_token: Mapped[bool]  # by a program of hers, not on a page
    signed_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]


class MemoRead(TenantRow):
    """Somebody has read the memo of her role, in one language (K58)."""

    __tablename__ = "memo_read"
    __table_args__ = keys(
        unique("participation_id", "text_id"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        refers("text_id", "agreement_text"),
        index("text_id"),
    )

    participation_id: Mapped[UUID]
    text_id: Mapped[UUID]
    read_at: Mapped[datetime]
