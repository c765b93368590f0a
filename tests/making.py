"""Makes organisations and people for tests, through the actions that users use."""

from dataclasses import dataclass
from itertools import count
from uuid import UUID

from infra import ids
from infra.db.session import Database
from tenants.actor import Actor, house, person
from tenants.organisations import actions as organisations
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role

_number = count(1)


@dataclass(frozen=True)
class Made:
    """An organisation with an owner and a coordinator, in which a test may do what it likes."""

    id: UUID
    host: str
    house: Actor
    owner: Actor
    coordinator: Actor


async def organisation(database: Database, *, languages: tuple[str, ...] = ("en", "fr", "ar")) -> Made:
    made = ids.new()
    host = f"org{next(_number)}-{made.hex[-6:]}.localhost"
    actor = house(made)
    async with database.tenant_session(actor.context()) as session:
        await organisations.found(
            session,
            actor,
            name=f"Organisation {host}",
            host=host,
            hue=184,
            languages=list(languages),
            time_zone="UTC",
        )
    owner = await somebody(database, made, Role.OWNER, name="Olivia Owner")
    coordinator = await somebody(database, made, Role.COORDINATOR, name="Cora Coordinator")
    return Made(made, host, actor, owner, coordinator)


async def somebody(
    database: Database,
    organisation_id: UUID,
    *roles: Role,
    name: str = "Ana Ilić",
    office_id: UUID | None = None,
) -> Actor:
    """A person with these roles, as the actor she is once signed in."""
    async with database.tenant_session(house(organisation_id).context()) as session:
        made = Person(
            organisation_id=organisation_id,
            full_name=name,
            email=f"person{next(_number)}@example.org",
            language="en",
            time_zone="UTC",
            office_id=office_id,
        )
        session.add(made)
        await session.flush()
        session.add_all(
            RoleGrant(organisation_id=organisation_id, person_id=made.id, role=role, office_id=office_id)
            for role in roles
        )
    offices = frozenset({office_id}) if office_id else frozenset[UUID]()
    return person(organisation_id, made.id, frozenset(roles), offices=offices)
