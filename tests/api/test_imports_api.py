"""Roster import through the JSON door."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tenants.identity import tokens
from tenants.permissions import Role
from tenants.programmes import questions
from tenants.programmes.question_rules import Shape, Words
from tests import making
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER, ROSTERS, as_csv

PERMISSIONS = ("roster.import", "programme.read", "people.read")


@dataclass
class Caller:
    at: Desk
    client: httpx.AsyncClient

    async def upload(self, content: bytes, name: str = "people.csv", **headers: str) -> httpx.Response:
        return await self.client.post(
            "/imports",
            data={"cycle_id": str(self.at.launched.cycle.id)},
            files={"file": (name, content)},
            headers=headers,
        )

    async def staged(self, content: bytes, name: str = "people.csv") -> dict[str, Any]:
        made = await self.upload(content, name)
        assert made.status_code == 202, made.text
        await self.at.work()
        return await self.get(made.json()["id"])

    async def get(self, import_id: str) -> dict[str, Any]:
        answer = await self.client.get(f"/imports/{import_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def do(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.request(method, path, json=body)
        assert answer.status_code == 202, answer.text
        await self.at.work()
        return await self.get(path.split("/")[2])


@pytest.fixture
async def call(ground: Ground, app: ASGIApp) -> AsyncIterator[Caller]:
    at = await desk(ground)
    async with AsyncExitStack() as stack:
        yield await caller(at, app, stack)


async def caller(at: Desk, app: ASGIApp, stack: AsyncExitStack) -> Caller:
    maker = await making.somebody(at.ground.database, at.made.id, Role.OWNER, Role.COORDINATOR)
    async with at.ground.database.tenant_session(maker.context()) as session:
        secret = (await tokens.make(session, maker, name="Test", permissions=PERMISSIONS)).secret
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )
    return Caller(at, await stack.enter_async_context(client))


async def test_roster_goes_in_and_out_by_api(call: Caller) -> None:
    found = await call.staged((ROSTERS / "solidarite.csv").read_bytes(), "solidarite.csv")
    assert (found["state"], found["counts"]["to_commit"], found["counts"]["refused"]) == ("staged", 121, 4)
    assert found["reading"]["encoding"] == "utf-8"
    assert found["columns"]["0"] == "full_name"

    found = await call.do(
        "PATCH", f"/imports/{found['id']}", version=found["version"], groups={"too_long": "cut"}
    )
    assert found["counts"]["refused"] == 2

    done = await call.do(
        "POST", f"/imports/{found['id']}/commit", version=found["version"], have_agreed=True, status="ready"
    )
    assert (done["state"], done["counts"]["imported"], done["in_use"]) == ("committed", 123, [])

    back = await call.do("POST", f"/imports/{found['id']}/revert")
    assert back["state"] == "reverted"
    assert await call.at.participations() == []


async def test_rows_come_in_pages_with_every_problem_in_words(call: Caller) -> None:
    found = await call.staged((ROSTERS / "inter-agency-2026.xlsx").read_bytes(), "roster.xlsx")
    seen: list[dict[str, Any]] = []
    address = f"/imports/{found['id']}/rows?state=refused&limit=7"
    while address:
        answer = await call.client.get(address)
        seen += answer.json()
        address = (
            f"/imports/{found['id']}/rows" + answer.links["next"]["url"] if "next" in answer.links else ""
        )
    assert [row["row"] for row in seen] == sorted(row["row"] for row in seen)
    assert len(seen) == found["counts"]["refused"] == 16
    [problem] = next(row for row in seen if row["row"] == 237)["problems"]
    assert problem["detail"] == "“p700140 at example.org” cannot be an e-mail address."
    assert (problem["column"], problem["header"], problem["suggestion"]) == (
        "B",
        "E-mail",
        "p700140@example.org",
    )


async def test_refused_rows_come_back_with_their_reason(call: Caller) -> None:
    found = await call.staged(
        as_csv([HEADER, ("Ana Ilić", "ana@example.org", "Mentor"), ("Bo", "bo@", "Mentor")])
    )
    answer = await call.client.get(f"/imports/{found['id']}/rejected.csv")
    assert answer.headers["content-disposition"].startswith("attachment;")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table == [
        ["Row", *HEADER, "Reason"],
        [
            "3",
            "Bo",
            "bo@",
            "Mentor",
            "E-mail: “bo@” cannot be an e-mail address. Write an address such as name@example.org.",
        ],
    ]


async def test_upload_with_a_key_makes_one_import(call: Caller) -> None:
    content = (ROSTERS / "large.csv").read_bytes()  # larger than most requests with a key
    first = await call.upload(content, **{"idempotency-key": "roster-1"})
    again = await call.upload(content, **{"idempotency-key": "roster-2"})  # the same file in other words
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json()["id"] == again.json()["id"]


async def test_commit_with_the_same_key_is_repeated(call: Caller) -> None:
    found = await call.staged(as_csv([HEADER, ("Ana Ilić", "ana@example.org", "Mentor")]))
    body = {"version": found["version"], "have_agreed": True}
    answers = [
        await call.client.post(
            f"/imports/{found['id']}/commit", json=body, headers={"idempotency-key": "commit-1"}
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].headers["idempotent-replayed"] == "true"
    await call.at.work()
    assert len(await call.at.participations()) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7 something", "roster.wrong_format"), (b"PK\x03\x04 broken", "roster.damaged")],
)
async def test_what_is_no_table_is_refused_at_once(call: Caller, content: bytes, code: str) -> None:
    answer = await call.upload(content)
    assert answer.status_code == 422
    assert answer.json()["code"] == code


async def test_empty_file_fails_with_its_reason(call: Caller) -> None:
    found = await call.staged(b"Name,E-mail\r\n")
    assert (found["state"], found["fault"]["code"]) == ("failed", "roster.empty")
    assert found["fault"]["detail"] == "There are no people in this file."


async def test_decision_on_an_old_version_conflicts(call: Caller) -> None:
    found = await call.staged(as_csv([HEADER, ("Ana Ilić", "ana@example.org", "Mentor")]))
    path = f"/imports/{found['id']}"
    await call.do("PATCH", path, version=found["version"], groups={"emails": "accept"})
    late = await call.client.patch(path, json={"version": found["version"], "groups": {"units": "ask"}})
    assert (late.status_code, late.json()["code"]) == (409, "import.changed")


async def test_other_organisation_finds_nothing(ground: Ground, app: ASGIApp, call: Caller) -> None:
    theirs = await call.staged(as_csv([HEADER, ("Ana Ilić", "ana@example.org", "Mentor")]))
    async with AsyncExitStack() as stack:
        stranger = await caller(await desk(ground), app, stack)
        unknown = await stranger.client.get(f"/imports/{stranger.at.made.id}")
        for method, path, body in (
            ("GET", "", None),
            ("GET", "/rows", None),
            ("GET", "/rejected.csv", None),
            ("PATCH", "", {"version": 1}),
            ("POST", "/commit", {"version": 1, "have_agreed": True}),
            ("POST", "/revert", None),
            ("POST", "/discard", None),
        ):
            answer = await stranger.client.request(method, f"/imports/{theirs['id']}{path}", json=body)
            assert (answer.status_code, answer.json()) == (404, unknown.json()), path
        assert (await stranger.client.get("/imports")).json() == []
        upload = await stranger.client.post(
            "/imports", data={"cycle_id": str(call.at.launched.cycle.id)}, files={"file": ("x.csv", b"a,b")}
        )
        assert upload.status_code == 404


async def test_a_column_is_said_to_answer_a_question(call: Caller) -> None:
    programme = call.at.launched.programme.id
    async with call.at.ground.database.tenant_session(call.at.made.owner.context()) as session:
        question = await questions.add(
            session,
            call.at.made.owner,
            programme,
            shape=Shape.NUMBER,
            words=Words({"en": "How many children?"}),
        )
    rows = [
        (*HEADER, "Kids"),
        ("Ana Ilić", "ana@example.org", "Mentor", "2"),
        ("Bea Kovač", "bea@example.org", "Mentor", "few"),
    ]
    found = await call.staged(as_csv(rows), "people.csv")
    assert "3" not in found["columns"] and found["counts"]["to_commit"] == 2
    own = f"own:{question.key}"
    path, columns = f"/imports/{found['id']}", found["columns"] | {"3": own}
    wrong = await call.client.patch(
        path, json={"version": found["version"], "columns": columns | {"3": "own:none"}}
    )
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "not_a_choice")
    found = await call.do("PATCH", path, version=found["version"], columns=columns)
    assert (found["columns"]["3"], found["counts"]["to_commit"], found["counts"]["refused"]) == (own, 1, 1)
    [refused] = (await call.client.get(f"{path}/rows?state=refused")).json()
    [problem] = refused["problems"]
    assert (refused["row"], problem["code"], problem["column"]) == (3, "not_an_answer", "D")
    assert problem["detail"] == "“few” is no answer to the question “How many children?”."
