"""Passkeys as tests use them: made and shown on the pages, by the authenticator in software."""

import json

from sqlalchemy import inspect, select, update

from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter
from tenants.organisations.models import Organisation

KEPT = "/me/settings/passkeys"
DOOR = "/sign-in/passkey"


async def rows(database, made, table):
    async with database.tenant_session(made.house.context()) as session:
        return list(await session.scalars(select(table).order_by(*inspect(table).primary_key)))


async def options(page, action: str) -> dict:
    """What the script of the page fetches."""
    csrf = next(one.value for one in page.form(action).fields if one.name == "csrf")
    answer = await page.browser.post(f"{action}/options", [("csrf", csrf)])
    assert answer.status == 201, answer.text
    return json.loads(answer.html)


async def add(browser, key, *, name: str = "My key", **wrong):
    page = await browser.get(f"{KEPT}/new")
    asked = await options(page, f"{KEPT}/new")
    return await page.submit(f"{KEPT}/new", credential=key.make(asked, **wrong), name=name)


async def enter(browser, passkey, path: str = DOOR, **wrong):
    """Show it on the page at the door."""
    page = await browser.get(path)
    asked = await options(page, DOOR)
    return await page.submit(DOOR, credential=passkey.show(asked, **wrong))


async def events(database, made) -> list[str]:
    return [row.event for row in await rows(database, made, AuditEvent)]


async def kinds_of_letters(database, made) -> list[str]:
    return [row.kind for row in await rows(database, made, Letter)]


async def demand(database, made) -> None:
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Organisation).values(demands_passkeys=True))
