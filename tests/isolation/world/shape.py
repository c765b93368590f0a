"""What a full organisation is known by."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from infra import ids
from infra.db.base import metadata
from tenants.actor import Actor, person
from tenants.permissions import Role
from tenants.programmes.actions import Launched
from tests.making import Made

# Where the links of letters lead; what stands behind is a signed token.
LINKS = (
    "/link/",
    "/confirm/",
    "/apply/resume/",
    "/answer/",
    "/next/",
    "/interview/",
    "/workshop/",
    "/workshop-opinion/",
    "/unsubscribe/",
    "/address/",
    "/support/",
    "/feed/",
    "/met/",
    "/heard/",
)
NUMBERS = ("matching.", "import.", "roster.")  # letters wait in the outbox, to be seen there
# Roles that nobody here has by what she does; the long version looks with their eyes as well.
REST = tuple(
    role
    for role in Role
    if role not in (Role.OWNER, Role.PROGRAMME_MANAGER, Role.COORDINATOR, Role.IT_CONTACT, Role.PARTICIPANT)
)


@dataclass
class World:
    """
    `people` are actors by what is special about them, `secrets` their sessions, `rows` the ids in each table.

    `links` are the tokens of letters by the beginning of their address, `parts` some people with what they take part in.
    """

    made: Made
    launched: Launched
    slug: str
    people: dict[str, Actor] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[UUID]] = field(default_factory=dict)
    parts: list[tuple[UUID, UUID]] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)  # of people who have not signed in
    queries: dict[str, str] = field(default_factory=dict)  # without which a page shows nothing, by its route
    token: str = ""
    confirmed: UUID = field(default_factory=ids.new)  # the proposal that has become a pair

    @property
    def id(self) -> UUID:
        return self.made.id

    @property
    def host(self) -> str:
        return self.made.host


def tenant_tables() -> list[Any]:
    return [table for table in metadata.sorted_tables if table.info.get("tenant")]


def as_participant(world: World, person_id: UUID) -> Actor:
    return person(world.id, person_id, frozenset({Role.PARTICIPANT}), language="en")
