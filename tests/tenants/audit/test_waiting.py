"""An event is written with the transaction in which it was recorded, whole and in order, and with no other."""

from enum import StrEnum

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.session import Database
from tenants.audit import actions as audit
from tenants.audit.models import AuditEvent, AuditLink
from tests.making import Made


class Event(StrEnum):
    TRIED = "test.tried"


_TRIED = select(AuditEvent).where(AuditEvent.event == Event.TRIED)


def record(session: AsyncSession, made: Made, *names: str) -> None:
    for name in names:
        audit.record(session, made.house, Event.TRIED, kind="test", name=name)


async def written(database: Database, made: Made) -> list[str]:
    async with database.tenant_session(made.house.context()) as session:
        in_order = (
            select(AuditEvent.details["name"].astext)
            .join(AuditLink, AuditLink.audit_event_id == AuditEvent.id)
            .where(AuditEvent.event == Event.TRIED)
            .order_by(AuditLink.seq)
        )
        return list(await session.scalars(in_order))


async def test_many_are_one_statement(database: Database, made: Made) -> None:
    said: list[str] = []
    with _listening(database, said):
        async with database.tenant_session(made.house.context()) as session:
            record(session, made, *(str(number) for number in range(300)))

    assert await written(database, made) == [str(number) for number in range(300)]
    assert len([one for one in said if "audit_event" in one]) == 1


async def test_a_failed_transaction_leaves_none(database: Database, made: Made) -> None:
    with pytest.raises(RuntimeError):
        async with database.tenant_session(made.house.context()) as session:
            record(session, made, "a")
            raise RuntimeError("on purpose")
    async with database.tenant_session(made.house.context()) as session:
        record(session, made, "b")

    assert await written(database, made) == ["b"]


@pytest.mark.parametrize("is_read", [False, True])
async def test_a_savepoint_takes_its_own_back(database: Database, made: Made, is_read: bool) -> None:
    async with database.tenant_session(made.house.context()) as session:
        record(session, made, "before")
        with pytest.raises(RuntimeError):
            async with session.begin_nested():
                record(session, made, "within")
                if is_read:
                    assert len((await session.scalars(_TRIED)).all()) == 2
                raise RuntimeError("on purpose")
        async with session.begin_nested():
            record(session, made, "kept")
        record(session, made, "after")

    assert await written(database, made) == ["before", "kept", "after"]


async def test_whoever_reads_the_trail_finds_what_was_recorded(database: Database, made: Made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        record(session, made, "a", "b")
        found = await session.scalars(_TRIED)
        number = await session.scalar(
            select(func.count(AuditEvent.id)).where(AuditEvent.event == Event.TRIED)
        )
        record(session, made, "c")

    assert (len(found.all()), number) == (2, 2)
    assert await written(database, made) == ["a", "b", "c"]


class _listening:
    def __init__(self, database: Database, said: list[str]) -> None:
        self.engine = database._app.sync_engine
        self.said = said

    def __enter__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._hear)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self.said.append(statement)
