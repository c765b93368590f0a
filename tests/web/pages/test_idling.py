"""People with whom nothing happens: the owner decides how long, each is asked first, and one click keeps her."""

from datetime import timedelta

import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.outbox import enqueue
from tenants.identity import clearing as identity
from tenants.identity.models import Session
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.privacy.models import Erasure
from tenants.programmes.models import Cycle
from tenants.registration.models import Participation, Status
from tests import making
from tests.pairing import MONDAY
from tests.web.pages.own_pages import must_be_light, signed_in
from workers.sweeping import SweepOrganisation


async def _sweep(stage, turn):
    async with stage.session() as session:
        await enqueue(session, SweepOrganisation(), key=f"sweep:{turn}")
    await stage.drain()


async def _quiet_since(stage, moment, *, but):
    """As if all but some had been there long ago, in a cycle that is over."""
    async with stage.session() as session:
        await session.execute(update(Person).values(created_at=moment))
        await session.execute(update(Participation).values(status_at=moment))
        await session.execute(
            update(Participation).where(Participation.id == but.id).values(status_at=clock.now())
        )
        dates = ("opens_on", "closes_on", "matching_on", "launch_on", "ends_on")
        await session.execute(update(Cycle).values({date: moment.date() for date in dates}))


async def test_whoever_is_not_heard_of_is_asked_first_and_stays_with_one_click(stage, browse, inbox):
    with time_machine.travel(MONDAY, tick=True) as hand:
        await _has_read(stage, browse, hand)
        gone = await stage.joins(name="Asha Mohamed", email="asha@example.org")
        stays = await stage.joins(name="Marta Silva", email="marta@example.org")
        silent = await stage.joins(name="Lin Chen")
        lately = await stage.joins(name="Wanjiru Kamau")
        paired, partner = (
            await stage.joins("mentor", name="Njeri Mwangi"),
            await stage.joins(name="Zainab Ali"),
        )
        reads_news = await stage.joins(name="Ines Duarte")
        await stage.pair(paired, partner)
        await _quiet_since(stage, clock.now() - timedelta(days=800), but=lately)
        async with stage.session() as session:
            await session.execute(update(Person).where(Person.id == silent.person_id).values(email=None))
            await session.execute(
                update(Participation)
                .where(Participation.id == reads_news.id)
                .values(status=Status.NETWORK_PARTICIPANT)
            )
        desk = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
        await _sweep(stage, "before")
        assert (await _erasures(stage)) == {}  # nobody is let go unless the organisation says so

        page = await desk.get("/a/privacy")
        looked = await page.submit("/a/privacy/period", months="24", look="yes")
        assert "3 people would be asked now. Nothing is saved yet." in looked.text
        for wrong in ("3", "241", "many", "²4"):
            assert (await page.submit("/a/privacy/period", months=wrong)).status == 422
        page = await page.submit("/a/privacy/period", months="24")
        assert "From now on, people are asked in good time." in page.text
        await _sweep(stage, "first")
        await _sweep(stage, "again")
        asked = await _erasures(stage)
        assert set(asked) == {gone.person_id, stays.person_id, silent.person_id}  # and not the reader
        assert "You have not taken part for a long time" in _text(inbox.to("asha@example.org")[-1])
        async with stage.session() as session:
            task = (await session.execute(select(Task).where(Task.kind == "privacy.idle"))).scalar_one()
            assert task.about["participation_id"] == str(silent.id)

        hers = await signed_in(stage, browse, stays)
        page = await hers.get("/me/privacy")
        must_be_light(page)
        await page.submit("/me/privacy/keep")
        hand.shift(timedelta(days=36))
        await _sweep(stage, "reminder")
        assert "Would you like to stay?" in inbox.to("asha@example.org")[-1]["Subject"]
        assert len(inbox.to("asha@example.org")) == 2
        assert not [one for one in inbox.to("marta@example.org") if "stay?" in one["Subject"]]
        hand.shift(timedelta(days=10))
        await _sweep(stage, "end")
        await stage.drain()
        hand.shift(timedelta(hours=7))
        await stage.drain()
        done = await _erasures(stage)
        assert [done[one.person_id] for one in (gone, stays, silent)] == ["done", "cancelled", "done"]
        desk = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
        assert "Asha" not in (await desk.get("/c/people")).text
        page = await desk.get("/a/privacy")
        await page.submit("/a/privacy/period", months="")
        assert "until they ask for it" in (await desk.get("/a/privacy")).text


async def _has_read(stage, browse, hand):
    """Somebody who only signed in, so long ago that her session is gone."""
    reader = await stage.joins(name="Noor Karimi")
    await (await signed_in(stage, browse, reader)).get("/me/privacy")
    day = clock.now().date()
    hand.shift(timedelta(days=31))
    async with stage.session() as session:
        await identity.clear_expired(session, stage.made.house)
        assert await session.scalar(select(Session.id).where(Session.person_id == reader.person_id)) is None
        assert await session.scalar(select(Person.seen_on).where(Person.id == reader.person_id)) == day


async def test_a_guard_reads_the_period_and_does_not_set_it(stage, browse):
    guard = await making.somebody(stage.database, stage.made.id, Role.DATA_PROTECTION, name="Dina Haddad")
    desk = await making.signed_in(stage.database, browse, stage.made, guard)
    page = await desk.get("/a/privacy")
    assert "Nobody is let go by itself." in page.text
    assert 'action="/a/privacy/period"' not in page.html
    assert (await desk.post("/a/privacy/period", {"months": "24"})).status == 403


async def _erasures(stage):
    async with stage.session() as session:
        rows = await session.execute(select(Erasure.person_id, Erasure.state))
        return {row.person_id: row.state for row in rows}


def _text(mail):
    return mail.get_body(("plain",)).get_content()
