"""The table of people, and the record of one."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from infra import clock, ids
from tenants.notifications.models import Task
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration.models import Participation, Status
from tests import making


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


async def test_the_table_finds_by_name_and_narrows_by_part(database, made, launched, desk):
    await making.participation(database, made, launched, "mentor", name="Mona Žižek")
    await making.participation(database, made, launched, name="Wanjiru Kamau")

    everybody = await desk.get("/c/people")
    mentors = await desk.get("/c/people?role=mentor&status=REGISTERED")
    found = await desk.get("/c/people?q=zizek")
    nobody = await desk.get(f"/c/people?cycle={ids.new()}")

    assert "4 people are here" in everybody.text  # with the owner and the coordinator
    assert "Mona Žižek" in mentors.text and "Wanjiru Kamau" not in mentors.text
    assert "Mona Žižek" in found.text and "One person matches what you set" in found.text
    assert "Nobody matches what you set" in nobody.text


async def test_a_view_without_address_shows_whom_no_letter_reaches(database, made, desk):
    async with database.tenant_session(made.coordinator.context()) as session:
        await people.join(
            session, made.coordinator, full_name="By Telephone", email=None, language="en", time_zone="UTC"
        )

    page = await desk.get("/c/people?email=none")

    assert "By Telephone" in page.text and "Olivia Owner" not in page.text


async def test_who_moves_to_another_office_takes_along_what_that_office_did_for_her(
    database, made, launched, desk
):
    async with database.tenant_session(made.owner.context()) as session:
        here, there, else_where = [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Mostar", "Tuzla", "Zenica")
        ]
    part = await making.participation(database, made, launched, office=str(here))
    other = await making.participation(
        database, made, launched, "mentor", email=await _address(database, made, part), office=str(else_where)
    )
    assert other.person_id == part.person_id

    page = await desk.get(f"/c/people/{part.person_id}/edit")
    await page.submit(f"/c/people/{part.person_id}/edit", office_id=str(there))

    async with database.tenant_session(made.house.context()) as session:
        query = select(Participation.role, Participation.office_id)
        assert dict((await session.execute(query)).all()) == {"mentee": there, "mentor": else_where}
        tasks = select(Task.about["participation_id"].astext, Task.office_id)
        of = dict((await session.execute(tasks.where(Task.kind == "registration.read"))).all())
        assert of.get(str(part.id)) == there and of.get(str(other.id)) == else_where


async def test_the_number_of_queries_does_not_grow(database, made, launched, desk, statements):
    async def counted(rows: int) -> int:
        for number in range(rows):
            await making.participation(database, made, launched, name=f"Person {number}")
        with statements() as sent:
            page = await desk.get("/c/people")
        assert page.status == 200
        return len(sent)

    await desk.get("/c/people")
    assert [await counted(1), await counted(3)] == [8, 8]


PEOPLE = """
    INSERT INTO person (organisation_id, id, full_name, email, language, time_zone, is_active)
    SELECT :organisation, gen_random_uuid(), 'Person ' || n, 'p' || n || '@example.org', 'en', 'UTC', true
    FROM generate_series(1, 10000) n"""
PARTS = """
    INSERT INTO participation (organisation_id, id, person_id, programme_id, cycle_id, role, status, status_at,
        origin, registered_on, capacity, mode, topics_offered, topics_wanted, languages, excluded_emails, answers)
    SELECT organisation_id, gen_random_uuid(), id, :programme, :cycle, 'mentee', 'REGISTERED',
           now() - random() * interval '40 days', 'roster', current_date, 1, 'individual', '[]', '[]', '[]', '[]', '{}'
    FROM person WHERE full_name LIKE 'Person %'"""


async def test_ten_thousand_people_are_read_past_no_row_of_others(database, made, launched, desk):
    other = await making.organisation(database)
    for one, its in ((made, launched), (other, await making.programme(database, other))):
        async with database.tenant_session(one.house.context()) as session:
            await session.execute(
                text("SET LOCAL statement_timeout = 0")
            )  # to make them is not what is looked at
            await session.execute(text(PEOPLE), {"organisation": one.id})
            await session.execute(text(PARTS), {"programme": its.programme.id, "cycle": its.cycle.id})
    sent: list[tuple[str, Any]] = []
    engine = database._app.sync_engine

    def note(_connection, _cursor, statement, parameters, *_rest) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    for path in (
        "/c/people",
        "/c/people?q=person+99",
        "/c/people?role=mentee&status=REGISTERED",
        "/c/pipeline",
    ):
        page = await desk.get(path)
        assert page.status == 200 and "Person" in page.text
    event.remove(engine, "before_cursor_execute", note)

    read = [one for one in sent if "FROM person" in one[0] or "FROM participation" in one[0]]
    assert len(read) >= 8
    async with database.tenant_session(made.coordinator.context()) as session:
        connection = await session.connection()
        for statement, parameters in read:
            plan = await connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
            # How the two or three offices are read is the planner's affair.
            assert not re.search(
                r"Seq Scan on (person|participation)\b", "\n".join(line for (line,) in plan)
            ), statement


async def test_a_record_says_where_she_stands_and_what_happened(database, made, launched, desk):
    one = await making.participation(database, made, launched, name="Wanjiru Kamau")

    page = await desk.get(f"/c/people/{one.person_id}")

    assert page.status == 200
    assert "is registered" in page.text and "Read a new registration" in page.text
    assert "Registered and confirmed: By telephone, by" in page.text
    assert "Look for a match with my answers" in page.text  # what she agreed to
    assert "Leadership" in page.text


async def test_from_the_interview_to_ready_on_one_page(database, made, launched, desk):
    # K09, K10, K14
    one = await making.participation(database, made, launched, name="Wanjiru Kamau")
    path = f"/c/people/{one.person_id}"
    tomorrow = clock.now() + timedelta(days=1)

    page = await (await desk.get(path)).submit("/c/pipeline/", to="AWAITING INTERVIEW")
    assert page.path == path and "awaits an interview" in page.text

    page = await page.submit(f"{path}/interview", at=f"{tomorrow:%Y-%m-%d}T10:00")
    assert "Interview planned: " in page.text and "has an interview on" in page.text
    assert "Hold the interview" in (await desk.get("/c/today?show=interviews")).text

    page = await page.submit(f"{path}/interview/held", on=f"{clock.now():%Y-%m-%d}")
    assert "has had the interview" in page.text
    assert "Hold the interview" not in (await desk.get("/c/today")).text

    page = await page.submit("/c/pipeline/", to="READY TO BE MATCHED")
    assert "is ready to be matched" in page.text
    assert "Moved from Awaiting interview to Ready to be matched" in page.text


async def test_an_interview_moved_is_on_the_desk_once(database, made, launched, desk):
    one = await making.participation(database, made, launched)
    path = f"/c/people/{one.person_id}"
    page = await desk.get(path)
    for hour in ("10", "11"):
        page = await page.submit(f"{path}/interview", at=f"2027-01-07T{hour}:00")

    async with database.tenant_session(made.house.context()) as session:
        query = select(Task.about).where(Task.kind == "interview.hold", Task.done_at.is_(None))
        assert len((await session.execute(query)).all()) == 1


async def test_what_cannot_be_a_day_comes_back_with_a_sentence(database, made, launched, desk):
    one = await making.participation(database, made, launched)
    path = f"/c/people/{one.person_id}"
    page = await desk.get(path)

    to_come = await page.submit(f"{path}/interview/held", on="2999-01-01")
    nonsense = await page.submit(f"{path}/interview", at="soon")

    assert to_come.status == 422 and "This day is still to come" in to_come.text
    assert nonsense.status == 422 and "not written in the form" in nonsense.text


async def test_facts_are_changed_and_wrong_ones_come_back(database, made, launched, desk):
    one = await making.participation(database, made, launched, name="Wanjiru Kamau", email="w@example.org")
    path = f"/c/people/{one.person_id}"
    page = await desk.get(f"{path}/edit")

    wrong = await page.submit(f"{path}/edit", full_name="Wanjiru K.", phone="call me", email="w at home")
    taken = await page.submit(f"{path}/edit", email=await _address(database, made, made.coordinator))
    right = await page.submit(f"{path}/edit", full_name="Wanjiru K.", phone="+254 700 000 000")

    assert wrong.status == 422 and "Write a telephone number" in wrong.text
    assert 'value="Wanjiru K."' in wrong.html
    assert taken.status == 422 and "is here already" in taken.text
    assert right.path == path and "Wanjiru K." in right.text and "+254 700 000 000" in right.text
    assert "Facts changed: name and telephone" in right.text


async def _address(database, made, actor) -> str:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Person.email).where(Person.id == actor.person_id))).scalar_one()


async def test_the_address_of_who_runs_the_organisation_is_not_the_coordinators_to_change(made, desk):
    page = await desk.get(f"/c/people/{made.owner.person_id}/edit")
    assert page.status == 200 and 'name="email"' not in page.html


async def test_a_note_is_kept_with_its_part(database, made, launched, desk):
    one = await making.participation(database, made, launched)
    path = f"/c/people/{one.person_id}"

    page = await (await desk.get(path)).submit(f"{path}/note", note="Prefers calls <b>after six</b>")

    assert "Prefers calls &lt;b&gt;after six&lt;/b&gt;" in page.html
    assert "Note changed, by" in page.text
    async with database.tenant_session(made.house.context()) as session:
        assert "after six" not in str((await session.execute(text("SELECT details FROM audit_event"))).all())


async def test_people_of_others_answer_like_unknown_ones(database, made, launched, desk):
    # N02
    other = await making.organisation(database)
    theirs = await making.participation(database, other, await making.programme(database, other))
    ours = await making.participation(database, made, launched)

    for path in ("", "/edit"):
        foreign = await desk.get(f"/c/people/{theirs.person_id}{path}")
        unknown = await desk.get(f"/c/people/{ids.new()}{path}")
        assert (foreign.status, foreign.text) == (404, unknown.text)
    page = await desk.get(f"/c/people/{ours.person_id}")
    elsewhere = await page.submit(f"/c/people/{ours.person_id}/note", participation=str(theirs.id))
    assert elsewhere.status == 404
    async with database.tenant_session(other.house.context()) as session:
        query = select(Participation.status).where(Participation.id == theirs.id)
        assert (await session.execute(query)).scalar_one() == Status.REGISTERED


@pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OWNER])
async def test_records_are_for_coordinators(database, browse, made, role):
    actor = await making.somebody(database, made.id, role)
    browser = await making.signed_in(database, browse, made, actor)
    assert (await browser.get("/c/people")).status == 403
    assert (await browser.get(f"/c/people/{actor.person_id}")).status == 403
