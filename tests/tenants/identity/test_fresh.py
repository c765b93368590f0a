"""What asks anew who somebody is: whatever would let in somebody else, or outlive her session."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from infra import clock, ids
from infra.errors import Forbidden, StepUpNeeded
from tenants import actor as actors
from tenants.identity import (
    actions,
    challenges,
    clearing,
    demands,
    kept_forms,
    own_address,
    passkeys,
    sessions,
    tokens,
)
from tenants.identity.models import How, Session
from tenants.identity.proof_models import Asked, KeptForm
from tenants.identity.sessions import Shown
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.tenants.identity.steps import resolve


@pytest.fixture
async def owner(database, made):
    """The owner as she is at a page, a moment after she has signed in."""
    async with database.tenant_session(made.owner.context()) as session:
        her = (await session.scalars(select(Person).where(Person.id == made.owner.person_id))).one()
        begun = await sessions.begin(session, made.owner, her)
    return (await resolve(database, made.id, begun.secret)).actor


def aged(actor, minutes: float):
    return replace(actor, verified_at=clock.now() - timedelta(minutes=minutes))


def test_a_proof_is_fresh_for_a_quarter_of_an_hour(made):
    now = clock.now()
    her = actors.person(made.id, ids.new(), frozenset({Role.COORDINATOR}), verified_at=now)
    her.require_fresh(now)
    her.require_fresh(now + timedelta(minutes=15))
    for late in (replace(her, verified_at=None), aged(her, 15.1)):
        with pytest.raises(StepUpNeeded) as refused:
            late.require_fresh(now)
        assert refused.value.facts == {"within_minutes": 15}
    with pytest.raises(Forbidden):
        actors.support(her, ids.new()).require_fresh(now)


async def test_what_lets_somebody_else_in_asks_anew(database, made, owner):
    member = await making.somebody(database, made.id, Role.COORDINATOR)
    invitation = {
        "full_name": "Njeri Mwangi", "email": "njeri@example.org", "role": Role.OWNER, "office_id": None,
        "language": "en", "time_zone": "UTC",
    }  # fmt: skip
    asks = [
        lambda session, her: tokens.make(session, her, name="T", permissions=["audit.read"]),
        lambda session, her: own_address.ask(session, her, email="elsewhere@example.org"),
        lambda session, her: actions.invite(session, her, **invitation),
        lambda session, her: actions.give_role(session, her, member.person_id, Role.OWNER, office_id=None),
        lambda session, her: actions.change_address(
            session, _with_people(her), member.person_id, email="thief@example.org"
        ),
        lambda session, her: passkeys.reset(session, her, member.person_id),
        lambda session, her: demands.demand_passkeys(session, her, is_demanded=False, host=made.host),
    ]
    for ask in asks:
        with pytest.raises(StepUpNeeded):
            async with database.tenant_session(owner.context()) as session:
                await ask(session, aged(owner, 16))
        async with database.tenant_session(owner.context()) as session:
            await ask(session, owner)


def _with_people(actor):
    return replace(actor, permissions=actor.permissions | _of(Role.COORDINATOR))


def _of(role):
    return actors.of(frozenset({role}))


async def test_a_participant_by_telephone_gets_another_address_without_it(database, made):
    participant = await making.somebody(database, made.id, Role.PARTICIPANT)
    coordinator = aged(replace(made.coordinator, session_id=ids.new()), 60)
    async with database.tenant_session(coordinator.context()) as session:
        changed = await actions.change_address(
            session, coordinator, participant.person_id, email="new@example.org"
        )
    assert changed.email == "new@example.org"


async def test_a_proof_makes_no_session_longer(database, made, owner):
    async with database.tenant_session(owner.context()) as session:
        before = (await session.scalars(select(Session))).one().expires_at
        begun = await sessions.verify(session, owner, Shown(How.CODE, clock.now()))
        row = (await session.scalars(select(Session))).one()
        assert (row.expires_at, row.id) == (before, begun.session_id)
    assert (await resolve(database, made.id, begun.secret)).actor.session_id == owner.session_id


async def test_few_forms_are_kept_and_none_that_is_too_large(database, made, owner):
    async with database.tenant_session(owner.context()) as session:
        openers = [await kept_forms.keep(session, owner, f"/a/{at}", [("x", "y")]) for at in range(8)]
        assert len(list(await session.scalars(select(KeptForm.id)))) == kept_forms.MOST
        assert (await kept_forms.kept(session, owner, openers[-1])).path == "/a/7"
        assert await kept_forms.keep(session, owner, "/a", [("x", "y" * kept_forms.LARGEST)]) is None


async def test_what_is_over_is_cleared_away(database, made, owner):
    async with database.tenant_session(owner.context()) as session:
        await challenges.draw(session, owner, Asked.ADD, b"one")
        await kept_forms.keep(session, owner, "/a", [])
        kept = (await session.scalars(select(KeptForm))).one()
        kept.expires_at = clock.now() - timedelta(seconds=1)
    async with database.tenant_session(made.house.context()) as session:
        await clearing.clear_expired(session, made.house)
        assert await session.scalar(select(KeptForm.id)) is None
        assert await challenges.take(session, owner, Asked.ADD, b"one") is not None
        with pytest.raises(Forbidden):
            await clearing.clear_expired(session, owner)
