"""
Asking the product as somebody, and making its answers comparable.

Two answers count as equal when nothing is left that tells them apart but what
belongs to the request itself: its own ids, nonces, tokens and counters.
"""

import asyncio
import json as jsons
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tests.isolation.world import REST, World

ROUNDS = int(
    os.environ.get("ISOLATION_ROUNDS", "1")
)  # more in the long version, and then by everybody there is
OFTEN = ("visitor", "applicant", "registered_mentee", "open_mentee", "confirmed_mentor", "coordinator", "manager", "owner", "it", "token", "directory")  # fmt: skip
SELDOM = ("confirmed_mentee", "declined_mentor", "unmatched_mentee", *(role.value for role in REST))
ROLES = OFTEN if ROUNDS == 1 else OFTEN + SELDOM
PROGRAMS = {"token": "application/json", "directory": "application/scim+json"}
# What differs with each request: its number and moment, and how many more are allowed.
NOT_COMPARED = {"x-request-id", "date", "content-length", "ratelimit", "retry-after"}
PATIENCE_S = 3
STILL_STREAMING = 298  # no status of ours
_OWN = (
    (re.compile(r'nonce="[^"]*"'), "nonce"),
    (re.compile(r'(name="csrf" value=|"X-CSRF-Token": ?)"[^"]*"'), "csrf"),
    (re.compile(r'"request_id": ?"[^"]*"'), "request"),
    (re.compile(r'"batch_id": ?"[^"]*"'), "batch"),  # drawn anew for whatever is sent together
    (re.compile(r"'nonce-[^']*'"), "nonce"),
    # Forms that are sent once carry an id that is drawn for them.
    (re.compile(r'type="hidden" name="(?:note|window|once)" value="[^"]*"'), "once"),
    (re.compile(r"DTSTAMP:\d{8}T\d{6}Z"), "moment"),  # when a calendar was read
)
_SECRET = re.compile("=[^;]*")
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    raw: str = field(compare=False, default="")


@dataclass
class Asker:
    """One reader of one organisation. `csrf` is good for her forms."""

    role: str
    world: World
    client: httpx.AsyncClient
    csrf: str = ""

    async def send(
        self,
        method: str,
        path: str,
        *,
        fields: list[tuple[str, str]] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        given: dict[str, Any] = {"headers": dict(headers or {})}
        if self.role in PROGRAMS:
            given["headers"].setdefault("authorization", f"Bearer {self.world.token}")
            if json is not None:
                given["headers"]["content-type"] = PROGRAMS[self.role]
                given["content"] = jsons.dumps(json)
        elif method not in ("GET", "HEAD"):
            given["headers"] |= {
                "sec-fetch-site": "same-origin",
                "content-type": "application/x-www-form-urlencoded",
            }
            given["content"] = str(httpx.QueryParams([*(fields or []), ("csrf", self.csrf)]))
        before = dict(self.client.cookies)
        try:
            async with asyncio.timeout(PATIENCE_S if path.partition("?")[0].endswith("/events") else None):
                response = await self.client.request(method, path, **given)
        except TimeoutError:
            # A stream that goes on as long as its run does; what has come of it is of no interest here.
            response = httpx.Response(
                STILL_STREAMING, request=httpx.Request(method, f"https://{self.world.host}{path}")
            )
        self._keep_cookies(before)
        return response

    def _keep_cookies(self, before: dict[str, str]) -> None:
        """No answer signs her out or in: the next question is asked as by the same reader."""
        self.client.cookies.clear()
        for name, value in before.items():
            self.client.cookies.set(name, value, domain=self.world.host, path="/")


async def asker(app: ASGIApp, world: World, role: str) -> Asker:
    """A reader with her session and a token for her forms. An applicant holds a form that is half filled in."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{world.host}",
        headers={"accept-language": "en"},
    )
    made = Asker(role, world, client)
    for name, value in world.cookies.get(role, {}).items():
        _carry(client, world, name, value)
    if role in world.secrets:
        _carry(client, world, "session", world.secrets[role])
    if role not in PROGRAMS:
        # The page of the help is open to everybody; asking for it gives a visitor the cookie that her forms need.
        page = await client.get("/me/settings" if role in world.secrets else "/sign-in")
        found = _CSRF.search(page.text)
        assert found, f"{role} finds no form: {page.status_code}"
        made.csrf = found[1]
    return made


def _carry(client: httpx.AsyncClient, world: World, name: str, value: str) -> None:
    client.cookies.set(f"__Host-{name}", value, domain=world.host, path="/")


def comparable(response: httpx.Response, own: Iterable[str | UUID]) -> Answer:
    """The answer without what belongs to the request; `own` are the ids and words that it named itself."""
    raw = response.text if _is_text(response) else response.content.hex()
    own = [*own, response.headers.get("x-request-id", "no request")]
    return Answer(
        response.status_code,
        _headers(response, own),
        _without(raw, own),
        raw + str(response.headers.get("location", "")),
    )


def _headers(response: httpx.Response, own: Iterable[str | UUID]) -> tuple[tuple[str, str], ...]:
    """Every header; of a cookie that is set its name and how long it lasts, since its value is new each time."""
    found = []
    for name, value in response.headers.multi_items():
        if name == "set-cookie":
            found.append((name, _SECRET.sub("=VALUE", value, count=1)))
        elif name not in NOT_COMPARED:
            found.append((name, _without(value, own)))
    return tuple(sorted(found))


def _is_text(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "")
    return not kind or any(word in kind for word in ("text", "json", "calendar"))


def _without(said: str, own: Iterable[str | UUID]) -> str:
    for one in own:
        said = said.replace(str(one), "OWN")
    for pattern, word in _OWN:
        said = pattern.sub(word, said)
    return said


async def forget_limits(ground: Ground) -> None:
    """So many questions would be too often for anybody."""
    keys = [key async for key in ground.redis.scan_iter("limit:*")]
    if keys:
        await ground.redis.delete(*keys)


def first_difference(one: Answer, other: Answer) -> str:
    """Where two answers part, for whoever has to find out why."""
    if one.status != other.status or one.headers != other.headers:
        return f"{one.status} {one.headers} / {other.status} {other.headers}"
    pairs = enumerate(zip(one.body, other.body, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(one.body), len(other.body)))
    return f"{one.body[max(0, at - 80) : at + 60]!r} / {other.body[max(0, at - 20) : at + 60]!r}"
