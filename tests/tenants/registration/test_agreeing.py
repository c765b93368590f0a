"""Consents given and taken back after registration, and contact kept up to date (K07)."""

import pytest

from infra.errors import Forbidden, NotFound
from tenants.actor import person
from tenants.permissions import Role
from tenants.registration import agreeing, profiles, queries, watching
from tenants.registration.consents import Purpose
from tests import making


@pytest.fixture
async def case(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    return made, await making.participation(database, made, launched)


@pytest.fixture
def seen(monkeypatch):
    told = []
    monkeypatch.setattr(watching, "_WATCHERS", [])

    @watching.watches
    async def note(_session, ids):
        told.append(list(ids))

    return told


async def test_a_consent_is_taken_back_and_given_again(database, case, seen):
    made, participation = case
    herself = person(made.id, participation.person_id, frozenset({Role.PARTICIPANT}), language="fr")
    async with database.tenant_session(herself.context()) as session:
        assert await agreeing.take_back(session, herself, herself.person_id, Purpose.MATCHING) == 1
        assert await agreeing.take_back(session, herself, herself.person_id, Purpose.MATCHING) == 0
        given = await agreeing.give(session, herself, herself.person_id, Purpose.MATCHING)
        assert (given.channel, given.language, given.recorded_by) == ("form", "fr", None)
        kept = [
            c for c in await queries.consents(session, herself, herself.person_id) if c.purpose == "matching"
        ]
        assert [c.withdrawn_at is None for c in kept] == [True, False]  # the old row stays
    assert seen == [[participation.id], [participation.id]]


async def test_a_coordinator_records_it_for_her_own_people(database, case):
    made, participation = case
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        given = await agreeing.give(session, by, participation.person_id, Purpose.NEWS, channel="phone")
        assert given.recorded_by == by.person_id
    other = await making.organisation(database)
    stranger = await making.somebody(database, made.id, Role.PARTICIPANT)
    for actor in (other.coordinator, stranger):
        async with database.tenant_session(actor.context()) as session:
            with pytest.raises(NotFound):
                await agreeing.take_back(session, actor, participation.person_id, Purpose.NEWS)


async def test_contact_is_kept_up_to_date_and_told(database, case, seen):  # K07
    made, participation = case
    herself = person(made.id, participation.person_id, frozenset({Role.PARTICIPANT}))
    async with database.tenant_session(herself.context()) as session:
        changed = await profiles.change_contact(
            session, herself, herself.person_id, time_zone="Africa/Nairobi", phone="+254 700 123456"
        )
        assert (changed.time_zone, changed.phone) == ("Africa/Nairobi", "+254 700 123456")
        with pytest.raises(Forbidden):
            await profiles.change_contact(
                session, herself, made.coordinator.person_id, phone="+254 700 123456"
            )
    assert seen == [[participation.id]]
