"""The invitation to an interview: it follows the move, waits ten minutes, and says how a time is agreed (K09)."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.registration import actions
from tests import making
from tests.pairing import MONDAY
from tests.working import drain

HER = "wanjiru@example.org"


@pytest.fixture
def hand():
    with time_machine.travel(MONDAY, tick=False) as found:
        yield found


@pytest.fixture
async def her(hand, database, made, launched):
    return await making.participation(database, made, launched, email=HER)


@pytest.fixture
async def desk(hand, database, browse, made):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Person)
            .where(Person.id == made.coordinator.person_id)
            .values(email="cora@example.org", phone="+387 33 555 014")
        )
    return await making.signed_in(database, browse, made, made.coordinator)


async def states(database, made):
    async with database.tenant_session(made.house.context()) as session:
        found = await session.scalars(
            select(Letter.state).where(Letter.kind == actions.INVITATION).order_by(Letter.created_at)
        )
        return list(found)


def told(mail) -> str:
    return re.sub(r"\s+", " ", mail.get_body(("plain",)).get_content())


async def test_the_invitation_goes_after_ten_minutes(ground, database, inbox, made, hand, her, desk):  # K09
    page = await desk.get("/c/pipeline?role=mentee")
    await page.submit(f"/c/pipeline/{her.id}/move", to="AWAITING INTERVIEW")
    await drain(ground, made.id)
    assert "An invitation to a talk" in (await desk.get("/c/outbox")).text
    assert [mail["Subject"] for mail in inbox.to(HER)] == ["We have your registration"]

    hand.shift(timedelta(minutes=10, seconds=1))
    await drain(ground, made.id)

    mail = inbox.to(HER)[-1]
    assert mail["Subject"] == "An invitation to a talk"
    text = told(mail)
    assert "Dear Wanjiru Kamau" in text and "signing up as a mentee" in text
    assert "Please tell Cora Coordinator which days and hours suit you" in text
    assert "cora@example.org" in text and "+387 33 555 014" in text


async def test_who_is_moved_back_is_not_invited(ground, database, inbox, made, hand, her, desk):  # K09
    page = await (await desk.get("/c/pipeline?role=mentee")).submit(
        f"/c/pipeline/{her.id}/move", to="AWAITING INTERVIEW"
    )
    await page.submit("/c/pipeline/undo")
    assert await states(database, made) == ["withdrawn"]

    hand.shift(timedelta(seconds=1))
    page = await desk.get("/c/pipeline?role=mentee")
    await page.submit(f"/c/pipeline/{her.id}/move", to="AWAITING INTERVIEW")
    hand.shift(timedelta(minutes=11))
    await drain(ground, made.id)
    assert await states(database, made) == ["withdrawn", "sent"]
    assert [mail["Subject"] for mail in inbox.to(HER)].count("An invitation to a talk") == 1


async def test_it_names_the_time_that_is_set_and_stays_away_when_all_is_said(
    ground, database, inbox, made, launched, hand, her, desk
):  # K09
    page = await desk.get(f"/c/people/{her.person_id}")
    await desk.post(
        f"/c/pipeline/{her.id}/move",
        [("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1]), ("to", "AWAITING INTERVIEW")],
    )
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        at = her.status_at + timedelta(days=3)
        await actions.plan_interview(session, by, her.id, at=at)
    hand.shift(timedelta(minutes=11))
    await drain(ground, made.id)
    assert "Please tell Cora Coordinator whether this time suits you" in told(inbox.to(HER)[-1])
    assert "Thursday 26 November" in told(inbox.to(HER)[-1])

    other = await making.participation(database, made, launched, email="second@example.org")
    async with database.tenant_session(by.context()) as session:
        await actions.select_for_interview(session, by, other.id)
        await actions.leave(session, by, other.id)
    hand.shift(timedelta(minutes=11))
    await drain(ground, made.id)
    assert [mail["Subject"] for mail in inbox.to("second@example.org")] == ["We have your registration"]
