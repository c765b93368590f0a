"""
An organisation full of everything: each table of the house has rows of it, made by the actions that users use.

Two such worlds side by side are what the tests of isolation ask about; one of
them is what the tests that open every page look at. A new table gets its rows in the file of its room.
"""

from collections.abc import Sequence

from sqlalchemy import select

from infra.ground import Ground
from tenants import watchers
from tenants.permissions import Role
from tenants.programmes.models import ContactRelease
from tenants.registration.models import Participation
from tests import making
from tests.isolation.world import (
    agreeing,
    circles,
    desk,
    entering,
    founding,
    gathering,
    helping,
    inviting,
    lives,
    matching,
    notes,
    rights,
    sharing,
    signing_in,
    wording,
)
from tests.isolation.world.shape import LINKS, NUMBERS, REST, World, tenant_tables

__all__ = ["LINKS", "NUMBERS", "REST", "World", "make", "read_rows", "tenant_tables"]

assert watchers.WATCHERS  # importing them is what keeps the cards up to date

PARTS = 6
# In this order: a pair needs its run, whoever signs in has come in before.
FILLED_BY = (
    matching.match,
    circles.sit,
    lives.settle,
    desk.work,
    agreeing.agree,
    notes.write,
    inviting.invite,
    gathering.gather,
    entering.read_rosters,
    entering.register,
    signing_in.sign_in,
    founding.fail_job,
    founding.ask_otherwise,
    founding.think_through,
    founding.ask_in_own_words,
    founding.destroy_key,
    signing_in.connect,
    signing_in.prove,
    helping.let_in,
    rights.claim,
    wording.write,
    sharing.share,
)


async def make(ground: Ground, *, slug: str, roles: Sequence[Role] = ()) -> World:
    """A full organisation, with somebody in each of `roles`; every person in `people` has signed in."""
    made = await making.organisation(ground.database, languages=("en", "fr", "ar", "da"))
    await founding.describe(ground, made)
    launched = await making.programme(
        ground.database, made, slug=slug, contact_release=ContactRelease.AFTER_BOTH_YES
    )
    world = World(made, launched, slug)
    world.people |= {"owner": made.owner, "coordinator": made.coordinator}
    world.people["manager"] = await making.somebody(
        ground.database, made.id, Role.PROGRAMME_MANAGER, name="Mira Manager"
    )
    # Whose token may ask for everything: each route is tried with a permission that opens it.
    world.people["everything"] = await making.somebody(
        ground.database, made.id, Role.OWNER, Role.PROGRAMME_MANAGER, name="Eva Evers"
    )
    world.people["it"] = await making.somebody(
        ground.database, made.id, Role.IT_CONTACT, name="Ida Technician"
    )
    for role in roles:
        world.people[role.value] = await making.somebody(ground.database, made.id, role, name="Rita Role")
    for part in FILLED_BY:
        await part(ground, world)
    await read_rows(ground, world)
    return world


async def read_rows(ground: Ground, world: World) -> None:
    """Look anew what there is, newest last."""
    world.rows = {}
    async with ground.database.tenant_session(world.made.house.context()) as session:
        for table in tenant_tables():
            if "id" in table.c:
                found = await session.execute(select(table.c.id).order_by(table.c.created_at, table.c.id))
                world.rows[table.name] = list(found.scalars())
        parts = select(Participation.person_id, Participation.id).order_by(Participation.id).limit(PARTS)
        world.parts = [(person_id, id) for person_id, id in await session.execute(parts)]
