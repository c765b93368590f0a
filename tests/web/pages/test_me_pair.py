"""A pair's page: meetings by both clocks, and its end."""

from datetime import timedelta

import time_machine
from sqlalchemy import update

from infra import clock
from tenants.people.models import Person
from tenants.registration.models import Participation
from tenants.relationships import meeting
from tests.web.pages.own_pages import must_be_light, signed_in

PHONE = "+45 70 12 34 56"


async def test_a_pair_arranges_a_meeting_by_both_clocks(stage, browse):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    async with stage.session() as session:
        for whose, zone in ((mentor, "Africa/Nairobi"), (mentee, "America/Bogota")):
            await session.execute(update(Person).where(Person.id == whose.person_id).values(time_zone=zone))
        asked = {"address": "Library street 7, Tuzla", "mobile": "+387 61 000 000", "motivation": "To share"}
        hers = update(Participation).where(Participation.id == mentor.id)
        await session.execute(hers.values(answers=asked))
    pair = await stage.pair(mentor, mentee)
    mine, hers = await signed_in(stage, browse, mentee), await signed_in(stage, browse, mentor)
    page = await mine.get(f"/me/pair/{pair.id}")
    assert "You and Njeri Mwangi : when do you meet next?" in page.text and PHONE in page.html
    # K30: what the programme asked for, and nothing else that she wrote
    assert "Library street 7, Tuzla" in page.text and "+387 61 000 000" in page.text
    assert "To share" not in page.text
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
        page = await page.submit("/me/meeting/", answer="met")
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
