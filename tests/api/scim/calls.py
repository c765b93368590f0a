"""A directory that calls: with a token of an owner or of an IT contact, in the process of the test."""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx
import httpx2
from sqlalchemy import select

from infra.db.session import Database
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.identity import tokens
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tests import making
from tests.making import Made

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
FULL = ("scim.manage", "roles.grant")
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@dataclass
class Directory:
    """`secret` is the token; `person_id` who made it."""

    made: Made
    client: httpx.AsyncClient
    secret: str
    person_id: Any

    async def user(self, user_name: str, **others: Any) -> httpx.Response:
        body = {"schemas": [USER], "userName": user_name, "active": True, **others}
        return await self.client.post("/Users", json=body)

    async def group(self, name: str, *members: str) -> httpx.Response:
        told = [{"value": one} for one in members]
        return await self.client.post(
            "/Groups", json={"schemas": [GROUP], "displayName": name, "members": told}
        )

    async def patch(self, path: str, *operations: dict[str, Any], **headers: str) -> httpx.Response:
        body = {"schemas": [PATCH], "Operations": list(operations)}
        return await self.client.patch(path, json=body, headers=headers)


async def token(database: Database, made: Made, role: Role, *permissions: str) -> tuple[str, Any]:
    actor = await making.somebody(database, made.id, role, name="Tina Token")
    able = person(made.id, actor.person_id, frozenset({role}))
    async with database.tenant_session(able.context()) as session:
        return (
            await tokens.make(session, able, name="Directory", permissions=permissions)
        ).secret, actor.person_id


async def directory(database: Database, app: Any, made: Made, role: Role, *permissions: str) -> Directory:
    secret, person_id = await token(database, made, role, *permissions)
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{made.host}/scim/v2",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )
    return Directory(made, client, secret, person_id)


async def one(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(query)).scalars().first()


async def her(database, made, email) -> Person:
    return await one(database, made, select(Person).where(Person.email == email))


async def roles(database, made, person_id) -> set[str]:
    async with database.tenant_session(made.house.context()) as session:
        query = select(RoleGrant.role).where(RoleGrant.person_id == person_id)
        return set((await session.scalars(query)).all())


async def events(database, made) -> list[str]:
    async with database.tenant_session(made.house.context()) as session:
        query = (
            select(AuditEvent.event)
            .where(AuditEvent.event.like("directory.%"))
            .order_by(AuditEvent.created_at)
        )
        return list((await session.scalars(query)).all())


def refused(answer: httpx.Response, status: int, kind: str | None = None) -> str:
    told = answer.json()
    assert (answer.status_code, told["status"], told["schemas"]) == (status, str(status), [ERROR]), told
    assert told.get("scimType") == kind
    assert answer.headers["content-type"].startswith("application/scim+json")
    return told["detail"]


class FromAThread(httpx2.BaseTransport):
    """Lets a client that blocks, in a thread of its own, call the app in the loop of the test."""

    def __init__(self, client: httpx.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        found = asyncio.run_coroutine_threadsafe(self._ask(request), self._loop).result(30)
        return httpx2.Response(found.status_code, headers=dict(found.headers), content=found.content)

    async def _ask(self, request: httpx2.Request) -> httpx.Response:
        headers = {k: v for k, v in request.headers.items() if k not in ("host", "content-length")}
        return await self._client.request(
            request.method, str(request.url), content=request.read(), headers=headers
        )
