"""The board of opportunities: posted, proposed, acted on, passed on, and told of once a week."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from sqlalchemy import select, update

from infra.errors import NotFound
from tenants.opportunities import actions, interests, queries, rules, seeing
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.registration import leaving
from tenants.registration.models import Participation
from tests import making
from tests.pairing import MONDAY

COURSE = {
    "kind": "training", "title": "A course in bookkeeping", "words": "Four evenings.\nFree of charge.", "language": "en",
    "last_on": "2026-12-18", "place": "Mostar", "contact": "Hana Helper",
    "url": "https://www.courses.example.org/books?utm_source=x&seat=2",
}  # fmt: skip


def content(**facts):
    known = {**COURSE, **facts}
    return actions.Content(**(known | {"last_on": date.fromisoformat(known["last_on"])}))


@pytest.fixture
def monday():
    with time_machine.travel(MONDAY, tick=False) as moment:
        yield moment


@pytest.fixture
async def two(stage, monday):
    """A running pair."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    await stage.pair(mentor, mentee)
    return mentor, mentee


async def mails(stage, inbox, whose) -> list[str]:
    await stage.drain()
    async with stage.session() as session:
        email = await session.scalar(select(Person.email).where(Person.id == whose.person_id))
    return [mail["Subject"] for mail in inbox.to(email)]


async def test_a_proposal_is_published_acted_on_and_passed_on(stage, browse, inbox, two):  # K84 U25
    mentor, mentee = two
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    his = await making.signed_in(stage.database, browse, stage.made, mentor.actor)
    await stage.drain()
    inbox.mails.clear()

    form = await hers.get("/me/opportunities/new")
    for wrong, words in (
        ({"url": "http://courses.example.org"}, "begins with https"),
        ({"url": "https://bank.example@evil.example.org/x"}, "begins with https"),
        ({"last_on": "2026-11-22"}, "not over yet"),
        ({"last_on": "2028-11-22"}, "within the next year"),
        ({"title": " "}, "needed"),
        ({"place": ""}, "needed"),
    ):
        page = await form.submit("/me/opportunities", **(COURSE | wrong))
        assert page.status == 422 and words in page.text, (wrong, page.text)
    page = await form.submit("/me/opportunities", **COURSE)
    assert "A coordinator has not looked at it yet." in page.text
    address = page.path
    twice = await form.submit("/me/opportunities", **COURSE)  # the same form, clicked twice
    assert twice.path == address
    assert (await his.get(address)).status == 404
    assert any(kind == "opportunity.proposed" for kind, _day in await stage.tasks())

    page = await desk.get("/c/opportunities?show=proposed")
    assert "One proposal waits for your answer" in page.text and "from somebody who takes part" in page.text
    one = address.rpartition("/")[2]
    page = await (await desk.get(f"/c/opportunities/{one}")).submit(f"/c/opportunities/{one}/publish")
    assert "It is published" in page.text
    late = await desk.post(
        f"/c/opportunities/{one}/decline", [("words", "x"), ("csrf", page.form().fields[0].value)]
    )
    assert "Somebody has decided" in late.text
    assert not any(kind == "opportunity.proposed" for kind, _day in await stage.tasks())
    assert await mails(stage, inbox, mentee) == ["Others can act on what you proposed"]

    page = await his.get("/me/opportunities")
    assert (
        "A course in bookkeeping" in page.text
        and len(page.html.encode()) < 60_000
        and "<script" not in page.html
    )
    assert "A course in bookkeeping" not in (await his.get("/me/opportunities?kind=job")).text
    page = await his.get(address)
    assert "More at courses.example.org" in page.text.replace("\u2068", "").replace("\u2069", "")
    assert "utm_source" not in page.html and "books?seat=2" in page.html
    assert "Wanjiru Kamau then see your name" in page.text.replace("\u2068", "").replace("\u2069", "")
    for _ in range(2):
        page = await (await his.get(address)).browser.post(
            f"{address}/interested", [("csrf", page.form().fields[0].value)]
        )
    assert "You have said that you are interested." in page.text
    assert "Njeri Mwangi" in (await hers.get(address)).text  # who posted it was told of beforehand
    page = await desk.get(f"/c/opportunities/{one}")
    assert page.text.count("Njeri Mwangi") == 1
    page = await (await his.get(address)).submit(f"{address}/take-back")
    assert "Njeri Mwangi" not in (await desk.get(f"/c/opportunities/{one}")).text

    page = await (await his.get(address)).submit(f"{address}/pass-on")
    assert "You have passed it on" in page.text
    assert (await mails(stage, inbox, mentee))[-1].replace("\u2068", "").replace(
        "\u2069", ""
    ) == "Njeri Mwangi thinks of you"
    page = await (await hers.get(address)).submit(f"{address}/withdraw")
    assert "It is withdrawn" in page.text and (await his.get(address)).status == 404


async def test_declining_needs_words_and_posting_reaches_the_chosen_programmes(
    stage, browse, inbox, two
):  # K84
    _mentor, mentee = two
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    async with stage.session(mentee.actor) as session:
        one = (await actions.propose(session, mentee.actor, content())).id
        tried = await session.begin_nested()
        for _more in range(9):
            await actions.propose(session, mentee.actor, content())
        with pytest.raises(rules.TooManyProposed):  # ten wait for a decision
            await actions.propose(session, mentee.actor, content())
        await tried.rollback()
    await stage.drain()
    inbox.mails.clear()
    page = await desk.get(f"/c/opportunities/{one}")
    assert (await page.submit(f"/c/opportunities/{one}/decline", words=" ")).status == 422
    page = await page.submit(f"/c/opportunities/{one}/decline", words="We had the same course last week.")
    assert "It is declined" in page.text
    assert await mails(stage, inbox, mentee) == ["About what you proposed"]
    assert "We had the same course last week." in inbox.mails[-1].get_body(("plain",)).get_content()

    other = await making.programme(stage.database, stage.made, slug="another")
    form = await desk.get("/c/opportunities/new")
    assert (await form.submit("/c/opportunities", **COURSE)).status == 422  # for which programmes is not said
    page = await form.submit("/c/opportunities", **COURSE, programmes=str(other.programme.id))
    address = page.path
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    assert (await hers.get(address.replace("/c/", "/me/"))).status == 404
    edit = await desk.get(f"{address}/edit")
    both = [str(other.programme.id), str(stage.launched.programme.id)]
    page = await edit.submit(address, programmes=both, title="A course in law")
    assert "A course in law" in page.text
    page = await edit.submit(address, programmes=both, title="A course in art")  # an older form
    assert page.status == 409 and "Somebody has changed this" in page.text and "A course in art" in page.html
    assert (await hers.get(address.replace("/c/", "/me/"))).status == 200
    page = await (await desk.get(address)).submit(f"{address}/close")
    assert "It is closed" in page.text
    late = await hers.get(
        address.replace("/c/", "/me/")
    )  # by a letter of last week: said in words, and not shown
    assert "not open any more" in late.text and "A course in art" not in late.text


async def test_a_coordinator_of_an_office_sees_her_own_people(stage, monday):  # K84
    near, far = await stage.joins(name="Near Her"), await stage.joins(name="Far Away")
    async with stage.session() as session:
        offices = [
            Office(organisation_id=stage.made.id, name=name, time_zone="UTC") for name in ("Mostar", "Tuzla")
        ]
        session.add_all(offices)
        await session.flush()
        for one, office in ((near, offices[0]), (far, offices[1])):
            await session.execute(
                update(Participation).where(Participation.id == one.id).values(office_id=office.id)
            )
    hana = replace(stage.by, offices=frozenset({offices[0].id}))
    async with stage.session(stage.by) as session:
        board = await actions.post(session, stage.by, content(), programme_ids=[stage.launched.programme.id])
    proposed = {}
    for one in (near, far):
        async with stage.session(one.actor) as session:
            await interests.say(session, one.actor, board.id)
            proposed[one] = (await actions.propose(session, one.actor, content())).id
    async with stage.session(hana) as session:
        assert [one.full_name for one in await queries.interested(session, hana, board.id)] == ["Near Her"]
        assert {one.id: one.interested for one in await queries.listed(session, hana)} == {
            board.id: 1, proposed[near]: 0,
        }  # fmt: skip
        with pytest.raises(NotFound):
            await queries.access(session, hana, proposed[far])
    async with stage.session(near.actor) as session:  # who leaves is seen no more, and sees nothing
        await leaving.leave(session, near.actor, near.id)
    async with stage.session(stage.by) as session:
        assert [one.full_name for one in await queries.interested(session, stage.by, board.id)] == [
            "Far Away"
        ]
    async with stage.session(near.actor) as session:
        assert await seeing.seen(session, near.actor) == []
        with pytest.raises(NotFound):
            await interests.say(session, near.actor, board.id)
