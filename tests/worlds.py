"""A full organisation for the tests that open every page, and who can see what of it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tests import routes
from tests.isolation import world
from tests.isolation.asking import Asker, asker, forget_limits
from tests.isolation.positions import TABLES, WORDS
from tests.isolation.world import LINKS, World
from tests.listening import Bugs, listening

# Who may find something at an address, the likeliest first.
READERS = {
    "/c": ("coordinator", "manager"),
    "/o": ("owner", "manager"),
    "/a": ("owner", "it"),
    "/me": ("confirmed_mentee", "meeting_mentee", "open_mentee", "registered_mentee", "invited_mentee", "confirmed_mentor", "meeting_mentor", "asked_peer", "circle_peer"),
    "/settings": ("confirmed_mentee",),
    "": ("visitor", "applicant", "finished", "sent", "asked", "confirmed_mentee", "coordinator"),
}  # fmt: skip
# Whose rows an address means that says only `id`.
BARE_IDS = {"/c/import/": "roster_import"}
STAFF = ("coordinator", "manager", "owner", "it")
ROWS_TRIED = 6
NUMBERS = range(1, 16)
PACKED = {"accept-encoding": "gzip"}


@dataclass(frozen=True)
class Shown:
    """An address at which a reader finds a page."""

    route: routes.Route
    reader: str
    path: str

    @property
    def is_staff(self) -> bool:
        return self.reader in STAFF

    def __str__(self) -> str:
        return f"{self.route.path} as {self.reader}"


@dataclass
class Looked:
    """All pages of one organisation, and how each looked in English; `statuses` are what each route answered to whom."""

    world: World
    shown: dict[Shown, httpx.Response]
    statuses: dict[str, set[str]]
    readers: dict[str, Asker]

    async def read(self, shown: Shown, language: str) -> httpx.Response:
        """As it comes to a browser, packed; in English as it came when everybody looked."""
        if language == "en":
            return self.shown[shown]
        return await self.get(shown, language, **PACKED)

    async def get(self, shown: Shown, language: str = "en", **headers: str) -> httpx.Response:
        asker = self.readers[shown.reader]
        asker.client.cookies.set("__Host-language", language, domain=self.world.host, path="/")
        return await asker.send("GET", shown.path, headers=headers)


@pytest.fixture(scope="session")
async def looked(ground: Ground, app: ASGIApp) -> AsyncIterator[Looked]:
    """
    A full organisation in which everybody has looked everywhere once.

    It is there for all modules that show every page: they leave it as it is.
    """
    full = await world.make(ground, slug="network")
    names = dict.fromkeys(name for group in READERS.values() for name in group)
    found = Looked(full, {}, {}, {name: await asker(app, full, name) for name in names})
    await forget_limits(ground)
    with listening() as bugs:
        for route in routes.pages(ground):
            if route.method == "GET" and not route.is_stream and not route.path.startswith("/static"):
                await _look(found, route, bugs)
    yield found
    for one in found.readers.values():
        await one.client.aclose()


async def _look(found: Looked, route: routes.Route, bugs: Bugs) -> None:
    beginning = "/" + route.path.split("/")[1]
    for reader in READERS.get(beginning, READERS[""]):
        seen = False
        for values in _values(route, found.world):
            path = route.filled(**values) + found.world.queries.get(route.path, "")
            response = await found.readers[reader].send("GET", path, headers=PACKED)
            why = f": {bugs.take()}" if response.status_code >= 500 else ""
            found.statuses.setdefault(str(route), set()).add(f"{response.status_code} {reader}{why}")
            if response.status_code == 200:
                found.shown[Shown(route, reader, path)] = response
                seen = True
                if not any(kind == "int" for _, kind in route.kinds):
                    break
        if seen and beginning in ("/c", "/a", "/o", "/settings"):
            return


def _values(route: routes.Route, world: World) -> Iterator[dict[str, Any]]:
    """Ways to fill a path with what there is."""
    if not route.kinds:
        yield {}
        return
    names = {name for name, _ in route.kinds}
    if names == {"person_id", "participation_id"}:
        for person_id, participation_id in world.parts:
            yield {"person_id": person_id, "participation_id": participation_id}
        return
    if names == {"participation_id"} and route.path.startswith("/me/"):
        yield from (
            {"participation_id": row} for row in world.rows["participation"]
        )  # only one's own shows anything
        return
    lists = [_of_one(route, name, kind, world) for name, kind in route.kinds]
    for at in range(max(len(values) for values in lists)):
        yield {name: values[at % len(values)] for (name, _), values in zip(route.kinds, lists, strict=True)}


def _of_one(route: routes.Route, name: str, kind: str, world: World) -> list[Any]:
    if kind == "int":
        return list(NUMBERS)
    if kind == "UUID":
        named = TABLES.get(name) or next(
            (t for begin, t in BARE_IDS.items() if route.path.startswith(begin)), ""
        )
        tables = [named] if named else sorted(world.rows)
        most = ROWS_TRIED if named else 1
        return [row for table in tables for row in _ends(world.rows.get(table, []), most)] or ["nothing"]
    if name in WORDS:
        return [WORDS[name]]
    linked = [token for beginning, token in world.links.items() if route.path.startswith(beginning)]
    return linked if any(route.path.startswith(one) for one in LINKS) else [world.slug]


def _ends(rows: list[Any], most: int) -> list[Any]:
    return rows if len(rows) <= most else [*rows[: most - most // 2], *rows[len(rows) - most // 2 :]]
