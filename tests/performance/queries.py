"""How many statements a page asks of the database, with few rows and with many."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import event

from infra import logs
from infra.ground import Ground
from mentorweave.asgi import make
from tests.installation import Installation
from tests.performance.pages import Subject, addresses, subject
from tests.performance.report import Row

FEW, MANY = 30, 3_000


async def measure(installation: Installation) -> list[Row]:
    logs.configure("bench", logging.CRITICAL)
    ground = installation.ground()
    try:
        few = await _counts(ground, await subject(ground, installation.admin_url, people=FEW))
        many = await _counts(ground, await subject(ground, installation.admin_url, people=MANY))
    finally:
        await ground.close()
    return [Row(name, [many[name]], "queries", at_most=few[name]) for name in few]


async def _counts(ground: Ground, subject: Subject) -> dict[str, int]:
    transport = httpx.ASGITransport(app=make(ground))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{subject.host}") as client:
        return {
            name: await _count(ground, client, subject, path) for name, path in addresses(subject).items()
        }


async def _count(ground: Ground, client: httpx.AsyncClient, subject: Subject, path: str) -> int:
    headers = {
        "cookie": f"__Host-session={subject.session}",
        "authorization": f"Bearer {subject.tokens[0]}",
    }
    (await client.get(path, headers=headers)).raise_for_status()  # what is remembered for all is asked once
    with _counted(ground) as asked:
        (await client.get(path, headers=headers)).raise_for_status()
    return len(asked)


@contextmanager
def _counted(ground: Ground) -> Iterator[list[str]]:
    """Statements of the request's own transaction; who she is costs one more, as the resolver."""
    asked: list[str] = []
    engine = ground.database._app.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
