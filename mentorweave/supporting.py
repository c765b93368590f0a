"""
`mentorweave support list | open`: how whoever runs the platform comes in, where an organisation has let her.

Only through a window that somebody there has opened: nothing here can open one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import click

from infra.errors import HouseError
from infra.ground import Ground
from infra.language import gettext
from infra.settings import Settings
from tenants import sentences
from tenants.actor import Actor, house
from tenants.identity import support
from tenants.identity import support_queries as queries
from tenants.identity.support_queries import Listed
from tenants.organisations import queries as organisations


@dataclass(frozen=True, slots=True)
class Door:
    """One organisation, as the house sees it."""

    ground: Ground
    actor: Actor
    session: Any
    host: str

    def url(self, path: str) -> str:
        return self.ground.settings.web.url(self.host, path)


@click.command("list")
@click.argument("host")
def shown(host: str) -> None:
    """Name the visits that the organisation at HOST has opened and nobody has begun."""
    for one in asyncio.run(_open(Settings.read(), host)):
        click.echo(f"{one.id}  {one.operator}, until {one.expires_at:%H:%M} UTC")


@click.command("open")
@click.argument("host")
@click.argument("number", type=click.UUID, required=False)
def opened(host: str, number: UUID | None) -> None:
    """Print the link by which the visit NUMBER of the organisation at HOST begins, once. The only one needs no number."""
    try:
        address = asyncio.run(link(Settings.read(), host, number))
    except HouseError as refused:
        known = sentences.every().get(refused.code)
        said = gettext(known, **refused.facts) if known else str(refused)
        raise click.ClickException(said) from None
    click.echo(f"Open this in a browser of your own, once:\n{address}")


async def link(settings: Settings, host: str, number: UUID | None = None) -> str:
    """
    The address by which the operator comes in.

    Raises:
        NotFound, Shut, NotToldYet, CannotBeTold: as `tenants.identity.support.link_for`.
    """
    async with _door(settings, host) as door:
        if number is None:
            found = await queries.open_now(door.session, door.actor)
            if len(found) != 1:
                raise click.ClickException(
                    f"{len(found)} visits are open there. Name one: mentorweave support list {host}"
                )
            number = found[0].id
        return door.url(await support.link_for(door.session, door.actor, number, door.ground.links))


async def _open(settings: Settings, host: str) -> list[Listed]:
    async with _door(settings, host) as door:
        return await queries.open_now(door.session, door.actor)


@asynccontextmanager
async def _door(settings: Settings, host: str) -> AsyncIterator[Door]:
    ground = Ground.open(settings)
    try:
        async with ground.database.platform_session("resolver") as connection:
            found = await organisations.find_by_host(connection, host.lower())
        if found is None:
            raise click.ClickException(f"No organisation lives at {host}.")
        actor = house(found.organisation_id)
        async with ground.database.tenant_session(actor.context()) as session:
            yield Door(ground, actor, session, await organisations.primary_host(session))
    finally:
        await ground.close()


COMMANDS = (shown, opened)
