"""Every route of the product, read from the two apps themselves, so that a new one is tested on the day it is born."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute

from infra.ground import Ground

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, order=True)
class Route:
    """`path` has its parameters in braces, as `/c/people/{person_id}`; `kinds` are their types by name."""

    path: str
    method: str
    kinds: tuple[tuple[str, str], ...]
    handler: Any = None

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.kinds]

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_stream(self) -> bool:
        """Whether the answer goes on as long as something runs."""
        return self.path.endswith("/events")

    def filled(self, **values: Any) -> str:
        return self.path.format(**values)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def of(app: Litestar) -> list[Route]:
    """The routes of one app, without those that Litestar adds by itself (OPTIONS)."""
    found = set()
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        kinds = tuple((one.name, one.type.__name__) for one in route.path_parameters.values())
        path = route.path_format
        for method in route.route_handler_map:
            if method != "OPTIONS":
                found.add(Route(path, str(method), kinds, route.route_handler_map[method][0]))
    return sorted(found, key=lambda one: (one.path, one.method))


# To put an app together takes half a second, and its routes are asked for often.
@cache
def pages(ground: Ground) -> list[Route]:
    from web.app import create

    return of(create(ground))


@cache
def api(ground: Ground) -> list[Route]:
    """The operations of the API, without its own description."""
    from api.app import create

    return [route for route in of(create(ground)) if not route.path.startswith("/api/v1/schema")]
