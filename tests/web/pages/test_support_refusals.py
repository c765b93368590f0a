"""Support never reaches what is hers alone: not by the pages, and not by the domain behind them."""

import html
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from infra import clock, ids
from infra.errors import Forbidden
from tenants import actor as actors
from tenants.actor import NotHerself
from tenants.identity import actions as identity
from tenants.identity import own_address, sessions, support, tokens
from tenants.notifications import actions as notifications
from tenants.notifications import concerns, confidants
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.permissions import SUPPORT, Permission, Role
from tenants.programmes import actions as programmes
from tenants.registration import agreeing
from tenants.registration.consents import Purpose
from tests import making, routes
from tests.web.pages.support_visits import (
    csrf_of,
    owner,
    told,
    visit,
)
from web import reach

__all__ = ["owner", "told", "visit"]  # fixtures


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


async def test_what_a_programme_asks_is_the_organisations_to_say(visit, launched):
    """Also which of its questions are needed, though a programme's states and cycles are open to support."""
    at = f"/a/programmes/{launched.programme.id}"
    shown = await visit.get(at)
    assert shown.status == 200
    for path in ("/questions", "/topics", "/terms"):
        assert (await visit.get(at + path)).status == 403, path
    led = set(re.findall(rf'href="?({at}[^"\s>#]*)', shown.html))
    assert [path for path in led if (await visit.get(path)).status != 200] == []  # it leads to what is open
    needed = [("csrf", csrf_of(shown)), ("key", "motivation"), ("needed", "no")]
    assert (await visit.post(at + "/questions/needed", needed)).status == 403


async def test_no_page_leads_support_to_a_shut_one(visit, stage):
    await stage.pair(await stage.joins("mentor", "Mona"), await stage.joins(name="Ebba"))
    await stage.joins(name="Lena")
    came: dict[str, str] = {"/c/today": ""}
    for path in came_from(came):
        page = await visit.get(path)
        assert page.status == 200, (path, came[path])
        for led in re.findall(r'href="?(/(?!static)[^"\s>#]*)', page.html):
            came.setdefault(html.unescape(led), path)
    assert {"/c/pairs", "/c/outbox", "/c/matching"} < set(came)


def came_from(came: dict[str, str]) -> Iterator[str]:
    """Each address once, those included that are added meanwhile."""
    seen: set[str] = set()
    while new := [path for path in came if path not in seen]:
        seen.update(new)
        yield from new


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
