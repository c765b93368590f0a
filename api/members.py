"""Members: whoever runs the organisation, with the roles that she holds. For those who hand out roles."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from api.people import HeldRole
from infra.errors import NotFound
from tenants.identity import actions as identity
from tenants.organisations import queries as organisations
from tenants.people import actions, queries
from tenants.people.models import Person
from tenants.people.queries import Member
from tenants.permissions import Role


class MemberView(Struct):
    """Somebody with more roles than that of a participant; `is_active` is false for who can sign in no more."""

    id: UUID
    full_name: str
    email: str | None
    is_active: bool
    roles: list[HeldRole]

    @classmethod
    def of(cls, row: Member) -> "MemberView":
        held = [HeldRole(one.role, one.office_id) for one in row.held]
        return cls(row.id, row.full_name, row.email, row.is_active, held)


class NewRole(Struct, forbid_unknown_fields=True):
    """`office_id`: null for the whole organisation. Some roles come for the whole organisation alone."""

    role: Role
    office_id: UUID | None = None


class NewMember(NewRole, forbid_unknown_fields=True, kw_only=True):
    """The name and the language count for somebody who is not here yet."""

    full_name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(max_length=254)]
    language: Annotated[str, Meta(max_length=5)] | None = None


@get("/members", summary="Members, by name")
async def members(door: NamedDependency[ApiDoor]) -> list[MemberView]:
    return [MemberView.of(row) for row in await queries.members(door.session, door.actor)]


@post("/members", summary="Give a role to whoever lives at an address")
async def invite(door: NamedDependency[ApiDoor], data: JSONBody[NewMember]) -> MemberView:
    """She joins if she is not here yet, comes back if she had left, and gets a letter that tells her how to sign in."""
    own = await organisations.own(door.session)
    invited = await identity.invite(
        door.session,
        door.actor,
        full_name=data.full_name,
        email=data.email,
        role=data.role,
        office_id=data.office_id,
        language=data.language or own.default_language,
        time_zone=own.time_zone,
    )
    return await _view(door, invited)


@post("/members/{person_id:uuid}/roles", summary="Give a role to somebody who is here")
async def give(
    door: NamedDependency[ApiDoor], person_id: FromPath[UUID], data: JSONBody[NewRole]
) -> MemberView:
    given = await identity.give_role(door.session, door.actor, person_id, data.role, office_id=data.office_id)
    return await _view(door, given)


@delete("/members/{person_id:uuid}/roles/{role:str}", summary="Take a role away, at once")
async def take(
    door: NamedDependency[ApiDoor],
    person_id: FromPath[UUID],
    role: FromPath[str],
    office_id: Annotated[
        UUID | None, QueryParameter(description="Of this office; without it that for the whole organisation.")
    ] = None,
) -> None:
    """The last owner stays an owner."""
    await actions.take_role(door.session, door.actor, person_id, _role(role), office_id=office_id)


@post("/members/{person_id:uuid}/leave", status_code=200, summary="Let somebody sign in no more")
async def leave(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> MemberView:
    """From this moment no session, token or link of hers opens anything. The last owner stays."""
    return await _view(door, await identity.deactivate(door.session, door.actor, person_id))


@post("/members/{person_id:uuid}/return", status_code=200, summary="Let somebody sign in again")
async def come_back(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> MemberView:
    """With the roles that she still holds."""
    return await _view(door, await actions.set_active(door.session, door.actor, person_id, is_active=True))


async def _view(door: ApiDoor, found: Person) -> MemberView:
    held = await queries.grants(door.session, found.id)
    roles = sorted((HeldRole(*one) for one in held), key=lambda one: (one.role, str(one.office_id)))
    return MemberView(found.id, found.full_name, found.email, found.is_active, roles)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise NotFound(kind="role", role=text) from error


ROUTES = [members, invite, give, take, leave, come_back]
