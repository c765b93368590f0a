"""Sub-networks and who is in them."""

from uuid import UUID

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, refers


class SubNetwork(TenantRow):
    """
    `programme_id` is None where people of all programmes may be in it. `name` and `words` are per language.

    `lead_id` is the coordinator who cares for it. A closed one keeps its people and takes no more.
    """

    __tablename__ = "sub_network"
    __table_args__ = keys(
        refers("programme_id", "programme", on_delete="CASCADE"),
        refers("lead_id", "person", on_delete="SET NULL"),
        index("programme_id"),
        index("lead_id"),
    )

    programme_id: Mapped[UUID | None]
    name: Mapped[dict[str, str]]
    words: Mapped[dict[str, str]]
    lead_id: Mapped[UUID | None]
    is_open: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class SubNetworkMember(TenantRow):
    """Somebody is in it, by one of her participations. Who leaves it has no row."""

    __tablename__ = "sub_network_member"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "network_id", "participation_id", name="sub_network_member_once_key"
        ),
        refers("network_id", "sub_network", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        index("participation_id"),
    )

    network_id: Mapped[UUID]
    participation_id: Mapped[UUID]
