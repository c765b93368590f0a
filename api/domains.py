"""Domains of the organisation, and the records that prove them: whoever has an address there may join by a provider."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra import dns
from tenants.identity import domains as actions
from tenants.identity.domain_models import Look
from tenants.identity.domains import Listed


class DomainView(Struct):
    """`record` is the text of the TXT record that has to stand at `place`. `lapses_at`: when the proof ends if it stays away."""

    id: UUID
    name: str
    place: str
    record: str
    is_proved: bool
    look: Look | None
    looked_at: datetime | None
    proved_at: datetime | None
    lapses_at: datetime | None


class NewDomain(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=253)]


@get("/domains", summary="Domains, by name")
async def domains(door: NamedDependency[ApiDoor]) -> list[DomainView]:
    return [_view(row) for row in await actions.listed(door.session, door.actor)]


@post("/domains", summary="Say that a domain is yours")
async def add(door: NamedDependency[ApiDoor], data: JSONBody[NewDomain]) -> DomainView:
    """Nothing follows from it until the record is found."""
    return _view(await actions.name(door.session, door.actor, data.name))


@post("/domains/{domain_id:uuid}/check", status_code=200, summary="Look for the record now")
async def check(door: NamedDependency[ApiDoor], domain_id: FromPath[UUID]) -> DomainView:
    """We look by ourselves each day. Four seconds at most; `no_answer` says nothing about the record."""
    look_up = partial(dns.texts, servers=door.ground.settings.sign_in.name_servers)
    return _view(await actions.check(door.session, door.actor, domain_id, look_up))


@delete("/domains/{domain_id:uuid}", summary="Forget a domain: nobody joins by it any more")
async def remove(door: NamedDependency[ApiDoor], domain_id: FromPath[UUID]) -> None:
    await actions.remove(door.session, door.actor, domain_id)


def _view(row: Listed) -> DomainView:
    return DomainView(
        row.id,
        row.name,
        row.place,
        row.record,
        row.is_proved,
        row.look,
        row.looked_at,
        row.proved_at,
        row.lapses_at,
    )


ROUTES = [domains, add, check, remove]
