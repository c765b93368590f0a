"""Support comes in where it is let in, once, for an hour at most, seen by everybody; and never reaches what is hers alone."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from infra import clock, ids
from infra.errors import Forbidden
from mentorweave import supporting
from tenants import actor as actors
from tenants.actor import NotHerself
from tenants.audit.models import AuditEvent
from tenants.identity import actions as identity
from tenants.identity import own_address, sessions, support, tokens
from tenants.identity.models import Session
from tenants.identity.support_models import SupportWindow
from tenants.identity.support_rules import CannotBeTold, NotToldYet, Shut
from tenants.notifications import actions as notifications
from tenants.notifications import concerns, confidants
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import SUPPORT, Permission, Role
from tenants.programmes import actions as programmes
from tenants.registration import agreeing
from tenants.registration.consents import Purpose
from tests import making, routes
from tests.working import drain
from web import reach

WORDS = {"operator": "Jo Ops", "reason": "The pipeline shows nobody.", "minutes": "30"}


async def address_of(database, made, actor) -> str:
    async with database.tenant_session(made.house.context()) as session:
        return await session.scalar(select(Person.email).where(Person.id == actor.person_id))


async def window_of(database, made) -> SupportWindow:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.scalars(select(SupportWindow))).one()


async def events(database, made, *, kind: str) -> list[AuditEvent]:
    async with database.tenant_session(made.house.context()) as session:
        query = select(AuditEvent).where(AuditEvent.actor_kind == kind).order_by(AuditEvent.id)
        return list(await session.scalars(query))


async def link(database, ground, made) -> str:
    window = await window_of(database, made)
    async with database.tenant_session(made.house.context()) as session:
        return await support.link_for(session, made.house, window.id, ground.links)


async def let_in(owner, email: str):
    csrf = csrf_of(await owner.get("/a/support"))
    return await owner.post("/a/support", [("csrf", csrf), ("email", email), *WORDS.items()])


def csrf_of(page) -> str:
    return next(one.value for form in page.forms for one in form.fields if one.name == "csrf")


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def told(owner, database, made, ground, inbox):
    """The coordinator's account, onto which the owner has let support in, and she has been told."""
    email = await address_of(database, made, made.coordinator)
    page = await (await owner.get("/a/support")).submit("/a/support", email=email, **WORDS)
    assert "Jo Ops can come in as soon as" in page.text.replace("\u2068", "").replace("\u2069", "")
    await drain(ground, made.id)
    return email


@pytest.fixture
async def visit(told, database, ground, made, browse, launched):
    """The browser of the operator, who has come in."""
    browser = browse(made.host)
    page = await browser.get(await link(database, ground, made))
    assert "Jo Ops" in page.text
    page = await page.submit("/support/")
    assert page.path == "/c/today"
    return browser


async def test_the_whole_visit(visit, told, owner, database, made, ground, inbox, launched):
    [before] = inbox.to(told)
    assert before["subject"].startswith("Support may look at")
    said = before.get_body(("plain",)).get_content()
    assert "Jo Ops" in said
    assert "The pipeline shows nobody." in said
    assert "Olivia Owner" in said

    for path in ("/c/today", "/c/people", "/c/pipeline", "/c/outbox", "/nowhere"):
        page = await visit.get(path)
        assert "Jo Ops of the support is here in the place of Cora Coordinator" in page.text, path
    entered = await making.participation(database, made, launched)
    page = await visit.get(f"/c/people/{entered.person_id}")
    assert "Note for coordinators" not in page.text
    page = await page.submit(f"/c/people/{entered.person_id}/interview/held")
    done = [one for one in await events(database, made, kind="support") if one.object_kind == "participation"]
    window = await window_of(database, made)
    assert {(one.person_id, one.details["support"]) for one in done} == {
        (made.coordinator.person_id, str(window.id))
    }
    trail = (await owner.get("/a/audit")).text.replace("\u2068", "").replace("\u2069", "")
    assert "Support, in the place of Cora Coordinator" in trail

    await (await visit.get("/c/today")).submit("/support/leave")
    assert (await visit.get("/c/today")).path.startswith("/sign-in")
    await drain(ground, made.id)
    after = inbox.to(told)[-1]
    assert "is over" in after["subject"]
    text = after.get_body(("plain",)).get_content()
    assert "was changed" in text or "were changed" in text


async def test_nobody_comes_in_before_she_is_told(owner, database, made, ground, inbox):
    email = await address_of(database, made, made.coordinator)
    await (await owner.get("/a/support")).submit("/a/support", email=email, **WORDS)
    with pytest.raises(NotToldYet):
        await link(database, ground, made)
    await drain(ground, made.id)
    assert (await link(database, ground, made)).startswith("/support/")


async def test_onto_ones_own_account(database, made, ground, browse, inbox):
    """Who lets support in herself has not to wait for a letter, and gets it all the same."""
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    page = await (await coordinator.get("/me/support")).submit("/me/support", **WORDS)
    assert "can come in" in page.text
    browser = browse(made.host)
    page = await (await browser.get(await link(database, ground, made))).submit("/support/")
    assert page.path == "/c/today"
    await drain(ground, made.id)
    assert len(inbox.to(await address_of(database, made, made.coordinator))) == 1
    page = await (await coordinator.get("/me/support")).submit("/me/support/")
    assert "Support is shut out" in page.text
    assert (await browser.get("/c/today")).path.startswith("/sign-in")


async def test_a_link_opens_once(told, database, ground, made, browse):
    path = await link(database, ground, made)
    browsers = [browse(made.host) for _ in range(5)]
    pages = [await browser.get(path) for browser in browsers]
    for _ in range(3):
        assert (await browsers[0].head(path)).status == 200
    found = await asyncio.gather(*(page.submit("/support/") for page in pages))
    assert sorted(page.status for page in found) == [200, 410, 410, 410, 410]
    async with database.tenant_session(made.house.context()) as session:
        living = select(Session.id).where(Session.support_id.is_not(None))
        assert len((await session.scalars(living)).all()) == 1
    assert (await browse(made.host).get(path)).status == 410
    with pytest.raises(Shut):
        await link(database, ground, made)


async def test_the_hour_is_over_for_everybody(visit, told, database, ground, made, browse, inbox):
    with time_machine.travel(clock.now() + timedelta(minutes=29)):
        assert (await visit.get("/c/people")).path == "/c/people"
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert (await visit.get("/c/today")).path.startswith("/sign-in")
        await drain(ground, made.id)
    assert "is over" in inbox.to(told)[-1]["subject"]
    async with database.tenant_session(made.house.context()) as session:
        window = (await session.scalars(select(SupportWindow))).one()
        window.expires_at += timedelta(minutes=31)
        with pytest.raises(IntegrityError):
            await session.flush()
        await session.rollback()


async def test_a_window_that_nobody_used(owner, told, database, made, ground, browse, inbox):
    path = await link(database, ground, made)
    await (await owner.get("/a/support")).submit("/a/support/")
    assert (await browse(made.host).get(path)).status == 410
    await drain(ground, made.id)
    assert "Nobody came in" in inbox.to(told)[-1].get_body(("plain",)).get_content()


UNUSABLE = [
    ({"operator": " "}, "This is needed."),
    ({"reason": ""}, "This is needed."),
    ({"reason": "x" * 501}, "500"),
    ({"minutes": "61"}, "not one of the choices"),
    ({"minutes": "-5"}, "not one of the choices"),
    ({"email": "nobody@example.org"}, "Nobody here has this address."),
    ({"email": ""}, ""),
]


async def test_what_cannot_be_used(owner, database, made):
    email = await address_of(database, made, made.coordinator)
    page = await owner.get("/a/support")
    for changed, words in UNUSABLE:
        page = await page.submit("/a/support", **({"email": email} | WORDS | changed))
        assert (page.status, words in page.text) == (422, True), changed
    async with database.tenant_session(made.house.context()) as session:
        assert list(await session.scalars(select(SupportWindow))) == []


async def test_one_window_at_a_time(owner, told):
    page = await let_in(owner, told)
    assert (page.status, "let in there already" in page.text) == (422, True)


async def test_who_cannot_be_told_is_not_visited(database, made):
    silent = await making.somebody(database, made.id, Role.COORDINATOR)
    async with database.tenant_session(made.house.context()) as session:
        (await session.scalars(select(Person).where(Person.id == silent.person_id))).one().email = None
    own = actors.person(made.id, silent.person_id, silent.roles, verified_at=clock.now())
    async with database.tenant_session(own.context()) as session:
        with pytest.raises(CannotBeTold):
            await support.let_in(session, own, operator="Jo", reason="Why", minutes=15)


async def test_only_the_owner_opens_others_and_only_freshly(database, made, browse, owner, told):
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert (await coordinator.get("/a/support")).status == 403
    csrf = csrf_of(await coordinator.get("/me/support"))
    fields = [("csrf", csrf), ("email", told), *WORDS.items()]
    assert (await coordinator.post("/a/support", fields)).status == 403
    async with database.tenant_session(made.house.context()) as session:
        for one in await session.scalars(select(Session)):
            one.verified_at = clock.now() - timedelta(minutes=16)
    assert (await let_in(owner, told)).path.startswith("/step-up")


async def test_another_organisation_neither_shuts_nor_enters(told, database, ground, made, browse):
    other = await making.organisation(database)
    theirs = await making.signed_in(database, browse, other, other.owner)
    window = await window_of(database, made)
    csrf = csrf_of(await theirs.get("/a/support"))
    assert (await theirs.post(f"/a/support/{window.id}/end", [("csrf", csrf)])).status == 404
    assert (await browse(other.host).get(await link(database, ground, made))).status == 410
    colleague = await making.signed_in(
        database, browse, made, await making.somebody(database, made.id, Role.COORDINATOR)
    )
    csrf = csrf_of(await colleague.get("/me/support"))
    assert (await colleague.post(f"/me/support/{window.id}/end", [("csrf", csrf)])).status == 404


SHUT = [
    "/me/settings", "/settings", "/me/support", "/a/support", "/a/sign-in", "/a/sign-in/domains", "/a/api",
    "/a/audit", "/me/concern", "/step-up", "/c/register", "/c/import", "/a",
]  # fmt: skip


async def test_pages_that_are_not_for_support(visit):
    for path in SHUT:
        assert (await visit.get(path)).status == 403, path
    csrf = csrf_of(await visit.get("/c/today"))
    for path in (
        "/me/settings",
        "/me/settings/address",
        "/sign-in",
        f"/me/settings/sessions/{ids.new()}/end",
        "/me/concern",
    ):
        assert (await visit.post(path, [("csrf", csrf), ("email", "thief@example.org")])).status == 403, path
    page = await visit.get("/me/settings")
    assert "Only the person herself" in page.text
    assert "Jo Ops of the support" in page.text


async def test_what_was_told_to_her_in_confidence_is_not_on_the_desk(visit, made, launched, database, browse):
    entered = await making.participation(database, made, launched)
    mentee = actors.person(made.id, entered.person_id, frozenset({Role.PARTICIPANT}))
    async with database.tenant_session(mentee.context()) as session:
        await concerns.tell(
            session, mentee, text="She asked me for money.", readers=[made.coordinator.person_id]
        )
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert "tells you in confidence" in (await coordinator.get("/c/today")).text
    assert "tells you in confidence" not in (await visit.get("/c/today")).text


def test_every_new_page_is_shut_to_support(ground):
    """What is open stands here by name; whatever is added is shut until somebody writes it down."""
    operator = actors.support(actors.person(ids.new(), ids.new(), frozenset({Role.OWNER})), ids.new())
    looks, uses = set(), set()
    for route in routes.pages(ground):
        handler = route.handler
        request = SimpleNamespace(scope={"route_handler": handler}, method=route.method)
        try:
            reach.must_reach(operator, request)
        except NotHerself:
            continue
        module = handler.fn.__module__.removeprefix("web.pages.").partition(".")[0]
        (looks if route.method in ("GET", "HEAD") else uses).add(module)
    assert uses <= reach.USES | {"support", "sign_in"}
    assert looks <= reach.USES | reach.LOOKS | {"support"}
    assert uses | looks >= reach.USES | reach.LOOKS
    own = {
        "settings",
        "interviews",
        "concern",
        "providers",
        "passkeys",
        "step_up",
        "privacy",
        "audit",
        "keys",
        "imports",
    }
    assert not own & (uses | looks)


async def test_domain_refuses_too(database, made, launched, ground):
    """Were a page left open by mistake, what is behind it would still say no."""
    herself = actors.person(
        made.id, made.coordinator.person_id, frozenset({Role.OWNER, Role.PROGRAMME_MANAGER}), verified_at=clock.now()
    )  # fmt: skip
    entered = await making.participation(database, made, launched)
    operator = actors.support(herself, ids.random())
    assert operator.permissions <= SUPPORT
    assert operator.context().person_id is None
    async with database.tenant_session(operator.context()) as session:
        assert (await session.execute(text("select app.person_id()"))).scalar_one() is None
        refused = {
            "step-up": lambda: _now(operator.require_fresh(clock.now())),
            "role": lambda: people.grant_role(session, operator, entered.person_id, Role.COORDINATOR),
            "programme role": lambda: programmes.give_role(
                session, operator, launched.programme.id, herself.person_id, Role.COORDINATOR
            ),
            "token": lambda: tokens.make(session, operator, name="x", permissions=["people.read"]),
            "own address": lambda: own_address.ask(session, operator, email="thief@example.org"),
            "address of another": lambda: identity.change_address(
                session, operator, entered.person_id, email="thief@example.org"
            ),
            "deactivate": lambda: identity.deactivate(session, operator, entered.person_id),
            "invite": lambda: identity.invite(
                session, operator, full_name="T", email="t@example.org", role=Role.OWNER, office_id=None,
                language="en", time_zone="UTC",
            ),
            "sessions": lambda: sessions.end_all(session, operator, entered.person_id),
            "contact": lambda: organisations.change(session, operator, contact_phone="+1 900 555 0100"),
            "an address": lambda: organisations.answer_at(session, operator, "thief.example.org"),
            "a letter": lambda: notifications.take_back(session, operator, ids.new()),
            "a session": lambda: sessions.end(session, operator, ids.new()),
            "concern": lambda: confidants.access_concern(session, operator, ids.new()),
            "tell": lambda: concerns.tell(session, operator, text="x", readers=[]),
            "consent": lambda: agreeing.take_back(session, operator, herself.person_id, Purpose.MATCHING),
            "more support": lambda: support.let_in(session, operator, operator="x", reason="y", minutes=15),
        }  # fmt: skip
        for name, deed in refused.items():
            with pytest.raises(Forbidden):
                await deed()
                pytest.fail(name)
    unsafe = {"roles", "tokens", "sign_in", "scim", "notes", "audit", "person", "privacy", "keys", "support"}
    assert {one.value.partition(".")[0] for one in SUPPORT} & unsafe == set()
    assert Permission.OWN_CASE not in SUPPORT


async def _now(nothing: None) -> None:
    return nothing


async def test_operators_find_and_open_what_is_open(told, ground, made):
    assert [one.operator for one in await supporting._open(ground.settings, made.host)] == ["Jo Ops"]
    address = await supporting.link(ground.settings, made.host)
    assert address.startswith(f"http://{made.host}/support/")
