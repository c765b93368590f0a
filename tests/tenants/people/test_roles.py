"""Roles: who hands them out, and that an organisation never loses its last owner."""

import asyncio
from contextlib import suppress

import pytest

from infra.errors import Forbidden, Invalid, NotFound
from tenants.identity import actions as identity
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people import queries, rules
from tenants.permissions import Role
from tests import making


async def roles(database, made, person_id) -> list[tuple]:
    async with database.tenant_session(made.house.context()) as session:
        return sorted(await queries.grants(session, person_id))


async def test_an_owner_hands_out_roles_once(database, made):
    her = await making.somebody(database, made.id, Role.PARTICIPANT)
    async with database.tenant_session(made.owner.context()) as session:
        first = await people.grant_role(session, made.owner, her.person_id, Role.COORDINATOR)
        again = await people.grant_role(session, made.owner, her.person_id, Role.COORDINATOR)
    assert first.id == again.id
    assert await roles(database, made, her.person_id) == [(Role.COORDINATOR, None), (Role.PARTICIPANT, None)]


async def test_a_coordinator_makes_participants_only(database, made):
    her = await making.somebody(database, made.id)
    async with database.tenant_session(made.coordinator.context()) as session:
        await people.grant_role(session, made.coordinator, her.person_id, Role.PARTICIPANT)
        for role in set(Role) - {Role.PARTICIPANT}:
            with pytest.raises(Forbidden):
                await people.grant_role(session, made.coordinator, her.person_id, role)
            with pytest.raises(Forbidden):
                await people.take_role(session, made.coordinator, made.owner.person_id, role)


async def test_the_last_owner_stays(database, made):
    owner = made.owner.person_id
    async with database.tenant_session(made.owner.context()) as session:
        with pytest.raises(people.LastOwner):
            await people.take_role(session, made.owner, owner, Role.OWNER)
        with pytest.raises(people.LastOwner):
            await identity.deactivate(session, made.owner, owner)
    second = await making.somebody(database, made.id, Role.OWNER)
    async with database.tenant_session(second.context()) as session:
        await people.take_role(session, second, owner, Role.OWNER)
    assert await roles(database, made, owner) == []


async def test_two_owners_cannot_remove_each_other_at_once(database, made):
    second = await making.somebody(database, made.id, Role.OWNER)

    async def remove(actor, other):
        with suppress(people.LastOwner):
            async with database.tenant_session(actor.context()) as session:
                await people.take_role(session, actor, other.person_id, Role.OWNER)
                await asyncio.sleep(0.05)

    await asyncio.gather(remove(made.owner, second), remove(second, made.owner))
    left = [await roles(database, made, one.person_id) for one in (made.owner, second)]
    assert sorted(left) == [[], [(Role.OWNER, None)]]


async def test_an_inactive_owner_does_not_count(database, made):
    second = await making.somebody(database, made.id, Role.OWNER)
    async with database.tenant_session(made.owner.context()) as session:
        await identity.deactivate(session, made.owner, second.person_id)
        with pytest.raises(people.LastOwner):
            await people.take_role(session, made.owner, made.owner.person_id, Role.OWNER)


async def test_roles_for_one_office(database, made):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
        her = made.coordinator.person_id
        await people.grant_role(session, made.owner, her, Role.FOCAL_POINT, office_id=office.id)
        with pytest.raises(Invalid):
            await people.grant_role(session, made.owner, her, Role.OWNER, office_id=office.id)
        with pytest.raises(NotFound):
            await people.take_role(session, made.owner, her, Role.FOCAL_POINT)
        await people.take_role(session, made.owner, her, Role.FOCAL_POINT, office_id=office.id)


def test_reach_counts_only_roles_that_open_people():
    one, two = making.ids.new(), making.ids.new()
    assert rules.reach([(Role.COORDINATOR, one), (Role.PARTICIPANT, None)]) == {one}
    assert rules.reach([(Role.COORDINATOR, one), (Role.PROGRAMME_MANAGER, two)]) == {one, two}
    assert rules.reach([(Role.COORDINATOR, one), (Role.COORDINATOR, None)]) == frozenset()
    assert rules.reach([(Role.OWNER, None)]) == frozenset()


async def test_members_are_told_to_owners_alone(database, made):
    await making.somebody(database, made.id, Role.PARTICIPANT, name="Not shown")
    async with database.tenant_session(made.owner.context()) as session:
        found = await queries.members(session, made.owner)
        assert [(m.full_name, [h.role for h in m.held]) for m in found] == [
            ("Cora Coordinator", [Role.COORDINATOR]),
            ("Olivia Owner", [Role.OWNER]),
        ]
        with pytest.raises(Forbidden):
            await queries.members(session, made.coordinator)


async def test_another_organisations_people_get_no_roles(database, made):
    other = await making.organisation(database)
    async with database.tenant_session(made.owner.context()) as session:
        for action in (people.grant_role, people.take_role):
            with pytest.raises(NotFound):
                await action(session, made.owner, other.coordinator.person_id, Role.COORDINATOR)
