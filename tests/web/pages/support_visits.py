"""An owner who lets support in onto a coordinator's account, and the browser of the operator who has come in."""

import pytest
from sqlalchemy import select

from tenants.audit.models import AuditEvent
from tenants.identity import support
from tenants.identity.support_models import SupportWindow
from tenants.people.models import Person
from tests import making
from tests.working import drain

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
