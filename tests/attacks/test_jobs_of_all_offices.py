"""Jobs and news are the organisation's; a coordinator of one office is told of what is about her own people."""

import pytest
from sqlalchemy import insert, select

from infra import clock, ids
from infra.outbox.models import JobState, OutboxJob
from tenants.audit.models import AuditEvent
from tenants.notifications import actions, queries, rules
from tenants.permissions import Role
from tenants.registration.events import Event
from tenants.reports import today
from tests import making


@pytest.fixture
async def asta(database, made, offices):
    return await making.somebody(database, made.id, Role.COORDINATOR, name="Asta", office_id=offices[0])


@pytest.fixture
async def failed(database, made):
    """A job that was given up."""
    job_id = ids.new()
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            insert(OutboxJob).values(
                organisation_id=made.id, id=job_id, kind="letter.send", queue="mail", payload={}, key="dead",
                state=JobState.DEAD, due_at=clock.now(), done_at=clock.now(), error="It broke.",
            )
        )  # fmt: skip
    return job_id


async def test_failed_jobs_are_for_who_works_for_all(database, made, asta, failed):
    async with database.tenant_session(asta.context()) as session:
        assert await queries.failed_jobs(session, asta) == []
        assert (await today.today(session, asta)).failed_jobs == 0
        with pytest.raises(rules.JobNotFailed):
            await actions.retry_job(session, asta, failed)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        assert [job.id for job in await queries.failed_jobs(session, by)] == [failed]
        assert (await today.today(session, by)).failed_jobs == 1
        await actions.retry_job(session, by, failed)
        assert await session.scalar(select(OutboxJob.state)) == JobState.WAITING


async def test_failed_jobs_on_the_pages(database, browse, made, asta, failed):
    browser = await making.signed_in(database, browse, made, asta)
    page = await browser.get("/c/outbox?show=failed")
    assert str(failed) not in page.html
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    await browser.post(f"/c/outbox/jobs/{failed}/retry", [("csrf", token)])
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(OutboxJob.state).where(OutboxJob.id == failed)) == JobState.DEAD


async def test_news_are_of_ones_own_people(database, made, launched, offices, asta):
    for by in (asta, made.coordinator, made.coordinator):
        await making.participation(database, made, launched, by=by)
    heard = {}
    for by in (asta, made.coordinator):
        async with database.tenant_session(by.context()) as session:
            told = (await today.today(session, by)).news
            heard[by.person_id] = told.get(Event.REGISTRATION_CONFIRMED.value, 0)
    async with database.tenant_session(made.house.context()) as session:
        events = await session.scalars(
            select(AuditEvent.id).where(AuditEvent.event == Event.REGISTRATION_CONFIRMED)
        )
        assert len(events.all()) == 3
    assert heard == {asta.person_id: 1, made.coordinator.person_id: 3}
