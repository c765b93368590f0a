"""Who sees a pair, and who does not; how pairs are listed and found."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from infra.errors import Forbidden, NotFound
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.registration.models import Participation
from tenants.relationships import actions, queries
from tenants.relationships import meeting as meetings
from tenants.relationships.models import EndReason
from tests import making, pairing
from tests.tenants.relationships.test_pairs import act, case

__all__ = ["case"]  # fixtures that both files use


async def test_others_find_nothing(stage, case, database, ground):  # isolation
    _, mentor, _mentee, pair = case
    [offer] = await act(
        stage, meetings.propose, pair.id, by=mentor.actor, wall_times=["2026-12-01T10:00"], zone="UTC"
    )
    far = await pairing.stage(database, ground)
    stranger, outsider = await stage.joins(name="Somebody Else"), await far.joins("mentor")
    day = date(2026, 12, 1)
    for attempt in (
        act(far, queries.access_relationship, pair.id),
        act(far, queries.shown, pair.id),
        act(far, actions.set_check_up, pair.id, on=day),
        act(far, actions.finish_check_up, pair.id),
        act(far, actions.end, pair.id, reason=EndReason.OTHER),
        *(
            act(on, action, what, by=whose.actor, **facts)
            for on, whose in ((stage, stranger), (far, outsider))
            for action, what, facts in (
                (queries.own_relationship, pair.id, {}),
                (meetings.propose, pair.id, {"wall_times": ["2026-12-01T10:00"], "zone": "UTC"}),
                (meetings.agree, offer.id, {}),
                (meetings.cancel, offer.id, {}),
                (meetings.hold, offer.id, {}),
            )
        ),
    ):
        with pytest.raises(NotFound):
            await attempt
    async with far.session(far.by) as session:
        assert await queries.listed(session, far.by) == []
        assert (await queries.counts(session, far.by, day)).running == 0
        assert await queries.due_check_ups(session, far.by, day) == []
        assert await queries.own(session, outsider.actor) == []
        assert await queries.meetings(session, pair.id) == []
        assert await queries.of_proposal(session, pair.proposal_id) is None


async def test_an_office_sees_its_own_cases(stage, case):
    _, _, mentee, pair = case
    async with stage.session(stage.made.owner) as session:
        opened = [
            await organisations.open_office(session, stage.made.owner, name=name, time_zone="UTC")
            for name in ("Nairobi", "Tuzla")
        ]
    async with stage.session() as session:
        mine = update(Participation).where(Participation.id == mentee.id)
        await session.execute(mine.values(office_id=opened[0].id))
    here, there = [
        await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, office_id=one.id)
        for one in opened
    ]
    day = date(2027, 3, 1)
    for actor, count in ((here, 1), (there, 0)):
        async with stage.session(actor) as session:
            assert len(await queries.listed(session, actor)) == count
            assert len(await queries.due_check_ups(session, actor, day)) == count
            assert (await queries.counts(session, actor, day)).running == count
    with pytest.raises(NotFound):
        await act(stage, actions.end, pair.id, by=there, reason=EndReason.OTHER)


async def test_participants_do_not_steer_cases(stage, case):
    _, mentor, _, pair = case
    for attempt in (
        act(stage, actions.end, pair.id, by=mentor.actor, reason=EndReason.OTHER),
        act(stage, actions.set_check_up, pair.id, by=mentor.actor, on=date(2026, 12, 1)),
        act(stage, queries.listed, by=mentor.actor),
    ):
        with pytest.raises(Forbidden):
            await attempt


async def test_found_by_name_without_accents_and_in_pages(stage, case):
    hand, mentor, _, pair = case
    hand.shift(timedelta(minutes=1))
    other = await stage.pair(mentor, await stage.joins(name="Žana Šarić"))
    async with stage.session(stage.by) as session:
        [found] = await queries.listed(session, stage.by, search="zana")
        assert found.Relationship.id == other.id
        [first] = await queries.listed(session, stage.by, limit=1)
        key = (first.Relationship.begun_at, first.Relationship.id)
        [second] = await queries.listed(session, stage.by, limit=1, after=key)
        assert [first.Relationship.id, second.Relationship.id] == [other.id, pair.id]
