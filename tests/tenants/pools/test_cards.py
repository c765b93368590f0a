"""Cards: the allow-listed copy of a participation that is there exactly while she can be matched."""

import json
import os
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from infra import clock, ids
from infra.errors import NotFound
from tenants import watchers
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.pools import actions as pools
from tenants.pools import queries
from tenants.pools.models import PoolCard
from tenants.pools.rules import CARD_FIELDS
from tenants.proposals.models import Hold, Proposal
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tests import making

assert watchers.WATCHERS


async def ready(database, made, launched, role, **others):
    entered = await making.participation(database, made, launched, role, **others)
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await registration.record_interview_held(session, by, entered.id, on=clock.today("UTC"))
        await registration.make_ready(session, by, entered.id)
    return entered


async def cards(database, made):
    async with database.tenant_session(made.house.context()) as session:
        return {card.participation_id: card for card in await session.scalars(select(PoolCard))}


async def test_card_comes_and_goes_with_the_status(database, made, launched):  # K10 K11
    entered = await making.participation(database, made, launched)
    assert await cards(database, made) == {}
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await registration.record_interview_held(session, by, entered.id, on=clock.today("UTC"))
        await registration.make_ready(session, by, entered.id)
        assert await session.scalar(select(PoolCard.open_places)) == 1
        await registration.leave(session, by, entered.id)
        assert await session.scalar(select(PoolCard.open_places)) is None
    assert await cards(database, made) == {}


async def test_a_change_that_fails_leaves_the_card(database, made, launched):
    entered = await ready(database, made, launched, "mentee")
    by = made.coordinator
    with pytest.raises(ZeroDivisionError):
        async with database.tenant_session(by.context()) as session:
            await registration.leave(session, by, entered.id)
            raise ZeroDivisionError
    assert set(await cards(database, made)) == {entered.id}


async def test_card_holds_only_allowed_fields(database, made, launched):
    name, email, boss, other = (
        "Zdenka Qqq",
        "zdenka.qqq@example.org",
        "boss.rrr@example.org",
        "not.sss@example.org",
    )
    entered = await ready(database, made, launched, "mentor", name=name, email=email)
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation)
            .where(Participation.id == entered.id)
            .values(office_id=office.id, supervisor_email=boss.upper(), excluded_emails=[other], motivation="mmm", note="nnn",
                    answers={"free": "ttt"}, sector="Mining", grade="P3", region="Europe", entity="UNDP",
                    experience_years=7, gender_wish="any")
        )  # fmt: skip
        await session.execute(
            update(Person).where(Person.id == entered.person_id).values(gender="woman", phone="+999")
        )
        await pools.rebuild_cards(session, [entered.id])
    card = (await cards(database, made))[entered.id]
    assert set(card.fields) <= CARD_FIELDS
    assert set(card.fields) == CARD_FIELDS
    text = json.dumps(card.fields).lower()
    for secret in (
        "zdenka",
        "qqq",
        "boss",
        "rrr",
        "sss",
        "mmm",
        "nnn",
        "ttt",
        "+999",
        str(entered.person_id),
    ):
        assert secret not in text
    assert card.card_id not in (entered.id, entered.person_id)


async def test_supervisor_is_recognised_without_an_address(database, made, launched):
    mentor = await ready(database, made, launched, "mentor", email="boss@example.org")
    mentee = await ready(database, made, launched, "mentee")
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation)
            .where(Participation.id == mentee.id)
            .values(supervisor_email=" Boss@Example.org")
        )
        await pools.rebuild_cards(session, [mentee.id])
    found = await cards(database, made)
    assert found[mentee.id].fields["supervisor"] == found[mentor.id].fields["address"]


async def test_digests_of_two_pools_cannot_be_compared(database):
    seen = set()
    for _ in range(2):
        made = await making.organisation(database)
        launched = await making.programme(database, made)
        entered = await ready(database, made, launched, "mentor", email="same@example.org")
        seen.add((await cards(database, made))[entered.id].fields["address"])
    assert len(seen) == 2


async def test_zero_capacity_is_never_offered(database, made, launched):  # WCC #726
    entered = await ready(database, made, launched, "mentor")
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Participation).where(Participation.id == entered.id).values(capacity=0))
        await pools.rebuild_cards(session, [entered.id])
    assert await cards(database, made) == {}


async def test_places_are_capacity_less_holds(database, made, launched):  # K11
    mentor = await ready(database, made, launched, "mentor")
    mentee = await ready(database, made, launched, "mentee")
    async with database.tenant_session(made.house.context()) as session:
        pool = await pools.ensure_pool(session, made.house, launched.cycle.id)
        proposal = Proposal(
            organisation_id=made.id, id=ids.random(), run_id=None, pool_id=pool.id, cycle_id=launched.cycle.id,
            mentor_id=mentor.id, mentee_id=mentee.id, score=1, most=1, contributions=[],
        )  # fmt: skip
        session.add(proposal)
        await session.flush()
        for id in (mentor.id, mentee.id):
            session.add(
                Hold(organisation_id=made.id, proposal_id=proposal.id, participation_id=id,
                     until=clock.now() + timedelta(days=1))
            )  # fmt: skip
        await pools.rebuild_cards(session, [mentor.id, mentee.id])
        left = {card.participation_id: card.open_places for card in await queries.cards(session, pool.id)}
    assert left == {mentor.id: 1}


async def test_a_mentor_with_a_pair_keeps_her_other_place(database, made, launched):
    mentor = await ready(database, made, launched, "mentor")
    mentee = await ready(database, made, launched, "mentee")
    async with database.tenant_session(made.house.context()) as session:
        await registration.begin_relationship(session, made.house, mentor.id)
        await registration.begin_relationship(session, made.house, mentee.id)
    assert set(await cards(database, made)) == {mentor.id}


async def test_card_keeps_its_id_while_it_lives(database, made, launched):
    entered = await ready(database, made, launched, "mentor")
    first = (await cards(database, made))[entered.id].card_id
    async with database.tenant_session(made.house.context()) as session:
        await pools.rebuild_cards(session, [entered.id])
    assert (await cards(database, made))[entered.id].card_id == first


async def test_one_pool_a_cycle_and_none_for_strangers(database, made, launched):
    async with database.tenant_session(made.house.context()) as session:
        first = await pools.ensure_pool(session, made.house, launched.cycle.id)
        second = await pools.ensure_pool(session, made.house, launched.cycle.id)
        assert first.id == second.id
    other = await making.organisation(database)
    async with database.tenant_session(other.house.context()) as session:
        with pytest.raises(NotFound):
            await pools.ensure_pool(session, other.house, launched.cycle.id)
        assert await queries.pool_of(session, launched.cycle.id) is None
        assert await queries.cards(session, first.id) == []


# People at once, and the statements that their cards take: two for each two thousand of them, seven for all.
MANY = {"4000": 11, "10000": 17}


async def test_thousands_of_people_get_cards_in_a_few_statements(database, made, launched, statements):
    number = int(os.environ.get("CARDS", "4000"))
    async with database.tenant_session(made.house.context()) as session:
        people = [ids.new() for _ in range(number)]
        await session.execute(
            insert(Person),
            [
                {"organisation_id": made.id, "id": one, "full_name": f"P {n}", "email": f"bulk{n}@example.org",
                 "language": "en", "time_zone": "UTC"}
                for n, one in enumerate(people)
            ],
        )  # fmt: skip
        rows = [
            {"organisation_id": made.id, "id": ids.new(), "person_id": one, "programme_id": launched.programme.id,
             "cycle_id": launched.cycle.id, "role": ("mentor", "mentee")[n % 2], "status": Status.READY,
             "status_at": clock.now(), "origin": "roster", "registered_on": clock.today("UTC"), "capacity": 2,
             "topics_offered": ["leadership"], "languages": [{"code": "en", "level": 3}],
             "excluded_emails": [f"bulk{n + 1}@example.org"] if n % 50 == 0 else []}
            for n, one in enumerate(people)
        ]  # fmt: skip
        await session.execute(insert(Participation), rows)
        with statements() as sent:
            await pools.rebuild_cards(session, [row["id"] for row in rows])
        pool = await queries.pool_of(session, launched.cycle.id)
        counted = await queries.counts(session, pool.id)
        before = await queries.stamp(session, pool.id)
        await pools.rebuild_cards(session, [row["id"] for row in rows])
        assert await queries.stamp(session, pool.id) == before
    assert counted == queries.Counts(mentees=number // 2, mentors=number // 2, places=number)
    assert len(sent) == MANY[str(number)]
