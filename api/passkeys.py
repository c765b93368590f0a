"""Passkeys: one's own, those of members who have lost them, and whether the organisation demands them."""

from datetime import datetime
from uuid import UUID

from litestar import delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.identity import demands
from tenants.identity import passkeys as own
from tenants.organisations import queries as organisations


class PasskeyView(Struct):
    """
    `is_synced`: it is kept on several devices. `suspected_at`: when it looked as if there were two of it.

    `is_elsewhere`: it was made for an address that the organisation no longer has, and opens nothing.
    """

    id: UUID
    name: str
    is_synced: bool
    created_at: datetime
    used_at: datetime | None
    suspected_at: datetime | None
    is_elsewhere: bool


class MemberPasskeys(Struct):
    person_id: UUID
    passkeys: int


class PasskeyDemand(Struct, forbid_unknown_fields=True):
    """`is_demanded`: whoever does more than take part has to show a passkey to get in."""

    is_demanded: bool


@get("/me/passkeys", summary="Your own passkeys")
async def mine(door: NamedDependency[ApiDoor]) -> list[PasskeyView]:
    """They are made, named and removed on a page alone, where you prove that it is you."""
    found = await own.own(door.session, door.actor, await organisations.primary_host(door.session))
    return [
        PasskeyView(
            one.id, one.name, one.is_synced, one.created_at, one.used_at, one.suspected_at, one.is_elsewhere
        )
        for one in found
    ]


@get("/passkeys", summary="Who has passkeys, and how many")
async def counts(door: NamedDependency[ApiDoor]) -> list[MemberPasskeys]:
    found = await own.counts(door.session, door.actor, await organisations.primary_host(door.session))
    return [MemberPasskeys(person_id, count) for person_id, count in sorted(found.items())]


@delete("/members/{person_id:uuid}/passkeys", summary="Remove the passkeys of somebody who has lost them")
async def reset(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> None:
    """She is signed out everywhere and told by letter. Where one is demanded she makes a new one when she next comes."""
    await own.reset(door.session, door.actor, person_id)


@get("/organisation/passkeys", summary="Whether passkeys are demanded")
async def demanded(door: NamedDependency[ApiDoor]) -> PasskeyDemand:
    found = await demands.shown(door.session, door.actor, await organisations.primary_host(door.session))
    return PasskeyDemand(found.passkeys)


@put("/organisation/passkeys", summary="Demand passkeys of all who work for the organisation, or do not")
async def demand(door: NamedDependency[ApiDoor], data: JSONBody[PasskeyDemand]) -> PasskeyDemand:
    """Counts from the next request on. Whoever made the token must have a passkey herself."""
    host = await organisations.primary_host(door.session)
    await demands.demand_passkeys(door.session, door.actor, is_demanded=data.is_demanded, host=host)
    return data


ROUTES = [mine, counts, reset, demanded, demand]
