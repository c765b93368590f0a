"""The clock of a proposal, moved on day by day: reminder, expiry, the question after the meeting, the tasks of the coordinator."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import update

from infra import clock
from infra.errors import Invalid
from tenants.organisations.models import Organisation
from tenants.proposals import answering, rules, waiting
from tenants.proposals.models import AskedFor, ProposalState
from tests.pairing import MONDAY

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON


@pytest.fixture
async def case(stage):
    with time_machine.travel(MONDAY, tick=False) as clock_hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        [proposal] = await stage.sent((mentor, mentee))
        clock_hand.shift(timedelta(minutes=11))
        await stage.drain()
        yield clock_hand, mentor, mentee, proposal


async def until(stage, hand, day: date) -> None:
    """Let each day from now pass, with what falls due on it."""
    while clock.now().date() < day:
        hand.shift(timedelta(days=1))
        await stage.drain()


async def note(stage, actor, proposal, on):
    async with stage.session(actor) as session:
        return await answering.note_first_meeting(session, actor, proposal, on=on)


async def test_silence_is_asked_once_more_and_then_releases_both(stage, case):  # find-a-mentor #869
    hand, mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    assert (await stage.read(proposal)).answer_by.date() == date(2026, 11, 27)  # the end of Thursday
    await until(stage, hand, date(2026, 11, 26))
    assert await stage.letters(mentor) == ["proposal.meet"]
    await until(stage, hand, date(2026, 11, 27))
    # Only the silent one is asked again.
    assert await stage.letters(mentor) == ["proposal.meet", "proposal.remind"]
    assert await stage.letters(mentee) == ["proposal.meet"]
    await until(stage, hand, date(2026, 12, 1))
    assert (await stage.read(proposal)).state == ProposalState.OPEN
    await until(stage, hand, date(2026, 12, 3))
    assert (await stage.read(proposal)).state == ProposalState.EXPIRED
    assert (await stage.held(mentor), await stage.held(mentee)) == (0, 0)
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "proposal.closed"
    [(kind, _)] = await stage.tasks()
    assert kind == "proposal.next"
    # Silence is no no: these two may be proposed to each other again.
    again, _ = await stage.drafts((mentor, mentee))
    assert (await stage.approve(again)).sent == 1


async def test_the_coordinator_learns_who_was_silent(stage, case):  # find-a-mentor #869
    from sqlalchemy import select

    from tenants.notifications.models import Task

    hand, _mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, MEET)
    await until(stage, hand, date(2026, 12, 4))
    async with stage.session() as session:
        about = await session.scalar(select(Task.about).where(Task.kind == "proposal.next"))
    assert about == {"proposal_id": str(proposal), "silent": "mentor"}


async def test_a_meeting_is_not_disturbed_by_the_end_of_the_first_question(stage, case):
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await until(stage, hand, date(2026, 12, 6))
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    assert await stage.tasks() == [("proposal.check_up", date(2026, 12, 7))]


async def test_fourteen_days_two_months_and_a_call(stage, case):  # K31 K36 K38 N07
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    found = await stage.read(proposal)
    assert found.meet_by == date(2027, 1, 23)
    assert await stage.tasks() == [("proposal.check_up", date(2026, 12, 7))]  # K36: two weeks
    await until(stage, hand, date(2026, 12, 8))
    assert (await stage.letters(mentee))[-1] == "proposal.go_on"
    await stage.answer(mentee, proposal, GO_ON)
    await until(stage, hand, date(2027, 1, 24))
    # Nobody is thrown out: a person looks at it.
    assert (await stage.read(proposal)).state == ProposalState.MEETING
    assert ("proposal.unanswered", date(2027, 1, 23)) in await stage.tasks()
    await stage.answer(mentor, proposal, GO_ON)
    assert [kind for kind, _ in await stage.tasks()] == ["relationship.check_up"]


async def test_each_is_asked_the_morning_after_the_meeting(stage, case):  # K33
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await note(stage, mentee.actor, proposal, date(2026, 12, 2))
    assert await stage.tasks() == []
    await note(stage, mentor.actor, proposal, date(2026, 12, 4))  # moved
    hand.move_to("2026-12-04T10:00:00Z")
    await stage.drain()
    assert "proposal.go_on" not in await stage.letters(mentee)
    hand.move_to("2026-12-05T08:59:00Z")
    await stage.drain()
    assert "proposal.go_on" not in await stage.letters(mentee)
    hand.move_to("2026-12-05T09:01:00Z")
    await stage.drain()
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "proposal.go_on"
    # Whoever stays silent is put before the coordinator three working days later.
    assert [kind for kind, _ in await stage.tasks()] == ["proposal.unanswered"]
    await until(stage, hand, date(2026, 12, 20))
    assert (await stage.letters(mentor)).count("proposal.go_on") == 1


async def test_a_day_set_after_the_first_question_asks_anew(stage, case):
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await until(stage, hand, date(2026, 12, 8))
    assert (await stage.letters(mentee)).count("proposal.go_on") == 1
    await note(stage, mentee.actor, proposal, date(2026, 12, 20))
    await until(stage, hand, date(2026, 12, 22))
    assert (await stage.letters(mentee)).count("proposal.go_on") == 2


async def test_a_day_that_was_thought_of_before_asks_anew(stage, case):
    hand, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await note(stage, mentee.actor, proposal, date(2026, 12, 2))
    hand.move_to("2026-12-02T18:00:00Z")
    await note(stage, mentee.actor, proposal, date(2026, 12, 1))
    await until(stage, hand, date(2026, 12, 6))
    assert (await stage.letters(mentee)).count("proposal.go_on") == 1
    await note(stage, mentee.actor, proposal, date(2026, 12, 2))
    await stage.drain()
    assert (await stage.letters(mentee)).count("proposal.go_on") == 2


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu"])
async def test_the_morning_is_that_of_the_organisation(stage, case, zone):
    hand, mentor, mentee, proposal = case
    async with stage.session() as session:
        await session.execute(update(Organisation).values(time_zone=zone))
    await stage.both_meet(proposal, mentor, mentee)
    await note(stage, mentee.actor, proposal, date(2026, 12, 2))
    hand.move_to(clock.instant(date(2026, 12, 3), rules.ASK_AT, zone) + timedelta(minutes=1))
    await stage.drain()
    assert (await stage.letters(mentee))[-1] == "proposal.go_on"


async def test_a_day_that_no_first_meeting_has(stage, case):
    _, mentor, mentee, proposal = case
    with pytest.raises(rules.ProposalClosed):
        await note(stage, mentee.actor, proposal, date(2026, 12, 2))
    await stage.both_meet(proposal, mentor, mentee)
    for day, code in ((date(2026, 11, 22), "meeting_day_early"), (date(2027, 1, 24), "meeting_day_late")):
        with pytest.raises(Invalid) as refused:
            await note(stage, mentee.actor, proposal, day)
        assert refused.value.problems[0].code == code
    # A coordinator may give more time, not for ever.
    assert (await note(stage, stage.by, proposal, date(2027, 2, 1))).first_meeting_on == date(2027, 2, 1)
    with pytest.raises(Invalid):
        await note(stage, stage.by, proposal, date(9999, 12, 31))


async def test_a_job_that_comes_twice_or_late_does_nothing_more(stage, case):
    hand, mentor, _mentee, proposal = case
    hand.move_to("2026-12-04T10:00:00Z")
    await stage.drain()
    before = (await stage.letters(mentor), await stage.tasks())
    for job in (waiting.remind, waiting.expire, waiting.ask_after_meeting):
        async with stage.session() as session:
            await job(session, stage.made.house, proposal)
    assert (await stage.letters(mentor), await stage.tasks()) == before


async def test_a_job_before_its_time_does_nothing(stage, case):
    """A promise of a sending that was taken back may still be on its way."""
    _, mentor, _mentee, proposal = case
    for job in (waiting.remind, waiting.expire):
        async with stage.session() as session:
            await job(session, stage.made.house, proposal)
    assert (await stage.read(proposal)).state == ProposalState.OPEN
    assert await stage.letters(mentor) == ["proposal.meet"]


def test_working_days_leave_the_weekend_out():
    monday = clock.instant(date(2026, 11, 23), rules.ASK_AT, "Africa/Nairobi")
    friday = monday + timedelta(days=4)
    zone = "Africa/Nairobi"
    assert (
        clock.local(rules.after_working_days(monday, 3, zone), zone).isoformat()
        == "2026-11-27T00:00:00+03:00"
    )
    assert clock.local(rules.after_working_days(friday, 1, zone), zone).date() == date(2026, 12, 1)
