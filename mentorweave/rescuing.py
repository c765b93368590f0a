"""
`mentorweave rescue`: for an owner who has lost her passkeys, and has no other owner to ask.

Whoever may run commands on the server may do this. It lets nobody in: she still signs in by her e-mail, and is told.
"""

import click

from infra.ground import Ground
from infra.settings import Settings
from tenants.actor import house
from tenants.identity import passkeys
from tenants.organisations import queries as organisations
from tenants.people import queries as people


async def rescue(settings: Settings, host: str, email: str) -> int:
    """Remove the passkeys of whoever lives at an address; returns how many there were."""
    ground = Ground.open(settings)
    try:
        async with ground.database.platform_session("resolver") as connection:
            found = await organisations.find_by_host(connection, host.lower())
        if found is None:
            raise click.ClickException(f"No organisation lives at {host}.")
        actor = house(found.organisation_id)
        async with ground.database.tenant_session(actor.context()) as session:
            her = await people.find_by_email(session, email.strip().lower())
            if her is None:
                raise click.ClickException(f"Nobody at {host} has this address.")
            return await passkeys.reset(session, actor, her.id)
    finally:
        await ground.close()
