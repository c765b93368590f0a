"""Page, letter and feed of a meeting say the same instant, in forty zones around the changes of their clocks."""

import os
import re
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import time_machine
from icalendar import Calendar
from sqlalchemy import delete, select, update

from infra import ids
from tenants.notifications import actions as notifications
from tenants.people.models import Person
from tenants.relationships import feeds, rules
from tenants.relationships.models import Meeting, MeetingState
from tests.pairing import MONDAY
from tests.web.pages.own_pages import signed_in

MEETINGS = int(os.environ.get("MEETINGS", "48"))  # a thousand by `make soak`
WRITTEN = (
    1 if MEETINGS >= 1_000 else 3
)  # of so many meetings one has its letter, which takes most of the time
AT_ONCE = 100
READER, OTHER = "America/St_Johns", "Australia/Lord_Howe"  # half hours, and a change by half an hour


def walls(chance: Random, count: int) -> list[tuple[str, str]]:
    """Wall times in forty zones, beside a change of the clocks wherever there is one."""
    zones = chance.sample(sorted(zone for zone in available_timezones() if "/" in zone), 40)
    begin, found = datetime(2026, 11, 25), []
    changes = {zone: _changes(zone, begin) for zone in zones}
    for number in range(count):
        zone = zones[number % len(zones)]
        near = chance.choice(changes[zone] or [begin + timedelta(days=chance.randrange(360))])
        wall = near + timedelta(minutes=15 * chance.randrange(-12, 13))
        found.append((zone, wall.isoformat(timespec="minutes")))
    return found


def _changes(zone: str, begin: datetime) -> list[datetime]:
    """The days on which the clocks change, at two in the morning, when most of them do."""
    days = [begin.replace(hour=12) + timedelta(days=n) for n in range(360)]
    offsets = [one.replace(tzinfo=ZoneInfo(zone)).utcoffset() for one in days]
    pairs = zip(days[1:], offsets, offsets[1:], strict=False)
    return [at.replace(hour=2) for at, before, after in pairs if before != after]


def strict(text: str) -> dict[str, datetime]:
    """When each event is by the rules that the object itself brings: its zones have names that nobody knows."""
    whole = Calendar.from_ical(
        re.sub(r"TZID([=:])", r"TZID\1Told-", text.replace("\r\n", "\n").replace("\n", "\r\n"))
    )
    return {str(one.uid).split("@")[0]: one.start.astimezone(UTC) for one in whole.events}


def meant(wall: str, zone: str) -> datetime:
    """What `zoneinfo` alone makes of a wall time that exists; the first of two."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


async def test_page_letter_and_feed_say_the_same_instant(stage, browse, inbox):  # Beans #123, #145
    with time_machine.travel(MONDAY, tick=True):
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        pair = await stage.pair(mentor, mentee)
        async with stage.session() as session:
            for whose, zone in ((mentee, READER), (mentor, OTHER)):
                await session.execute(
                    update(Person).where(Person.id == whose.person_id).values(time_zone=zone)
                )
            address = await session.scalar(select(Person.email).where(Person.id == mentee.person_id))
        async with stage.session(mentee.actor) as session:
            token = stage.ground.links.token(
                feeds.PURPOSE, stage.made.id, await feeds.make(session, mentee.actor)
            )
        browser, program = await signed_in(stage, browse, mentee), browse(stage.made.host)
        await stage.drain()
        chance, seen = Random(20261122), 0
        asked = walls(chance, MEETINGS)
        for at in range(0, MEETINGS, AT_ONCE):
            times = await agreed(stage, mentor, pair, asked[at : at + AT_ONCE], mentee)
            inbox.mails.clear()
            await stage.drain()
            feed = strict((await program.client.get(f"/feed/{token}.ics")).text)
            page = (await browser.get(f"/me/pair/{pair.id}/meetings")).text
            letters = {}
            for mail in inbox.to(address):
                [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
                letters |= strict(part.get_content())
            assert set(feed) == {str(one) for one in times} >= set(letters)
            assert len(letters) == len(list(times)[::WRITTEN])
            for meeting_id, instant in times.items():
                assert feed[str(meeting_id)] == letters.get(str(meeting_id), instant) == instant
                for zone in (READER, OTHER):
                    local = instant.astimezone(ZoneInfo(zone))
                    assert re.search(rf"\b{local.day} {local:%B}( {local.year})?, {local:%H:%M}", page) or (
                        f"{local:%H:%M}" in page and zone == OTHER
                    ), (meeting_id, local)
            seen += len(times)
            async with stage.session() as session:
                await session.execute(delete(Meeting))
        assert seen > 0.8 * MEETINGS  # the others lie in a gap, and were refused


async def agreed(stage, mentor, pair, asked, mentee) -> dict:
    """Meetings as `meeting.propose` and `agree` leave them, without the limit of three; with a letter to the mentee."""
    made = {}
    async with stage.session() as session:
        for zone, wall in asked:
            try:
                [(kept, moment)] = rules.read_slots([wall], zone)
            except rules.MeetingTime as error:
                local = meant(wall, zone).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
                assert error.problems[0].code == "meeting_in_gap" and local != datetime.fromisoformat(wall)
                continue
            assert moment == meant(wall, zone)
            one = Meeting(
                organisation_id=stage.made.id, id=ids.new(), relationship_id=pair.id, proposed_by=mentor.id,
                wall_time=kept, time_zone=zone, starts_at=moment, minutes=60, state=MeetingState.AGREED,
                agreed_at=datetime.now(UTC),
            )  # fmt: skip
            session.add(one)
            made[one.id] = moment
        await session.flush()
        for meeting_id in list(made)[::WRITTEN]:
            await notifications.write(
                session, stage.made.house, "meeting.agreed", key=f"t:{meeting_id}", person_id=mentee.person_id,
                meeting_id=meeting_id, relationship_id=pair.id,
            )  # fmt: skip
    return made
