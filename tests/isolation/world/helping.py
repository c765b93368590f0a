"""Who may come in to help, and by whose addresses people may join."""

from datetime import timedelta

from infra import clock, ids
from infra.ground import Ground
from tenants.identity.domain_models import Domain
from tenants.identity.support_models import SupportWindow
from tests.isolation.world.shape import World


async def let_in(ground: Ground, world: World) -> None:
    """A visit of support that nobody has begun, with its link; and a domain whose record nobody has entered."""
    now = clock.now()
    window = SupportWindow(
        organisation_id=world.id, id=ids.random(), created_at=now, person_id=world.people["coordinator"].person_id,
        let_in_by=world.people["owner"].person_id, operator="Jo Ops", reason=f"Look at {world.slug}.",
        expires_at=now + timedelta(minutes=59),
    )  # fmt: skip
    async with ground.database.tenant_session(world.made.house.context()) as session:
        session.add(window)
        session.add(
            Domain(
                organisation_id=world.id,
                name=f"{world.slug}.example.org",
                record=f"mentorweave-domain={world.slug}",
            )
        )
    world.links["/support/"] = ground.links.token("support", world.id, window.id)
