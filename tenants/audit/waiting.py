"""
Events wait in their session, and are written in one statement when it commits.

One by one, an event costs the application four times what it costs the database, and whoever imports a roster
writes ten thousand. A savepoint keeps and drops what was recorded within it; what is asked for in between is
written before.
"""

from typing import Any

from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from infra.db import bulk
from tenants.audit.models import AuditEvent

_WAITING = "audit events that wait"
_REMEMBERED = "audit events that waited when a savepoint began"


def keep(session: AsyncSession, row: dict[str, Any]) -> None:
    """Have `row` written within the session's transaction."""
    session.info.setdefault(_WAITING, []).append(row)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    rows = session.info.pop(_WAITING, None)
    if rows:
        table = bulk.table(AuditEvent)
        for part in bulk.batches(rows):
            session.execute(insert(table).from_select(list(part[0]), bulk.given(table, part).select()))


@event.listens_for(Session, "do_orm_execute")
def _write_before_reading(state: ORMExecuteState) -> None:
    if _WAITING in state.session.info and any(mapper.class_ is AuditEvent for mapper in state.all_mappers):
        _write(state.session)


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_REMEMBERED, {})[transaction] = tuple(session.info.get(_WAITING, ()))


@event.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, transaction: SessionTransaction) -> None:
    """What had waited before a savepoint waits again, even if it was written within: that has been undone."""
    before = session.info.get(_REMEMBERED, {}).get(transaction, ())
    session.info[_WAITING] = [*before]


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    # A savepoint ends before it is said that it was rolled back, so its memory lasts until all is over.
    if transaction.parent is None:
        session.info.pop(_REMEMBERED, None)
