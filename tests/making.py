"""Makes organisations and people for tests, through the actions that users use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from infra import clock, ids
from infra.db.session import Database
from tenants.actor import Actor, house, person
from tenants.identity import sessions
from tenants.organisations import actions as organisations
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.programmes import actions as programmes
from tenants.programmes.actions import Dates, Launched
from tenants.programmes.starters import StarterName
from tenants.registration import on_behalf
from tenants.registration.models import Participation
from tests.browsing import Browser

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


async def programme(
    database: Database,
    made: Made,
    *,
    starter: StarterName = StarterName.MENTOR_NETWORK,
    slug: str = "network",
    dates: Dates | None = None,
    **changed: Any,
) -> Launched:
    """An open programme with a cycle that takes registrations today."""
    async with database.tenant_session(made.owner.context()) as session:
        return await programmes.launch(
            session,
            made.owner,
            starter=starter,
            slug=slug,
            cycle_name="2026",
            dates=dates or days(),
            **changed,
        )


def days(*, opens: int = -10, closes: int = 30, ends: int = 400) -> Dates:
    """A cycle's dates as days from today."""
    today = clock.today("UTC")
    return Dates(
        today + timedelta(opens),
        today + timedelta(closes),
        today + timedelta(closes + 10),
        today + timedelta(closes + 30),
        today + timedelta(ends),
    )


def answers(role: str, **others: Any) -> dict[str, Any]:
    """Answers to the questions of the mentor network, as a form or the API gives them."""
    given: dict[str, Any] = {
        "phone": "+45 70 12 34 56",
        "languages": [{"code": "en", "level": 3}],
        "time_zone": "Europe/Copenhagen",
    }
    if role in ("mentor", "peer"):
        given |= {"topics_offered": ["leadership", "networking"], "capacity": 2}
    if role in ("mentee", "peer"):
        given |= {"topics_wanted": ["leadership", "negotiation"]}
    return given | others


async def participation(
    database: Database,
    made: Made,
    launched: Launched,
    role: str = "mentee",
    *,
    name: str = "Wanjiru Kamau",
    email: str | None = None,
    by: Actor | None = None,
    **others: Any,
) -> Participation:
    """Somebody whom the coordinator has registered by telephone, and who has confirmed."""
    actor = by or made.coordinator
    async with database.tenant_session(actor.context()) as session:
        _, entered = await on_behalf.register(
            session,
            actor,
            programme_id=launched.programme.id,
            role=role,
            full_name=name,
            email=email or f"participant{next(_number)}@example.org",
            language="en",
            given=answers(role, **others),
            agreed=["taking_part", "matching"],
            channel="phone",
            is_confirmed=True,
            cycle_id=launched.cycle.id,
        )
    assert entered is not None
    return entered


async def signed_in(
    database: Database, browse: Callable[[str], Browser], made: Made, actor: Actor
) -> Browser:
    """A browser in which this person has signed in."""
    async with database.tenant_session(actor.context()) as session:
        her = (await session.execute(select(Person).where(Person.id == actor.person_id))).scalar_one()
        begun = await sessions.begin(session, actor, her)
    browser = browse(made.host)
    browser.sign_in(begun.secret)
    return browser
