"""
The base of every table, and the few column shapes that all of them share.

A tenant table is keyed by `(organisation_id, id)`; its foreign keys and unique
constraints begin with `organisation_id`, so that no row can point at, collide
with or delete a row of another organisation. States are text with a CHECK.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from infra import clock, ids

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_1_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


class Base(DeclarativeBase):
    metadata = metadata
    type_annotation_map = {  # noqa: RUF012  (SQLAlchemy reads it from the class)
        str: Text,
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: JSONB,
        dict[str, str]: JSONB,
    }


class TenantRow(Base):
    """A row that belongs to one organisation; concrete tables name themselves and add `keys(...)`."""

    __abstract__ = True

    organisation_id: Mapped[UUID] = mapped_column()
    id: Mapped[UUID] = mapped_column(default=ids.new)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))


def keys(*others: Any, reads: dict[str, Iterable[str]] | None = None, append_only: bool = False) -> Any:
    """
    The `__table_args__` of a tenant table: its key, then `others`.

    `reads` names columns that a platform role may read across organisations,
    for example {"resolver": ["organisation_id", "host"]}; `append_only` takes
    UPDATE and DELETE from the application.
    """
    info = {"tenant": True, "reads": reads or {}, "append_only": append_only}
    return (PrimaryKeyConstraint("organisation_id", "id"), *others, {"info": info})


def refers(column: str, table: str, *, on_delete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to `table` that carries the organisation with it."""
    if on_delete == "SET NULL":
        on_delete = f"SET NULL ({column})"
    return ForeignKeyConstraint(
        ["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], ondelete=on_delete
    )


def unique(*columns: str) -> UniqueConstraint:
    """Unique within the organisation."""
    return UniqueConstraint("organisation_id", *columns)


def unique_where(table: str, name: str, *columns: Any, where: str) -> Index:
    """Unique within the organisation among the rows for which `where` holds."""
    return Index(
        f"{table}_{name}_key", "organisation_id", *columns, unique=True, postgresql_where=text(where)
    )


def index(*columns: Any) -> Index:
    """An index within the organisation. Its name comes from the naming convention."""
    return Index(None, "organisation_id", *columns)


def one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """A text column that holds one of the values of an enumeration."""
    allowed = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)
