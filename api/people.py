"""People of the organisation, as far as the token's maker may see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, patch, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.identity import actions as identity
from tenants.people import queries
from tenants.people.models import Gender, Person
from tenants.people.queries import Listed
from tenants.permissions import Role
from tenants.registration import profiles


class ListedPerson(Struct):
    id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    office_id: UUID | None
    is_active: bool
    roles: list[str]

    @classmethod
    def of(cls, row: Listed) -> "ListedPerson":
        return cls(
            row.id, row.full_name, row.email, row.phone, row.language, row.time_zone, row.office_id, row.is_active,
            row.roles,
        )  # fmt: skip


class HeldRole(Struct):
    role: Role
    office_id: UUID | None


class PersonView(Struct):
    id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    gender: str | None
    office_id: UUID | None
    is_active: bool
    created_at: datetime
    roles: list[HeldRole]


class PersonChange(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is; null empties what may be empty."""

    full_name: str | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    gender: Gender | UnsetType | None = UNSET
    office_id: UUID | UnsetType | None = UNSET


class NewAddress(Struct, forbid_unknown_fields=True):
    email: Annotated[str, Meta(max_length=254)]


@get("/people", summary="People, by name")
async def people(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    search: Annotated[
        str, QueryParameter(max_length=200, description="Beginnings of names or of an address.")
    ] = "",
    role: Annotated[Role | None, QueryParameter(description="Only those who hold this role.")] = None,
    office_id: Annotated[UUID | None, QueryParameter(description="Only those of this office.")] = None,
    is_active: Annotated[bool | None, QueryParameter(description="false for those who have left.")] = True,
) -> list[ListedPerson]:
    rows = await queries.people(
        door.session,
        door.actor,
        search=search,
        role=role,
        office_id=office_id,
        is_active=is_active,
        after=paging.after(tuple[str, UUID]),
        limit=paging.limit + 1,
    )
    return [ListedPerson.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/people/{person_id:uuid}", summary="One person and her roles")
async def person(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> PersonView:
    return await _view(door, await queries.access_person(door.session, door.actor, person_id))


@patch("/people/{person_id:uuid}", summary="Change a person's facts")
async def change(
    door: NamedDependency[ApiDoor], person_id: FromPath[UUID], data: JSONBody[PersonChange]
) -> PersonView:
    facts = {field: getattr(data, field) for field in data.__struct_fields__}
    named = {field: value for field, value in facts.items() if value is not UNSET}
    return await _view(door, await profiles.change_contact(door.session, door.actor, person_id, **named))


@put("/people/{person_id:uuid}/address", summary="Give somebody another e-mail address")
async def change_address(
    door: NamedDependency[ApiDoor], person_id: FromPath[UUID], data: JSONBody[NewAddress]
) -> PersonView:
    """
    It is what she signs in with: all her sessions end, and the old address is told.

    Only who hands out roles changes it for somebody who works here. One's own is asked for at `/me/address`.
    """
    changed = identity.change_address(door.session, door.actor, person_id, email=data.email)
    return await _view(door, await changed)


async def _view(door: ApiDoor, found: Person) -> PersonView:
    held = await queries.grants(door.session, found.id)
    return PersonView(
        found.id, found.full_name, found.email, found.phone, found.language, found.time_zone, found.gender,
        found.office_id, found.is_active, found.created_at, [HeldRole(*one) for one in held],
    )  # fmt: skip


ROUTES = [people, person, change, change_address]
