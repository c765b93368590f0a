"""How a directory is spoken with: as Entra does, in pages, in the same moment, and by those who should not."""

import asyncio
import json

import pytest
from sqlalchemy import func, select

from infra import ids
from tenants.permissions import Role
from tenants.provisioning.models import ScimUser
from tests import making
from tests.api.scim.calls import ERROR, FULL, GROUP, USER, directory, refused

ENTRA = [  # as Microsoft Entra ID sends it, each with what is true afterwards
    ([{"op": "Replace", "path": "displayName", "value": "New Name"}], {"displayName": "New Name"}),
    ([{"op": "Add", "path": "name.givenName", "value": "Nora"}], {"name": {"givenName": "Nora"}}),
    ([{"op": "Replace", "value": {"name.familyName": "Ali", "displayName": "N. Ali"}}], {"displayName": "N. Ali"}),
    ([{"op": "Add", "path": 'emails[type eq "work"].value', "value": "entra@example.org"}],
     {"emails": [{"type": "work", "value": "entra@example.org"}]}),
    ([{"op": "Replace", "path": "active", "value": "False"}], {"active": False}),
    ([{"op": "replace", "value": {"active": "false"}}], {"active": False}),
    ([{"op": "Replace", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "IT"},
      {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "1"},
      {"op": "Replace", "path": "externalId", "value": "new-id"}], {"externalId": "new-id"}),
]  # fmt: skip


@pytest.mark.parametrize(("operations", "expected"), ENTRA)
async def test_entra_is_understood(plain, operations, expected):
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    body = {
        "schemas": [USER, enterprise], "externalId": "x", "userName": "entra@example.org", "active": "True",
        "displayName": "E", "meta": {"resourceType": "User"}, "roles": [], "title": "Dr", enterprise: {"department": "x"},
    }  # fmt: skip
    answer = await plain.client.post("/Users", json=body)
    assert (answer.status_code, answer.json()["active"]) == (201, True), answer.text
    at = f"/Users/{answer.json()['id']}"
    patched = await plain.patch(at, *operations)
    assert patched.status_code == 204, patched.text
    found = (await plain.client.get(at)).json()
    assert {name: found.get(name) for name in expected} == expected


async def test_filters_pages_and_versions(plain):
    made = [(await plain.user(f"f{n}@example.org", externalId=f"e{n}")).json() for n in range(5)]

    async def names(query: str) -> tuple[int, list[str]]:
        found = (await plain.client.get(f"/Users?{query}")).json()
        return found["totalResults"], [one["userName"][:2] for one in found.get("Resources", [])]

    assert await names('filter=userName eq "F3@EXAMPLE.ORG"') == (1, ["f3"])
    assert await names('filter=externalId eq "e2"') == (1, ["f2"])
    assert await names('filter=externalId eq "E2"') == (0, [])
    assert await names(f'filter=id eq "{made[4]["id"]}"') == (1, ["f4"])
    assert await names('filter=id eq "nobody"') == (0, [])
    assert await names('filter=userName sw "f" and not (externalId eq "e1")') == (4, ["f0", "f2", "f3", "f4"])
    assert await names("startIndex=2&count=2") == (5, ["f1", "f2"])
    assert await names("count=0") == (5, [])
    at, etag = f"/Users/{made[0]['id']}", made[0]["meta"]["version"]
    assert (await plain.client.get(at, headers={"if-none-match": etag})).status_code == 304
    change = {"op": "replace", "path": "displayName", "value": "First"}
    assert (await plain.patch(at, change, **{"if-match": etag})).status_code == 204
    refused(await plain.patch(at, change | {"value": "Second"}, **{"if-match": etag}), 412)
    for wrong in ("userName eq", '(((((("', 'userName eq "' + "x" * 2000 + '"'):
        refused(await plain.client.get("/Users", params={"filter": wrong}), 400, "invalidFilter")


async def test_what_the_door_says_of_itself(plain):
    told = {
        name: (await plain.client.get(f"/{name}")).json()
        for name in ("ServiceProviderConfig", "Schemas", "ResourceTypes")
    }
    config = told["ServiceProviderConfig"]
    assert {n: config[n]["supported"] for n in ("patch", "filter", "etag", "bulk", "sort")} == {
        "patch": True, "filter": True, "etag": True, "bulk": False, "sort": False,
    }  # fmt: skip
    assert {one["id"] for one in told["Schemas"]["Resources"]} == {USER, GROUP}


async def test_who_does_not_speak_for_the_directory_is_refused(database, app, made):
    others = await directory(database, app, made, Role.IT_CONTACT, "jobs.read")
    async with others.client as client:
        for path in ("/Users", "/Groups", "/ServiceProviderConfig", "/Me"):
            assert "scim.manage" in refused(await client.get(path), 403)
        for value in ("", "Bearer", "Bearer mw_no", f"Basic {others.secret}", f"Bearer {others.secret[:-1]}"):
            answer = await client.get("/Users", headers={"authorization": value})
            refused(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_another_organisations_ids_are_nobodys(database, app, made, owners):
    theirs = await making.organisation(database)
    other = await directory(database, app, theirs, Role.OWNER, *FULL)
    async with other.client:
        user, group = (await other.user("theirs@example.org")).json(), (await other.group("Theirs")).json()
        mine = f"/Groups/{(await owners.group('Mine')).json()['id']}"
        for kind, one_of in (("Users", user), ("Groups", group)):
            for method in ("GET", "PUT", "PATCH", "DELETE"):
                body = {"schemas": [USER if kind == "Users" else GROUP], "userName": "x", "displayName": "x"}
                if method == "PATCH":
                    answers = [
                        await owners.patch(
                            f"/{kind}/{key}", {"op": "replace", "path": "displayName", "value": "x"}
                        )
                        for key in (one_of["id"], ids.random())
                    ]
                else:
                    json_of = body if method == "PUT" else None
                    answers = [
                        await owners.client.request(method, f"/{kind}/{key}", json=json_of)
                        for key in (one_of["id"], ids.random())
                    ]
                assert [one.status_code for one in answers] == [404, 404], (method, kind)
                assert answers[0].content == answers[1].content
        members = {"op": "add", "path": "members", "value": [{"value": user["id"]}]}
        refused(await owners.patch(mine, members), 400, "invalidValue")
        assert (await owners.client.get("/Users", params={"filter": f'id eq "{user["id"]}"'})).json()[
            "totalResults"
        ] == 0
        assert (await owners.user("theirs@example.org")).status_code == 201  # another person, of ours
        assert (await other.client.get(f"/Users/{user['id']}")).json()["meta"] == user["meta"]


async def test_the_same_moment(database, made, plain):
    answers = await asyncio.gather(*(plain.user("race@example.org") for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409, 409]
    at = next(f"/Users/{one.json()['id']}" for one in answers if one.status_code == 201)
    changes = [
        plain.patch(at, {"op": "replace", "path": f"name.{name}", "value": value})
        for name, value in (("givenName", "A"), ("familyName", "B"), ("formatted", "C"))
    ]
    told = await asyncio.gather(
        *changes, plain.patch(at, {"op": "replace", "path": "active", "value": False})
    )
    assert {one.status_code for one in told} == {204}
    found = (await plain.client.get(at)).json()
    assert (found["name"], found["active"]) == (
        {"givenName": "A", "familyName": "B", "formatted": "C"},
        False,
    )
    gone = await asyncio.gather(*(plain.client.delete(at) for _ in range(3)))
    assert sorted(one.status_code for one in gone) == [204, 404, 404]
    async with database.tenant_session(made.house.context()) as session:
        assert (await session.execute(select(func.count()).select_from(ScimUser))).scalar_one() == 0


HOSTILE = [
    b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 50_000, b'{"schemas":' + b"[" * 5_000,
    json.dumps({"schemas": [USER]}).encode(),
    json.dumps({"schemas": [USER], "userName": " "}).encode(),
    json.dumps({"schemas": [USER], "userName": "x" * 300}).encode(),
    json.dumps({"schemas": [USER], "userName": "a\0b"}).encode(),
    json.dumps({"schemas": [USER], "userName": "x", "displayName": "a\0b"}).encode(),
    json.dumps({"schemas": [USER], "userName": "x", "externalId": "\ud800"}).encode(),
    json.dumps({"schemas": [USER], "userName": "x", "emails": [{"value": "no address"}]}).encode(),
    json.dumps({"schemas": [USER], "userName": "x", "active": "perhaps"}).encode(),
    json.dumps({"schemas": [USER], "userName": "x", "name": "Amina"}).encode(),
    json.dumps({"schemas": [GROUP], "userName": "x"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_hostile_bodies_are_refused(plain, number):
    answer = await plain.client.post(
        "/Users", content=HOSTILE[number], headers={"content-type": "application/scim+json"}
    )
    assert answer.status_code == 400, answer.text
    assert answer.json()["schemas"] == [ERROR]
    assert (await plain.client.get("/Users")).json()["totalResults"] == 0


async def test_a_question_of_any_length_costs_little(plain):
    long = 'userName eq "x" or ' * 3_000 + 'userName eq "x"'
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": long}
    refused(await plain.client.post("/Users/.search", json=search), 413)
    refused(await plain.client.get("/Users", params={"filter": long[:9_000]}), 413)
    many = [{"op": "replace", "path": "displayName", "value": "x"}] * 6_000
    refused(await plain.patch(f"/Users/{ids.random()}", *many), 413)
    found = await plain.client.post("/.search", json=search | {"filter": 'userName eq "x"'})
    assert (found.status_code, found.json()["totalResults"]) == (200, 0)
