"""Somebody who was shut out does not get her old powers back by filling in the public form."""

import pytest
from sqlalchemy import select

from infra import clock
from tenants import actor as actors
from tenants.identity import actions as identity
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import on_behalf, signing_up
from tenants.registration.confirming import confirm
from tests import making


async def let_go(database, made, *roles: Role) -> Person:
    somebody = await making.somebody(database, made.id, *roles, name="Dora Dismissed")
    async with database.tenant_session(made.owner.context()) as session:
        return await identity.deactivate(session, made.owner, somebody.person_id)


async def standing(database, made, person_id) -> tuple[bool, set[Role]]:
    async with database.tenant_session(made.house.context()) as session:
        person = (await session.execute(select(Person).where(Person.id == person_id))).scalar_one()
        return person.is_active, {role for role, _ in await people.grants(session, person_id)}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.OWNER, Role.IT_CONTACT])
async def test_the_form_gives_no_role_back(database, made, launched, role):
    gone = await let_go(database, made, role)
    visitor = actors.visitor(made.id)
    async with database.tenant_session(visitor.context()) as session:
        begun = await signing_up.begin(session, visitor, slug="network", language="en", role="mentee")
        begun.full_name, begun.email, begun.answers = gone.full_name, gone.email, making.answers("mentee")
        begun.consents, begun.sent_at = [], clock.now()
        await session.flush()
        await confirm(session, visitor, begun.id)
    assert await standing(database, made, gone.id) == (True, {Role.PARTICIPANT})


async def test_nor_does_a_coordinator_give_it_back(database, made, launched):
    gone = await let_go(database, made, Role.OWNER)
    async with database.tenant_session(made.coordinator.context()) as session:
        await on_behalf.register(
            session, made.coordinator, programme_id=launched.programme.id, role="mentee", full_name="Dora",
            email=gone.email, language="en", given=making.answers("mentee"), agreed=["taking_part", "matching"],
            channel="phone", is_confirmed=True,
        )  # fmt: skip
    assert await standing(database, made, gone.id) == (True, {Role.PARTICIPANT})


async def test_who_is_here_keeps_her_roles(database, made, launched):
    async with database.tenant_session(made.house.context()) as session:
        email = (
            await session.execute(select(Person.email).where(Person.id == made.owner.person_id))
        ).scalar_one()
    await making.participation(database, made, launched, email=email)
    assert await standing(database, made, made.owner.person_id) == (True, {Role.OWNER, Role.PARTICIPANT})
