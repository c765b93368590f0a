"""The coordinator's pages of proposals that wait and of pairs."""

import re
from datetime import timedelta

import pytest
import time_machine

from infra import clock, ids
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration.models import Status
from tests import making, pairing

MEET = AskedFor.MEET


@pytest.fixture
async def desk(stage, browse):
    return await making.signed_in(stage.database, browse, stage.made, stage.by)


async def test_who_has_answered_what(stage, desk, case):  # K33
    _, mentee, proposal = case
    page = await desk.get("/c/proposals")
    assert "One proposal waits for answers" in page.text and page.text.count("no answer yet") == 2
    await stage.answer(mentee, proposal, MEET, reason="Her work is <b>mine</b>")
    page = await desk.get("/c/proposals")
    assert "Wanjiru Kamau : yes" in page.text and page.text.count("no answer yet") == 1
    page = await desk.get(f"/c/proposals/{proposal}")
    assert "Her work is &lt;b&gt;mine&lt;/b&gt;" in page.html
    assert "They fit with 69 of 100 points." in page.text


async def test_empty_lists_say_where_to_go(desk):
    assert "No proposal waits for answers" in (await desk.get("/c/proposals")).text
    for shown in ("meeting", "confirmed", "over"):
        assert (await desk.get(f"/c/proposals?show={shown}")).status == 200
    assert "No pair is running yet" in (await desk.get("/c/pairs")).text
    for shown in ("late", "ended", "nonsense"):
        assert (await desk.get(f"/c/pairs?show={shown}&q=%00%25&after=x")).status == 200


async def test_withdrawing_tells_both(stage, desk, case):
    mentor, mentee, proposal = case
    page = await (await desk.get(f"/c/proposals/{proposal}")).submit(f"/c/proposals/{proposal}/withdraw")
    assert "Both are told in the same words." in page.text
    assert (await stage.read(proposal)).state == ProposalState.WITHDRAWN
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "proposal.closed"
    assert "One proposal did not go ahead" in (await desk.get("/c/proposals?show=over")).text


async def test_a_coordinator_notes_the_date_that_she_heard(stage, desk, case):
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    page = await desk.get(f"/c/proposals/{proposal}")
    assert "They have set no date yet" in page.text
    wrong = await page.submit(f"/c/proposals/{proposal}/date", on="2020-01-01")
    assert wrong.status == 422 and "This day lies before" in wrong.text
    day = clock.today("UTC") + timedelta(days=5)
    page = await page.submit(f"/c/proposals/{proposal}/date", on=day.isoformat())
    assert (await stage.read(proposal)).first_meeting_on == day
    assert "One pair is about to meet" in (await desk.get("/c/proposals?show=meeting")).text


async def test_a_coordinator_notes_an_answer_that_she_heard(stage, desk, case):  # K33
    mentor, mentee, proposal = case
    page = await desk.get(f"/c/proposals/{proposal}")
    address = f"/c/proposals/{proposal}/answers/{mentee.id}"
    assert (await page.submit(address)).status == 422
    page = await page.submit(address, answer="yes")
    assert "Noted. The other one is not told." in page.text
    assert address not in page.html
    await page.submit(f"/c/proposals/{proposal}/answers/{mentor.id}", answer="yes")
    assert (await stage.read(proposal)).state == ProposalState.MEETING


async def test_a_check_up_is_set_done_and_late(stage, browse, desk, case):  # K45
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = await stage.relationship(proposal)
    page = await desk.get("/c/pairs")
    assert "One pair is running, and no check-up is late" in page.text
    page = await desk.get(f"/c/pairs/{pair.id}")
    page.forms = [form for form in page.forms if not form.action.endswith("/done")]
    wrong = await page.submit(f"/c/pairs/{pair.id}/check-up", on="2020-01-01")
    assert wrong.status == 422 and "Choose a day from today on" in wrong.text
    day = clock.today("UTC") + timedelta(days=3)
    page = await page.submit(f"/c/pairs/{pair.id}/check-up", on=day.isoformat())
    assert "The check-up is set." in page.text
    assert (await stage.relationship(proposal)).check_up_on == day
    with time_machine.travel(clock.now() + timedelta(days=5)):
        later = await making.signed_in(stage.database, browse, stage.made, stage.by)
        page = await later.get("/c/pairs")
        assert "The check-up of the one running pair is late" in page.text
        page = await later.get("/c/pairs?show=late")
        page = await page.submit(f"/c/pairs/{pair.id}/check-up/done")
        assert "The check-up is done." in page.text
    assert (await stage.relationship(proposal)).check_up_on > day


async def test_a_pair_ends_with_a_reason_and_two_choices(stage, desk, case):  # K12 K13
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = await stage.relationship(proposal)
    page = await desk.get(f"/c/pairs/{pair.id}")
    wrong = await page.submit(f"/c/pairs/{pair.id}/end", reason="")
    assert wrong.status == 422 and "This is needed." in wrong.text
    wrong = await page.submit(f"/c/pairs/{pair.id}/end", reason="other", mentor="KING")
    assert wrong.status == 422
    page = await page.submit(
        f"/c/pairs/{pair.id}/end",
        reason="goals_reached",
        mentor="NETWORK PARTICIPANT",
        note="She got the post.",
    )
    assert "Both are thanked." in page.text and "She got the post." in page.text
    assert (await stage.status(mentor), await stage.status(mentee)) == (
        Status.NETWORK_PARTICIPANT,
        Status.READY,
    )
    assert "One pair has ended" in (await desk.get("/c/pairs?show=ended")).text
    again = await desk.post(
        f"/c/pairs/{pair.id}/end",
        [("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1]), ("reason", "other"),
         ("mentor", "LEFT"), ("mentee", "LEFT")],
    )  # fmt: skip
    assert "It has ended" in again.text


async def test_many_pairs_come_in_pages_and_by_name(stage, desk):
    for number in range(3):
        await stage.pair(
            await stage.joins("mentor", name=f"Mentor {number}"), await stage.joins(name=f"Žana {number}")
        )
    page = await desk.get("/c/pairs?q=zana 1")
    assert "Mentor 1 and Žana 1" in page.text and "Mentor 2 and Žana 2" not in page.text.split("Days")[-1]
    assert "No pair has been silent for a whole day" in (await desk.get("/c/pairs")).text


async def test_others_have_no_such_pages(stage, browse, case, database, ground):  # isolation
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = (await stage.relationship(proposal)).id
    far = await pairing.stage(database, ground)
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Tuzla", time_zone="UTC")
    narrow = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=office.id)
    for browser in (
        await making.signed_in(database, browse, far.made, far.by),
        await making.signed_in(database, browse, stage.made, narrow),
    ):
        listed = await browser.get("/c/pairs")
        assert (
            "Njeri" not in listed.html
            and "Njeri" not in (await browser.get("/c/proposals?show=confirmed")).html
        )
        token = re.search(r'name="csrf" value="([^"]+)"', listed.html)[1]
        for method, path, fields in (
            ("get", "/c/proposals/{}", ()),
            ("post", "/c/proposals/{}/withdraw", ()),
            ("post", "/c/proposals/{}/date", (("on", "2027-01-01"),)),
            ("post", "/c/proposals/{}/answers/" + str(mentee.id), (("answer", "no"), ("asked_for", "go_on"))),
            ("get", "/c/pairs/{}", ()),
            ("post", "/c/pairs/{}/check-up", (("on", "2027-01-01"),)),
            ("post", "/c/pairs/{}/check-up/done", ()),
            ("post", "/c/pairs/{}/end", (("reason", "other"), ("mentor", "LEFT"), ("mentee", "LEFT"))),
        ):
            answers = []
            for one in (proposal if "proposals" in path else pair, ids.random()):
                address = path.format(one)
                if method == "get":
                    answers.append(await browser.get(address))
                else:
                    answers.append(await browser.post(address, [("csrf", token), *fields]))
            assert answers[0].status == answers[1].status == 404, path
            assert answers[0].text == answers[1].text


async def test_participants_and_owners_see_no_cases(stage, browse, case):
    _, mentee, proposal = case
    for actor in (mentee.actor, stage.made.owner):
        browser = await making.signed_in(stage.database, browse, stage.made, actor)
        for path in ("/c/proposals", f"/c/proposals/{proposal}", "/c/pairs"):
            assert (await browser.get(path)).status == 403
