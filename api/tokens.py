"""API tokens: made by whoever manages them, shown once, ended at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.identity import queries, tokens


class Token(Struct):
    id: UUID
    name: str
    person_id: UUID
    permissions: list[str]
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None


class NewToken(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    permissions: Annotated[list[str], Meta(min_length=1, max_length=40)]
    expires_at: datetime | None = None


class MadeToken(Struct):
    """`secret` is the whole token; it is in this answer and nowhere else."""

    id: UUID
    secret: str
    permissions: list[str]
    expires_at: datetime | None


@get("/tokens", summary="API tokens, the latest first")
async def list_tokens(door: NamedDependency[ApiDoor], paging: NamedDependency[Paging]) -> list[Token]:
    rows = await queries.tokens(
        door.session, door.actor, after=paging.after(tuple[datetime, UUID]), limit=paging.limit + 1
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.created_at, row.id))
    return [
        Token(
            row.id, row.name, row.person_id, row.permissions, row.created_at, row.used_at, row.expires_at, row.ended_at
        )
        for row in page
    ]  # fmt: skip


@post("/tokens", summary="Make a token")
async def make(door: NamedDependency[ApiDoor], data: JSONBody[NewToken]) -> MadeToken:
    made = await tokens.make(
        door.session, door.actor, name=data.name, permissions=data.permissions, expires_at=data.expires_at
    )
    return MadeToken(made.token.id, made.secret, made.token.permissions, made.token.expires_at)


@delete("/tokens/{token_id:uuid}", summary="End a token")
async def end(door: NamedDependency[ApiDoor], token_id: FromPath[UUID]) -> None:
    await tokens.end(door.session, door.actor, token_id)


ROUTES = [list_tokens, make, end]
