"""One thing done to many: looked at, done, taken back; a caseload handed over. Through the pages."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, Task
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.permissions import Role
from tenants.proposals.models import Proposal
from tenants.registration.models import Participation
from tenants.relationships import actions as relationships
from tenants.relationships.contacts.models import Contact
from tenants.relationships.models import Relationship
from tenants.reports.deeds import planning
from tenants.reports.deeds.rules import Choice, Of
from tests import making


@pytest.fixture
async def desk(database, browse, stage):
    return await making.signed_in(database, browse, stage.made, stage.by)


def ticks(page) -> list[str]:
    return [field.value for form in page.forms for field in form.fields if field.name == "p"]


async def pressed(page, do: str, **more):
    """As a browser: all boxes that are ticked on the page, and the button that was pressed."""
    return await page.submit("/c/many", do=do, p=ticks(page), **more)


async def letters(stage, kind: str) -> list[tuple[str, str]]:
    async with stage.session() as session:
        rows = await session.execute(select(Letter.state, Letter.language).where(Letter.kind == kind))
        return sorted((state, language) for state, language in rows)


async def test_nine_people_are_reminded_in_four_actions(stage, desk):
    # K45, goal 13: open the view, tick all, press "Remind", say yes
    pairs = [
        (await stage.joins("mentor", f"Mentor {n}"), await stage.joins("mentee", f"Mentee {n}"))
        for n in range(5)
    ]
    proposals = await stage.sent(*pairs)
    await stage.become_known(*proposals)
    await stage.answer(pairs[0][0], proposals[0], "meet")  # one has answered: nine are waited for

    actions = 0
    page = await desk.get("/c/people?all=1")
    actions += 2  # the view, and the link that ticks all of it
    assert len(ticks(page)) == 12
    page = await pressed(page, "remind")
    actions += 1
    assert "Remind 9 people?" in page.text and "English 9" in page.text
    assert "3 are left out" in page.text and "nobody waits for an answer" in page.text
    page = await page.submit("/c/many/do")
    actions += 1

    assert "9 people are reminded in ten minutes. 3 are left out." in page.text and actions <= 4
    assert await letters(stage, "contact.reminder") == [("waiting", "en")] * 9
    again = await pressed(await desk.get("/c/people?all=1"), "remind")
    assert again.text.count("Was reminded today already") == 9  # a doubled click reminds nobody twice

    page = await page.submit("/c/many/")
    assert "9 things are taken back." in page.text
    assert await letters(stage, "contact.reminder") == [("withdrawn", "en")] * 9
    page = await (await pressed(await desk.get("/c/people?all=1"), "remind")).submit("/c/many/do")
    assert "9 people are reminded" in page.text  # what was taken back does not stand in the way
    async with stage.session() as session:
        drawn = select(Letter).where(Letter.kind == "contact.reminder", Letter.state == "waiting")
        assert (await session.scalars(drawn)).first() is not None


async def test_a_letter_to_many_in_two_languages_stands_in_each_log(stage, desk):
    # K46
    mentor = await stage.joins("mentor", "Amina Hadžić")
    mentee = await stage.joins("mentee", "Wanjiru Kamau")
    pair = await stage.pair(mentor, mentee)
    async with stage.session() as session:
        await people.change_own_contact(session, mentor.actor, language="fr")

    page = await pressed(await desk.get("/c/pairs?all=1"), "write")
    assert "Write to 2 people" in page.text and "French 1" in page.text and "English 1" in page.text
    missing = await page.submit("/c/many/do", subject_en="A workshop")
    assert missing.status == 422 and "A workshop" in missing.html
    words = {
        "subject_en": "A workshop", "text_en": "Come on Monday.\n\nBring a friend.",
        "subject_fr": "Un atelier", "text_fr": "Venez lundi.",
    }  # fmt: skip
    page = await missing.submit("/c/many/do", **words)
    assert "2 letters go in ten minutes." in page.text
    doubled = await missing.submit("/c/many/do", **words)
    assert "This was done already, once." in doubled.text
    assert await letters(stage, "contact.letter") == [("waiting", "en"), ("waiting", "fr")]
    log = await desk.get(f"/c/pairs/{pair.id}/log")
    assert (
        "Un atelier" in log.text
        and "Bring a friend." in log.text
        and "Letter: Wanjiru Kamau (Waiting)" in log.text
    )

    page = await page.submit("/c/many/")
    assert "2 things are taken back." in page.text
    async with stage.session() as session:
        assert (await session.scalars(select(Contact))).all() == []
    twice = await page.browser.post(page.forms[0].action, [])
    assert twice.status >= 400


async def test_check_ups_are_put_off_and_ticked_and_stand_as_before(stage, desk):
    # K45
    pairs = [
        await stage.pair(
            await stage.joins("mentor", f"Mentor {n}"), await stage.joins("mentee", f"Mentee {n}")
        )
        for n in range(2)
    ]
    today = clock.today("UTC")
    async with stage.session() as session:
        for pair in pairs:
            await relationships.set_check_up(session, stage.made.house, pair.id, on=today)

    async def days() -> list:
        async with stage.session() as session:
            return sorted(await session.scalars(select(Relationship.check_up_on)))

    # The way back keeps all that the list was narrowed to, whatever signs it has.
    page = await pressed(await desk.get("/c/pairs?all=1"), "move", back="/c/pairs?all=1&q=Me%26+n")
    assert "Put 2 things off" in page.text
    over = await page.submit("/c/many/do", on=(today - timedelta(days=1)).isoformat())
    assert over.status == 422
    page = await page.submit("/c/many/do", on=(today + timedelta(days=9)).isoformat())
    assert "2 things are put off." in page.text and await days() == [today + timedelta(days=9)] * 2
    async with stage.session() as session:  # somebody sets one of them meanwhile: that one stays
        await relationships.set_check_up(session, stage.made.house, pairs[0].id, on=today + timedelta(days=3))
    page = await page.submit("/c/many/")
    assert 'value="Me&amp; n"' in page.html
    assert "One thing is taken back." in page.text and "One has changed since, and stays." in page.text
    assert await days() == [today, today + timedelta(days=3)]

    page = await pressed(await desk.get("/c/today?all=1"), "tick")
    page = await page.submit("/c/many/do")
    assert "done." in page.text and today not in await days()
    page = await page.submit("/c/many/")
    assert today in await days()
    async with stage.session() as session:
        open_ones = select(Task.due_on).where(Task.kind == "relationship.check_up", Task.done_at.is_(None))
        assert sorted(await session.scalars(open_ones)) == await days()


async def test_a_caseload_of_somebody_who_left_goes_to_two_colleagues_and_back(stage, browse, database, desk):
    # N08
    made = stage.made
    pairs = [
        await stage.pair(
            await stage.joins("mentor", f"Mentor {n}"), await stage.joins("mentee", f"Mentee {n}")
        )
        for n in range(2)
    ]
    two = [await making.somebody(database, made.id, Role.COORDINATOR, name=name) for name in ("Dina", "Edda")]
    open_one = await stage.sent((await stage.joins("mentor", "M"), await stage.joins("mentee", "N")))
    async with stage.session() as session:
        await notifications.ask(
            session, made.house, "concern.read", key="told", due_on=clock.today("UTC"),
            person_id=stage.by.person_id,
        )  # fmt: skip
    hers = await making.signed_in(database, browse, made, two[0])
    assert "no coordinator" not in (await hers.get("/c/today")).text
    async with database.tenant_session(made.owner.context()) as session:
        await people.set_active(session, made.owner, stage.by.require_person(), is_active=False)

    today = await hers.get("/c/today")
    assert "2 cases have no coordinator." in today.text
    listed = await hers.get("/c/pairs?show=without")
    assert listed.text.count("no coordinator") >= 2
    page = await hers.get(f"/c/hand-over?from={stage.by.person_id}")
    nobody = await page.submit("/c/hand-over", **{"from": stage.by.person_id})
    assert nobody.status == 422
    page = await page.submit(
        "/c/hand-over", **{"from": stage.by.person_id, "to": [str(one.person_id) for one in two]}
    )
    assert "Cora Coordinator" not in page.text.partition("Who gets what")[2].partition("Included")[0]
    assert "one case" in page.text and "one proposal" in page.text and "One such task stays." in page.text
    page = await page.submit("/c/hand-over/do")
    assert "handed over" in page.text

    async def holders() -> set:
        async with stage.session() as session:
            cases = await session.scalars(select(Relationship.coordinator_id))
            proposals = await session.scalars(select(Proposal.approved_by).where(Proposal.id == open_one[0]))
            return {*cases, *proposals}

    assert await holders() == {one.person_id for one in two}
    assert await letters(stage, "relationship.coordinator") == [("waiting", "en")] * 4  # each of them one
    async with stage.session() as session:
        check_ups = select(Task.person_id).where(Task.kind == "relationship.check_up", Task.done_at.is_(None))
        assert set(await session.scalars(check_ups)) == {one.person_id for one in two}
        told = await session.scalar(select(Task.person_id).where(Task.kind == "concern.read"))
        assert told == stage.by.person_id
    assert "no coordinator" not in (await hers.get("/c/today")).text

    page = await page.submit("/c/many/")
    assert "taken back" in page.text and await holders() == {stage.by.person_id}
    assert await letters(stage, "relationship.coordinator") == [("withdrawn", "en")] * 4
    assert len(pairs) == 2


async def test_a_task_alone_goes_to_who_can_open_what_it_is_about(stage, desk, database):
    made = stage.made
    async with stage.session(made.owner) as session:
        here, there = [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Aarhus", "Odense")
        ]
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    await stage.pair(mentor, mentee)
    async with stage.session() as session:
        await session.execute(update(Participation).values(office_id=here))
        [task_id] = await session.scalars(select(Task.id).where(Task.kind == "relationship.check_up"))
    far, near = [
        await making.somebody(database, made.id, Role.COORDINATOR, name=name, office_id=office)
        for name, office in (("Far", there), ("Near", here))
    ]
    choice = Choice(Of.TASKS, (task_id,))
    async with stage.session(stage.by) as session:
        refused = await planning.plan(session, stage.by, to=[far.person_id], choice=choice)
        assert [one.row.refusal.code for one in refused.given] == ["no_colleague_there"]
        both = await planning.plan(session, stage.by, to=[far.person_id, near.person_id], choice=choice)
        assert [one.to.full_name for one in both.given] == ["Near"]


async def test_ticks_of_another_organisation_mean_nobody(database, browse, stage, desk):
    other = await making.organisation(database)
    launched = await making.programme(database, other)
    theirs = await making.participation(database, other, launched)
    mine = await stage.joins("mentee")
    page = await desk.get("/c/people?all=1")

    seen = await page.submit("/c/many", do="write", p=[str(theirs.person_id), str(mine.person_id), "moon"])

    assert "Write to one person" in seen.text and str(theirs.person_id) not in seen.text.replace(
        str(theirs.person_id), "", 1
    )
    assert (await page.submit("/c/many", do="dance", p=[str(mine.person_id)])).status == 404
