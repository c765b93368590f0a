"""
Which entry of the organisation's directory is which person here, and which groups there give which role.

The ids are random: they stand in another system, and tell nothing of when somebody came.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique
from tenants.permissions import Role


class ScimUser(TenantRow):
    """
    A person as the directory tells of her. Only who has such a row is seen by the directory.

    `told` is what it said of name and addresses, in its own words, so that it finds what it has written. What counts
    here stands with the person. `was_here` is true for somebody who was here before the directory told of her.
    """

    __tablename__ = "scim_user"
    __table_args__ = keys(
        unique("person_id"),
        unique("user_name_key"),
        refers("person_id", "person", on_delete="CASCADE"),
        index("external_id"),
        index("created_at", "id"),
    )

    person_id: Mapped[UUID]
    user_name: Mapped[str]
    user_name_key: Mapped[str]
    external_id: Mapped[str | None]
    address: Mapped[str | None]
    told: Mapped[dict[str, Any]]
    was_here: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class ScimGroup(TenantRow):
    """A group of the directory. One whose name is that of a role gives it to its members; all others give nothing."""

    __tablename__ = "scim_group"
    __table_args__ = keys(
        unique("name_key"),
        unique("role"),
        one_of("role", Role),
        index("external_id"),
        index("created_at", "id"),
    )

    name: Mapped[str]
    name_key: Mapped[str]
    external_id: Mapped[str | None]
    role: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class ScimMember(TenantRow):
    """Somebody in a group. `gave` is true if her role came by it: only such a role goes when she leaves the group."""

    __tablename__ = "scim_member"
    __table_args__ = keys(
        unique("group_id", "user_id"),
        refers("group_id", "scim_group", on_delete="CASCADE"),
        refers("user_id", "scim_user", on_delete="CASCADE"),
        index("user_id"),
    )

    group_id: Mapped[UUID]
    user_id: Mapped[UUID]
    gave: Mapped[bool] = mapped_column(default=False)
