"""Somebody goes, in each state that there is: what becomes of the two, who is told, and what there is to do."""

import os
import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from tenants.gatherings import actions as gatherings
from tenants.identity import actions as identity
from tenants.notifications import queries as notifications
from tenants.notifications.models import Task
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.proposals.models import AskedFor
from tenants.registration import leaving, profiles
from tenants.relationships import actions as relationships
from tenants.relationships import notices
from tenants.relationships.agreements.notice_models import Ground
from tenants.relationships.models import EndReason, RelationshipState
from tests import erasing, making
from tests.agreeing import act
from tests.gathering import Workshops
from tests.histories import going
from tests.histories.going import ALONE, ENDED, MEETING, OPEN, RUNNING, STATES, Outcome
from tests.pairing import MONDAY

CHOSEN = (
    STATES
    if "HISTORIES" in os.environ
    else ("ready", "just approved", "meeting on a day", "pair with a meeting")
)
READY, TOGETHER, LEFT = "READY TO BE MATCHED", "IN A MENTOR RELATIONSHIP", "LEFT"
# Whatever would tell the other one why, or that it was she.
TELLING = re.compile(r"\b(left|leaves?|withdr\w+|delet\w+|eras\w+|declin\w+|refus\w+)\b", re.IGNORECASE)
DATE = "proposal.check_up"  # the task to ask whether the first meeting has a date


def left(state: str) -> Outcome:
    """She leaves by her own wish (docs/capabilities/proposals.md, "Somebody goes")."""
    own = {"told_her": "registration.left"}
    if state in ALONE:
        return Outcome("draft", LEFT, READY, to_do="registration.left", **own)
    if state in (*OPEN, *MEETING):
        # Whoever has not been told of a proposal is not told of its end either.
        told = "" if state == "just approved" else "proposal.closed"
        no_more = DATE if state in ("meeting", "she goes on") else ""
        tasks = "proposal.next registration.left"
        return Outcome("withdrawn", LEFT, READY, told_other=told, to_do=tasks, no_more=no_more, **own)
    if state in RUNNING:
        arranged = "agreed" if state == "pair with a meeting" else None
        tasks = "registration.left relationship.left"
        return Outcome("running", LEFT, TOGETHER, 2, to_do=tasks, meeting=arranged, **own)
    return Outcome("ended", LEFT, READY, to_do="registration.left", **own)


def erased(state: str) -> Outcome:
    """Her data is deleted, and all that names her; the other one and her coordinator go on without."""
    alone = {"to_do": "proposal.free_again"}
    if state in ALONE:
        return Outcome("draft", LEFT, READY)
    if state in (*OPEN, *MEETING):
        told = "" if state == "just approved" else "proposal.closed"
        return Outcome("withdrawn", LEFT, READY, told_other=told, **alone)
    if state in RUNNING:
        arranged = "cancelled" if state == "pair with a meeting" else None
        return Outcome("ended", LEFT, READY, told_other="relationship.ended", meeting=arranged, **alone)
    return Outcome("ended", LEFT, READY)


@pytest.fixture
def hand():
    with time_machine.travel(MONDAY, tick=True) as moved:
        yield moved


async def test_who_moves_to_another_office_and_then_leaves_at_any_state(stage, hand, inbox):  # K13 K35 N07
    cases = await going.led_to(stage, hand, CHOSEN)
    before = {one.state: await going.outcome(stage, one) for one in cases}
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Aarhus", time_zone="UTC")
    inbox.mails.clear()
    for one in cases:
        async with stage.session(stage.by) as session:
            await profiles.move_to_office(session, stage.by, one.her.id, office_id=office.id)
    await stage.drain()
    # Nothing of hers is lost on the way, and nobody is written to.
    assert {one.state: await going.outcome(stage, one) for one in cases} == before and inbox.mails == []

    for one in cases:
        async with stage.session(one.her.actor) as session:
            await leaving.leave(session, one.her.actor, one.her.id)
    await stage.drain()
    assert {one.state: await going.outcome(stage, one) for one in cases} == {
        state: left(state) for state in CHOSEN
    }
    await everybody_is_told_the_same(stage, cases, inbox)
    async with stage.session() as session:  # her office's coordinators are the ones who are asked
        query = select(Task.office_id).where(Task.kind == "registration.left")
        assert set((await session.execute(query)).scalars()) == {office.id}


async def test_whose_data_is_deleted_at_any_state(stage, hand, inbox, ground):  # K35
    cases = await going.led_to(stage, hand, CHOSEN)
    inbox.mails.clear()
    await erasing.all_erased(ground, [one.her.actor for one in cases])
    assert {one.state: await going.outcome(stage, one) for one in cases} == {
        state: erased(state) for state in CHOSEN
    }
    await everybody_is_told_the_same(stage, cases, inbox)


async def everybody_is_told_the_same(stage, cases, inbox):
    told = {one.state: await going.words(stage, one, inbox.mails) for one in cases}
    assert {words for state, words in told.items() if state in (*ALONE, *ENDED, "just approved")} == {""}
    closed = {told[state] for state in (*OPEN[1:], *MEETING) if state in told}
    assert len(closed) == 1 and "it says nothing about you" in closed.pop()
    assert not [words for words in told.values() if TELLING.search(words)]


async def test_tasks_of_an_office_follow_her_to_the_next(stage):
    her = await stage.joins()
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Aarhus", time_zone="UTC")
    async with stage.session(her.actor) as session:
        await leaving.leave(session, her.actor, her.id)
    async with stage.session(stage.by) as session:
        await profiles.change_answers(session, stage.by, her.id, {"office": str(office.id)})
    async with stage.session() as session:
        query = select(Task.office_id).where(Task.kind == "registration.left", Task.done_at.is_(None))
        assert (await session.execute(query)).scalars().all() == [office.id]


async def test_a_coordinator_who_is_removed_leaves_her_work_to_the_others(stage, hand):  # K53 K70 N08
    """Her letters go all the same; what comes of her cases, and what lay on her desk, is anybody's from then on."""
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    pair = await stage.pair(await stage.joins("mentor", name="Amina"), await stage.joins(name="Zoe"))
    colleague = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, name="Clara")
    [proposal] = await stage.sent((mentor, mentee))
    workshops = Workshops(stage)
    workshop = await workshops.planned(audience="mentees")
    await workshops.invite(workshop)
    pairs_mentee = await stage.joins(name="Mina")
    other = await stage.pair(await stage.joins("mentor", name="Lea"), pairs_mentee)
    await act(stage, pairs_mentee, notices.give, other.id, Ground.MONTH)
    async with stage.session(colleague) as session:
        assert not await notifications.tasks(session, colleague)
    async with stage.session(stage.made.owner) as session:
        await identity.deactivate(session, stage.made.owner, stage.by.require_person())
    hand.shift(timedelta(minutes=11))
    await stage.drain()
    assert sorted(await stage.letters(mentee, "sent")) == ["proposal.meet", "workshop.invited"]
    await stage.answer(mentee, proposal, AskedFor.MEET, False)
    async with stage.session(colleague) as session:
        kinds = {one.kind for one in await notifications.tasks(session, colleague)}
        assert {"proposal.next", "relationship.check_up", "notice.given", "workshop.attendance"} <= kinds
        assert (await gatherings.cancel(session, colleague, workshop.id)).state == "cancelled"
        ended = await relationships.end(session, colleague, pair.id, reason=EndReason.NO_CONTACT)
        assert ended.state == RelationshipState.ENDED
