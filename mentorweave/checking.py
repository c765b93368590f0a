"""Finding the run that somebody wants checked again, by the host and number that its page shows."""

import click
from sqlalchemy import select

from infra.ground import Ground
from infra.settings import Settings
from tenants.actor import house
from tenants.organisations.queries import find_by_host
from tenants.proposals.models import MatchingRun
from workers.matching.checking import Checked, check_run


class NoSuchRun(click.ClickException):
    """No organisation lives at this host, or it has no run of this number."""


async def check(settings: Settings, host: str, number: int) -> Checked:
    ground = Ground.open(settings)
    try:
        async with ground.database.platform_session("resolver") as connection:
            found = await find_by_host(connection, host.lower())
        if found is None:
            raise NoSuchRun(f"No organisation lives at {host}.")
        async with ground.database.tenant_session(house(found.organisation_id).context()) as session:
            run_id = await session.scalar(select(MatchingRun.id).where(MatchingRun.number == number))
        if run_id is None:
            raise NoSuchRun(f"The organisation at {host} has no run {number}.")
        return await check_run(ground, found.organisation_id, run_id)
    finally:
        await ground.close()
