"""Calendar feeds: an address of one's own that a calendar program asks for one's meetings."""

from uuid import UUID

from sqlalchemy.orm import Mapped

from infra.db.base import TenantRow, keys, refers, unique


class CalendarFeed(TenantRow):
    """One for each person who wants it. Its id is random and makes the address; a new row makes a new one."""

    __tablename__ = "calendar_feed"
    __table_args__ = keys(unique("person_id"), refers("person_id", "person", on_delete="CASCADE"))

    person_id: Mapped[UUID]
