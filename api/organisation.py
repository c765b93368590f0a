"""The organisation behind the token, and its offices."""

from typing import Annotated
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from api.door import ApiDoor
from tenants.organisations import actions, queries
from tenants.organisations.models import Office, Organisation


class OrganisationView(Struct):
    id: UUID
    name: str
    host: str
    hue: int
    languages: list[str]
    default_language: str
    time_zone: str
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None


class OrganisationChange(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    name: str | UnsetType = UNSET
    hue: Annotated[int, Meta(ge=0, le=359)] | UnsetType = UNSET
    languages: list[str] | UnsetType = UNSET
    default_language: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    contact_name: str | UnsetType | None = UNSET
    contact_email: str | UnsetType | None = UNSET
    contact_phone: str | UnsetType | None = UNSET


class OfficeView(Struct):
    id: UUID
    name: str
    region: str | None
    time_zone: str
    is_open: bool

    @classmethod
    def of(cls, office: Office) -> "OfficeView":
        return cls(office.id, office.name, office.region, office.time_zone, office.is_open)


class NewOffice(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    time_zone: str
    region: Annotated[str, Meta(max_length=80)] | None = None


class OfficeChange(Struct, forbid_unknown_fields=True):
    is_open: bool


@get("/organisation", summary="The organisation of this token")
async def organisation(door: NamedDependency[ApiDoor]) -> OrganisationView:
    return await _view(door, await queries.own(door.session))


@patch("/organisation", summary="Change facts of the organisation")
async def change(door: NamedDependency[ApiDoor], data: JSONBody[OrganisationChange]) -> OrganisationView:
    facts = {field: getattr(data, field) for field in data.__struct_fields__}
    named = {field: value for field, value in facts.items() if value is not UNSET}
    return await _view(door, await actions.change(door.session, door.actor, **named))


@get("/offices", summary="Offices, by name")
async def offices(door: NamedDependency[ApiDoor]) -> list[OfficeView]:
    return [OfficeView.of(office) for office in await queries.offices(door.session)]


@post("/offices", summary="Open an office")
async def open_office(door: NamedDependency[ApiDoor], data: JSONBody[NewOffice]) -> OfficeView:
    opened = await actions.open_office(
        door.session, door.actor, name=data.name, time_zone=data.time_zone, region=data.region
    )
    return OfficeView.of(opened)


@patch("/offices/{office_id:uuid}", summary="Close an office to new people, or open it again")
async def change_office(
    door: NamedDependency[ApiDoor], office_id: FromPath[UUID], data: JSONBody[OfficeChange]
) -> OfficeView:
    return OfficeView.of(
        await actions.close_office(door.session, door.actor, office_id, is_open=data.is_open)
    )


async def _view(door: ApiDoor, own: Organisation) -> OrganisationView:
    return OrganisationView(
        own.organisation_id, own.name, await queries.primary_host(door.session), own.hue, own.languages,
        own.default_language, own.time_zone, own.contact_name, own.contact_email, own.contact_phone,
    )  # fmt: skip


ROUTES = [organisation, change, offices, open_office, change_office]
