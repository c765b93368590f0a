"""The organisation itself, the hosts at which it is found, its offices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra import clock, ids
from infra.db.base import Base, TenantRow, keys, unique


class Organisation(Base):
    """The tenant. Its own row is held by the same policy as all that belongs to it."""

    __tablename__ = "organisation"
    __table_args__ = (
        PrimaryKeyConstraint("organisation_id"),
        CheckConstraint("hue BETWEEN 0 AND 359", name="hue"),
        {
            "info": {
                "tenant": True,
                "append_only": False,
                "reads": {
                    "resolver": [
                        "organisation_id",
                        "name",
                        "hue",
                        "languages",
                        "default_language",
                        "time_zone",
                        "contact_name",
                        "contact_phone",
                        "demands_passkeys",
                    ],
                    "relay": ["organisation_id"],
                },
            }
        },
    )

    organisation_id: Mapped[UUID] = mapped_column(default=ids.new)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))
    name: Mapped[str]
    hue: Mapped[int] = mapped_column(default=184)
    languages: Mapped[list[str]]
    default_language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="UTC")
    contact_name: Mapped[str | None]
    contact_email: Mapped[str | None]
    contact_phone: Mapped[str | None]
    # Whether who works here, and does not only take part, has to show a passkey to get in.
    demands_passkeys: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class OrganisationHost(Base):
    """
    A host name at which the organisation answers.

    Unique over all organisations, the one such rule in the house: a host name
    is public by its nature, so a collision tells nothing that DNS does not.
    """

    __tablename__ = "organisation_host"
    __table_args__ = (
        PrimaryKeyConstraint("organisation_id", "host"),
        UniqueConstraint("host"),
        ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
        {
            "info": {
                "tenant": True,
                "append_only": False,
                "reads": {"resolver": ["organisation_id", "host"]},
            }
        },
    )

    organisation_id: Mapped[UUID]
    host: Mapped[str]
    is_primary: Mapped[bool] = mapped_column(default=True)


class Office(TenantRow):
    __tablename__ = "office"
    __table_args__ = keys(
        unique("name"), ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"])
    )

    name: Mapped[str]
    region: Mapped[str | None]
    time_zone: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=True)
