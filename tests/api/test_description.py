"""The API does what its description says, whatever is sent to it: asked of a real server by schemathesis."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import pytest
import redis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as conformance

from infra.embedded.valkey import Valkey
from infra.ground import Ground
from tenants import sentences
from tests import routes
from tests.isolation.positions import TABLES
from tests.isolation.world import World
from tests.serving import Served

EXAMPLES = int(
    os.environ.get("SCHEMATHESIS_EXAMPLES", "4")
)  # an operation; the long version asks for a hundred
# That no operation ignores the token is asked by test_conventions.py.
CHECKS = [
    checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_schema_conformance,
]


@pytest.fixture
def unlimited(valkey: Valkey) -> Iterator[Any]:
    """Forgets how often we have asked."""
    client = redis.Redis.from_url(valkey.url())

    def forget() -> None:
        if keys := list(client.scan_iter("limit:*")):
            client.delete(*keys)

    yield forget
    client.close()


def _known(case: Any, full: World) -> None:
    """Ids of rows that are there, so that more than the 404 is tried."""
    for name in case.path_parameters or {}:
        rows = full.rows.get(TABLES.get(name, ""), [])
        if rows:
            case.path_parameters[name] = str(rows[hash(str(case.query)) % len(rows)])


def _try(operation: Any, full: World, base: str) -> int:
    """Ask some examples of an operation. Returns how many; raises what the checks found."""
    asked = 0

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        nonlocal asked
        asked += 1
        if asked % 2:
            _known(case, full)
        case.call_and_validate(
            base_url=base, headers={"authorization": f"Bearer {full.token}"}, checks=CHECKS
        )

    run()
    return asked


def test_every_operation_keeps_to_its_description(served: Served, full: World, unlimited: Any) -> None:
    schema = schemathesis.openapi.from_url(f"{served.api}/schema/openapi.json")
    faults: dict[str, str] = {}
    asked = 0
    known = {"authorization": f"Bearer {full.token}"}
    assert httpx.get(f"{served.api}/organisation", headers=known).status_code == 200
    for found in schema.get_all_operations():
        operation = found.ok()
        unlimited()
        try:
            asked += _try(operation, full, f"http://127.0.0.1:{served.port}")
        except (Exception, BaseExceptionGroup) as fault:
            faults[operation.label] = f"{str(fault)[:600]} {_bugs(served)[-1:]}"
    assert faults == {}, "\n\n".join(f"{name}: {said}" for name, said in faults.items())
    assert asked > 30


def _bugs(served: Served) -> list[str]:
    """What the server has logged as its own fault: the last lines of each traceback."""
    lines = (json.loads(line) for line in served.log.read_text().splitlines() if line.startswith("{"))
    return [
        told["exception"][-400:] for told in lines if told.get("level") == "error" and "exception" in told
    ]


def test_every_operation_is_well_described(ground: Ground, served: Served) -> None:
    document = schemathesis.openapi.from_url(f"{served.api}/schema/openapi.json").raw_schema
    operations = {
        f"{method.upper()} {path}": told
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    }
    assert document["openapi"].startswith("3.1")
    assert {str(one) for one in routes.api(ground)} == set(operations)
    names = Counter(told["operationId"] for told in operations.values())
    assert [name for name, times in names.items() if times > 1] == []
    lacking = {
        name: sorted({"401", "403", "404", "422", "429", "503"} - set(told["responses"]))
        for name, told in operations.items()
    }
    assert {name: codes for name, codes in lacking.items() if codes} == {}
    assert [
        name for name, told in operations.items() if not told.get("tags") or not told.get("summary")
    ] == []


def test_every_change_has_an_example_that_holds(served: Served) -> None:
    """What is sent and what comes back, each by the schema that stands beside it."""
    document = schemathesis.openapi.from_url(f"{served.api}/schema/openapi.json").raw_schema
    lacking, wrong, held = [], [], 0
    for methods in document["paths"].values():
        for method, told in methods.items():
            if method not in ("post", "put", "patch"):
                continue
            bodies = [("request", told.get("requestBody", {}).get("content", {}))]
            bodies += [
                (status, answer.get("content") or {})
                for status, answer in told["responses"].items()
                if status.startswith("2")
            ]
            for where, content in bodies:
                media = content.get("application/json")
                if not media or not media.get("schema") or media["schema"].get("type") == "null":
                    continue
                examples = media.get("examples", {})
                if not examples:
                    lacking.append(f"{told['operationId']} {where}")
                for example in examples.values():
                    held += 1
                    schema = {**media["schema"], "components": document["components"]}
                    check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                    faults = [f"{e.instance_path} {e.message}" for e in check.iter_errors(example["value"])]
                    wrong += [f"{told['operationId']} {where}: {fault}" for fault in faults]
    assert lacking == []
    assert wrong == []
    assert held > 70


def test_every_code_of_a_problem_is_told(served: Served) -> None:
    document = schemathesis.openapi.from_url(f"{served.api}/schema/openapi.json").raw_schema
    told = document["info"]["description"]
    assert [code for code in sentences.every() if f"`{code}`" not in told] == []
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                assert answer["description"]
