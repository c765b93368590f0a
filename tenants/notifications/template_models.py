"""What an organisation has made of the words of its letters: for everybody, and for one reader."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, refers, unique


class LetterTemplate(TenantRow):
    """
    One version of an organisation's own text of a letter in one language; the highest counts.

    Without texts it says that the shipped one is used again. `shipped` is the digest of the shipped
    text that its writer had before her.
    """

    __tablename__ = "letter_template"
    __table_args__ = keys(
        unique("name", "language", "version"),
        refers("written_by", "person", on_delete="SET NULL"),
        index("written_by"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(
            "(subject IS NULL) = (body IS NULL) AND (heading IS NULL) = (body IS NULL)", name="whole"
        ),
    )

    name: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str | None]
    heading: Mapped[str | None]
    body: Mapped[str | None]
    shipped: Mapped[str]
    written_by: Mapped[UUID | None]


class LetterEdit(TenantRow):
    """
    What a coordinator has written for the one reader of a letter that waits; the highest version counts.

    `original_` is what the letter would have said, kept beside it.
    """

    __tablename__ = "letter_edit"
    __table_args__ = keys(
        unique("letter_id", "version"),
        refers("letter_id", "letter", on_delete="CASCADE"),
        refers("written_by", "person", on_delete="SET NULL"),
        index("written_by"),
        CheckConstraint("version > 0", name="version"),
    )

    letter_id: Mapped[UUID]
    version: Mapped[int]
    language: Mapped[str]
    subject: Mapped[str]
    heading: Mapped[str]
    body: Mapped[str]
    original_subject: Mapped[str]
    original_heading: Mapped[str]
    original_body: Mapped[str]
    written_by: Mapped[UUID | None]
