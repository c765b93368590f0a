"""Sub-networks: coordinators keep them, participants join and leave."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.networks import actions, queries, rules
from tenants.networks.models import SubNetwork
from tenants.registration.models import ParticipantRole

Name = Annotated[str, Meta(max_length=rules.MAX_NAME)]
Words = Annotated[str, Meta(max_length=rules.MAX_WORDS)]


class NewNetwork(Struct, forbid_unknown_fields=True):
    """Texts by language. Without `programme_id` it is for the people of all programmes; `lead_id` is who cares for it."""

    name: dict[str, Name]
    words: dict[str, Words] = {}
    programme_id: UUID | None = None
    lead_id: UUID | None = None


class NetworkChange(Struct, forbid_unknown_fields=True):
    """The whole of it, but for the programme, which stays. `version` is the one from which you change it."""

    name: dict[str, Name]
    words: dict[str, Words]
    lead_id: UUID | None
    is_open: bool
    version: int


class NetworkView(Struct):
    id: UUID
    name: dict[str, str]
    words: dict[str, str]
    programme_id: UUID | None
    lead_id: UUID | None
    is_open: bool
    version: int

    @classmethod
    def of(cls, one: SubNetwork) -> "NetworkView":
        return cls(one.id, one.name, one.words, one.programme_id, one.lead_id, one.is_open, one.version)


class NetworkLine(Struct):
    """`people`: how many within your reach."""

    network: NetworkView
    people: int


class NetworkPerson(Struct):
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: ParticipantRole


class OwnNetwork(Struct):
    """`participation_id`: by which you are in it; null where you could join."""

    network: NetworkView
    participation_id: UUID | None


@get("/networks", summary="All sub-networks")
async def listed(door: NamedDependency[ApiDoor]) -> list[NetworkLine]:
    rows = await queries.listed(door.session, door.actor)
    return [NetworkLine(NetworkView.of(one.network), one.people) for one in rows]


@post("/networks", summary="Begin a sub-network")
async def make(door: NamedDependency[ApiDoor], data: JSONBody[NewNetwork]) -> NetworkView:
    made = await actions.make(
        door.session, door.actor, name=data.name, words=data.words, programme_id=data.programme_id,
        lead_id=data.lead_id,
    )  # fmt: skip
    return NetworkView.of(made)


@put("/networks/{network_id:uuid}", summary="Change, close or open a sub-network")
async def change(
    door: NamedDependency[ApiDoor], network_id: FromPath[UUID], data: JSONBody[NetworkChange]
) -> NetworkView:
    changed = await actions.change(
        door.session, door.actor, network_id, name=data.name, words=data.words, lead_id=data.lead_id,
        is_open=data.is_open, seen=data.version,
    )  # fmt: skip
    return NetworkView.of(changed)


@get("/networks/{network_id:uuid}/people", summary="Who is in a sub-network")
async def people(door: NamedDependency[ApiDoor], network_id: FromPath[UUID]) -> list[NetworkPerson]:
    await queries.access(door.session, door.actor, network_id)
    return [
        NetworkPerson(one.participation_id, one.person_id, one.full_name, ParticipantRole(one.role))
        for one in await queries.people(door.session, door.actor, network_id)
    ]


@put("/networks/{network_id:uuid}/people/{participation_id:uuid}", summary="Take somebody in")
async def add(
    door: NamedDependency[ApiDoor], network_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> NetworkView:
    return NetworkView.of(await actions.add(door.session, door.actor, network_id, participation_id))


@delete("/networks/{network_id:uuid}/people/{participation_id:uuid}", summary="Take somebody out")
async def remove(
    door: NamedDependency[ApiDoor], network_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> None:
    await actions.remove(door.session, door.actor, network_id, participation_id)


@get("/me/networks", summary="Sub-networks that you are in, or could join")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnNetwork]:
    return [
        OwnNetwork(NetworkView.of(one.network), one.participation_id)
        for one in await queries.own(door.session, door.actor)
    ]


@put("/me/networks/{network_id:uuid}", summary="Join a sub-network")
async def join(door: NamedDependency[ApiDoor], network_id: FromPath[UUID]) -> NetworkView:
    return NetworkView.of(await actions.join(door.session, door.actor, network_id))


@delete("/me/networks/{network_id:uuid}", summary="Leave a sub-network")
async def leave(door: NamedDependency[ApiDoor], network_id: FromPath[UUID]) -> None:
    await actions.leave(door.session, door.actor, network_id)


ROUTES = [listed, make, change, people, add, remove, own, join, leave]
