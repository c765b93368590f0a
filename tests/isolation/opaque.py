"""
Names that do not look like names: cursors with the key of a row inside, and what a browser or program carries by itself.

What a list goes on from is read from the code of its route: `query.after(..., tuple[datetime, UUID])`.
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from infra import clock
from infra.http import paging
from tests.isolation.positions import Ask, Trial, first_own, table_in
from tests.isolation.world import World
from tests.routes import Route

_KEY = re.compile(r"\.after\((?:[\w.]+, )?tuple\[([^\]]+)\]")
# Where the code chooses among keys, all that there are.
_KEYS = ("datetime, UUID", "str, UUID", "int, UUID", "UUID", "int, datetime, UUID", "date, UUID")


def _keys(route: Route) -> list[str]:
    module = inspect.getmodule(route.handler.fn)
    source = inspect.getsource(module) if module else ""
    found = sorted(set(_KEY.findall(source)))
    return [*_KEYS] if ".after(" in source and "KEYS[" in source else found


def _value(kind: str, row: UUID) -> Any:
    match kind:
        case "UUID":
            return row
        case "datetime":
            return clock.now().replace(microsecond=0)
        case "date":
            return clock.today("UTC")
        case "int":
            return 1
    return "M"


def of_cursors(route: Route, own: World, other: World) -> Iterator[Trial]:
    """Lists that go on from a row of theirs, and from rows that nobody has right beside it."""
    if route.method != "GET" or route.is_stream:
        return
    name = "cursor" if route.is_api else "after"
    address = route.filled(**{one: first_own(route, one, kind, own) for one, kind in route.kinds})
    for key in _keys(route):
        kinds = [kind.strip() for kind in key.split(",")]
        for theirs in {
            other.rows[table][0] for table in ("person", table_in(route, own)) if other.rows.get(table)
        }:
            asks = []
            for row in (theirs, UUID(int=theirs.int ^ 1), UUID(int=theirs.int ^ 2)):
                cursor = paging.encode([_value(kind, row) for kind in kinds])
                asks.append(
                    Ask("GET", f"{address}?{name}={cursor}", named=cursor, place=f"{route.path} {name} {key}")
                )
            yield Trial(asks[0], (asks[1], asks[2]))


def of_cookies(route: Route, own: World, other: World) -> Iterator[Trial]:
    """Their sessions and half-filled forms at our address, beside such as nobody has."""
    if route.method != "GET" or route.is_api or route.is_stream or route.path.startswith("/static/"):
        return
    address = route.filled(**{one: first_own(route, one, kind, own) for one, kind in route.kinds})
    theirs = [("session", other.secrets["coordinator"]), ("session", other.secrets["owner"])]
    if not route.kinds:
        theirs += [pair for carried in other.cookies.values() for pair in carried.items()]
    for name, value in theirs:
        asks = [
            Ask("GET", address, headers=(("cookie", f"__Host-{name}={one}"),), named=one, place=f"{route.path} cookie {name}")
            for one in (value, value[::-1], value[1:] + value[:1])
        ]  # fmt: skip
        yield Trial(asks[0], (asks[1], asks[2]))
