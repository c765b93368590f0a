"""Workshops on the pages: planned, guests invited and answering from their letters, who came, and how it was."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import ids
from tenants.gatherings import inviting
from tenants.gatherings.inviting import Whom
from tenants.gatherings.models import Workshop
from tenants.registration import leaving
from tests import making
from tests.gathering import Workshops
from tests.pairing import MONDAY
from tests.web.pages.inviting import entry, words
from tests.web.pages.own_pages import must_be_light, signed_in

MINA, LEA = "mina@example.org", "lea@example.org"


@pytest.fixture
async def on(stage, inbox, browse):
    with time_machine.travel(MONDAY, tick=False) as hand:
        found = Workshops(stage)
        found.hand, found.inbox, found.browse = hand, inbox, browse
        found.desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        yield found


async def wait(on, **by):
    on.hand.shift(timedelta(**(by or {"minutes": 11})))
    await on.drain()


def link(mail, path="/workshop/"):
    return re.search(rf"https?://[^/\s]+({path}[\w-]+)", words(mail))[1]


async def planned(on, **changed):
    page = await on.desk.get("/c/workshops/new")
    facts = {"title_en": "Getting started", "title_fr": "Bien commencer", "words_en": "We meet.\n\nThen we talk.",
             "at": "2026-12-07T10:00", "place": "Obala 4", "places": "1"}  # fmt: skip
    return await page.submit("/c/workshops", **(facts | changed))


async def test_a_workshop_from_the_plan_to_what_was_said_of_it(on, stage):
    # K70, K71: planned, invited with an entry for the calendar, answered from the letter, held, judged without a name
    mina, lea = await stage.joins(name="Mina One", email=MINA), await stage.joins(name="Lea Two", email=LEA)
    mona = await stage.joins("mentor", name="Mona Mentor")
    assert "No workshop is planned" in (await on.desk.get("/c/workshops")).text
    wrong = await planned(on, at="2027-03-28T02:30", zone="Europe/Sarajevo", minutes="x", title_en="")
    assert wrong.status == 422 and "Write a whole number" in wrong.text
    wrong = await planned(on, at="2027-03-28T02:30", zone="Europe/Sarajevo", title_en="")
    assert "The next time that there is, is 2027-03-28T03:00" in wrong.text and "This is needed" in wrong.text
    page = await planned(on)
    here = page.path
    assert "It is planned. Nobody is invited yet" in page.text

    look = await on.desk.get(f"{here}/invite")
    assert "2 people would be invited" in look.text and "The letter to Lea Two" in look.text
    assert "We meet." in look.text and "/workshop/" not in look.html and "Mona" not in look.text
    assert (await on.guest(mina, await only(on))) is None  # looking invites nobody
    sent = await look.submit(f"{here}/invitations")
    assert "2 people are invited" in sent.text
    undone = await sent.submit("/c/workshops/undo")
    assert "2 invitations are taken back" in undone.text
    await (await on.desk.get(f"{here}/invite")).submit(f"{here}/invitations")
    await wait(on)
    mail = on.inbox.to(MINA)[-1]
    event, method = entry(mail)
    assert (mail["Subject"], method, int(event["SEQUENCE"])) == (
        "An invitation: Getting started",
        "REQUEST",
        0,
    )
    for said in ("Monday, 7 December 2026", "Obala 4", "We meet.", "Then we talk.", "There is one place"):
        assert said in words(mail), said

    browser = on.browse(stage.made.host)
    first = await browser.get(link(mail))
    must_be_light(first)
    assert (await browser.head(link(mail))).status == 200
    assert await on.state(mina, await only(on)) == "asked"  # looking changes nothing
    thanks = await first.submit(answer="come")
    assert "You have a place" in thanks.text
    assert (await browser.get(link(mail))).text == first.text  # whoever is given the letter learns nothing
    other = await (await browser.get(link(on.inbox.to(LEA)[-1]))).submit(answer="come")
    assert "You are on the waiting list" in other.text
    own = await signed_in(stage, on.browse, mina)
    assert "Getting started" in (await own.get("/me")).text
    mine = await own.get(f"/me/workshop/{(await only(on)).id}")
    assert "You have said that you come" in mine.text
    assert (
        "I cannot come" in mine.text and "Yes, I come" not in mine.text
    )  # what she has said is not asked again
    must_be_light(mine)

    changing = await on.desk.get(f"{here}/change")
    moved = await changing.submit(f"{here}/change", at="2026-12-08T15:00")
    assert "gets a letter in ten minutes" in moved.text
    late = await changing.submit(f"{here}/cancel")
    assert "Somebody changed this meanwhile" in late.text
    old = await browser.get(link(mail))
    assert old.status == 410 and "nothing left to answer" in old.text
    await wait(on)
    event_now, method = entry(on.inbox.to(LEA)[-1])
    assert (method, event_now["UID"], int(event_now["SEQUENCE"])) == ("REQUEST", event["UID"], 1)
    assert "You are on the waiting list" in words(on.inbox.to(LEA)[-1])
    listed = await on.desk.get(here)
    assert "Is coming" in listed.text and "Waits for a place" in listed.text
    guest = await on.guest(mina, await only(on))
    await listed.submit(f"{here}/answers", declines=str(guest.id))  # on the telephone
    await on.drain()
    assert on.inbox.to(LEA)[-1]["Subject"] == "There is a place for you: Getting started"
    await held(on, stage, here, mina, lea, mona)


async def held(on, stage, here, mina, lea, mona):
    on.hand.move_to("2026-12-08T16:00:00Z")
    on.desk = await making.signed_in(stage.database, on.browse, stage.made, stage.by)
    await on.drain()
    page = await on.desk.get(here)
    assert "Save who was there" in page.text
    ids = {who: str((await on.guest(who, await only(on))).id) for who in (mina, lea)}
    saved = await page.submit(f"{here}/attendance", came=[ids[lea]])
    assert "One person was there" in saved.text
    found = await on.desk.get(f"{here}?q=Mona")
    added = await found.submit(f"{here}/guests", participation=str(mona.id))
    assert "It is noted that she was there" in added.text
    await wait(on)
    mail = on.inbox.to(LEA)[-1]
    assert mail["Subject"] == "How was it? Getting started" and "without your name" in words(mail)
    browser = on.browse(stage.made.host)
    form = await browser.get(link(mail, "/workshop-opinion/"))
    must_be_light(form)
    none = await form.submit(will_use="The cards")
    assert none.status == 422 and "This is needed" in none.text and "The cards" in none.html
    done = await form.submit(useful="5", will_use="The cards")
    assert "Your answers bear no name" in done.text
    assert (await form.submit(useful="1")).status == 410  # once
    results = await on.desk.get(here)
    assert "One person said how it was" in results.text and "The cards" not in results.text
    typed = await results.submit(f"{here}/opinions", role="mentee", useful="2", missing="Time")
    assert "2 people said how it was" in typed.text and "Time" not in typed.text.split("said how it was")[1]
    typed = await typed.submit(f"{here}/opinions", role="mentee", useful="4")
    told = typed.text.split("3 people said how it was")[1]
    assert "The cards" in told and "Time" in told and "Lea" not in told
    assert "How was it? Getting started" in (await on.desk.get(f"{here}/form")).text
    assert "Was at a workshop" in (await on.desk.get(f"/c/people/{lea.person_id}")).text
    assert "One workshop took place" in (await on.desk.get("/c/figures?until=2026-12-31")).text  # K72


async def only(on):
    async with on.session() as session:
        return (await session.execute(select(Workshop))).scalar_one()


async def test_somebody_is_invited_by_name_beside_those_of_a_status(on, stage):
    # K70, K71: an experienced pair tells its story to new mentees
    mona = await stage.joins("mentor", name="Mona Mentor", email=MINA)
    lea = await stage.joins(name="Lea Two")
    monica = await stage.joins(name="Monica Left")
    async with stage.session(monica.actor) as session:
        await leaving.leave(session, monica.actor, monica.id)
    one = await on.planned(places=None)
    here = f"/c/workshops/{one.id}"
    page = await on.desk.get(f"{here}/invite?by=name")
    assert "Whom would you like to invite?" in page.text and "Invite nobody" not in page.text
    page = await page.submit(f"{here}/invite", q="mon")
    assert "Mona Mentor Mentor" in page.text and "Monica" not in page.text  # who has left is offered no more
    chosen = await page.submit(f"{here}/invite", p=mona.id)
    assert "One person would be invited" in chosen.text and "The letter to Mona Mentor" in chosen.text
    page = await chosen.submit(f"{here}/invite", q="Lea")
    both = await page.submit(f"{here}/invite", p=[mona.id, lea.id])
    assert "2 people would be invited" in both.text
    assert await on.guest(mona, one) is None  # looking invites nobody
    sent = await both.submit(f"{here}/invitations")
    assert "2 people are invited" in sent.text
    assert (await both.submit(f"{here}/invitations")).text.count("Nobody is left to be invited") == 1
    again = await on.desk.get(f"{here}/invite?p={mona.id}&p={ids.new()}&p=moon")
    assert "Nobody would be invited" in again.text and "Is invited already 1" in again.text
    undone = await sent.submit("/c/workshops/undo")
    assert "2 invitations are taken back" in undone.text and await on.guest(mona, one) is None
    await chosen.submit(f"{here}/invitations")
    await wait(on)
    assert on.inbox.to(MINA)[-1]["Subject"] == "An invitation: Getting started"
    assert (await on.state(mona, one), await on.state(lea, one)) == ("asked", None)
    elsewhere = replace(stage.by, offices=frozenset({ids.new()}))
    async with stage.session() as session:
        look = await inviting.look(session, elsewhere, one, Whom(people=[lea.id]))
        assert (look.number, look.staying) == (0, {})  # of whoever is beyond her offices nothing is said


async def test_all_who_answered_alike_are_noted_as_there_and_taken_back(on, stage):
    # K71: more guests than a page shows, in two steps, for ten minutes
    people = [
        await stage.joins(name=f"Guest {number}", email=MINA if not number else None) for number in range(4)
    ]
    one = await on.planned(places=None)
    await on.invite(one)
    for who in people[:3]:
        await on.answer(who, one)
    here = f"/c/workshops/{one.id}"
    early = await on.desk.get(f"{here}/attendance?standing=coming")
    assert early.path == here and "has not taken place yet" in early.text
    on.hand.move_to(one.starts_at + timedelta(minutes=1))
    on.desk = await making.signed_in(stage.database, on.browse, stage.made, stage.by)
    page = await on.desk.get(here)
    assert "All 3 with a place were there" in page.text
    only = await on.desk.get(f"{here}?standing=asked")
    assert "Guest 3" in only.text and "Guest 0" not in only.text
    await only.submit(f"{here}/attendance", came=[])  # a wrong tick is not made
    look = await on.desk.get(f"{here}/attendance?standing=coming")
    assert "3 people would be noted as there" in look.text and "Guest 3" not in look.text
    assert [(await on.guest(who, one)).came for who in people] == [None, None, None, False]
    done = await look.submit(f"{here}/attendance/all")
    assert "3 more people were there" in done.text
    assert "This was done already" in (await look.submit(f"{here}/attendance/all")).text  # a doubled click
    assert [(await on.guest(who, one)).came for who in people] == [True, True, True, False]
    undone = await done.submit("/c/many/")
    assert "3 things are taken back" in undone.text and undone.path == here
    assert [(await on.guest(who, one)).came for who in people] == [None, None, None, False]

    again = await (await on.desk.get(f"{here}/attendance")).submit(f"{here}/attendance/all")
    on.hand.shift(timedelta(minutes=2))
    await again.submit(f"{here}/attendance", came=[])  # one page of ticks away, and set anew
    guests = [str((await on.guest(who, one)).id) for who in people]
    await again.submit(f"{here}/attendance", came=guests[:1])
    await wait(on)
    asked = [mail for mail in on.inbox.to(MINA) if mail["Subject"].startswith("How was")]
    assert len(asked) == 1  # the letter that was taken back did not go, and she is asked all the same
    own = await signed_in(stage, on.browse, people[0])
    await (await own.get(f"/me/workshop/{one.id}/opinion")).submit(useful="5")
    late = await again.submit("/c/many/")
    assert "ten minutes" in late.text and (await on.guest(people[0], one)).came is True


async def test_what_leads_a_workshop_and_the_handbook_can_be_printed(on, stage):
    # K70, K71, K73
    await planned(on, audience="everybody")
    workshop = await only(on)
    here = f"/c/workshops/{workshop.id}/material"
    page = await on.desk.get(here)
    for module in ("1. Intercultural encounters", "2. Dilemmas and solutions", "3. Tools", "4. About the network",
                   "1. Dreams and visions", "2. Roles", "3. The network"):  # fmt: skip
        assert module in page.text, module
    for said in ("My dream is", "In groups of three or four", "at least two of the six cases", "15 minutes", "sets the agenda",
                 "Seven questions to an experienced pair", "The network today", "Offices"):  # fmt: skip
        assert said in page.text, said
    for spoken in ("fr", "ar"):
        other = await on.desk.get(f"{here}?in={spoken}")
        assert f'lang="{spoken}"' in other.html and "Dreams" not in other.text
        assert ("١٠ د" in other.text) is (spoken == "ar")  # numbers as the text is written, whoever reads it
        assert (await on.desk.get(f"{here}.pdf?in={spoken}")).response.content.startswith(b"%PDF")
    her = await signed_in(stage, on.browse, await stage.joins(name="Mina One"))
    book = await her.get("/me/handbook")
    must_be_light(book)
    assert "What mentoring is not" in book.text and len(book.text.split()) > 900
