"""Issues of newsletters, the programmes that they are for, and what stands beside them on a public page."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique


class IssueState(StrEnum):
    DRAFT = "draft"
    HELD = "held"  # sent, and can be taken back until `due_at`; then its letters are written
    SENT = "sent"


class Issue(TenantRow):
    """
    `texts` is {"en": {"subject": "...", "sections": [{"heading": "...", "text": "...", "url": ""}]}}.

    `offices` are the ids of those to whose people it goes, as far as its sender reached; empty is everybody.
    """

    __tablename__ = "newsletter"
    __table_args__ = keys(
        refers("written_by", "person", on_delete="SET NULL"),
        refers("sent_by", "person", on_delete="SET NULL"),
        one_of("state", IssueState),
        index("written_by"),
        index("sent_by"),
        Index("newsletter_listing_ix", "organisation_id", "created_at", "id"),
    )

    texts: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=IssueState.DRAFT)
    is_public: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    written_by: Mapped[UUID | None]
    sent_by: Mapped[UUID | None]
    offices: Mapped[list[str]] = mapped_column(default=list, server_default=text("'[]'"))
    due_at: Mapped[datetime | None]
    readers: Mapped[int | None]  # how many letters were written
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class IssueProgramme(TenantRow):
    """The issue goes to the people of this programme, and stands on its page if it is public."""

    __tablename__ = "newsletter_programme"
    __table_args__ = keys(
        UniqueConstraint(
            "organisation_id", "newsletter_id", "programme_id", name="newsletter_programme_once_key"
        ),
        refers("newsletter_id", "newsletter", on_delete="CASCADE"),
        refers("programme_id", "programme", on_delete="CASCADE"),
        index("programme_id"),
    )

    newsletter_id: Mapped[UUID]
    programme_id: Mapped[UUID]


class NewsPage(TenantRow):
    """Whom the press may ask about a programme: one line on its page of news."""

    __tablename__ = "news_page"
    __table_args__ = keys(unique("programme_id"), refers("programme_id", "programme", on_delete="CASCADE"))

    programme_id: Mapped[UUID]
    press: Mapped[str]
