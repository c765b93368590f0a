"""Today: what lies on the desk, in how many queries, and what one button does."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from infra import clock, ids
from infra.outbox.models import JobState, OutboxJob
from tenants.notifications import actions as notifications
from tenants.notifications.models import Task
from tenants.permissions import Role
from tenants.registration.models import RosterImport
from tests import making


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


async def ask(database, made, kind: str, *, days: int = 0, **about) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session,
            made.house,
            kind,
            key=str(ids.new()),
            due_on=clock.today("UTC") + timedelta(days),
            **about,
        )


async def test_tasks_stand_under_late_today_and_later_with_names(database, made, desk):
    # K45
    launched = await making.programme(database, made)
    wanjiru = await making.participation(database, made, launched, name="Wanjiru Kamau")
    await ask(database, made, "interview.hold", participation_id=wanjiru.id)
    await ask(database, made, "interview.hold", days=-4, participation_id=wanjiru.id)

    page = await desk.get("/c/today")

    assert page.status == 200
    late, now = page.text.index("4 days late"), page.text.index("any time")
    assert page.text.index("Late 1") < late < page.text.index("Today 1") < now
    assert "2 things need you today, 1 of them late" in page.text
    assert page.html.count(f'href="/c/people/{wanjiru.person_id}"') >= 2
    assert "Hold the interview" in page.text and "Wanjiru Kamau" in page.text


async def test_an_unknown_kind_still_has_a_row_and_a_button(database, made, desk):
    await ask(database, made, "something.newer", thing_id="not an id")

    page = await desk.get("/c/today")

    assert "Something needs you" in page.text
    page = await page.submit("/c/today/")
    assert "Done: Something needs you." in page.text and "Nothing needs you today" in page.text


async def test_every_known_kind_leads_to_a_page_of_ours(database, made, desk):
    from web.tasks import KINDS

    for kind in KINDS:
        await ask(database, made, kind, letter_id=ids.new(), run_id=ids.new())

    page = await desk.get("/c/today")

    assert page.status == 200
    assert page.html.count('action="/c/today/') == len(KINDS)


async def test_a_tick_can_be_taken_back_from_the_message(database, made, desk):
    await ask(database, made, "interview.hold")

    page = await (await desk.get("/c/today")).submit("/c/today/")
    assert "Done: Hold the interview." in page.text and "10 minutes left" in page.text

    page = await page.submit("/c/today/")
    assert "It is on your desk again" in page.text and "One thing needs you today" in page.text


async def test_a_tick_of_an_hour_ago_stays(database, made, desk):
    await ask(database, made, "interview.hold")
    page = await (await desk.get("/c/today")).submit("/c/today/")
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Task).values(done_at=clock.now() - timedelta(hours=1)))

    page = await page.submit("/c/today/")

    assert "cannot be taken back" in page.text and "Nothing needs you today" in page.text


async def test_htmx_gets_the_part_with_the_message(database, made, desk):
    await ask(database, made, "interview.hold")
    form = (await desk.get("/c/today")).form("/c/today/")
    fields = [(field.name, field.value) for field in form.fields]
    desk.client.headers["hx-request-type"] = "partial"

    page = await desk.post(form.action, fields)

    assert "<!doctype" not in page.html and page.html.startswith("<title>")
    assert 'hx-swap-oob="true"' in page.html and "Done: Hold the interview." in page.text


async def test_the_page_takes_eleven_queries_whatever_lies_on_the_desk(database, made, desk, statements):
    launched = await making.programme(database, made)

    async def counted(rows: int) -> int:
        for number in range(rows):
            one = await making.participation(database, made, launched, name=f"Person {number}")
            await ask(database, made, "interview.hold", participation_id=one.id)
        with statements() as sent:
            page = await desk.get("/c/today")
        assert page.status == 200
        return len(sent)

    await desk.get("/c/today")  # the host is remembered from here on
    assert [await counted(1), await counted(3)] == [11, 11]


async def test_the_page_narrows_to_a_kind_and_to_a_day(database, made, desk):
    await ask(database, made, "interview.hold")
    await ask(database, made, "concern.read", days=1)
    tomorrow = clock.today("UTC") + timedelta(days=1)

    interviews = await desk.get("/c/today?show=interviews")
    day = await desk.get(f"/c/today?day={tomorrow.isoformat()}")
    nonsense = await desk.get("/c/today?show=%00&day=moon")

    assert "Hold the interview" in interviews.text and "in confidence" not in interviews.text
    assert "in confidence" in day.text and "Hold the interview" not in day.text
    assert "One thing needs you today" in nonsense.text


async def test_failed_jobs_are_seen(database, made, desk):
    async with database.tenant_session(made.house.context()) as session:
        session.add(
            OutboxJob(
                organisation_id=made.id, kind="x.y", queue="work", payload={}, key="k", state=JobState.DEAD,
                due_at=clock.now(),
            )
        )  # fmt: skip

    assert "One job failed" in (await desk.get("/c/today")).text


@pytest.mark.parametrize(("roles", "status"), [((Role.PARTICIPANT,), 403), ((Role.OWNER,), 403)])
async def test_the_desk_is_for_those_who_work_with_people(database, browse, made, roles, status):
    actor = await making.somebody(database, made.id, *roles)
    browser = await making.signed_in(database, browse, made, actor)
    assert (await browser.get("/c/today")).status == status


async def test_a_visitor_is_led_to_the_way_in(browse, made):
    assert (await browse(made.host).get("/c/today")).path == "/sign-in?next=/c/today"


async def test_tasks_of_others_answer_like_unknown_ones(database, browse, made, desk):
    other = await making.organisation(database)
    await ask(database, other, "interview.hold")
    theirs = await making.signed_in(database, browse, other, other.coordinator)
    action = (await theirs.get("/c/today")).form("/c/today/").action
    form = (await desk.get("/c/today")).form("/c/shortcuts")
    token = [(field.name, field.value) for field in form.fields if field.name == "csrf"]

    foreign = await desk.post(action, token)
    unknown = await desk.post(f"/c/today/{ids.new()}/done", token)

    assert (foreign.status, unknown.status) == (404, 404)
    assert foreign.text == unknown.text
    assert UUID(action.split("/")[3])


async def test_a_coordinator_of_one_office_has_the_tasks_of_that_office(database, browse, made):  # K81
    from tenants.organisations import actions as organisations

    async with database.tenant_session(made.owner.context()) as session:
        here = await organisations.open_office(session, made.owner, name="Here", time_zone="UTC")
        there = await organisations.open_office(session, made.owner, name="There", time_zone="UTC")
    await ask(database, made, "interview.hold", office_id=here.id)
    await ask(database, made, "concern.read", office_id=there.id)
    hers = await making.somebody(database, made.id, Role.COORDINATOR, office_id=here.id)

    page = await (await making.signed_in(database, browse, made, hers)).get("/c/today")

    assert "Hold the interview" in page.text and "in confidence" not in page.text


async def test_the_headline_counts_what_the_side_bar_counts(database, made, desk):
    for days in (-1, 0, 1, 2):
        await ask(database, made, "something.newer", days=days)

    page = await desk.get("/c/today")

    assert "Today 2" in page.text  # beside the section
    assert "2 things need you today, 1 of them late" in page.text
    assert re.search(r"things? comes? later in these days", page.text)


async def test_a_task_about_a_file_or_a_run_names_it(database, made, desk):
    launched = await making.programme(database, made)
    async with database.tenant_session(made.house.context()) as session:
        roster = RosterImport(
            organisation_id=made.id,
            cycle_id=launched.cycle.id,
            uploaded_by=made.coordinator.require_person(),
            file_name="spring roster.xlsx",
            file_digest="d",
        )
        session.add(roster)
        await session.flush()
        about = roster.id
    await ask(database, made, "import.done", import_id=about)

    page = await desk.get("/c/today")

    assert "A roster is imported: look it over" in page.text and "spring roster.xlsx" in page.text
