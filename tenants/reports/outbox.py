"""Letters as their readers will see them, for whoever looks into the outbox."""

import importlib
import importlib.util
import pkgutil
from functools import cache

from sqlalchemy.ext.asyncio import AsyncSession

import tenants
from infra import language
from infra.crypto.links import LinkSigner
from infra.settings import WebSettings
from tenants.actor import Actor
from tenants.notifications import confidants, letters, writing
from tenants.notifications.choices import Choice
from tenants.notifications.choices import own as own_choices
from tenants.notifications.letters import Kind, Text
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.permissions import Permission


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of letter; importing a room's `letters.py` registers those that it writes."""
    importlib.import_module("tenants.notifications.templates.trial")
    for room in pkgutil.iter_modules(tenants.__path__):
        name = f"tenants.{room.name}.letters"
        if room.ispkg and importlib.util.find_spec(name):
            importlib.import_module(name)
    return letters.KINDS


def secret_kinds() -> frozenset[str]:
    """Letters that open an account: nobody but their reader looks at them."""
    return frozenset(kind.name for kind in kinds().values() if kind.is_secret)


async def choices(session: AsyncSession, actor: Actor) -> list[Choice]:
    """Which letters the actor may get, and which of them she wants."""
    kinds()
    return await own_choices(session, actor)


async def preview(
    session: AsyncSession, actor: Actor, letter: Letter, web: WebSettings, links: LinkSigner
) -> Text | None:
    """
    The letter as it would be written now, in its reader's language; None for a secret or empty one.

    Whoever shows it leaves out the addresses of buttons and the code: they are her reader's keys.
    """
    actor.require(Permission.OUTBOX_READ)
    kind = kinds().get(letter.kind)
    if kind is None or kind.is_secret:
        return None
    desk = await writing.desk(session, web, links)
    with language.use(letter.language):
        return await letters.compose(session, letter, desk)


async def reader(session: AsyncSession, letter: Letter) -> tuple[str, str]:
    """Name and address of whoever gets it."""
    if letter.person_id is None:
        return "", letter.to_email or ""
    person: Person = await confidants.person_named(session, letter.person_id)
    return person.full_name, person.email or ""
