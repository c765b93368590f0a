"""The outbox: one row a job, from its promise to its end; and the timetable of what recurs."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import Base, TenantRow, keys, one_of, unique


class JobState(StrEnum):
    WAITING = "waiting"  # not due yet, or due and not claimed by the relay
    SENT = "sent"  # in the queue or in a worker's hands, until its lease ends
    DONE = "done"
    WITHDRAWN = "withdrawn"  # what it was for has gone away
    DEAD = "dead"  # tried too often; a person has to look


class OutboxJob(TenantRow):
    __tablename__ = "outbox"
    __table_args__ = keys(
        unique("key"),
        one_of("state", JobState),
        Index("outbox_due_ix", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("outbox_lease_ix", "lease_until", postgresql_where=text("state = 'sent'")),
        Index("outbox_dead_ix", "organisation_id", "created_at", postgresql_where=text("state = 'dead'")),
        Index("outbox_done_ix", "done_at", postgresql_where=text("done_at IS NOT NULL")),
    )

    kind: Mapped[str]
    queue: Mapped[str]
    payload: Mapped[dict[str, Any]]
    key: Mapped[str]
    state: Mapped[str] = mapped_column(default=JobState.WAITING, server_default="waiting")
    due_at: Mapped[datetime]
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    worker: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None]


class Timetable(Base):
    """What recurs. The relay that leads enqueues one job an organisation for each turn, missed turns once."""

    __tablename__ = "timetable"

    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    queue: Mapped[str]
    every_s: Mapped[int]
    due_at: Mapped[datetime]


NOTIFY = [
    """
    CREATE FUNCTION app.announce_job() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      PERFORM pg_notify('outbox', '');
      RETURN NULL;
    END $$
    """,
    "REVOKE ALL ON FUNCTION app.announce_job() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION app.announce_job() TO mentorweave_app, mentorweave_relay",
    """
    CREATE TRIGGER announce AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION app.announce_job()
    """,
]
