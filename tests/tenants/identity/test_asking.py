"""What asking for a link tells, who gets a letter, and what ends with whoever leaves."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from infra import clock, ids, language
from infra.errors import Forbidden, Invalid, NotFound
from tenants.identity import actions, clearing, queries
from tenants.identity import letters as _letters  # noqa: F401  registers what the worker writes
from tenants.identity.models import Session, SignInLink
from tenants.identity.rules import PURPOSE, Refusal
from tenants.identity.sessions import Begun
from tenants.identity.signing_in import Proof
from tenants.notifications import letters
from tenants.notifications.letters import Desk
from tenants.notifications.models import Letter
from tenants.people import actions as people
from tenants.permissions import Role
from tests import making
from tests.tenants.identity.steps import BROWSER, LINKS, OTHER, ask, code, email_of, enter, resolve


async def test_asking_does_the_same_work_for_known_and_unknown(database, made, her, statements):
    known = await email_of(database, her)
    done = []
    for email in (known, "nobody@example.org"):
        with statements() as counted:
            await ask(database, made, email)
        done.append([statement.split("$")[0] for statement in counted])
    assert done[0] == done[1]


async def test_unknown_address_gets_no_letter_and_no_session(database, made, her):
    link_id = await ask(database, made, "nobody@example.org")
    assert await compose(database, made, link_id) is None
    right = Proof(link_id, has_link=True, browser_digest=BROWSER, code=code(made, link_id))
    assert await enter(database, made, right) is Refusal.EXPIRED


async def test_the_letter_holds_link_and_code_and_no_longer_when_used(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))

    text = await compose(database, made, link_id)

    assert text.code == code(made, link_id)
    token = text.button[1].rpartition("/")[2]
    assert LINKS.read(PURPOSE, made.id, token) == link_id
    assert LINKS.read(PURPOSE, ids.new(), token) is None
    assert letters.KINDS[actions.SIGN_IN_LETTER].is_secret
    await enter(database, made, Proof(link_id, True, BROWSER))
    assert await compose(database, made, link_id) is None


async def compose(database, made, link_id: UUID):
    desk = Desk(made.id, "House", 184, "https://x", "UTC", LINKS)
    async with database.tenant_session(made.house.context()) as session:
        letter = (
            await session.execute(select(Letter).where(Letter.key == f"identity.sign_in:{link_id}"))
        ).scalar_one()
        assert letter.language == "fr"
        with language.use("en"):
            return await letters.compose(session, letter, desk)


async def test_who_has_left_gets_nothing(database, made, her):
    link_id = await ask(database, made, await email_of(database, her))
    begun = await enter(database, made, Proof(link_id, True, BROWSER))
    waiting = await ask(database, made, await email_of(database, her))
    async with database.tenant_session(made.owner.context()) as session:
        await actions.deactivate(session, made.owner, her.person_id)

    assert await resolve(database, made.id, begun.secret) is None
    assert await compose(database, made, waiting) is None
    assert isinstance(await enter(database, made, Proof(waiting, True, BROWSER)), Refusal)


async def test_who_leaves_without_an_address_takes_nobody_elses_link(database, made, her):
    async with database.tenant_session(made.house.context()) as session:
        path = await actions.sign_in_link_for(session, made.house, her.person_id, LINKS)
        by_phone = await people.join(
            session, made.house, full_name="By phone", email=None, language="en", time_zone="UTC"
        )
        await actions.deactivate(session, made.house, by_phone.id)
    link_id = LINKS.read(PURPOSE, made.id, path.removeprefix("/link/"))
    assert isinstance(await enter(database, made, Proof(link_id, True, OTHER)), Begun)


async def test_an_invitation_brings_somebody_back(database, made, her):
    email = await email_of(database, her)
    async with database.tenant_session(made.owner.context()) as session:
        await actions.deactivate(session, made.owner, her.person_id)
        back = await actions.invite(
            session, made.owner, full_name="Ignored", email=email, role=Role.EVALUATOR, office_id=None,
            language="en", time_zone="UTC",
        )  # fmt: skip
    assert (back.id, back.is_active, back.full_name) == (her.person_id, True, "Ana Ilić")


async def test_no_address_no_request(database, made):
    with pytest.raises(Invalid):
        await ask(database, made, "not an address")


async def test_the_house_hands_over_a_link_that_opens_anywhere_once(database, made, her):
    async with database.tenant_session(made.house.context()) as session:
        path = await actions.sign_in_link_for(session, made.house, her.person_id, LINKS)
    link_id = LINKS.read(PURPOSE, made.id, path.removeprefix("/link/"))

    assert isinstance(await enter(database, made, Proof(link_id, True, OTHER)), Begun)
    assert await enter(database, made, Proof(link_id, True, OTHER)) is Refusal.USED
    for actor in (made.owner, made.coordinator):
        async with database.tenant_session(actor.context()) as session:
            with pytest.raises(Forbidden):
                await actions.sign_in_link_for(session, actor, her.person_id, LINKS)


async def test_another_organisations_link_is_none(database, made, her):
    other = await making.organisation(database)
    link_id = await ask(database, made, await email_of(database, her))
    assert await enter(database, other, Proof(link_id, True, BROWSER)) is Refusal.EXPIRED
    async with database.tenant_session(other.house.context()) as session:
        assert await queries.pending(session, link_id, BROWSER) is None
        with pytest.raises(NotFound):
            await actions.sign_in_link_for(session, other.house, her.person_id, LINKS)


async def test_only_the_browser_that_asked_sees_the_request(database, made, her):
    email = await email_of(database, her)
    link_id = await ask(database, made, email)
    async with database.tenant_session(made.house.context()) as session:
        assert (await queries.pending(session, link_id, BROWSER)).email == email
        assert await queries.pending(session, link_id, OTHER) is None


async def test_another_address_ends_sessions_and_tells_the_old_one(database, made, her):
    before = await email_of(database, her)
    begun = await enter(database, made, Proof(await ask(database, made, before), True, BROWSER))
    async with database.tenant_session(made.coordinator.context()) as session:
        with pytest.raises(Forbidden):  # she runs cases herself: only an owner may move her address
            await actions.change_address(session, made.coordinator, her.person_id, email="new@example.org")
    async with database.tenant_session(made.owner.context()) as session:
        await actions.change_address(session, made.owner, her.person_id, email="new@example.org")
        letter = (
            await session.execute(select(Letter).where(Letter.kind == actions.ADDRESS_LETTER))
        ).scalar_one()
    assert letter.to_email == before
    assert await resolve(database, made.id, begun.secret) is None


async def test_what_has_expired_is_cleared_away(database, made, her):
    begun = await enter(
        database, made, Proof(await ask(database, made, await email_of(database, her)), True, BROWSER)
    )
    await ask(database, made, "nobody@example.org")
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        await clear(database, made)
        assert await left(database, made) == (0, 1)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        await clear(database, made)
        assert await left(database, made) == (0, 0)
    assert begun.secret


async def clear(database, made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await clearing.clear_expired(session, made.house)


async def left(database, made) -> tuple[int, int]:
    async with database.tenant_session(made.house.context()) as session:
        links = await session.scalar(select(func.count()).select_from(SignInLink))
        return links, await session.scalar(select(func.count()).select_from(Session))
