"""Figures of a network: counted by office, with the pairs behind each number."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import update

from infra import clock
from infra.errors import Forbidden, Invalid
from tenants.organisations import actions as organisations
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals.models import AskedFor
from tenants.registration.models import Participation
from tenants.relationships import actions as relationships
from tenants.relationships.models import EndReason
from tenants.reports import figures
from tenants.reports.figures import Measure, Period
from tests import making
from tests.pairing import MONDAY

YEAR = Period(date(2026, 11, 1), date(2027, 11, 1), "UTC")
NEXT = Period(date(2027, 11, 1), date(2028, 11, 1), "UTC")


@pytest.fixture
async def network(stage):
    """Three first meetings: one pair goes on, one does not, one has not decided; the first two in Aarhus."""
    with time_machine.travel(MONDAY, tick=True) as hand:
        async with stage.session() as session:
            office = await organisations.open_office(
                session, stage.made.house, name="Aarhus", region="Jutland", time_zone="UTC"
            )
        mentor = await stage.joins("mentor", name="Njeri Mwangi", capacity=3)
        ada, bea = await stage.joins(name="Ada Aarhus"), await stage.joins(name="Bea Aarhus")
        async with stage.session() as session:
            await session.execute(
                update(Participation)
                .where(Participation.id.in_([ada.id, bea.id]))
                .values(office_id=office.id)
            )
            await session.execute(
                update(Person)
                .where(Person.id.in_([ada.person_id, bea.person_id]))
                .values(office_id=office.id)
            )
        eve = await stage.joins(name="Eve Elsewhere")
        made = await stage.sent(*((mentor, one) for one in (ada, bea, eve)))
        await stage.become_known(*made)
        for proposal_id, mentee in zip(made, (ada, bea, eve), strict=True):
            await stage.both_meet(proposal_id, mentor, mentee)
        await stage.both_go_on(made[0], mentor, ada)
        await stage.answer(bea, made[1], AskedFor.GO_ON, is_yes=False)
        yield hand, office, made


async def read(stage, period=YEAR, actor=None):
    by = actor or stage.by
    async with stage.session(by) as session:
        return await figures.figures(session, by, period)


async def names(stage, measure, period=YEAR, **facts):
    async with stage.session(stage.by) as session:
        rows = await figures.behind(session, stage.by, period, measure, **facts)
    return sorted(one.mentee for one in rows)


async def test_who_goes_on_after_the_first_meeting_by_office(stage, network):  # K40
    _, office, _ = network
    found = await read(stage)
    by_office = {row.office: row.counts for row in found.offices}
    assert (found.total.counts[Measure.NEW], found.total.counts[Measure.GO_ON]) == (3, 1)
    assert found.total.continuation == pytest.approx(1 / 3)
    assert by_office["Aarhus"] == {
        Measure.NEW: 2, Measure.GO_ON: 1, Measure.CONFIRMED: 1, Measure.DUE: 0, Measure.COMPLETED: 0,
    }  # fmt: skip
    assert by_office[""][Measure.NEW] == 1 and by_office[""][Measure.GO_ON] == 0
    assert await names(stage, Measure.NEW) == ["Ada Aarhus", "Bea Aarhus", "Eve Elsewhere"]
    assert await names(stage, Measure.NEW, office_id=office.id) == ["Ada Aarhus", "Bea Aarhus"]
    assert await names(stage, Measure.NEW, without_office=True) == ["Eve Elsewhere"]
    assert await names(stage, Measure.GO_ON) == ["Ada Aarhus"]


async def test_every_number_is_the_length_of_its_list(stage, network):
    found = await read(stage)
    for row in found.offices:
        for measure in Measure:
            where = {"office_id": row.office_id} if row.office_id else {"without_office": True}
            assert len(await names(stage, measure, **where)) == row.counts[measure], (row.office, measure)


async def test_matches_of_a_year_and_those_that_complete_it(stage, network):  # K76
    hand, _, made = network
    pair = await stage.relationship(made[0])
    assert (await read(stage)).total.counts[Measure.CONFIRMED] == 1
    assert (await read(stage, NEXT)).total.counts[
        Measure.DUE
    ] == 0  # a year that has hardly begun is not over
    hand.move_to(clock.instant(pair.ends_on - timedelta(days=60), clock.now().time(), "UTC"))
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=EndReason.NO_CONTACT)
    hand.move_to(clock.instant(pair.ends_on, clock.now().time(), "UTC"))
    found = (await read(stage, NEXT)).total
    assert (found.counts[Measure.DUE], found.counts[Measure.COMPLETED], found.completion) == (1, 0, 0.0)


@pytest.mark.parametrize(
    ("days_before", "reason", "completed"),
    [
        (100, EndReason.GOALS_REACHED, 1),
        (14, EndReason.SITUATION_CHANGED, 1),
        (15, EndReason.SITUATION_CHANGED, 0),
        (-3, EndReason.NO_CONTACT, 1),
    ],
)
async def test_what_counts_as_completed(stage, network, days_before, reason, completed):  # K76
    hand, _, made = network
    pair = await stage.relationship(made[0])
    hand.move_to(clock.instant(pair.ends_on - timedelta(days=days_before), clock.now().time(), "UTC"))
    async with stage.session(stage.by) as session:
        await relationships.end(session, stage.by, pair.id, reason=reason)
    hand.move_to(clock.instant(max(pair.ends_on, clock.today("UTC")), clock.now().time(), "UTC"))
    assert (await read(stage, NEXT)).total.counts[Measure.COMPLETED] == completed


async def test_facts_of_the_network(stage, network):  # K72 K78
    facts = (await read(stage)).facts
    assert (facts.mentors, facts.mentees, facts.peers, facts.pairs, facts.offices) == (1, 3, 0, 1, 1)
    assert facts.ever == 4
    _, office, _ = network
    async with stage.session() as session:
        await session.execute(update(Office).where(Office.id == office.id).values(is_open=False))
    found = await read(stage)  # what was there before it closed is still counted
    assert found.facts.offices == 0 and "Aarhus" in [row.office for row in found.offices]


async def test_an_office_sees_its_own_and_a_participant_nothing(stage, network):
    _, office, _ = network
    her = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=office.id)
    found = await read(stage, actor=her)
    assert [row.office for row in found.offices] == ["Aarhus"] and found.total.counts[Measure.NEW] == 2
    assert (found.facts.mentors, found.facts.mentees) == (0, 2)
    other = await making.organisation(stage.database)
    async with stage.database.tenant_session(other.coordinator.context()) as session:
        assert (await figures.figures(session, other.coordinator, YEAR)).total.counts[Measure.NEW] == 0
    someone = await making.somebody(stage.database, stage.made.id, Role.PARTICIPANT)
    with pytest.raises(Forbidden):
        await read(stage, actor=someone)


async def test_a_day_counts_by_the_clock_of_the_organisation(stage, network):
    _, _, _ = network
    day = date(2026, 11, 23)
    assert (await read(stage, Period(day, day + timedelta(days=1), "UTC"))).total.counts[
        Measure.CONFIRMED
    ] == 1
    west = Period(day, day + timedelta(days=1), "Pacific/Kiritimati")
    assert (await read(stage, west)).total.counts[Measure.CONFIRMED] == 1
    assert (await read(stage, Period(day - timedelta(days=1), day, "Pacific/Honolulu"))).total.counts[
        Measure.CONFIRMED
    ] == 1


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2027, 1, 1), date(2027, 1, 1)), (date(2027, 1, 2), date(2027, 1, 1)), (date.min, date.max)],
)
def test_a_period_that_is_none_is_refused(since, until):
    with pytest.raises(Invalid):
        Period(since, until, "Asia/Tokyo")
