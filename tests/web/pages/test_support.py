"""Support comes in where it is let in, once, for an hour at most, seen by everybody."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from infra import clock
from mentorweave import supporting
from tenants import actor as actors
from tenants.audit.models import AuditEvent
from tenants.identity import support
from tenants.identity.models import Session
from tenants.identity.support_models import SupportWindow
from tenants.identity.support_rules import CannotBeTold, NotToldYet, Shut
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.web.pages.support_visits import (
    WORDS,
    address_of,
    csrf_of,
    events,
    let_in,
    link,
    owner,
    told,
    visit,
    window_of,
)
from tests.working import drain

__all__ = ["owner", "told", "visit"]  # fixtures


async def test_the_whole_visit(visit, told, owner, database, made, ground, inbox, launched):
    [before] = inbox.to(told)
    assert "Support may look at" in before["subject"]
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
        tried = select(AuditEvent).where(AuditEvent.event == "sign_in.link_refused")
        assert {(one.object_kind, one.details["why"]) for one in await session.scalars(tried)} == {
            ("support_window", "used")
        }
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


async def test_operators_find_and_open_what_is_open(told, ground, made):
    assert [one.operator for one in await supporting._open(ground.settings, made.host)] == ["Jo Ops"]
    address = await supporting.link(ground.settings, made.host)
    assert address.startswith(f"http://{made.host}/support/")
