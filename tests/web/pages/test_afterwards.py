"""At the end each says what comes next for her (K13): on her page, by the link of her letter, through the API, or by her coordinator."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock
from infra.errors import NotFound
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tenants.relationships.afterwards import actions, rules
from tenants.relationships.afterwards.models import Choice
from tenants.relationships.models import EndReason
from tests import making
from tests.working import drain


@pytest.fixture
async def two(stage):
    return await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()


@pytest.fixture
async def ended(stage, two):
    """A pair that has ended."""
    [proposal] = await stage.sent(two)
    await stage.become_known(proposal)
    await stage.both_meet(proposal, *two)
    await stage.both_go_on(proposal, *two)
    pair = await stage.relationship(proposal)
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=EndReason.TERM_OVER)
    return pair


async def asked(stage, pair, whose):
    async with stage.session() as session:
        return await actions.asked_of(session, pair.id, whose.id)


async def test_by_the_link_of_the_letter_without_signing_in(stage, browse, inbox, two, ended):  # K13
    mentor, mentee = two
    await drain(stage.ground, stage.made.id)
    letters = [mail for mail in inbox.mails if "/next/" in mail.get_body(("plain",)).get_content()]
    assert len(letters) == 2  # both are asked, in the letter that thanks
    one = await asked(stage, ended, mentee)
    link = f"/next/{stage.ground.links.token(rules.PURPOSE, stage.made.id, one.id)}"
    reader = browse(stage.made.host)
    page = await reader.get(link)
    assert "What comes next for you?" in page.text and "Njeri Mwangi" in page.text
    assert await stage.status(mentee) == Status.READY  # looking changes nothing
    assert (await page.submit(link)).status == 422
    page = await page.submit(link, choice="news")
    assert "Thank you. We have noted your choice." in page.text
    assert await stage.status(mentee) == Status.NETWORK_PARTICIPANT
    again = await (await reader.get(link)).submit(link, choice="again")  # she may change her mind
    assert again.status == 200 and await stage.status(mentee) == Status.READY
    assert (await asked(stage, ended, mentor)).choice is None  # the other one's is her own
    page = await (await reader.get(link)).submit(link, choice="leave")
    assert await stage.status(mentee) == Status.LEFT
    closed = await reader.get(link)
    assert "Something new has begun for you, or your time to choose is over" in closed.text
    assert (await reader.get("/next/nonsense")).status == 410
    with time_machine.travel(clock.now() + timedelta(days=91)):
        late = await reader.get(f"/next/{stage.ground.links.token(rules.PURPOSE, stage.made.id, one.id)}")
        assert late.status == 410 and "Wanjiru" not in late.text


async def test_a_mentee_becomes_a_mentor_on_her_own_page(stage, browse, two, ended):  # K13 U34 N16
    mentor, mentee = two
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    page = await hers.get(f"/me/pair/{ended.id}")
    assert "Choose what comes next for you" in page.text
    page = await hers.get(f"/me/pair/{ended.id}/next")
    page = await page.submit(page.path, choice="mentor")
    assert "Thank you. We have noted your choice." in page.text
    await hers.post(
        page.path, [("choice", "mentor"), ("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1])]
    )
    async with stage.session() as session:
        query = select(Participation.role, Participation.status).where(
            Participation.person_id == mentee.person_id
        )
        found = sorted((await session.execute(query)).all())
    assert found == [("mentee", Status.NETWORK_PARTICIPANT), ("mentor", Status.REGISTERED)]
    assert [kind for kind, _due in await stage.tasks()].count("afterwards.mentor") == 1
    other = await making.signed_in(stage.database, browse, stage.made, mentor.actor)
    page = await other.get(f"/me/pair/{ended.id}/next")
    assert "I want to become a mentor" not in page.text  # she is one
    one = await asked(stage, ended, mentee)
    async with stage.session(mentor.actor) as session:
        with pytest.raises(NotFound):
            await actions.choose(session, mentor.actor, one.id, Choice.LEAVE)


async def test_a_coordinator_notes_what_she_was_told(stage, browse, two, ended):  # K13
    mentor, mentee = two
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    page = await desk.get(f"/c/pairs/{ended.id}")
    assert page.text.count("has not chosen yet") == 2
    address = f"/c/pairs/{ended.id}/next"
    forms = {
        one.fields[-2].value if len(one.fields) > 2 else "": one
        for one in page.forms
        if one.action == address
    }
    assert len(forms) >= 1
    page = await desk.post(
        address,
        [
            ("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1]),
            ("who", str(mentee.id)),
            ("choice", "news"),
        ],
    )
    assert "Stays for news and events only" in page.text and "as you were told" in page.text
    assert await stage.status(mentee) == Status.NETWORK_PARTICIPANT
    async with stage.session(mentor.actor) as session:
        one = await actions.asked_of(session, ended.id, mentor.id)
        await actions.choose(session, mentor.actor, one.id, Choice.AGAIN)
    async with stage.session(stage.by) as session:
        with pytest.raises(rules.ChosenAlready):
            await actions.note(session, stage.by, ended.id, mentor.id, Choice.LEAVE)


async def test_nothing_to_choose_once_something_new_has_begun(stage, two, ended):
    mentor, _mentee = two
    new = await stage.joins(name="Sokha Chan")
    await stage.sent((mentor, new))
    one = await asked(stage, ended, mentor)
    async with stage.session(mentor.actor) as session:
        with pytest.raises(rules.AfterwardsClosed):
            await actions.choose(session, mentor.actor, one.id, Choice.LEAVE)
