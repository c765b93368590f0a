"""Newsletters: written, looked at, sent once to those who want news, ended by one click, and shown on a page."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from infra import clock, ids
from infra.crypto.links import LinkSigner
from infra.errors import Invalid
from infra.mail import build
from infra.mail.messages import LIMIT
from tenants.actor import Actor
from tenants.newsletters import actions, queries, rules, sending
from tenants.newsletters.rules import Section, Words
from tenants.notifications import framing
from tenants.notifications.letters import Desk, Part, Text
from tenants.notifications.models import Letter
from tenants.notifications.writing import Written
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import agreeing, leaving
from tenants.registration.consents import Purpose
from tenants.reports import outbox
from tests import making
from tests.pairing import MONDAY
from tests.web.pages.support_visits import csrf_of
from tests.web.pages.test_opportunities_api import keyed

TEXT = {
    "subject": "News of our network", "heading_0": "A day in Mostar", "text_0": "Forty of us met.\nIt was a good day.",
    "url_0": "https://network.example.org/mostar", "heading_1": "What comes", "text_1": "A course in law.",
}  # fmt: skip


async def wants(stage, actor: Actor, language: str = "en") -> None:
    async with stage.session(actor) as session:
        her = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
        her.language = language
        await agreeing.give(session, actor, her.id, Purpose.NEWS)


async def test_an_issue_goes_once_to_those_who_want_it(stage, browse, inbox, monkeypatch):  # K74
    with time_machine.travel(MONDAY, tick=False) as moment:
        ana, french, _none, gone = [
            await stage.joins(name=name) for name in ("Ana Ilić", "Fatou Diop", "No News", "Gone Away")
        ]
        for one, language in ((ana, "en"), (french, "fr"), (gone, "en")):
            await wants(stage, one.actor, language)
        await stage.drain()
        inbox.mails.clear()
        desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        form = await desk.get("/c/newsletters/new")
        for wrong in ({"subject": ""}, {"text_0": "x" * 2_001}, {"heading_0": ""}, {"url_0": "http://x.org"}):
            assert (await form.submit("/c/newsletters", **(TEXT | wrong))).status == 422
        assert (await form.submit("/c/newsletters", **TEXT, programmes=None)).status == 422
        page = await form.submit("/c/newsletters", **(TEXT | {"text_1": "word " * 160}), is_public="yes")
        address = page.path
        twice = await form.submit("/c/newsletters", **TEXT)
        assert twice.path.partition("?")[0] == address.partition("?")[0]
        assert "This section has 160 words." in page.text
        assert "Send it to 3 people" in page.text
        old = await desk.get(f"{address}/edit")
        page = await old.submit(address, **TEXT)
        late = await old.submit(address, **(TEXT | {"subject": "Another"}))
        assert late.status == 409 and "Somebody has changed this newsletter" in late.text
        translated = {**TEXT, "subject": "Nouvelles du réseau", "heading_0": "Une journée à Mostar"}
        page = await (await desk.get(f"{address}/edit?in=fr")).submit(address, **translated)
        assert "Nouvelles du réseau" in page.text

        page = await desk.get(address)
        page = await page.submit(f"{address}/send")
        assert "It goes in ten minutes." in page.text
        page = await page.submit(f"{address}/undo")
        assert "It is a draft again" in page.text
        news = f"/r/{stage.launched.programme.slug}/news"
        visitor = browse(stage.made.host)
        assert "There is no news yet" in (await visitor.get(news)).text
        page = await (await desk.get(address)).submit(f"{address}/send")
        moment.move_to(clock.now() + timedelta(minutes=5))
        async with stage.session(gone.actor) as session:  # in the middle
            await leaving.leave(session, gone.actor, gone.id)
        moment.move_to(clock.now() + timedelta(minutes=6))
        monkeypatch.setattr(sending, "AT_ONCE", 1)
        async with stage.session() as session:  # a worker that is killed after the first batch
            await sending.write_some(session, stage.made.house, UUID(address.rpartition("/")[2]), None)
        for _ in range(2):
            await stage.drain()
        assert len([mail for mail in inbox.mails if mail["List-Unsubscribe"]]) == 2
        sent = {
            mail["To"].addresses[0].display_name: mail for mail in inbox.mails if mail["List-Unsubscribe"]
        }
        assert {name: mail["Subject"] for name, mail in sent.items()} == {
            "Ana Ilić": "News of our network", "Fatou Diop": "Nouvelles du réseau",
        }  # fmt: skip
        told = sent["Ana Ilić"].get_body(("plain",)).get_content()
        assert "A DAY IN MOSTAR" in told and "https://network.example.org/mostar" in told
        assert sent["Ana Ilić"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "2 letters were written." in (await desk.get(address)).text
        async with stage.session() as session:
            query = select(Letter.id).where(Letter.kind == "newsletter.issue", Letter.language == "en")
            letter = (await session.execute(query)).scalars().one()
        assert "Forty of us met." in (await desk.get(f"/c/outbox/{letter}")).text
        again = await desk.post(f"{address}/undo", [("csrf", page.form().fields[0].value)])
        assert "can no longer be taken back" in again.text

        page = await visitor.get(news)
        assert "News of our network" in page.text and "A day in Mostar · What comes" in page.text
        assert len(page.html.encode()) < 60_000 and "<script" not in page.html
        await (await desk.get("/c/newsletters")).submit(
            "/c/newsletters/press", press="Hana Helper, +387 33 555 014"
        )
        page = await visitor.get(f"{news}/{address.rpartition('/')[2]}?lang=fr")
        assert "Une journée à Mostar" in page.text and "Hana Helper, +387 33 555 014" in page.text
        assert "Ana Ilić" not in page.text
        await (await desk.get(address)).submit(f"{address}/shown")
        assert (await visitor.get(f"{news}/{address.rpartition('/')[2]}")).status == 404

        visitor = browse(stage.made.host)
        link = sent["Ana Ilić"]["List-Unsubscribe"].strip("<>").partition(stage.made.host)[2]
        assert "Get no more of these letters?" in (await visitor.get(link)).text
        for _ in range(2):
            ended = await visitor.client.post(link, data={"List-Unsubscribe": "One-Click"})
            assert ended.status_code == 200
        page = await (await desk.get("/c/newsletters/new")).submit("/c/newsletters", **TEXT)
        assert "Nobody would get it now." in page.text  # Ana has said no, and Fatou had one this month
        assert "One more person wants news" in page.text
        moment.move_to(clock.now() + timedelta(days=27))
        soon = await making.signed_in(stage.database, browse, stage.made, stage.by)
        assert "Nobody would get it now." in (await soon.get(page.path)).text
        moment.move_to(clock.now() + timedelta(days=2))
        later = await making.signed_in(stage.database, browse, stage.made, stage.by)
        assert "Send it to one person" in (await later.get(page.path)).text


@pytest.mark.parametrize("script", ["word here ", "كلمة هنا "])
@pytest.mark.parametrize("number", [1, 4, 8])
@pytest.mark.parametrize("link", ["", "https://network.example.org/" + "a" * 150])
def test_the_longest_issue_that_is_taken_fits_a_letter(script, number, link):  # K74
    """As many characters in each section as the rules take, built as the letter that goes."""

    def words(size: int) -> Words:
        sections = [
            Section((script * 9)[:40].strip(), (script * 300)[:size].strip(), link) for _ in range(number)
        ]
        return Words((script * 12)[: rules.MAX_SUBJECT].strip(), tuple(sections))

    def is_taken(size: int) -> bool:
        try:
            return rules.tidied(words(size)) is not None
        except Invalid:
            return False

    most = max((size for size in range(10, 2_001, 50) if is_taken(size)), default=0)
    assert most or (number == 8 and link)  # so many links leave no room for words
    if most:
        assert _bytes(words(most), "ar" if script.startswith("ك") else "en") < LIMIT


def _bytes(found: Words, language: str) -> int:
    desk = Desk(
        ids.new(),
        "Women’s network of the valley",
        184,
        "https://network.example.org",
        "UTC",
        LinkSigner(b"k" * 32),
    )
    parts = [Part(one.heading, one.text, one.url, "More") for one in found.sections]
    text = Text(found.subject, found.subject, [], parts=parts, language=language)
    outbox.kinds()
    written = Written(ids.new(), "k", queries.KIND, "ana@example.org", "Ana Ilić", language, text, desk)
    sender = "Mentorweave <no-reply@example.org>"
    return len(build(framing.message(written, sender), sender=sender).as_bytes())


async def test_through_the_api(stage, app):  # K74
    with time_machine.travel(MONDAY, tick=False) as moment:
        ana = await stage.joins(name="Ana Ilić")
        await wants(stage, ana.actor)
        desk = await keyed(stage, app, stage.by, "newsletters.send", "programme.read")
        hers = await keyed(stage, app, ana.actor, "own.case")
        async with desk, hers:
            text = {"subject": "News", "sections": [{"heading": "A day", "text": "It was good."}]}
            body = {"texts": {"en": text}, "programme_ids": [str(stage.launched.programme.id)]}
            made = (await desk.post("/newsletters", json=body)).json()
            path = f"/newsletters/{made['id']}"
            assert (await desk.post("/newsletters", json={**body, "texts": {"xx": text}})).status_code == 422
            assert (await desk.post("/newsletters", json={**body, "texts": {}})).status_code == 422
            assert (await desk.get(f"{path}/audience")).json() == {
                "number": 1, "languages": {"en": 1}, "lately": 0,
            }  # fmt: skip
            late = await desk.put(path, json={**body, "version": 3})
            assert (late.status_code, late.json()["code"]) == (409, "newsletter_changed")
            assert (await desk.put(path, json={**body, "version": 1})).json()["version"] == 2
            blind = await desk.post(f"{path}/send", json={"version": 1})
            assert (blind.status_code, blind.json()["code"]) == (409, "newsletter_changed")
            held = [(await desk.post(f"{path}/send", json={"version": 2})).json() for _ in range(2)]
            assert held[0] == held[1] and held[0]["state"] == "held"
            assert (await desk.delete(path)).json()["code"] == "newsletter_sent"
            assert (await desk.post(f"{path}/undo")).json()["state"] == "draft"
            assert (await desk.post(f"{path}/undo")).json()["code"] == "newsletter_not_held"
            assert (await desk.put(f"{path}/shown", json={"is_public": True})).json()["is_public"]
            assert (await desk.post(f"{path}/send", json={"version": 5})).status_code == 200
            moment.move_to(clock.now() + timedelta(minutes=11))
            await stage.drain()
            found = (await desk.get(path)).json()
            assert (found["state"], found["readers"]) == ("sent", 1)
            again = (await desk.post("/newsletters", json=body)).json()
            nobody = await desk.post(f"/newsletters/{again['id']}/send", json={"version": 1})
            assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_wants_news")
            assert (await desk.delete(f"/newsletters/{again['id']}")).status_code == 204
            assert [one["id"] for one in (await desk.get("/newsletters")).json()] == [made["id"]]
            press = f"/programmes/{stage.launched.programme.id}/press"
            assert (await desk.put(press, json={"press": " Hana  Helper "})).json() == {
                "press": "Hana Helper"
            }
            assert (await hers.get("/newsletters")).status_code == 403
        async with stage.session() as session:
            kinds = await session.scalars(select(Letter.kind).where(Letter.person_id == ana.person_id))
            assert list(kinds).count("newsletter.issue") == 1


async def test_whom_the_press_may_ask_is_said_by_the_whole_organisation(stage, browse, app):
    async with stage.session() as session:
        office = await organisations.open_office(
            session, stage.made.house, name="Aarhus", region="", time_zone="UTC"
        )
        await actions.set_press(session, stage.made.coordinator, stage.launched.programme.id, "Hana Helper")
    her = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=office.id)
    desk = await making.signed_in(stage.database, browse, stage.made, her)
    page = await desk.get("/c/newsletters")
    assert "Whom the press may ask: Hana Helper" in page.text and 'name="press"' not in page.html
    path = f"press/{stage.launched.programme.id}"
    told = await desk.post(f"/c/newsletters/{path}", [("csrf", csrf_of(page)), ("press", "Somebody Else")])
    assert "All offices share this." in told.text and "Somebody Else" not in told.text
    async with await keyed(stage, app, her, "newsletters.send", "programme.read") as caller:
        refused = await caller.put(
            f"/programmes/{stage.launched.programme.id}/press", json={"press": "Somebody Else"}
        )
    assert (refused.status_code, refused.json()["code"]) == (403, "for_whole_organisation")
