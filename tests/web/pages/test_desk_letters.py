"""The morning's digest, and letters that nobody takes back in their reader's place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.reports import digest
from tests import making
from tests.working import drain


async def mornings(database, made) -> list[tuple[datetime, str]]:
    async with database.tenant_session(made.house.context()) as session:
        query = select(Letter.due_at, Letter.state).where(Letter.kind == digest.KIND).order_by(Letter.due_at)
        return [(due, state) for due, state in await session.execute(query)]


async def sweep(database, made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await digest.promise(session, made.house)


async def ask(database, made, day: date, number: int, kind: str = "interview.hold") -> None:
    async with database.tenant_session(made.house.context()) as session:
        for each in range(number):
            await notifications.ask(session, made.house, kind, key=f"{kind}:{day}:{each}", due_on=day)


async def test_digest_comes_once_at_half_past_eight_by_her_own_clock(database, ground, made, inbox, browse):
    # interface.md, journey 2
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Person)
            .where(Person.id == made.coordinator.person_id)
            .values(language="fr", time_zone="Europe/Copenhagen")
        )
    monday = date(2027, 3, 29)  # the clocks went forward on the day before
    with time_machine.travel(datetime(2027, 3, 29, 5, 0, tzinfo=UTC), tick=False) as clock:
        await ask(database, made, monday, 21)
        await ask(database, made, monday - timedelta(days=4), 3, "evaluation.call")
        for _turn in range(2):  # the sweep runs twice within the hour, and again later
            await sweep(database, made)
        clock.shift(timedelta(hours=1))
        await sweep(database, made)
        at = datetime(2027, 3, 29, 8, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
        assert [due for due, _state in await mornings(database, made)] == [at]
        clock.move_to(at + timedelta(minutes=1))
        await drain(ground, made.id)
        [mail] = [one for one in inbox.mails if "24" in one["Subject"]]
        assert mail["Subject"] == "24 choses, dont 3 en retard"
        text = mail.get_body(("plain",)).get_content()
        assert "Entretiens" in text and "21" in text and "/c/today" in text
        clock.shift(timedelta(hours=9))
        await sweep(database, made)  # in the evening nobody is told of a morning
        assert len(await mornings(database, made)) == 1


async def test_a_quiet_day_and_a_switched_off_letter_send_nothing(database, ground, made, inbox, browse):
    with time_machine.travel(datetime(2027, 6, 1, 7, 0, tzinfo=UTC), tick=False) as clock:
        await sweep(database, made)
        clock.shift(timedelta(hours=2))
        await drain(ground, made.id)
        assert [state for _due, state in await mornings(database, made)] == ["withdrawn"] and not inbox.mails
    desk = await making.signed_in(database, browse, made, made.coordinator)
    page = await desk.get("/me/settings")
    assert "What needs you today, each morning" in page.text
    assert "Your settings are saved." in (await page.submit("/me/settings/letters", letter=[])).text
    with time_machine.travel(datetime(2027, 6, 2, 7, 0, tzinfo=UTC), tick=False):
        await ask(database, made, date(2027, 6, 2), 1)
        await sweep(database, made)
        assert len(await mornings(database, made)) == 1
    outbox = await desk.get("/c/outbox")
    assert "each morning" not in outbox.text


@pytest.mark.parametrize("kind", ["identity.address_changed", "identity.support_before"])
async def test_no_coordinator_takes_back_what_warns_its_reader(database, browse, made, kind):
    async with database.tenant_session(made.house.context()) as session:
        letter_id = await notifications.write(
            session, made.house, kind, key="warning", person_id=made.owner.person_id, window_id=made.id,
            due_at=datetime(2099, 1, 1, tzinfo=UTC),
        )  # fmt: skip
    desk = await making.signed_in(database, browse, made, made.coordinator)
    token = [(f.name, f.value) for f in (await desk.get("/c/today")).form("/sign-out").fields]
    desk.client.follow_redirects = False
    await desk.post(f"/c/outbox/{letter_id}/withdraw", token)
    assert "Nobody else takes it back" in (await desk.get("/c/today")).text
    async with database.tenant_session(made.house.context()) as session:
        assert await session.scalar(select(Letter.state).where(Letter.id == letter_id)) == "waiting"
