"""JSON bodies for the API's operations, made from its own description."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.isolation.positions import TABLES, Ask, Trial, first_own, nobodys
from tests.isolation.world import World
from tests.routes import Route


class Description:
    """The OpenAPI document, with its references followed."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def operation(self, route: Route) -> dict[str, Any]:
        found: dict[str, Any] = self.document["paths"][route.path][route.method.lower()]
        return found

    def body(self, route: Route) -> dict[str, Any] | None:
        content = self.operation(route).get("requestBody", {}).get("content", {})
        return self.follow(content["application/json"]["schema"]) if "application/json" in content else None

    def sample(self, route: Route, own: World) -> Any:
        """A body that is in order, or None where the operation takes none."""
        schema = self.body(route)
        return None if schema is None else self.example(schema, own)

    def follow(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            schema = found
        return schema

    def example(self, schema: dict[str, Any], own: World, name: str = "") -> Any:
        """Something plausible; ids are those of the own organisation."""
        schema = self.follow(schema)
        if examples := schema.get("examples"):
            return examples[0] if isinstance(examples, list) else next(iter(examples.values()))
        for several in ("oneOf", "anyOf", "allOf"):
            if several in schema:
                kinds = [self.follow(one) for one in schema[several]]
                return self.example(next((k for k in kinds if k.get("type") != "null"), kinds[0]), own, name)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return next(one for one in schema["enum"] if one is not None)
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind if isinstance(kind, str) else next(one for one in kind if one != "null")
        return self._of_kind(kind, schema, own, name)

    def _of_kind(self, kind: str, schema: dict[str, Any], own: World, name: str) -> Any:
        if kind == "object":
            return {key: self.example(one, own, key) for key, one in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.example(schema.get("items", {}), own, name.rstrip("s"))]
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        return _text(schema, own, name)


def _text(schema: dict[str, Any], own: World, name: str) -> str:
    match schema.get("format"):
        case "uuid":
            rows = own.rows.get(TABLES.get(name, "person"), [])
            return str(rows[0]) if rows else nobodys()[0]
        case "date":
            return "2027-01-15"
        case "date-time":
            return "2027-01-15T10:00:00Z"
    return {"email": "new@example.org", "language": "en", "time_zone": "UTC"}.get(
        name, "word" * max(1, schema.get("minLength", 1) // 4)
    )


def of_body(route: Route, description: Description, own: World, other: World) -> Iterator[Trial]:
    """Trials for every id in the body and in the query of an operation."""
    address = route.filled(**{name: first_own(route, name, kind, own) for name, kind in route.kinds})
    for parameter in description.operation(route).get("parameters", []):
        if parameter["in"] == "query" and "uuid" in str(description.follow(parameter["schema"])):
            for theirs in other.rows.get(TABLES.get(parameter["name"], "person"), [])[:2]:
                asks = [
                    Ask(route.method, f"{address}?{parameter['name']}={one}", named=one,
                        place=f"{route.path}?{parameter['name']}")
                    for one in (str(theirs), *nobodys())
                ]  # fmt: skip
                yield Trial(asks[0], (asks[1], asks[2]))
    schema = description.body(route)
    if schema is None:
        return
    body = description.example(schema, own)
    for name, put in _ids_in(body):
        table = TABLES.get(name.rstrip("s") if name.endswith("ids") else name, "person")
        for theirs in other.rows.get(table, [])[:1]:
            asks = [
                Ask(route.method, address, json=put(one), named=one, place=f"{route.path} body {name}")
                for one in (str(theirs), *nobodys())
            ]
            yield Trial(asks[0], (asks[1], asks[2]))


def _ids_in(body: Any) -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Each id in a body by its name, with a function that gives the body with another in its place."""
    for steps in _paths(body, ()):
        name = next((step for step in reversed(steps) if isinstance(step, str)), "")

        def put(value: str, steps: tuple[Any, ...] = steps) -> Any:
            made = copy.deepcopy(body)
            place = made
            for step in steps[:-1]:
                place = place[step]
            place[steps[-1]] = value
            return made

        yield name, put


def _paths(value: Any, steps: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _paths(one, (*steps, key))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _paths(one, (*steps, at))
    elif isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        yield steps
