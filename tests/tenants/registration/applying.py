"""Filling in, sending and confirming a registration as its form does."""

from sqlalchemy import select

from tenants.actor import visitor
from tenants.notifications.models import Letter
from tenants.programmes import asking, furnishing
from tenants.registration import (
    confirming,
    signing_up,
)
from tests import making

BOTH = ["taking_part", "matching"]


async def ask_more(database, made, launched):
    """Ask, of those who want to answer, what the talk usually asks."""
    async with database.tenant_session(made.owner.context()) as session:
        for one in (asking.EXPERIENCE, asking.EXCLUDED, asking.MOTIVATION):
            await furnishing.ask(
                session, made.owner, launched.programme.id, key=one.key, kind=one.kind, field=one.field,
                label={"en": one.label}, is_obligatory=False,
            )  # fmt: skip


async def filled(database, made, *, role="mentee", email="wanjiru@example.org", **others):
    """A form with every obligatory answer, not sent yet."""
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role=role)
        told = {"email": email, "full_name": "Wanjiru Kamau"} | making.answers(role, **others)
        for key, value in told.items():
            await signing_up.answer(session, guest, begun.id, key, value, language="en")
    return begun.id


async def send(database, made, id, given=BOTH):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        return await signing_up.send(session, guest, id, given, language="en")


async def confirm(database, made, id):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        return await confirming.confirm(session, guest, id)


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return list((await session.execute(query)).scalars().all())


async def letters(database, made, kind):
    return await rows(database, made, select(Letter).where(Letter.kind == kind))
