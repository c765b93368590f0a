"""A participant's pages: her next step, and a proposal."""

import re
from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from infra import clock, ids
from tenants.people.models import Person
from tenants.proposals import answering
from tenants.proposals.models import AskedFor, ProposalState
from tenants.registration.models import Participation
from tests import making, pairing
from tests.web.pages.own_pages import must_be_light, signed_in

MEET = AskedFor.MEET


PHONE = "+45 70 12 34 56"


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


async def test_contacts_and_the_date_once_both_want_to_meet(stage, browse, case):  # K30 K31 K32
    mentor, mentee, proposal = case
    async with stage.session() as session:
        asked = {"address": "Library street 7, Tuzla", "mobile": "+387 61 000 000", "motivation": "To share"}
        await session.execute(
            update(Participation).where(Participation.id == mentor.id).values(answers=asked)
        )
    await stage.answer(mentor, proposal, MEET)
    mine = await signed_in(stage, browse, mentee)
    page = await mine.get(f"/me/proposal/{proposal}")
    assert "Library street" not in page.html and "+387" not in page.html
    page = await page.submit(answer="yes")
    assert (
        "Library street 7, Tuzla" in page.text
        and "+387 61 000 000" in page.text
        and "To share" not in page.text
    )
    assert "You write or call first. Meet by" in page.text
    assert "in a public place, such as a café or a library" in page.text
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
            ("post", "/me/meeting/{}/answer", (("answer", "met"),)),
            ("post", "/me/pair/{}/met", (("on", "2026-11-23"),)),
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
