"""What is kept of a failure is its kind: whoever looks at failed jobs reads nobody's name, address or key."""

import base64

import msgspec
import pytest
from sqlalchemy import select

from infra.errors import Conflict
from infra.outbox import Job, enqueue
from infra.outbox.models import JobState, OutboxJob
from tests import making
from workers import handling
from workers.handling import handles

CANARY = "canary.person@example.org"


class Quoting(Job, kind="test.quoting"):
    how: str


@handles(Quoting)
async def quoting(session, actor, job: Quoting) -> None:
    match job.how:
        case "value":
            int(CANARY)
        case "key":
            {}[CANARY]
        case "database":
            await session.execute(select(OutboxJob).where(OutboxJob.id == CANARY))
        case "house":
            raise Conflict(coordinator=CANARY)
        case "text":
            CANARY.encode("utf-16").decode("ascii")


@pytest.mark.parametrize("how", ["value", "key", "database", "house", "text"])
async def test_failed_jobs(ground, database, browse, how):
    made = await making.organisation(database)
    async with database.tenant_session(made.house.context()) as session:
        await enqueue(session, Quoting(how=how), key="a")
        [job] = (await session.scalars(select(OutboxJob))).all()
    await handling.perform(ground, made.id, job.id)
    async with database.tenant_session(made.house.context()) as session:
        [job] = (await session.scalars(select(OutboxJob).execution_options(populate_existing=True))).all()
        assert job.error and CANARY not in job.error, job.error
        job.state = JobState.DEAD
    page = await (await making.signed_in(database, browse, made, made.coordinator)).get(
        "/c/outbox?show=failed"
    )
    assert page.status == 200 and CANARY not in page.html


def packed(**said) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(said)).decode().rstrip("=")


@pytest.mark.parametrize("said", [
    {"text": "x", "undo": "//evil.example"}, {"text": "x", "undo": "/\\evil.example"}, {"text": "x", "undo": "/\t/evil.example"},
    {"text": "x", "undo": "https://evil.example"}, {"text": "x", "undo": "javascript:alert(1)"}, {"text": "x" * 3000, "undo": "/c/today"},
    {"text": "x", "undo": "/c/today" + "x" * 3000}, {"text": "<script>alert(1)</script>", "undo": "/\"><script>"}, {"text": 7}, {},
])  # fmt: skip
async def test_a_message_that_somebody_else_has_written(database, browse, said):
    made = await making.organisation(database)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    browser.client.cookies.set("__Host-said", packed(**said), domain=browser.host, path="/")
    page = await browser.get("/c/today")
    assert page.status == 200
    assert "evil.example" not in page.html and "javascript:" not in page.html and "x" * 1000 not in page.html
    assert "<script>alert" not in page.html and '"><script>' not in page.html
