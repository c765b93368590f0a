"""The log of a case, where it stands in its life, and a conflict: through the pages, and closed to others."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.notifications import concerns
from tenants.notifications.models import Task
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tenants.relationships.conflicts.models import Conflict, ConflictStep
from tenants.relationships.models import Meeting, MeetingState, Relationship
from tests import making


@pytest.fixture
async def two(stage):
    return await stage.joins("mentor", "Amina Hadžić"), await stage.joins("mentee", "Wanjiru Kamau")


@pytest.fixture
async def pair(stage, two):
    return await stage.pair(*two)


@pytest.fixture
async def desk(database, browse, stage):
    return await making.signed_in(database, browse, stage.made, stage.by)


async def test_every_contact_stands_on_the_case_and_on_the_person(stage, pair, two, desk, database, browse):
    # K46
    today = clock.today("UTC")
    page = await desk.get(f"/c/pairs/{pair.id}/log")
    assert "The relationship began" in page.text
    later = await page.submit(page.path, words="Both are content.", on=(today + timedelta(1)).isoformat())
    assert later.status == 422 and "still to come" in later.text and "Both are content." in later.html
    page = await page.submit(
        page.path, channel="call", words="Both are content.", on=(today - timedelta(3)).isoformat()
    )
    page = await page.submit(
        page.path,
        channel="meeting",
        words="She was glad <b>.",
        on=today.isoformat(),
        person_id=two[1].person_id,
    )
    assert (
        "Telephone call" in page.text
        and "Meeting: Wanjiru Kamau" in page.text
        and "She was glad &lt;b&gt;." in page.html
    )
    assert page.text.index("She was glad") < page.text.index("Both are content.")
    for show, seen in (("contacts", True), ("letters", False), ("changes", False)):
        shown = await desk.get(f"/c/pairs/{pair.id}/log?show={show}")
        assert ("Both are content." in shown.text) is seen
        assert ("The relationship began" in shown.text) is (show == "changes")

    person = await desk.get(f"/c/people/{two[1].person_id}")
    assert "She was glad" in person.text and "Both are content." not in person.text
    noted = await person.submit(
        f"/c/people/{two[1].person_id}/contacts",
        channel="note",
        words="Prefers mornings.",
        on=today.isoformat(),
    )
    assert "Prefers mornings." in noted.text
    assert "Prefers mornings." not in (await desk.get(f"{noted.path}?show=letters")).text

    contact = (await desk.get(f"/c/pairs/{pair.id}/log")).html.split("/c/contacts/")[1].split('"')[0]
    other = await making.somebody(database, stage.made.id, Role.COORDINATOR, name="Dina")
    dina = await making.signed_in(database, browse, stage.made, other)
    theirs = await dina.get(f"/c/contacts/{contact}")
    assert "Only who wrote this down can change it." in theirs.text
    token = [(f.name, f.value) for f in theirs.form("/sign-out").fields if f.name == "csrf"]
    assert "Only she can change it" in (await dina.post(f"/c/contacts/{contact}/remove", token)).text
    gone = await (await desk.get(f"/c/contacts/{contact}")).submit(f"/c/contacts/{contact}/remove")
    assert "It is out of the log." in gone.text and "She was glad" not in gone.text
    mentee = await making.signed_in(database, browse, stage.made, two[1].actor)
    assert "Both are content." not in (await mentee.get(f"/me/pair/{pair.id}")).text


async def test_a_case_goes_through_its_phases_and_can_be_set_right(stage, pair, desk):
    # K48
    async def phase(days: int, *, met: bool = True) -> str:
        begun = clock.now() - timedelta(days=days)
        async with stage.session() as session:
            await session.execute(
                update(Relationship).values(begun_at=begun, ends_on=begun.date() + timedelta(days=360))
            )
            await session.execute(
                update(Meeting).values(state=MeetingState.HELD if met else MeetingState.AGREED)
            )
        page = await desk.get(f"/c/pairs/{pair.id}/log")
        return page.html.split('<li class="now">')[1].split("</strong>")[0].removeprefix("<strong>")

    assert await phase(200) == "Getting to know each other"  # they have not met yet
    async with stage.session() as session:
        session.add(
            Meeting(
                organisation_id=stage.made.id, relationship_id=pair.id, proposed_by=pair.mentor_id,
                wall_time="2026-11-20T10:00", time_zone="UTC", starts_at=clock.now(), minutes=60,
            )
        )  # fmt: skip
    found = [await phase(days) for days in (30, 100, 200, 320)]
    assert found == [
        "Getting to know each other", "Working together", "Standing on her own feet", "Letting go"
    ]  # fmt: skip
    page = await desk.get(f"/c/pairs/{pair.id}/log")
    page = await page.submit(f"/c/pairs/{pair.id}/phase", phase="cultivation")
    assert "Set by Cora Coordinator" in page.text and await phase(320) == "Working together"
    page = await page.submit(f"/c/pairs/{pair.id}/phase", phase="")
    assert "Worked out from the dates" in page.text and await phase(320) == "Letting go"
    async with stage.session() as session:
        await session.execute(
            update(Relationship).values(state="ended", ended_at=clock.now(), end_reason="term_over")
        )
    assert await phase(320) == "Meeting as equals"


async def test_a_conflict_is_mediated_by_those_of_the_case_alone(stage, pair, two, desk, database, browse):
    # K47
    dina = await making.somebody(database, stage.made.id, Role.COORDINATOR, name="Dina Demir")
    async with stage.session(two[1].actor) as session:
        told = await concerns.tell(session, two[1].actor, text="He shouts.", readers=[stage.by.person_id])
    page = await desk.get(f"/c/concerns/{told.id}")
    begin = await desk.get(f"/c/pairs/{pair.id}/conflict?concern={told.id}")
    assert f"/c/pairs/{pair.id}/conflict?concern={told.id}" in page.html
    assert (await begin.submit(begin.path.partition("?")[0], summary=" ")).status == 422
    page = await begin.submit(begin.path.partition("?")[0], summary="They disagree on tone.", concern=told.id)
    path = page.path
    assert "8 steps are left in this conflict" in page.text and f"/c/concerns/{told.id}" in page.html
    assert "Talk with each of them alone, and listen" in page.text
    assert "Take the next step in a conflict" in (await desk.get("/c/today")).text
    assert "There is an open conflict" in (await begin.submit(begin.path.partition("?")[0], summary="x")).text

    async with stage.session() as session:
        conflict = (await session.execute(select(Conflict))).scalar_one()
        steps = (await session.scalars(select(ConflictStep).order_by(ConflictStep.place))).all()
    hers = await making.signed_in(database, browse, stage.made, dina)
    assert (await hers.get(path)).status == 404  # a coordinator of the same house, and not of this case
    assert "tone" not in (await hers.get(f"/c/pairs/{pair.id}")).text
    page = await page.submit(f"{path}/helper", helper_id=dina.person_id)
    assert "Dina Demir" in (await hers.get(path)).text
    assert f"/c/concerns/{told.id}" not in (await hers.get(path)).html  # it was not told to her
    async with stage.session() as session:
        session.add(
            RoleGrant(organisation_id=stage.made.id, person_id=two[0].actor.person_id, role=Role.COORDINATOR)
        )
    refused = await (await desk.get(path)).submit(f"{path}/helper", helper_id=two[0].actor.person_id)
    assert refused.status == 422  # he works here too, and is one of the two
    mentor = await making.signed_in(database, browse, stage.made, two[0].actor)
    async with stage.session() as session:
        await session.execute(update(Relationship).values(coordinator_id=None))
    assert (await mentor.get(path)).status == 404
    async with stage.session() as session:
        await session.execute(update(Relationship).values(coordinator_id=stage.by.person_id))

    page = await page.submit(f"{path}/steps/{steps[0].id}/done", note="She is hurt.")
    assert "7 steps are left" in page.text and "She is hurt." in page.text
    page = await page.submit(f"{path}/steps/{steps[0].id}/open")
    assert "8 steps are left" in page.text
    async with stage.session() as session:
        task_id = await session.scalar(
            select(Task.id).where(Task.kind == "conflict.step", Task.done_at.is_(None))
        )
    ticked = await (await desk.get("/c/today")).submit(f"/c/today/{task_id}/done")  # a tick is a deed
    assert "The step is taken. The next one lies on your desk." in ticked.text
    page = await (await desk.get(path)).submit(f"{path}/steps/{steps[0].id}/open")
    assert "8 steps are left" in page.text
    later = (clock.today("UTC") + timedelta(days=20)).isoformat()
    for step in steps[:2]:
        page = await page.submit(f"{path}/steps/{step.id}/due", due_on=later)
    async with stage.session() as session:
        due = await session.scalars(
            select(Task.due_on).where(Task.kind == "conflict.step", Task.done_at.is_(None))
        )
        assert list(due) == [steps[2].due_on]
    token = [(one.name, one.value) for one in page.form(f"{path}/close").fields if one.name == "csrf"]
    page = await desk.post(f"{path}/steps", [*token, ("title", "Call the employer"), ("due_on", later)])
    assert "9 steps are left" in page.text and "Call the employer" in page.text

    mentee = await making.signed_in(database, browse, stage.made, two[1].actor)
    page = await page.submit(f"{path}/agreed", agreed="We speak softly.")
    assert "Only you see it" in page.text and "softly" not in (await mentee.get(f"/me/pair/{pair.id}")).text
    page = await page.submit(f"{path}/agreed", agreed="We speak softly.", shared="yes")
    seen = await mentee.get(f"/me/pair/{pair.id}")
    assert "We speak softly." in seen.text and "tone" not in seen.text and "hurt" not in seen.text
    page = await page.submit(f"{path}/close", outcome="settled")
    assert "Closed: Settled: they go on as before" in page.text
    assert "in a conflict" not in (await desk.get("/c/today")).text
    async with stage.session() as session:
        trail = await session.scalars(select(AuditEvent).where(AuditEvent.object_id == conflict.id))
        events = [(one.event, one.details) for one in trail]
    assert "conflict.read" in {event for event, _ in events} and "tone" not in str(events)
