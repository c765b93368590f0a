"""
What people tell in confidence is found in the rows and letters that it is for, and nowhere else.

A mark stands in every text that somebody writes here. Then the whole road is gone, and the marks are looked for
in the log, in the jobs, in the audit trail, in Redis, in failed jobs, and in what a stranger of the house may read.
"""

import io
import json

import pytest
import structlog
from sqlalchemy import select, text

from infra import clock, logs
from infra.errors import Invalid
from infra.outbox.models import OutboxJob
from tenants.actor import person, visitor
from tenants.audit.models import AuditEvent
from tenants.notifications import concerns, confidants
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes.models import Programme
from tenants.proposals import actions as proposals
from tenants.proposals.runs import actions as runs
from tenants.registration import actions as registration
from tenants.registration import on_behalf, profiles, signing_up
from tenants.registration.importing import actions as imports
from tenants.registration.models import Participation, Status
from tests import making
from tests.tenants.registration.roster.books import HEADER, as_csv
from tests.working import drain

MARKS = {
    "name": "Canaria Nameson", "email": "canary-mail", "phone": "70991234", "motivation": "canary-motive", "note": "canary-note",
    "concern": "canary-concern", "reason": "canary-reason", "file": "canary-file",
}  # fmt: skip


@pytest.fixture
def written():
    """All that is logged, by the processors of production."""
    before = structlog.get_config()
    out = io.StringIO()
    logs.configure("test")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(out), cache_logger_on_first_use=False)
    yield out
    structlog.configure(**before)
    structlog.contextvars.unbind_contextvars("process")


def found_in(told: str, *allowed: str) -> list[str]:
    return [what for what, mark in MARKS.items() if mark.lower() in told.lower() and what not in allowed]


async def test_whole_road(ground, database, browse, inbox, written):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    by = made.coordinator
    people = []
    async with database.tenant_session(by.context()) as session:
        (await session.get(Programme, (made.id, launched.programme.id))).wants_interview = False
    for role, number in (("mentee", 1), ("mentee", 2), ("mentor", 3), ("mentor", 4)):
        part = await making.participation(
            database, made, launched, role, name=f"{MARKS['name']} {number}",
            email=f"{MARKS['email']}{number}@example.org", phone=f"+45 {MARKS['phone']}{number}",
        )  # fmt: skip
        people.append(part)
        async with database.tenant_session(by.context()) as session:
            found = await session.get(Participation, (made.id, part.id))
            found.motivation = MARKS["motivation"]
            await profiles.write_note(session, by, part.id, note=MARKS["note"])
            await registration.make_ready(session, by, part.id)
    await _fails(database, made, launched)
    await _tells(database, made, people[0])
    async with database.tenant_session(by.context()) as session:
        run = await runs.start_run(session, by, launched.cycle.id)
        roster = await imports.upload(
            session, by, cycle_id=launched.cycle.id, file_name=f"{MARKS['file']}.csv",
            content=as_csv([HEADER, (f"{MARKS['name']} 9", f"{MARKS['email']}9@example.org", "Mentee"), ("", "bad", "?")]),
        )  # fmt: skip
    await drain(ground, made.id)
    async with database.tenant_session(by.context()) as session:
        await proposals.approve(session, by, run.id)
        staged = await session.get(type(roster), (made.id, roster.id))
        await imports.commit(
            session, by, roster.id, version=staged.version, status=Status.REGISTERED, have_agreed=True
        )
        await registration.leave(session, by, people[3].id, reason=MARKS["reason"])
    browser = await making.signed_in(database, browse, made, by)
    for path in (
        "/c/today",
        f"/c/people/{people[0].person_id}",
        "/c/people?q=Canaria",
        "/c/outbox",
        "/sign-in",
    ):
        await browser.get(path)
    await browser.client.get("/c/people/" + MARKS["name"])
    await browser.client.post("/sign-in", data={"email": f"{MARKS['email']}1@example.org"})
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        late = list((await session.scalars(select(OutboxJob))).all())
        jobs = [(job.key, job.payload, job.error) for job in late]
        trail = [(one.event, one.details) for one in await session.scalars(select(AuditEvent))]
        tasks = [(one.kind, one.key, one.about) for one in await session.scalars(select(Task))]
    assert found_in(json.dumps(jobs, default=str)) == []
    assert found_in(json.dumps(tasks, default=str)) == []
    assert found_in(json.dumps(trail, default=str)) == []
    assert found_in(written.getvalue()) == [], written.getvalue()[:3000]
    assert found_in(await _in_redis(ground)) == []
    assert len(jobs) > 10 and len(trail) > 20 and written.getvalue()
    for mail in inbox.mails:
        assert found_in(mail.as_string(), "name", "email", "phone") == [], mail["Subject"]


async def _fails(database, made, launched) -> None:
    """Things that go wrong with the marks in hand."""
    guest = visitor(made.id)
    for wrong in ({"phone": f"no number {MARKS['phone']}"}, {"languages": MARKS["motivation"]}):
        with pytest.raises(Invalid):
            async with database.tenant_session(made.coordinator.context()) as session:
                await on_behalf.register(
                    session, made.coordinator, programme_id=launched.programme.id, role="mentee", full_name=MARKS["name"],
                    email=f"{MARKS['email']}@", language="en", given=making.answers("mentee", **wrong),
                    agreed=["taking_part", "matching"], channel="phone", is_confirmed=True,
                )  # fmt: skip
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role="mentee")
        await signing_up.answer(
            session, guest, begun.id, "email", f"{MARKS['email']}7@example.org", language="en"
        )
        await signing_up.answer(session, guest, begun.id, "full_name", MARKS["name"], language="en")
        begun.expires_at = clock.now()


async def _tells(database, made, part) -> None:
    her = person(made.id, part.person_id, frozenset({Role.PARTICIPANT}))
    async with database.tenant_session(her.context()) as session:
        readers = [one.id for one in await confidants.readers(session, her)]
        await concerns.tell(session, her, text=MARKS["concern"], readers=readers)
        assert await session.scalar(select(Person.id).where(Person.id == part.person_id))


async def _in_redis(ground) -> str:
    told = []
    async for key in ground.redis.scan_iter(count=1000):
        told.append(key.decode("utf-8", "replace"))
        kind = (await ground.redis.type(key)).decode()
        read = {
            "string": ground.redis.get, "hash": ground.redis.hgetall, "list": lambda k: ground.redis.lrange(k, 0, -1),
            "set": ground.redis.smembers, "zset": lambda k: ground.redis.zrange(k, 0, -1),
        }[kind]  # fmt: skip
        told.append(repr(await read(key)))
    return "\n".join(told)


async def test_errors_of_the_database_on_the_way_to_the_log(database, written):
    made = await making.organisation(database)
    for statement in ("SELECT CAST(:mark AS integer)", "SELECT CAST(:mark AS uuid)"):
        try:
            async with database.tenant_session(made.owner.context()) as session:
                await session.execute(text(statement), {"mark": MARKS["note"]})
        except Exception:
            logs.get("test").exception("it broke", note=MARKS["note"])
    assert "it broke" in written.getvalue() and found_in(written.getvalue()) == []
