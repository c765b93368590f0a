"""What coordinators and the people of their cases had to do with each other, and how far on a case is."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, index, keys, one_of, refers


class Channel(StrEnum):
    CALL = "call"
    EMAIL = "email"
    TEXT = "text"  # a short message to a telephone
    MEETING = "meeting"
    LETTER = "letter"  # written here; it goes by the outbox
    NOTE = "note"  # nobody was spoken to


class Phase(StrEnum):
    """The life of a relationship (K48), in its order."""

    INITIATION = "initiation"
    CULTIVATION = "cultivation"
    MATURATION = "maturation"
    SEPARATION = "separation"
    REDEFINITION = "redefinition"


class Contact(TenantRow):
    """
    One contact: with one person, with all of a case (`person_id` is None), or with one of a case.

    Coordinators of the person or the case read `words`; the people themselves do not.
    """

    __tablename__ = "contact"
    __table_args__ = keys(
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("person_id", "person", on_delete="CASCADE"),
        refers("by_id", "person"),
        one_of("channel", Channel),
        CheckConstraint("num_nonnulls(relationship_id, person_id) > 0", name="of_somebody"),
        index("relationship_id", "on_day"),
        index("person_id", "on_day"),
        index("by_id"),
    )

    relationship_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    by_id: Mapped[UUID]
    channel: Mapped[str]
    on_day: Mapped[date]
    subject: Mapped[str | None]  # of a letter
    words: Mapped[str]


class PhaseSet(TenantRow):
    """A coordinator's correction of where a case stands, the last one counts; None: go by its dates again."""

    __tablename__ = "case_phase"
    __table_args__ = keys(
        refers("relationship_id", "relationship", on_delete="CASCADE"),
        refers("by_id", "person"),
        one_of("phase", Phase),
        index("relationship_id", "created_at"),
        index("by_id"),
    )

    relationship_id: Mapped[UUID]
    by_id: Mapped[UUID]
    phase: Mapped[str | None]
