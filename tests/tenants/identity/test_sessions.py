"""Sessions and tokens: resolved with the roles of the moment, ended at once, nobody else's."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from infra import clock, ids
from infra.errors import Forbidden, Invalid, NotFound
from tenants.identity import actions, queries, rules, sessions, tokens
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tests import making


async def begin(database, actor) -> sessions.Begun:
    async with database.tenant_session(actor.context()) as session:
        person = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
        return await sessions.begin(session, actor, person)


async def resolve(database, organisation_id, secret):
    async with database.platform_session("resolver") as connection:
        return await queries.resolve_session(connection, organisation_id, secret)


async def resolve_token(database, token):
    async with database.platform_session("resolver") as connection:
        return await queries.resolve_token(connection, token)


async def make_token(database, actor, *permissions, **facts) -> tokens.Made:
    async with database.tenant_session(actor.context()) as session:
        return await tokens.make(session, actor, name="Reports", permissions=permissions, **facts)


async def test_an_id_that_the_client_chose_is_never_a_session(database, made):
    assert await resolve(database, made.id, ids.token()) is None
    assert await resolve(database, made.id, "") is None


async def test_a_session_is_of_one_organisation(database, made):
    # N02
    other = await making.organisation(database)
    begun = await begin(database, made.owner)
    assert await resolve(database, other.id, begun.secret) is None
    assert (await resolve(database, made.id, begun.secret)).actor.person_id == made.owner.person_id


async def test_a_role_counts_from_the_next_request_on(database, made):
    begun = await begin(database, made.coordinator)
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
        her = made.coordinator.person_id
        await people.take_role(session, made.owner, her, Role.COORDINATOR)
        await people.grant_role(session, made.owner, her, Role.FOCAL_POINT)
    found = await resolve(database, made.id, begun.secret)
    assert found.actor.roles == {Role.FOCAL_POINT}
    assert not found.actor.may(Permission.PEOPLE_READ)

    async with database.tenant_session(made.owner.context()) as session:
        await people.grant_role(session, made.owner, her, Role.COORDINATOR, office_id=office.id)
    assert (await resolve(database, made.id, begun.secret)).actor.offices == {office.id}


async def test_a_session_ends_when_idle_and_after_half_a_day(database, made):
    begun = await begin(database, made.owner)
    start = clock.now()
    with time_machine.travel(start + timedelta(minutes=29), tick=False):
        found = await resolve(database, made.id, begun.secret)
        assert found.is_stale
        async with database.tenant_session(found.actor.context()) as session:
            await sessions.note_seen(session, found.actor)
    with time_machine.travel(start + timedelta(minutes=58), tick=False):
        assert await resolve(database, made.id, begun.secret) is not None
    with time_machine.travel(start + timedelta(minutes=60), tick=False):
        assert await resolve(database, made.id, begun.secret) is None
    with time_machine.travel(start + timedelta(hours=12), tick=False):
        async with database.tenant_session(found.actor.context()) as session:
            await sessions.note_seen(session, found.actor)
        assert await resolve(database, made.id, begun.secret) is None


async def test_a_new_secret_makes_the_old_one_worthless(database, made):
    begun = await begin(database, made.owner)
    actor = (await resolve(database, made.id, begun.secret)).actor
    async with database.tenant_session(actor.context()) as session:
        fresh = await sessions.rotate(session, actor)
    assert await resolve(database, made.id, begun.secret) is None
    assert (await resolve(database, made.id, fresh)).actor.session_id == begun.session_id


async def test_one_ends_ones_own_sessions_and_no_others(database, made):
    here, there = await begin(database, made.owner), await begin(database, made.owner)
    theirs = await begin(database, made.coordinator)
    actor = (await resolve(database, made.id, here.secret)).actor
    async with database.tenant_session(actor.context()) as session:
        assert [(s.id, s.is_current) for s in await queries.own_sessions(session, actor)] == [
            (there.session_id, False),
            (here.session_id, True),
        ]
        with pytest.raises(NotFound):
            await sessions.end(session, actor, theirs.session_id)
        await sessions.end(session, actor, there.session_id)
    assert await resolve(database, made.id, there.secret) is None
    assert await resolve(database, made.id, theirs.secret) is not None


async def test_all_others_end_at_once(database, made):
    here, there = await begin(database, made.coordinator), await begin(database, made.coordinator)
    actor = (await resolve(database, made.id, here.secret)).actor
    async with database.tenant_session(actor.context()) as session:
        assert await sessions.end_all(session, actor, actor.person_id) == 1
        with pytest.raises(Forbidden):
            await sessions.end_all(session, actor, made.owner.person_id)
    assert await resolve(database, made.id, there.secret) is None
    assert await resolve(database, made.id, here.secret) is not None


async def test_a_token_does_some_of_what_its_maker_may(database, made):
    made_token = await make_token(database, made.owner, "audit.read", "programme.read")
    found = await resolve_token(database, made_token.secret)
    assert found.actor.permissions == {Permission.AUDIT_READ, Permission.PROGRAMME_READ}
    assert (found.actor.kind, found.actor.person_id) == ("token", made.owner.person_id)
    assert found.is_stale
    async with database.tenant_session(found.actor.context()) as session:
        await sessions.note_seen(session, found.actor)
    assert not (await resolve_token(database, made_token.secret)).is_stale


async def test_a_token_is_judged_by_its_makers_roles_of_now(database, made):
    it = await making.somebody(database, made.id, Role.IT_CONTACT, Role.COORDINATOR)
    made_token = await make_token(database, it, "people.read", "jobs.read")
    async with database.tenant_session(made.owner.context()) as session:
        await people.take_role(session, made.owner, it.person_id, Role.COORDINATOR)
    assert (await resolve_token(database, made_token.secret)).actor.permissions == {Permission.JOBS_READ}


async def test_nobody_makes_a_token_beyond_herself(database, made):
    for permissions in (["people.read"], ["no.such"], []):
        with pytest.raises(Invalid):
            await make_token(database, made.owner, *permissions)
    with pytest.raises(Forbidden):
        await make_token(database, made.coordinator, "people.read")


@pytest.mark.parametrize("days", [-1, 367])
async def test_a_token_lasts_a_year_at_most(database, made, days):
    with pytest.raises(Invalid):
        await make_token(database, made.owner, "audit.read", expires_at=clock.now() + timedelta(days=days))


async def test_a_token_ends_by_time_and_by_hand(database, made):
    made_token = await make_token(database, made.owner, "audit.read")
    with time_machine.travel(clock.now() + rules.TOKEN_LASTS, tick=False):
        assert await resolve_token(database, made_token.secret) is None
    async with database.tenant_session(made.owner.context()) as session:
        await tokens.end(session, made.owner, made_token.token.id)
        assert [t.ended_at is None for t in await queries.tokens(session, made.owner)] == [False]
    assert await resolve_token(database, made_token.secret) is None


async def test_a_token_is_of_one_organisation(database, made):
    other = await making.organisation(database)
    made_token = await make_token(database, made.owner, "audit.read")
    moved = made_token.secret.replace(made.id.hex, other.id.hex)
    assert await resolve_token(database, moved) is None
    async with database.tenant_session(other.owner.context()) as session:
        with pytest.raises(NotFound):
            await tokens.end(session, other.owner, made_token.token.id)
        assert await queries.tokens(session, other.owner) == []


@pytest.mark.parametrize(
    "text", ["", "mw_", "Bearer", "mw_" + "0" * 32 + "_short", "mw_" + "g" * 32 + "_" + "a" * 43]
)
async def test_what_is_no_token_is_nobody(database, text):
    assert await resolve_token(database, text) is None


async def test_who_has_left_has_no_token(database, made):
    it = await making.somebody(database, made.id, Role.IT_CONTACT)
    made_token = await make_token(database, it, "jobs.read")
    async with database.tenant_session(made.owner.context()) as session:
        await actions.deactivate(session, made.owner, it.person_id)
        await people.set_active(session, made.owner, it.person_id, is_active=True)
    assert await resolve_token(database, made_token.secret) is None  # it does not come back with her


async def test_finding_out_who_asks_is_one_statement(database, made, statements):
    begun = await begin(database, made.owner)
    with statements() as counted:
        assert await resolve(database, made.id, begun.secret)
    assert len(counted) == 1


def test_a_device_is_known_by_browser_and_system():
    chrome = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
    assert [rules.device(agent) for agent in (chrome, edge, "curl/8", "")] == [
        "Chrome, Android",
        "Edge, Windows",
        None,
        None,
    ]
