"""A participant's pages: her next step, a proposal, a letter's question, a pair and its meetings."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock, ids
from tenants.actor import Actor
from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.proposals import answering, queries
from tenants.proposals.models import AskedFor, ProposalState
from tenants.relationships import meeting
from tests import making, pairing

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON
PHONE = "+45 70 12 34 56"


@pytest.fixture
async def stage(database, ground):
    return await pairing.stage(database, ground)


@pytest.fixture
async def case(stage):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    return mentor, mentee, proposal


async def signed_in(stage, browse, whose: pairing.Somebody | Actor):
    actor = whose if isinstance(whose, Actor) else whose.actor
    return await making.signed_in(stage.database, browse, stage.made, actor)


async def link(stage, whose, proposal) -> str:
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, whose.id)
    return f"/answer/{stage.ground.links.token('answer', stage.made.id, hold)}"


def must_be_light(page) -> None:
    """No script, no font, one request, at most 14 kB."""
    assert "<script" not in page.html and "@font-face" not in page.html
    assert 'rel="stylesheet"' not in page.html and "<img" not in page.html
    assert len(page.html.encode()) <= 14_000  # and a third of it as it is sent


async def test_the_next_step_follows_the_case(stage, browse, case):  # K31 K33
    mentor, mentee, proposal = case
    mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
    page = await mine.get("/me")
    assert "Your next step: say whether you want to meet Njeri Mwangi" in page.text
    assert "We found a mentor who fits what you asked for." in page.text
    must_be_light(page)
    page = await (await mine.get(f"/me/proposal/{proposal}")).submit(answer="yes")
    assert page.path == "/me" and "Thank you. We have your answer about Njeri Mwangi" in page.text
    await stage.answer(mentor, proposal, MEET)
    assert "Your next step: write to Njeri Mwangi and set a date" in (await mine.get("/me")).text
    assert "Wanjiru Kamau will write to you to set a date" in (await hers.get("/me")).text
    async with stage.session(mentee.actor) as session:
        await answering.note_first_meeting(session, mentee.actor, proposal, on=clock.today("UTC"))
    assert "You meet Njeri Mwangi for the first time" in (await mine.get("/me")).text
    with time_machine.travel(clock.now() + timedelta(days=1)):
        later = await signed_in(stage, browse, mentee)
        assert "say whether you go on with Njeri Mwangi" in (await later.get("/me")).text
    await stage.both_go_on(proposal, mentor, mentee)
    page = await mine.get("/me")
    assert "Your next step: propose a meeting with Njeri Mwangi" in page.text
    assert "You and Njeri Mwangi are a pair" in page.text
    must_be_light(page)


async def test_whoever_is_both_sees_the_year_in_which_somebody_was_found(stage, browse):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    async with stage.session() as session:
        herself = await session.scalar(select(Person).where(Person.id == mentor.person_id))
        address = herself.email
    newer = await making.participation(stage.database, stage.made, stage.launched, "mentee", email=address)
    assert newer.person_id == mentor.person_id
    await stage.pair(mentor, mentee)
    page = await (await signed_in(stage, browse, mentor)).get("/me")
    assert "Your year as a mentor" in page.text and "You and Wanjiru Kamau are a pair" in page.text


async def test_before_and_beside_any_proposal(stage, browse):
    launched = stage.launched
    entered = await making.participation(stage.database, stage.made, launched, name="Amina")
    from tenants.actor import person
    from tenants.permissions import Role

    her = await signed_in(
        stage, browse, person(stage.made.id, entered.person_id, frozenset({Role.PARTICIPANT}))
    )
    assert "We have your registration and read it" in (await her.get("/me")).text
    ready = await signed_in(stage, browse, await stage.joins(name="Njeri"))
    assert "We are looking for your mentor" in (await ready.get("/me")).text
    nobody = await signed_in(
        stage, browse, await making.somebody(stage.database, stage.made.id, Role.PARTICIPANT)
    )
    assert "You take part in no programme yet" in (await nobody.get("/me")).text


async def test_the_proposal_says_why_and_hides_how_to_reach_her(stage, browse, case):  # K30
    _, mentee, proposal = case
    page = await (await signed_in(stage, browse, mentee)).get(f"/me/proposal/{proposal}")
    assert "Why you two: Njeri Mwangi could be your mentor" in page.text
    assert "Your first topic is one that Njeri Mwangi offers." in page.text
    assert "is never told what you answered, nor why" in page.text
    async with stage.session() as session:
        address = await session.scalar(select(Person.email).where(Person.full_name == "Njeri Mwangi"))
    assert PHONE not in page.html and address not in page.html
    must_be_light(page)


async def test_contacts_and_the_date_once_both_want_to_meet(stage, browse, case):  # K30 K31
    mentor, mentee, proposal = case
    await stage.answer(mentor, proposal, MEET)
    mine = await signed_in(stage, browse, mentee)
    page = await (await mine.get(f"/me/proposal/{proposal}")).submit(answer="yes")
    assert page.path == f"/me/proposal/{proposal}" and "You both want to meet." in page.text
    assert PHONE in page.html
    must_be_light(page)
    wrong = await page.submit(f"/me/proposal/{proposal}/date", on="2020-01-01")
    assert wrong.status == 422 and "This day lies before your proposal." in wrong.text
    wrong = await page.submit(f"/me/proposal/{proposal}/date", on="soon")
    assert wrong.status == 422
    day = clock.today("UTC") + timedelta(days=9)
    page = await page.submit(f"/me/proposal/{proposal}/date", on=day.isoformat())
    assert "Your date is noted." in page.text and f'value="{day}"' in page.html


async def test_a_no_is_thanked_and_the_other_sees_kind_words(stage, browse, case):  # K35
    mentor, mentee, proposal = case
    mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
    page = await (await mine.get(f"/me/proposal/{proposal}")).submit(answer="no", reason="She was my teacher")
    assert page.path == "/me" and "Thank you. We have noted your answer." in page.text
    for browser in (mine, hers):
        page = await browser.get(f"/me/proposal/{proposal}")
        assert "This one does not go ahead, and we look on" in page.text
        assert "teacher" not in page.html and PHONE not in page.html
        assert "We are looking for" in (await browser.get("/me")).text
    stale = await mine.post(
        f"/me/proposal/{proposal}",
        [("csrf", re.search(r'name="csrf" value="([^"]+)"', (await mine.get("/me/settings")).html)[1]),
         ("answer", "yes"), ("asked_for", "meet")],
    )  # fmt: skip
    assert "This proposal is no longer open" in stale.text


async def test_an_answer_without_a_choice_asks_again(stage, browse, case):
    _, mentee, proposal = case
    mine = await signed_in(stage, browse, mentee)
    page = await (await mine.get(f"/me/proposal/{proposal}")).submit(reason="x" * 30)
    assert page.status == 422 and "x" * 30 in page.html
    page = await page.submit(answer="no", reason="x" * 2001)
    assert page.status == 422
    assert (await stage.read(proposal)).state == ProposalState.OPEN


async def test_signed_out_leads_to_sign_in_and_back(stage, browse, case):
    _, _, proposal = case
    page = await browse(stage.made.host).get(f"/me/proposal/{proposal}")
    assert page.path == f"/sign-in?next=/me/proposal/{proposal}"
    assert f'value="/me/proposal/{proposal}"' in page.html
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example"):
        page = await browse(stage.made.host).get("/sign-in", params={"next": evil})
        kept = re.findall(r'name="next" value="([^"]*)"', page.html)
        assert not any("evil" in one for one in kept)


async def test_answering_from_the_letter_without_signing_in(stage, browse, case):
    _mentor, mentee, proposal = case
    browser = browse(stage.made.host)
    address = await link(stage, mentee, proposal)
    page = await browser.get(address)
    assert "Why you two: Njeri Mwangi could be your mentor" in page.text
    assert PHONE not in page.html and "example.org" not in page.html
    must_be_light(page)
    assert (await stage.read(proposal)).state == ProposalState.OPEN
    page = await page.submit(answer="yes")
    assert page.path == "/answer/thanks" and "We have noted your answer" in page.text
    must_be_light(page)
    async with stage.session() as session:
        assert await queries.said(session, proposal, MEET) == {mentee.id: True}
        events = select(AuditEvent.details).where(
            AuditEvent.object_id == proposal, AuditEvent.event == "proposal.answered"
        )
        assert (await session.execute(events)).scalar_one() == {"asked_for": "meet", "by_letter": True}
    # Whoever is given the letter, even the other one, learns nothing of what was answered.
    again = await browser.get(address)
    assert "You said" not in again.text and again.text == (await browse(stage.made.host).get(address)).text
    page = await again.submit(answer="no", reason="On second thoughts")
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    # Nor does it let anybody in.
    assert (await browser.get("/me")).path.startswith("/sign-in")


async def test_after_the_meeting_the_letter_asks_whether_to_go_on_and_shows_no_contact(
    stage, browse, case
):  # K33
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    page = await browse(stage.made.host).get(await link(stage, mentor, proposal))
    assert "You and Wanjiru Kamau : do you want to go on?" in page.text
    assert PHONE not in page.html
    # An old form of the first question finds that it has moved on.
    old = await page.submit(answer="yes", asked_for="meet")
    assert old.status == 410 and "There is nothing left to answer here" in old.text
    await page.submit(answer="yes")
    await (await browse(stage.made.host).get(await link(stage, mentee, proposal))).submit(answer="yes")
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED


async def test_a_letter_whose_time_is_over_is_kind(stage, browse, case):
    mentor, mentee, proposal = case
    address = await link(stage, mentee, proposal)
    page = await browse(stage.made.host).get(address)
    await stage.answer(mentor, proposal, MEET, False)
    for found in (
        await browse(stage.made.host).get(address),
        await page.submit(answer="yes"),
        await browse(stage.made.host).get("/answer/" + "A" * 43),
        await browse(stage.made.host).get("/answer/x"),
    ):
        assert found.status == 410 and "You have done nothing wrong." in found.text
        assert "Njeri" not in found.html
    must_be_light(found)


async def test_a_link_opens_nothing_elsewhere(stage, browse, case, database, ground):
    _, mentee, proposal = case
    far = await pairing.stage(database, ground)
    assert (await browse(far.made.host).get(await link(stage, mentee, proposal))).status == 410
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, mentee.id)
    for token in (
        ground.links.token("sign-in", stage.made.id, hold),
        ground.links.token("answer", far.made.id, hold),
    ):
        assert (await browse(stage.made.host).get(f"/answer/{token}")).status == 410


async def test_the_letters_page_speaks_the_letters_language(stage, browse, case):
    _, mentee, proposal = case
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(language="ar"))
    page = await browse(stage.made.host).get(await link(stage, mentee, proposal))
    assert '<html lang="ar" dir="rtl">' in page.html
    page = await browse(stage.made.host).get(await link(stage, mentee, proposal), params={"lang": "en"})
    assert '<html lang="en"' in page.html


async def test_a_pair_arranges_a_meeting_by_both_clocks(stage, browse):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    async with stage.session() as session:
        for whose, zone in ((mentor, "Africa/Nairobi"), (mentee, "America/Bogota")):
            await session.execute(update(Person).where(Person.id == whose.person_id).values(time_zone=zone))
    pair = await stage.pair(mentor, mentee)
    mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
    page = await mine.get(f"/me/pair/{pair.id}")
    assert "You and Njeri Mwangi : when do you meet next?" in page.text and PHONE in page.html
    must_be_light(page)
    page = await mine.get(f"/me/pair/{pair.id}/meeting")
    assert "by the clock of Nairobi" in page.text
    must_be_light(page)
    empty = await page.submit()
    assert empty.status == 422 and "This is needed." in empty.text
    day = (clock.today("UTC") + timedelta(days=7)).isoformat()
    half = await page.submit(day_1=day, time_1="14:00", day_3=day)
    assert half.status == 422 and 'id="f-day_3-err"' in half.html and 'value="14:00"' in half.html
    check = await page.submit(day_1=day, time_1="09:00", day_2=day, time_2="18:00", place="Café <b>")
    assert check.status == 200 and "Send these 2 times to Njeri Mwangi ?" in check.text
    assert "17:00 in Nairobi" in check.text and check.text.count("Late or early there") == 1
    assert "<b>" not in check.html.split("Café")[1][:20]
    must_be_light(check)
    async with stage.session() as session:
        from tenants.relationships.queries import meetings

        assert await meetings(session, pair.id) == []
    sent = await check.submit()
    assert "Your times are sent to Njeri Mwangi." in sent.text
    page = await hers.get("/me")
    assert "Your next step: choose a time to meet Wanjiru Kamau" in page.text
    page = await hers.get(f"/me/pair/{pair.id}")
    assert "Wanjiru Kamau offers you 2 times: which one suits you?" in page.text
    agreed = await page.submit("/me/meeting/")
    assert "Your meeting is agreed." in agreed.text and "You meet Wanjiru Kamau :" in agreed.text
    assert "You meet Njeri Mwangi :" in (await mine.get("/me")).text
    with time_machine.travel(clock.now() + timedelta(days=8)):
        later = await signed_in(stage, browse, mentee)
        page = await later.get(f"/me/pair/{pair.id}")
        assert "Did you meet?" in page.text
        page = await page.submit("/me/meeting/")
        assert "You have met once" in page.text
        must_be_light(page)


async def test_cancelling_shows_on_both_sides(stage, browse):  # WCC #664
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    day = (clock.today("UTC") + timedelta(days=7)).isoformat()
    async with stage.session(mentor.actor) as session:
        [offer] = await meeting.propose(
            session, mentor.actor, pair.id, wall_times=[f"{day}T14:00"], zone="UTC"
        )
    async with stage.session(mentee.actor) as session:
        await meeting.agree(session, mentee.actor, offer.id)
    mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
    page = await (await mine.get(f"/me/pair/{pair.id}")).submit("/me/meeting/")
    assert "That time is taken back." in page.text
    for browser in (mine, hers):
        assert "when do you meet next?" in (await browser.get(f"/me/pair/{pair.id}")).text
        assert "propose a meeting" in (await browser.get("/me")).text


async def test_an_ended_pair_is_thanked_and_changes_no_more(stage, browse):
    from tenants.relationships import actions
    from tenants.relationships.models import EndReason

    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    async with stage.session(stage.by) as session:
        await actions.end(session, stage.by, pair.id, reason=EndReason.NO_CONTACT, note="Quarrel")
    mine = await signed_in(stage, browse, mentee)
    page = await mine.get(f"/me/pair/{pair.id}")
    assert "has come to its end" in page.text and "Quarrel" not in page.html and "no longer" not in page.text
    assert (await mine.get(f"/me/pair/{pair.id}/meeting")).path == f"/me/pair/{pair.id}"


async def test_anothers_pages_are_not_there(stage, browse, case, database, ground):  # isolation
    _mentor, _mentee, proposal = case
    pair = await stage.pair(await stage.joins("mentor", name="M"), await stage.joins(name="E"))
    far = await pairing.stage(database, ground)
    strangers = [
        await signed_in(stage, browse, await stage.joins(name="Somebody Else")),
        await signed_in(far, browse, await far.joins()),
        await signed_in(stage, browse, stage.by),
    ]
    for browser in strangers:
        token = re.search(r'name="csrf" value="([^"]+)"', (await browser.get("/me/settings")).html)[1]
        for method, path, fields in (
            ("get", "/me/proposal/{}", ()),
            ("post", "/me/proposal/{}", (("answer", "no"), ("asked_for", "meet"))),
            ("get", "/me/pair/{}", ()),
            ("get", "/me/pair/{}/meeting", ()),
            ("post", "/me/pair/{}/meeting", (("day_1", "2027-01-01"), ("time_1", "10:00"), ("step", "send"))),
            ("post", "/me/meeting/{}/agree", ()),
            ("post", "/me/meeting/{}/cancel", ()),
            ("post", "/me/meeting/{}/held", ()),
        ):
            answers = []
            for one in (proposal if "proposal" in path else pair.id, ids.random()):
                address = path.format(one)
                if method == "get":
                    answers.append(await browser.get(address))
                else:
                    answers.append(await browser.post(address, [("csrf", token), *fields]))
            assert answers[0].status == answers[1].status == 404, path
            assert answers[0].text == answers[1].text
    assert (await stage.read(proposal)).state == ProposalState.OPEN
