"""The outbox: read before it goes, hurried, taken back, sent again; and jobs that failed."""

import importlib
import pkgutil
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import tenants
from infra import clock, ids
from infra.outbox.jobs import Job
from infra.outbox.models import JobState, OutboxJob
from tenants.identity.actions import SIGN_IN_LETTER
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState, Task
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tests import making
from tests.working import drain
from web.tasks import JOBS


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


@pytest.fixture
async def wanjiru(database, made):
    return await making.participation(
        database, made, await making.programme(database, made), name="Wanjiru K."
    )


async def write(
    database, made, person_id, *, minutes: int = 10, kind: str = "registration.received", **about
):
    async with database.tenant_session(made.house.context()) as session:
        return await notifications.write(
            session, made.house, kind, key=str(ids.new()), person_id=person_id,
            due_at=clock.now() + timedelta(minutes=minutes), **about,
        )  # fmt: skip


async def letter(database, made, letter_id) -> Letter:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Letter).where(Letter.id == letter_id))).scalar_one()


async def change(database, made, letter_id, **values) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Letter).where(Letter.id == letter_id).values(**values))


async def test_a_letter_is_read_in_its_readers_language_without_her_keys(
    database, made, wanjiru, desk, ground
):
    found = await write(database, made, wanjiru.person_id, participation_id=wanjiru.id)
    await change(database, made, found, language="fr")

    page = await desk.get(f"/c/outbox/{found}")

    assert page.status == 200
    assert "Wanjiru K." in page.text and "As it would be written now" in page.text
    assert 'lang="fr" dir="ltr"' in page.html
    article = page.html.partition("<article")[2].partition("</article>")[0]
    assert article and "href" not in article


async def test_a_letter_is_hurried_and_sent(database, made, wanjiru, desk, ground, inbox):
    found = await write(database, made, wanjiru.person_id, participation_id=wanjiru.id)
    await drain(ground, made.id)
    before = len(inbox.mails)

    page = await (await desk.get(f"/c/outbox/{found}")).submit(f"/c/outbox/{found}/hurry")
    assert "The letter goes out now." in page.text
    await drain(ground, made.id)

    assert len(inbox.mails) == before + 1
    assert (await letter(database, made, found)).state == LetterState.SENT
    assert "2 letters were sent" in (await desk.get("/c/outbox?show=sent")).text  # with the welcome


async def test_a_letter_taken_back_is_never_sent(database, made, wanjiru, desk, ground, inbox):
    found = await write(database, made, wanjiru.person_id, participation_id=wanjiru.id)
    page = await desk.get(f"/c/outbox/{found}")

    await page.submit(f"/c/outbox/{found}/withdraw")
    again = await page.submit(f"/c/outbox/{found}/withdraw")

    assert (await letter(database, made, found)).state == LetterState.WITHDRAWN
    assert "no longer in the outbox" in again.text
    async with database.tenant_session(made.house.context()) as session:
        query = select(OutboxJob.state).where(OutboxJob.key == f"letter:{found}")
        assert (await session.execute(query)).scalar_one() == JobState.WITHDRAWN


async def test_a_refused_letter_is_sent_again_and_leaves_the_desk(
    database, made, wanjiru, desk, ground, inbox
):
    found = await write(database, made, wanjiru.person_id, minutes=0, participation_id=wanjiru.id)
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session, made.house, "letter.refused", key=f"letter.refused:{found}", due_on=clock.today("UTC"),
            letter_id=found,
        )  # fmt: skip
    await change(database, made, found, state=LetterState.REFUSED, sent_at=None, error="550")
    inbox.mails.clear()

    listed = await desk.get("/c/outbox?show=refused")
    page = await desk.get(f"/c/outbox/{found}")
    assert "550" in page.text and "Correct the address first" in page.text
    page = await page.submit(f"/c/outbox/{found}/again")
    await drain(ground, made.id)

    assert "One letter was refused" in listed.text and "server of the receiver would not take" in listed.text
    assert "We try to send the letter again." in page.text
    assert len(inbox.mails) == 1 and (await letter(database, made, found)).state == LetterState.SENT
    async with database.tenant_session(made.house.context()) as session:
        open_tasks = select(Task.id).where(Task.kind == "letter.refused", Task.done_at.is_(None))
        assert (await session.execute(open_tasks)).all() == []


async def test_letters_that_let_somebody_in_are_not_shown(database, made, desk):
    async with database.tenant_session(made.house.context()) as session:
        secret = await notifications.write(
            session, made.house, SIGN_IN_LETTER, key="s", to_email="stranger@example.org",
            due_at=clock.now() + timedelta(minutes=5), link_id=ids.random(),
        )  # fmt: skip

    listed = await desk.get("/c/outbox")
    page = await desk.get(f"/c/outbox/{secret}")

    assert "stranger@example.org" not in listed.text and "The outbox is empty" in listed.text
    assert "Nobody else can look at it." in page.text


async def test_the_outbox_is_searched_and_narrowed_by_language(database, made, wanjiru, desk):
    await write(database, made, wanjiru.person_id, participation_id=wanjiru.id)

    for query, is_there in (
        ("q=wanj", True), ("q=nobody", False), ("language=en", True), ("language=fr", False), ("q=%00%25", False),
    ):  # fmt: skip
        assert ("Wanjiru K." in (await desk.get(f"/c/outbox?{query}")).text) is is_there, query


async def test_a_failed_job_is_tried_again(database, made, desk):
    job_id = ids.new()
    async with database.tenant_session(made.house.context()) as session:
        session.add(
            OutboxJob(
                organisation_id=made.id, id=job_id, kind="proposal.remind", queue="work", payload={}, key="k",
                state=JobState.DEAD, due_at=clock.now(), attempt=8, error="OperationalError: [parameters: secret]",
            )
        )  # fmt: skip

    page = await desk.get("/c/outbox?show=failed")
    assert "One job failed" in page.text and "Ask once more for an answer" in page.text
    assert "OperationalError" in page.text and "secret" not in page.text
    done = await page.submit("/c/outbox/jobs/")
    twice = await page.submit("/c/outbox/jobs/")

    assert "The job is tried again now." in done.text and "No job has failed" in done.text
    assert "This job is being done" in twice.text
    async with database.tenant_session(made.house.context()) as session:
        job = (await session.execute(select(OutboxJob).where(OutboxJob.id == job_id))).scalar_one()
    assert (job.state, job.attempt) == (JobState.WAITING, 0)


async def test_letters_of_others_answer_like_unknown_ones(database, made, desk):
    other = await making.organisation(database)
    theirs = await write(database, other, other.coordinator.person_id)

    foreign, unknown = await desk.get(f"/c/outbox/{theirs}"), await desk.get(f"/c/outbox/{ids.new()}")

    assert (foreign.status, foreign.text) == (404, unknown.text)


async def test_a_coordinator_of_one_office_reads_the_letters_of_its_people(database, browse, made):
    async with database.tenant_session(made.owner.context()) as session:
        here = await organisations.open_office(session, made.owner, name="Here", time_zone="UTC")
        there = await organisations.open_office(session, made.owner, name="There", time_zone="UTC")
    hers = await making.somebody(database, made.id, Role.COORDINATOR, office_id=here.id)
    near = await making.somebody(database, made.id, Role.PARTICIPANT, name="Near By", office_id=here.id)
    far = await making.somebody(database, made.id, Role.PARTICIPANT, name="Far Away", office_id=there.id)
    await write(database, made, near.person_id)
    letter_id = await write(database, made, far.person_id)
    browser = await making.signed_in(database, browse, made, hers)

    page = await browser.get("/c/outbox")

    assert "Near By" in page.text and "Far Away" not in page.text
    assert "Outbox 1 " in page.text  # beside the section
    assert (await browser.get(f"/c/outbox/{letter_id}")).status == 404


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OWNER])
async def test_the_outbox_is_for_coordinators(database, browse, made, role):
    actor = await making.somebody(database, made.id, role)
    assert (await (await making.signed_in(database, browse, made, actor)).get("/c/outbox")).status == 403


def test_every_job_has_words_for_the_day_on_which_it_fails() -> None:
    for module in pkgutil.walk_packages(tenants.__path__, "tenants."):
        if module.name.endswith("jobs"):
            importlib.import_module(module.name)
    kinds = {job.KIND for job in Job.__subclasses__() if job.__module__.startswith("tenants.")}
    assert "matching.run" in kinds
    assert kinds - set(JOBS) == set()
