"""People and their roles. The same address in two organisations is two people."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Computed, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, keys, one_of, refers, unique
from tenants.permissions import Role

# Letters that Unicode does not take apart into a plain one and a mark, as their plain neighbours.
_PLAIN = ("đłøðıħŧ", "dlodiht")
_MARKS = r"[\u0300-\u036f\u064b-\u0652\u0670]"


def folded(expression: str) -> str:
    """SQL for a text without case and marks: `Žižek` and `zizek` become one. Core PostgreSQL, immutable."""
    plain = f"lower(regexp_replace(NORMALIZE({expression}, NFKD), '{_MARKS}'::text, ''::text, 'g'::text))"
    return f"translate({plain}, '{_PLAIN[0]}'::text, '{_PLAIN[1]}'::text)"


class Gender(StrEnum):
    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"


class Person(TenantRow):
    """
    `email` is lower case; None for somebody whom a coordinator registered by phone.

    `search_key` is the folded name and the address, each word after a blank: lists
    are ordered by it, and the beginning of any of its words finds her. It is in
    the C collation, whose order an index can follow beneath row security.
    """

    __tablename__ = "person"
    __table_args__ = keys(
        unique("email"),
        refers("office_id", "office", on_delete="SET NULL"),
        ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
        one_of("gender", Gender),
        Index(
            "person_listing_ix",
            "organisation_id",
            "search_key",
            "id",
            postgresql_include=["is_active", "office_id"],
        ),
        Index("person_office_ix", "organisation_id", "office_id", "is_active"),
        reads={"resolver": ["organisation_id", "id", "is_active", "language", "time_zone", "full_name"]},
    )

    full_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str]
    time_zone: Mapped[str]
    gender: Mapped[str | None]
    office_id: Mapped[UUID | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    # Since then nobody is behind this row any more (see `tenants.privacy`).
    erased_at: Mapped[datetime | None]
    # The last day, in UTC, on which she signed in: sessions go after a month, and this says for how long she was away.
    seen_on: Mapped[date | None]
    # Kinds of letters that she drops.
    letters_off: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    search_key: Mapped[str] = mapped_column(
        Text(collation="C"),
        Computed(
            f"((' '::text || {folded('full_name')}) || ' '::text) || COALESCE(email, ''::text)",
            persisted=True,
        ),
    )


class RoleGrant(TenantRow):
    """A role that a person holds, for the whole organisation or for one office."""

    __tablename__ = "role_grant"
    __table_args__ = keys(
        refers("person_id", "person", on_delete="CASCADE"),
        refers("office_id", "office", on_delete="CASCADE"),
        one_of("role", Role),
        Index(
            "role_grant_holding_key",
            "organisation_id",
            "person_id",
            "role",
            "office_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        reads={"resolver": ["organisation_id", "person_id", "role", "office_id"]},
    )

    person_id: Mapped[UUID]
    role: Mapped[str]
    office_id: Mapped[UUID | None]
