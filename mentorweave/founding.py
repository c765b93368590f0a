"""
The first steps of an organisation on a self-hosted installation: its place, its owner, her way in.

Whoever may run commands on the server may do this; everything after it happens
on the pages.
"""

from infra import ids
from infra.ground import Ground
from infra.settings import Settings
from tenants.actor import house
from tenants.identity import actions as identity
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.permissions import Role


async def found(
    settings: Settings,
    *,
    host: str,
    name: str,
    owner: str,
    email: str,
    languages: list[str],
    zone: str,
    hue: int,
) -> str:
    """
    Found an organisation at `host` and let its owner join. Returns the address of her sign-in link.

    Raises:
        HostTaken: an organisation answers there already.
        Invalid: an address or time zone that cannot be used.
    """
    ground = Ground.open(settings)
    actor = house(ids.new())
    try:
        async with ground.database.tenant_session(actor.context()) as session:
            await organisations.found(
                session, actor, name=name, host=host, hue=hue, languages=languages, time_zone=zone
            )
            joined = await people.join(
                session, actor, full_name=owner, email=email, language=languages[0], time_zone=zone
            )
            await people.grant_role(session, actor, joined.id, Role.OWNER)
            path = await identity.sign_in_link_for(session, actor, joined.id, ground.links)
    finally:
        await ground.close()
    return settings.web.url(host.lower(), path)
