"""People, tokens and the organisation through the JSON door."""

from datetime import timedelta

import httpx
import pytest

from infra import clock
from tenants.identity import tokens
from tenants.people import actions as people
from tenants.permissions import Role
from tests import making

EVERYTHING = ("people.read", "people.change", "organisation.change", "tokens.manage")


async def token(database, made, *permissions: str) -> str:
    """Of somebody who is both owner and coordinator."""
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    async with database.tenant_session(both.context()) as session:
        return (await tokens.make(session, both, name="Test", permissions=permissions)).secret


@pytest.fixture
async def caller(database, made, app):
    secret = await token(database, made, *EVERYTHING)
    async with client(app, secret) as opened:
        yield opened


def client(app, secret: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


async def join(database, made, name: str) -> str:
    async with database.tenant_session(made.coordinator.context()) as session:
        made_person = await people.join(
            session, made.coordinator, full_name=name, email=None, language="en", time_zone="UTC"
        )
        return str(made_person.id)


async def test_people_come_in_pages(database, made, caller):
    for number in range(5):
        await join(database, made, f"Person {number}")
    seen, address = [], "/people?limit=3"
    while address:
        answer = await caller.get(address)
        assert answer.status_code == 200
        seen += [person["full_name"] for person in answer.json()]
        address = "/people" + answer.links["next"]["url"] if "next" in answer.links else None
    assert seen == ["Both", "Cora Coordinator", "Olivia Owner", *(f"Person {n}" for n in range(5))]


async def test_people_are_searched_and_filtered(database, made, caller):
    await join(database, made, "Élodie Žižek")
    assert [p["full_name"] for p in (await caller.get("/people?search=zizek")).json()] == ["Élodie Žižek"]
    assert [p["full_name"] for p in (await caller.get("/people?role=owner")).json()] == [
        "Both",
        "Olivia Owner",
    ]
    assert (await caller.get("/people?role=queen")).status_code == 422
    assert (await caller.get("/people?cursor=nonsense")).status_code == 422


async def test_one_person_is_read_and_changed(database, made, caller):
    her = await join(database, made, "Ana Ilić")
    changed = await caller.patch(f"/people/{her}", json={"phone": "033 555 014", "gender": "woman"})
    assert changed.status_code == 200
    read = (await caller.get(f"/people/{her}")).json()
    assert (read["phone"], read["gender"], read["full_name"], read["roles"]) == (
        "033 555 014",
        "woman",
        "Ana Ilić",
        [],
    )


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"phone": "call me"}, "#/phone"),
        ({"email": "x@example.org"}, "#/email"),
        ({"time_zone": "Moon"}, "#/time_zone"),
    ],
)
async def test_a_change_that_cannot_be_used_names_its_place(database, made, caller, body, pointer):
    her = await join(database, made, "Ana Ilić")
    answer = await caller.patch(f"/people/{her}", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_another_organisations_ids_are_as_unknown_ones(database, made, caller):
    # N02
    other = await making.organisation(database)
    theirs, nobody = await join(database, other, "Theirs"), str(making.ids.new())
    for method, path, body in (
        ("GET", "/people/{}", None),
        ("PATCH", "/people/{}", {}),
        ("PATCH", "/offices/{}", {"is_open": False}),
        ("DELETE", "/tokens/{}", None),
    ):
        answers = [await caller.request(method, path.format(id), json=body) for id in (theirs, nobody)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()


async def test_a_token_does_no_more_than_it_was_made_for(database, made, app):
    async with client(app, await token(database, made, "programme.read")) as narrow:
        assert (await narrow.get("/people")).status_code == 403
        assert (await narrow.get("/tokens")).status_code == 403
        assert (await narrow.patch("/organisation", json={"hue": 1})).status_code == 403


@pytest.mark.parametrize("secret", ["", "nonsense", "mw_" + "0" * 32 + "_" + "a" * 43])
async def test_without_a_good_token_nothing(app, secret):
    async with client(app, secret) as stranger:
        answer = await stranger.get("/people")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_is_made_listed_and_ended(app, caller):
    made_token = await caller.post(
        "/tokens",
        json={
            "name": "Reports",
            "permissions": ["people.read"],
            "expires_at": (clock.now() + timedelta(days=2)).isoformat(),
        },
    )
    assert made_token.status_code == 201
    async with client(app, made_token.json()["secret"]) as second:
        assert (await second.get("/people")).status_code == 200
        listed = (await caller.get("/tokens")).json()
        assert [(one["name"], one["used_at"] is not None) for one in listed] == [
            ("Reports", True),
            ("Test", True),
        ]
        assert "secret" not in listed[0]
        assert (await caller.delete(f"/tokens/{made_token.json()['id']}")).status_code == 204
        assert (await second.get("/people")).status_code == 401


async def test_tokens_come_in_pages(caller):
    for number in range(3):
        await caller.post("/tokens", json={"name": f"T{number}", "permissions": ["people.read"]})
    first = await caller.get("/tokens?limit=2")
    second = await caller.get("/tokens" + first.links["next"]["url"])
    assert [one["name"] for one in first.json() + second.json()] == ["T2", "T1", "T0", "Test"]


async def test_a_token_beyond_its_maker_is_refused(caller):
    answer = await caller.post("/tokens", json={"name": "More", "permissions": ["roles.grant"]})
    assert answer.status_code == 422  # the calling token does not carry it, though its maker does


async def test_the_organisation_and_its_offices(made, caller):
    changed = await caller.patch("/organisation", json={"name": "Women in Policing", "contact_phone": None})
    assert (changed.json()["name"], changed.json()["host"]) == ("Women in Policing", made.host)
    opened = await caller.post("/offices", json={"name": "Mostar", "time_zone": "Europe/Sarajevo"})
    assert opened.status_code == 201
    assert (await caller.post("/offices", json={"name": "Mostar", "time_zone": "UTC"})).status_code == 409
    await caller.patch(f"/offices/{opened.json()['id']}", json={"is_open": False})
    assert [(one["name"], one["is_open"]) for one in (await caller.get("/offices")).json()] == [
        ("Mostar", False)
    ]
