"""Workshops: places that are given once, a waiting list in the order of answers, letters that tell what holds."""

import asyncio
from datetime import timedelta

import pytest
import time_machine

from infra import clock
from infra.errors import Invalid, NotFound
from tenants.gatherings import actions, answering, attending, inviting, opinions, queries, reminding, rules
from tenants.gatherings import guests as listing
from tenants.gatherings.models import GuestState
from tenants.gatherings.opinions import Said
from tenants.organisations import actions as organisations
from tenants.registration import actions as registration
from tests import making
from tests.gathering import Workshops, asked
from tests.pairing import MONDAY


@pytest.fixture
def hand():
    with time_machine.travel(MONDAY, tick=False) as found:
        yield found


@pytest.fixture
async def on(hand, stage):
    return Workshops(stage)


async def test_the_last_place_is_given_once_and_who_waits_moves_up(on, stage, hand):
    # K70: three answer at once where there are two places
    people = [await stage.joins(name=f"Mina {n}") for n in range(4)]
    mentor = await stage.joins("mentor", name="Mona Mentor")
    workshop = await on.planned()
    sent = await on.invite(workshop)
    assert sent.number == 4 and await on.state(mentor, workshop) is None
    assert (await on.invite(workshop)).number == 0  # nobody twice
    said = await asyncio.gather(*(on.answer(one, workshop) for one in people[:3]))
    assert sorted(said) == [GuestState.COMING, GuestState.COMING, GuestState.WAITING]
    first = people[said.index(GuestState.COMING)]
    waits = people[said.index(GuestState.WAITING)]
    hand.shift(timedelta(minutes=1))
    assert await on.answer(people[3], workshop) == GuestState.WAITING
    assert await on.answer(waits, workshop) == GuestState.WAITING  # a doubled click keeps her turn
    await on.answer(first, workshop, comes=False)
    assert await on.state(waits, workshop) == GuestState.COMING
    assert await on.state(people[3], workshop) == GuestState.WAITING
    assert await on.letters(waits, "workshop.place") == ["waiting"]

    # One who has a place leaves the programme, and the next of the list has it.
    async with on.session(stage.by) as session:
        await registration.leave(session, stage.by, waits.id, reason="Moved")
    await on.drain()
    assert await on.state(waits, workshop) == GuestState.GONE
    assert await on.state(people[3], workshop) == GuestState.COMING
    async with on.session(stage.by) as session:
        await registration.reapply(session, stage.by, waits.id)
    assert (await on.invite(workshop)).number == 1 and await on.state(waits, workshop) == GuestState.ASKED
    # Nobody is asked to leave, and more places go to who waits.
    async with on.session(stage.by) as session:
        with pytest.raises(Invalid) as few:
            await actions.change(session, stage.by, workshop.id, asked(places=1))
        assert few.value.problems[0].code == "workshop_places_taken"
    hand.shift(timedelta(minutes=1))
    assert await on.answer(first, workshop) == GuestState.WAITING
    async with on.session(stage.by) as session:
        await actions.change(session, stage.by, workshop.id, asked(places=3))
    assert await on.state(first, workshop) == GuestState.COMING
    counted = (await _counts(on, stage, workshop)).states
    assert counted == {"coming": 3, "asked": 1}


async def _counts(on, stage, workshop):
    async with on.session(stage.by) as session:
        return (await queries.counts(session, [workshop.id]))[workshop.id]


async def test_invitations_can_be_taken_back_and_who_never_heard_of_it_is_told_no_end(on, stage, hand):
    her, other = await stage.joins(name="Mina One"), await stage.joins(name="Mina Two")
    workshop = await on.planned()
    sent = await on.invite(workshop)
    await on.answer(other, workshop)  # on her page, before the letter
    async with on.session(stage.by) as session:
        assert await inviting.take_back(session, stage.by, sent.batch_id) == (1, 1)
    assert await on.state(her, workshop) is None and await on.state(other, workshop) == "coming"
    assert await on.letters(her, "workshop.invited") == ["withdrawn"]
    await on.invite(workshop)
    async with on.session(stage.by) as session:
        await actions.cancel(session, stage.by, workshop.id)
    assert await on.letters(her, "workshop.cancelled") == []
    hand.shift(timedelta(minutes=11))
    await on.drain()
    assert await on.letters(her, "workshop.invited") == ["withdrawn", "withdrawn"]
    twice = [await on.planned() for _click in range(2)]
    assert twice[0].id == twice[1].id
    with pytest.raises(rules.WorkshopOver):
        await on.answer(other, workshop)
    with pytest.raises(rules.WorkshopOver):
        await on.invite(workshop)


async def test_a_moved_workshop_is_reminded_of_once_at_its_new_hour(on, stage, hand):
    her, silent = await stage.joins(name="Mina One"), await stage.joins(name="Mina Two")
    waits = await stage.joins(name="Mina Three")
    workshop = await on.planned(places=1)
    await on.invite(workshop)
    hand.shift(timedelta(minutes=11))
    await on.drain()
    await on.answer(her, workshop)
    await on.answer(waits, workshop)
    before = (await on.guest(her, workshop)).link_id
    day = clock.today("Europe/Sarajevo") + timedelta(days=12)
    async with on.session(stage.by) as session:
        moved = await actions.change(
            session, stage.by, workshop.id, asked(wall=f"{day}T15:00", places=1), version=workshop.version
        )
        assert (moved.sequence, moved.version) == (1, 2)
        with pytest.raises(rules.WorkshopChanged):
            await actions.cancel(session, stage.by, workshop.id, version=workshop.version)
    assert (await on.guest(her, workshop)).link_id != before
    for one in (her, silent, waits):
        assert await on.letters(one, "workshop.moved") == ["waiting"]
    hand.shift(timedelta(days=9))  # the day before the first hour
    assert await _remind(on, stage) == 0
    hand.shift(timedelta(days=2, hours=6))
    assert [await _remind(on, stage), await _remind(on, stage)] == [1, 0]
    await on.drain()
    assert await on.letters(her, "workshop.reminder") == ["sent"]
    assert await on.letters(silent, "workshop.reminder") == ["withdrawn"]  # no place is left for her
    assert await on.letters(waits, "workshop.reminder") == []


async def _remind(on, stage):
    async with on.session() as session:
        return await reminding.remind(session, stage.made.house)


async def test_who_came_is_noted_and_what_they_say_bears_no_name(on, stage, hand):
    # K71
    mina, mona = await stage.joins(name="Mina One"), await stage.joins("mentor", name="Mona Mentor")
    late = await stage.joins(name="Lea Late")
    workshop = await on.planned(audience="everybody", places=None)
    await on.invite(workshop)
    async with on.session(stage.by) as session:
        guests = await listing.listed(session, stage.by, workshop.id)
        with pytest.raises(rules.WorkshopNotYet):
            await attending.attend(session, stage.by, workshop.id, came=[], of=[])
    assert [one.full_name for one in guests] == ["Lea Late", "Mina One", "Mona Mentor"]
    extra, *shown = [one.id for one in guests]
    hand.shift(timedelta(days=9, hours=2))
    async with on.session(stage.by) as session:
        for _click in range(2):
            assert await attending.attend(session, stage.by, workshop.id, came=shown, of=shown) == 2
        await attending.add(session, stage.by, workshop.id, late.id)
        await attending.attend(session, stage.by, workshop.id, came=[], of=[extra])
    assert (await _counts(on, stage, workshop)).came == 2
    hand.shift(timedelta(minutes=11))
    await on.drain()
    assert await on.letters(mina, "workshop.opinion") == ["sent"]
    assert await on.letters(late, "workshop.opinion") == ["withdrawn"]  # the tick was taken away in time

    async def says(who, useful, **words):
        async with on.session(who.actor) as session:
            await opinions.say(session, who.actor, workshop.id, Said(useful, **words))

    async def typed(role, *steps):
        async with on.session(stage.by) as session:
            for useful in steps:
                await opinions.note(session, stage.by, workshop.id, role, Said(useful, will_use="The cards"))

    await says(mina, 2, missing="More time")
    await typed("mentee", 2, 2, 2, 2)
    await typed("mentor", 5, 5, 5, 5)
    found = await _results(on, stage, workshop)
    assert (found.number, found.useful) == (9, {1: 0, 2: 5, 3: 0, 4: 0, 5: 4})
    assert found.by_role == {} and found.missing == ["More time"]  # four mentors could be told apart
    await says(mona, 1)
    assert (await _results(on, stage, workshop)).by_role["mentor"] == {1: 1, 2: 0, 3: 0, 4: 0, 5: 4}
    with pytest.raises(rules.SaidAlready):
        await says(mona, 5)
    with pytest.raises(rules.NotAGuest):
        await says(late, 5)
    for wrong in (says(late, 6), typed("peers", 4)):
        with pytest.raises(Invalid):
            await wrong


async def _results(on, stage, workshop):
    async with on.session(stage.by) as session:
        return await opinions.results(session, stage.by, workshop.id)


async def test_hours_that_there_are_not_and_workshops_of_other_offices_are_refused(on, stage):
    with pytest.raises(Invalid) as gap:
        await on.planned(wall="2027-03-28T02:30", title={"en": " "}, minutes=5, link="ftp://x", kind="")
    told = {one.field: one for one in gap.value.problems}
    assert set(told) == {"at", "title_en", "minutes", "link", "kind"}
    assert told["at"].facts == {"found": "2027-03-28T02:30", "next": "2027-03-28T03:00"}
    workshop = await on.planned()
    async with on.session() as session:
        mostar = await organisations.open_office(session, stage.made.owner, name="Mostar", time_zone="UTC")
    hers = await making.somebody(stage.database, stage.made.id, *stage.by.roles, office_id=mostar.id)
    async with on.session(hers) as session:
        assert await queries.listed(session, hers) == []
        for call in (
            queries.access(session, hers, workshop.id),
            inviting.invite(session, hers, workshop.id),
            answering.note(session, hers, workshop.id, workshop.id, comes=True),
        ):
            with pytest.raises(NotFound):
                await call
        with pytest.raises(Invalid):
            await actions.plan(session, hers, stage.launched.cycle.id, asked())
        own = await actions.plan(session, hers, stage.launched.cycle.id, asked(), office_id=mostar.id)
        assert [one.workshop.id for one in await queries.listed(session, hers)] == [own.id]
