"""Sign-in providers: where people of the organisation prove who they are, beside the e-mail link."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from tenants.identity import provider_rules as rules
from tenants.identity import providers as actions
from tenants.identity.provider_models import ProviderKind, ProviderState
from tenants.identity.providers import Listed
from tenants.organisations import queries as organisations


class ProviderView(Struct):
    """`callback` is what the provider has to be told. The client secret is never shown again."""

    id: UUID
    name: str
    kind: ProviderKind
    issuer: str
    client_id: str
    has_secret: bool
    domains: list[str]
    state: ProviderState
    tried_at: datetime | None
    callback: str


class NewProvider(Struct, forbid_unknown_fields=True):
    """`domains` are ends of addresses, verified by the provider, whose owners may join by themselves."""

    name: Annotated[str, Meta(max_length=rules.MAX_NAME)]
    kind: ProviderKind
    issuer: Annotated[str, Meta(max_length=rules.MAX_ISSUER)]
    client_id: Annotated[str, Meta(max_length=rules.MAX_CLIENT)]
    secret: Annotated[str, Meta(max_length=rules.MAX_SECRET)] = ""
    domains: list[str] = []


@get("/sign-in-providers", summary="Sign-in providers, by name")
async def providers(door: NamedDependency[ApiDoor]) -> list[ProviderView]:
    return [await _view(door, row) for row in await actions.listed(door.session, door.actor)]


@post("/sign-in-providers", summary="Add a provider as a draft, once it has described itself")
async def add(door: NamedDependency[ApiDoor], data: JSONBody[NewProvider]) -> ProviderView:
    row = await actions.add(
        door.session,
        door.actor,
        door.ground.keyring.provider(),
        name=data.name,
        kind=data.kind,
        issuer=data.issuer,
        client_id=data.client_id,
        secret=data.secret,
        domains=data.domains,
        may_be_private=door.ground.settings.sign_in.private_providers,
    )
    return await _view(door, row)


@post(
    "/sign-in-providers/{provider_id:uuid}/open",
    status_code=200,
    summary="Offer it to everybody; tried before",
)
async def open_it(door: NamedDependency[ApiDoor], provider_id: FromPath[UUID]) -> ProviderView:
    return await _view(door, await actions.open_for_all(door.session, door.actor, provider_id))


@post("/sign-in-providers/{provider_id:uuid}/close", status_code=200, summary="Let nobody in this way")
async def close_it(door: NamedDependency[ApiDoor], provider_id: FromPath[UUID]) -> ProviderView:
    return await _view(door, await actions.close(door.session, door.actor, provider_id))


@delete(
    "/sign-in-providers/{provider_id:uuid}", summary="Forget it, its secret and the accounts connected by it"
)
async def remove(door: NamedDependency[ApiDoor], provider_id: FromPath[UUID]) -> None:
    await actions.remove(door.session, door.actor, provider_id)


async def _view(door: ApiDoor, row: Listed) -> ProviderView:
    main = await organisations.primary_host(door.session)
    callback = door.ground.settings.web.url(main, f"/sign-in/with/{row.id}/back")
    return ProviderView(
        row.id, row.name, row.kind, row.issuer, row.client_id, row.has_secret, row.domains, row.state, row.tried_at,
        callback,
    )  # fmt: skip


ROUTES = [providers, add, open_it, close_it, remove]
