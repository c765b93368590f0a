"""Pages about meetings: moved, every month, refused in a gap; "did you meet?" and three questions from a letter; a case's rate."""

import re

import time_machine
from sqlalchemy import select, update

from infra.db.batches import within
from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.relationships import meeting, queries
from tenants.relationships.keeping import met, not_heard
from tests import making
from tests.pairing import MONDAY
from tests.web.pages.own_pages import must_be_light, signed_in


async def test_meetings_of_every_month_move_one_by_one(stage, browse):  # Beans #123
    with time_machine.travel(MONDAY, tick=True):
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        async with stage.session() as session:
            for whose, zone in ((mentor, "Africa/Nairobi"), (mentee, "Europe/Paris")):
                await session.execute(
                    update(Person).where(Person.id == whose.person_id).values(time_zone=zone)
                )
        pair = await stage.pair(mentor, mentee)
        mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
        page = await mine.get(f"/me/pair/{pair.id}/meeting")
        gap = await page.submit(day_1="2027-03-28", time_1="02:30")
        assert gap.status == 422 and "The clocks skip 2027-03-28T02:30" in gap.text
        assert "The next time that there is, is 2027-03-28T03:00" in gap.text
        twice = await page.submit(day_1="2027-10-31", time_1="02:30")
        assert "The clocks show this hour twice: the first is meant" in twice.text
        check = await page.submit(day_1="2026-12-08", time_1="14:00", monthly="yes")
        assert "Send these 12 monthly meetings to Njeri Mwangi ?" in check.text
        assert (
            "16:00 in Nairobi" in check.text and "15:00 in Nairobi" in check.text
        )  # winter and summer in Paris
        must_be_light(check)
        await check.submit()
        page = await hers.get(f"/me/pair/{pair.id}")
        assert "offers you one time" in page.text and "every month, 12 meetings" in page.text
        page = await page.submit("/me/meeting/")
        assert "10 later meetings" in page.text and "Your meeting is agreed." in page.text
        must_be_light(page)
        every = await hers.get(f"/me/pair/{pair.id}/meetings")
        assert "12 meetings are to come" in every.text and every.text.count("14:00 in Paris") == 12
        must_be_light(every)
        address = re.search(r'href="(/me/pair/[^"]+instead_of=[^"]+)"', page.html)[1]
        page = await hers.get(address)
        assert "Agreed now: " in page.text and "Write one time only" not in page.text
        must_be_light(page)
        check = await page.submit(f"/me/pair/{pair.id}/meeting", day_1="2026-12-09", time_1="10:00")
        assert "Your times are sent" in (await check.submit()).text
        page = await mine.get(f"/me/pair/{pair.id}")
        assert "instead of" in page.text
        page = await page.submit("/me/meeting/")
        ics = (await mine.client.get("/me/calendar.ics")).text
        assert ics.count("BEGIN:VEVENT") == 2 and "BYDAY=2TU" in ics and "COUNT=12" in ics
        assert "RECURRENCE-ID;TZID=Europe/Paris:20261208T140000" in ics
        page = await mine.get(f"/me/pair/{pair.id}/meeting?instead_of={pair.id}")
        assert page.status == 404
        page = await mine.get(f"/me/pair/{pair.id}/meetings")
        assert "Cancel all 12 monthly meetings" in page.text
        path = re.search(r'action="(/me/meeting/[^"]+/cancel-all)"', page.html)[1]
        assert "12 meetings are cancelled." in (await page.submit(path)).text
        assert "They are cancelled already." in (await page.submit(path)).text


async def test_did_you_meet_and_three_questions_without_signing_in(stage, browse, inbox):  # K38, U09
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        pair = await stage.pair(mentor, mentee)
        async with stage.session(mentor.actor) as session:
            [one] = await meeting.propose(
                session, mentor.actor, pair.id, wall_times=["2026-11-24T14:00"], zone="UTC", place="Library"
            )
        async with stage.session(mentee.actor) as session:
            await meeting.agree(session, mentee.actor, one.id)
        hand.move_to("2026-11-24T16:00:00Z")
        async with stage.session() as session:
            await met.ask_all(within(session), stage.made.house)
            address = await session.scalar(select(Person.email).where(Person.id == mentee.person_id))
        hand.move_to("2026-11-25T12:00:00Z")
        await stage.drain()
        browser = browse(stage.made.host)
        link = of_letter(inbox, address, "/met/")
        for _ in range(3):
            assert (await browser.head(link)).status == 200
            page = await browser.get(link)
        assert "Did you meet" in page.text and "Njeri Mwangi" in page.text and "Library" in page.text
        must_be_light(page)
        assert (await mine_of(stage, pair))[0] == "agreed"  # opening changes nothing
        assert (await page.submit(answer="perhaps")).status == 422
        page = await page.submit(answer="another_day")
        assert page.path == "/met/thanks" and (await mine_of(stage, pair))[0] == "missed"
        must_be_light(page)
        await (await browser.get(link)).submit(answer="met")
        assert (await mine_of(stage, pair))[0] == "held"
        assert (await browser.get("/me")).path.startswith("/sign-in")
        other = await making.organisation(stage.database)
        assert (await browse(other.host).get(link)).status == 410
        assert (
            (await browser.get(link[:-6])).status == (await browser.get("/heard/" + link[5:])).status == 410
        )

        desk = await signed_in(stage, browse, stage.by)
        page = await desk.get(f"/c/pairs/{pair.id}")
        assert (
            "1 of 1 meeting took place" in page.text
            and "Njeri Mwangi proposed 1 and cancelled 0" in page.text
        )
        page = await page.submit(f"/c/pairs/{pair.id}/not-heard")
        assert "The three questions are sent." in page.text and "You may ask again a week later." in page.text
        await stage.drain()
        mail = inbox.to(address)[-1].get_body(("plain",)).get_content()
        assert "Have you met a second time" in mail and "Will you go on?" in mail
        link = of_letter(inbox, address, "/heard/")
        page = await browser.get(link)
        must_be_light(page)
        assert (await page.submit()).status == 422
        page = await page.submit(
            agreement="yes", met_again="no", goes_on="unsure", words="I lost her number."
        )
        assert page.path == "/heard/thanks"
        must_be_light(page)
        again = await browser.get(link)
        assert "number" not in again.text  # nobody reads there what was said
        page = await desk.get(f"/c/pairs/{pair.id}")
        assert "is not sure whether to go on" in page.text and "I lost her number." in page.text
        async with stage.session() as session:
            kinds = (await session.execute(select(AuditEvent.event))).scalars().all()
        assert {"meeting.held", "meeting.missed", "not_heard.asked", "not_heard.answered"} <= set(kinds)
        # She has a page of her own for it, and no other has.
        mine = await signed_in(stage, browse, mentee)
        async with stage.session(mentee.actor) as session:
            [asked] = await not_heard.own_of(session, mentee.actor, pair.id)
        page = await mine.get(f"/me/heard/{asked.id}")
        assert "This is what you answered" in page.text and "I lost her number." in page.html
        must_be_light(page)
        assert (await (await signed_in(stage, browse, mentor)).get(f"/me/heard/{asked.id}")).status == 404
        noted = await (await mine.get(f"/me/pair/{pair.id}")).submit(f"/me/pair/{pair.id}/met")
        assert "You have met 2 times" in noted.text


async def test_a_programme_chooses_how_long_a_silence_may_last(stage, browse, database):  # K52
    manager = await making.somebody(database, stage.made.id, Role.PROGRAMME_MANAGER)
    browser = await signed_in(stage, browse, manager)
    programme = await browser.get(f"/a/programmes/{stage.launched.programme.id}")
    path = f"/a/programmes/{stage.launched.programme.id}/meetings"
    assert path in programme.html
    page = await browser.get(path)
    wrong = await page.submit(quiet_days="3", task_days="")
    assert wrong.status == 422
    page = await page.submit(quiet_days="60", task_days="10", not_heard_days="30")
    assert "Saved." in page.text and 'value="60"' in page.html
    desk = await signed_in(stage, browse, await stage.joins("mentor"))
    assert (await desk.get(path)).status == 403


def of_letter(inbox, address, path) -> str:
    mail = inbox.to(address)[-1].get_body(("plain",)).get_content()
    return re.search(rf"({path}[A-Za-z0-9_-]+)", mail.replace("=\n", ""))[1]


async def mine_of(stage, pair) -> list[str]:
    async with stage.session() as session:
        return [one.state for one in await queries.meetings(session, pair.id)]
