"""The board of opportunities: posted, proposed, acted on, passed on, and told of once a week."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from httpx import URL
from sqlalchemy import select, update

from infra import clock
from infra.db.batches import within
from infra.errors import NotFound
from tenants.actor import person
from tenants.opportunities import actions, interests, queries, seeing, weekly
from tenants.organisations.models import Office
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.registration import leaving
from tenants.registration.models import Participation
from tests import making
from tests.api.test_me_api import client
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


async def keyed(stage, app, actor, *permissions):
    """Her client of the API: a token is given to whoever may make some."""
    async with stage.session() as session:
        session.add(RoleGrant(organisation_id=stage.made.id, person_id=actor.person_id, role=Role.IT_CONTACT))
    roles = actor.roles | {Role.IT_CONTACT}
    return await client(stage.database, app, person(stage.made.id, actor.person_id, roles), *permissions)


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


async def test_through_the_api(stage, app, two):  # K84
    mentor, mentee = two
    programme = str(stage.launched.programme.id)
    desk = await keyed(stage, app, stage.by, "opportunities.keep", "programme.read", "own.case")
    hers = await keyed(stage, app, mentee.actor, "own.case")
    his = await keyed(stage, app, mentor.actor, "own.case")
    async with desk, hers, his:
        body = {**COURSE, "programme_ids": [programme]}
        made = (await desk.post("/opportunities", json=body)).json()["opportunity"]
        assert (made["state"], made["url"]) == ("open", "https://www.courses.example.org/books?seat=2")
        second = (
            await desk.post("/opportunities", json={**body, "last_on": "2026-12-01", "kind": "job"})
        ).json()
        board = await hers.get("/me/opportunities", params={"limit": 1})
        assert [one["id"] for one in board.json()] == [second["opportunity"]["id"]] and "next" in board.links
        rest = await hers.get("/me/opportunities", params=URL(board.links["next"]["url"]).params)
        assert [one["id"] for one in rest.json()] == [made["id"]]
        path = f"/me/opportunities/{made['id']}"
        assert (await hers.put(f"{path}/interest")).json()["is_interested"]
        [who] = (await desk.get(f"/opportunities/{made['id']}")).json()["interested"]
        assert who["full_name"] == "Wanjiru Kamau"
        assert (await hers.delete(f"{path}/interest")).status_code == 204
        body = {"person_id": str(mentor.person_id)}
        assert (await hers.post(f"{path}/pass-on", json=body)).json()["partners"] == {body["person_id"]: True}
        again = await hers.post(f"{path}/pass-on", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "passed_on_before")
        stranger = await stage.joins(name="Stranger")
        unknown = await hers.post(f"{path}/pass-on", json={"person_id": str(stranger.person_id)})
        assert unknown.status_code == 404
        mine = (await hers.post("/me/opportunities", json=COURSE)).json()["opportunity"]
        assert (mine["state"], mine["programme_ids"]) == ("proposed", [programme])
        assert (await his.get(f"/me/opportunities/{mine['id']}")).status_code == 404
        assert (await his.get(f"/me/opportunities/{mine['id']}/interested")).status_code == 404
        assert (await desk.post(f"/opportunities/{mine['id']}/publish")).status_code == 200
        assert (await his.put(f"/me/opportunities/{mine['id']}/interest")).status_code == 200
        assert (await hers.get(f"/me/opportunities/{mine['id']}/interested")).json() == ["Njeri Mwangi"]
        changed = await desk.put(
            f"/opportunities/{mine['id']}", json={**COURSE, "programme_ids": [programme], "version": 7}
        )
        assert (changed.status_code, changed.json()["code"]) == (409, "opportunity_changed")
        listed = (await desk.get("/opportunities", params={"state": "open"})).json()
        assert sorted(one["interested"] for one in listed) == [0, 0, 1]
        assert (await hers.post("/opportunities", json=COURSE)).status_code == 403
        assert (await hers.post(f"/me/opportunities/{mine['id']}/withdraw")).json()["opportunity"][
            "state"
        ] == "withdrawn"


async def test_the_sweep_closes_and_the_weekly_letter_comes_to_who_asked(
    stage, browse, inbox, two, monday
):  # K84
    _mentor, mentee = two
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    page = await hers.get("/me/settings")
    page = await page.submit("/me/settings/letters", letter=["proposal.remind", weekly.KIND])
    async with stage.session(stage.by) as session:
        ids = [
            (await actions.post(session, stage.by, content(title=title, last_on=day), programme_ids=[stage.launched.programme.id])).id
            for title, day in (("Until Tuesday", "2026-11-24"), ("A course in law", "2026-12-18"))
        ]  # fmt: skip
    await stage.drain()
    inbox.mails.clear()
    house = stage.made.house

    async def sweep():
        async with stage.session() as session:
            await actions.close_over(session, house)
            await weekly.promise(within(session), house)
        await stage.drain()

    await sweep()
    assert inbox.mails == []  # of this week: told next Monday
    monday.move_to(clock.now() + timedelta(days=7))
    for _ in range(2):
        await sweep()
    [mail] = inbox.mails
    assert (
        mail["Subject"] == "One new opportunity"
        and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    told = mail.get_body(("plain",)).get_content()
    assert "A course in law" in told and "Until Tuesday" not in told
    async with stage.session(stage.by) as session:
        assert (await queries.access(session, stage.by, ids[0])).state == "closed"

    link = mail["List-Unsubscribe"].strip("<>").partition(stage.made.host)[2]
    visitor = browse(stage.made.host)
    for _ in range(2):
        page = await visitor.get(link)  # a program that checks letters
    assert "New opportunities, at most once a week" in page.text
    clicked = await visitor.client.post(
        link, data={"List-Unsubscribe": "One-Click"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert clicked.status_code == 200 and "You get no more of these letters" in clicked.text
    assert (await visitor.get(link[:-3] + "AAA")).status == 410
    async with stage.session(stage.by) as session:
        await actions.post(
            session, stage.by, content(title="New"), programme_ids=[stage.launched.programme.id]
        )
    monday.move_to(clock.now() + timedelta(days=7))
    await sweep()
    assert len(inbox.mails) == 1
