"""Members, carers, questions and weights through the JSON door: what an owner does on her pages."""

import httpx
import pytest
from sqlalchemy import select

from infra import ids
from tenants.audit.models import AuditEvent
from tenants.identity import tokens
from tenants.notifications.models import Letter
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making

ALL = ("roles.grant", "people.read", "people.change", "programme.read", "programme.change")


@pytest.fixture
async def made(database):
    return await making.organisation(database)


async def client(database, app, made, *roles, permissions=ALL, office_id=None) -> httpx.AsyncClient:
    actor = await making.somebody(database, made.id, Role.IT_CONTACT, name="Tina Token")
    async with database.tenant_session(made.house.context()) as session:
        session.add_all(
            making.RoleGrant(
                organisation_id=made.id, person_id=actor.person_id, role=role, office_id=office_id
            )
            for role in roles
        )
    able = making.person(made.id, actor.person_id, frozenset({Role.IT_CONTACT, *roles}))
    async with database.tenant_session(able.context()) as session:
        held = [one for one in permissions if one in able.permissions]
        secret = (await tokens.make(session, able, name="Test", permissions=held)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def caller(database, app, made):
    async with await client(database, app, made, Role.OWNER, Role.COORDINATOR) as found:
        yield found


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(query)).scalars().all()


async def test_a_member_is_invited_and_gets_roles_and_loses_them(database, made, caller):
    body = {"full_name": "Njeri Mwangi", "email": "njeri@example.org", "role": "coordinator"}
    invited = await caller.post("/members", json=body)
    assert (invited.status_code, invited.json()["roles"]) == (
        201, [{"role": "coordinator", "office_id": None}],
    )  # fmt: skip
    at = f"/members/{invited.json()['id']}"
    assert (await caller.post("/members", json=body)).json() == invited.json()  # the same again is the same
    given = await caller.post(f"{at}/roles", json={"role": "moderator"})
    assert [one["role"] for one in given.json()["roles"]] == ["coordinator", "moderator"]
    assert (await caller.delete(f"{at}/roles/coordinator")).status_code == 204
    assert (await caller.delete(f"{at}/roles/coordinator")).status_code == 404
    listed = {one["full_name"]: one["roles"] for one in (await caller.get("/members")).json()}
    assert listed["Njeri Mwangi"] == [{"role": "moderator", "office_id": None}]
    written = await rows(database, made, select(Letter.about).where(Letter.kind == "identity.welcome"))
    assert sorted(one["role"] for one in written) == ["coordinator", "moderator"]
    told = await rows(database, made, select(AuditEvent.event).where(AuditEvent.token_id.is_not(None)))
    assert sorted(told) == ["person.joined", "role.granted", "role.granted", "role.taken"]


async def test_a_role_of_an_office_and_those_that_have_none(database, made, caller):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
    at = f"/members/{made.coordinator.person_id}/roles"
    given = await caller.post(at, json={"role": "focal_point", "office_id": str(office.id)})
    assert {"role": "focal_point", "office_id": str(office.id)} in given.json()["roles"]
    assert (await caller.delete(f"{at}/focal_point")).status_code == 404  # not for the whole organisation
    assert (await caller.delete(f"{at}/focal_point?office_id={office.id}")).status_code == 204
    for wrong, pointer in (
        ({"role": "owner", "office_id": str(office.id)}, "#/office_id"),
        ({"role": "participant"}, "#/role"),
        ({"role": "queen"}, "#/role"),
    ):
        refused = await caller.post(at, json=wrong)
        assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, [pointer])
    assert (await caller.delete(f"{at}/queen")).status_code == 404
    missing = await caller.post(at, json={"role": "coordinator", "office_id": str(ids.new())})
    assert missing.status_code == 404


async def test_a_member_leaves_and_returns_and_the_last_owner_stays(database, made, app, caller):
    at = f"/members/{made.coordinator.person_id}"
    assert (await caller.post(f"{at}/leave")).json()["is_active"] is False
    assert (await caller.post(f"{at}/return")).json()["is_active"] is True
    assert (await caller.post(f"/members/{made.owner.person_id}/leave")).status_code == 200
    [me] = await rows(database, made, select(Person.id).where(Person.full_name == "Tina Token"))
    for asked in (
        caller.post(f"/members/{me}/leave"),
        caller.delete(f"/members/{me}/roles/owner"),
    ):
        refused = await asked
        assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")


async def test_another_address_ends_her_sessions_and_tells_the_old_one(database, made, caller, browse):
    her = await making.somebody(database, made.id, Role.PARTICIPANT)
    browser = await making.signed_in(database, browse, made, her)
    before = (await caller.get(f"/people/{her.person_id}")).json()["email"]
    changed = await caller.put(f"/people/{her.person_id}/address", json={"email": "Ana.New@Example.org"})
    assert (changed.status_code, changed.json()["email"]) == (200, "ana.new@example.org")
    assert (await browser.get("/me")).path.startswith("/sign-in")
    written = await rows(
        database, made, select(Letter.to_email).where(Letter.kind == "identity.address_changed")
    )
    assert written == [before]
    taken = await caller.put(f"/people/{made.owner.person_id}/address", json={"email": "ana.new@example.org"})
    assert (taken.status_code, taken.json()["code"]) == (409, "person_known")
    wrong = await caller.put(f"/people/{her.person_id}/address", json={"email": "nobody"})
    assert [one["pointer"] for one in wrong.json()["errors"]] == ["#/email"]


async def test_who_may_not_hand_out_roles_may_none_of_it(database, made, app):
    """Nor may a coordinator sign in as an owner by giving her another address."""
    launched = await making.programme(database, made)
    owner = made.owner.person_id
    async with await client(database, app, made, Role.COORDINATOR) as narrow:
        for method, path, body in (
            ("GET", "/members", None),
            ("POST", "/members", {"full_name": "N", "email": "n@example.org", "role": "owner"}),
            ("POST", f"/members/{owner}/leave", None),
            ("PUT", f"/people/{made.coordinator.person_id}/address", {"email": "mine@example.org"}),
            ("PATCH", f"/programmes/{launched.programme.id}/questions/phone", {"is_obligatory": False}),
            ("PATCH", f"/programmes/{launched.programme.id}/criteria", {"weights": {"topics": 1}}),
            ("PUT", f"/programmes/{launched.programme.id}/carers/{made.coordinator.person_id}", None),
            ("GET", "/coordinators", None),
        ):
            answer = await narrow.request(method, path, json=body)
            assert answer.status_code in (403, 404), (method, path, answer.text)


async def test_a_coordinator_of_an_office_changes_addresses_there_alone(database, made, app):
    async with database.tenant_session(made.owner.context()) as session:
        here, there = [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Mostar", "Sarajevo")
        ]
    hers = await making.somebody(database, made.id, Role.PARTICIPANT, office_id=here)
    others = await making.somebody(database, made.id, Role.PARTICIPANT, office_id=there)
    async with await client(database, app, made, Role.COORDINATOR, office_id=here) as local:
        for person_id, status in ((hers.person_id, 200), (others.person_id, 404), (ids.new(), 404)):
            answer = await local.put(
                f"/people/{person_id}/address", json={"email": f"{person_id}@example.org"}
            )
            assert answer.status_code == status


async def test_another_organisations_people_are_nobodys(database, made, caller):  # N02
    other = await making.organisation(database)
    theirs = await making.programme(database, other)
    own = await making.programme(database, made)
    for method, path, body in (
        ("POST", "/members/{person}/roles", {"role": "owner"}),
        ("DELETE", "/members/{person}/roles/coordinator", None),
        ("POST", "/members/{person}/leave", None),
        ("POST", "/members/{person}/return", None),
        ("PUT", "/people/{person}/address", {"email": "mine@example.org"}),
        ("PUT", f"/programmes/{own.programme.id}/carers/{{person}}", None),
        ("DELETE", f"/programmes/{own.programme.id}/carers/{{person}}", None),
        ("GET", "/programmes/{programme}/carers", None),
        ("PATCH", "/programmes/{programme}/questions/phone", {"is_obligatory": False}),
        ("PATCH", "/programmes/{programme}/criteria", {"weights": {"topics": 1}}),
    ):
        answers = [
            await caller.request(method, path.format(person=person, programme=programme), json=body)
            for person, programme in (
                (other.coordinator.person_id, theirs.programme.id),
                (ids.new(), ids.new()),
            )
        ]
        assert [one.status_code for one in answers] == [404, 404], path
        assert [one.json() | {"request_id": ""} for one in answers[:1]] == [
            one.json() | {"request_id": ""} for one in answers[1:]
        ]


async def test_a_question_becomes_needed_and_optional(database, made, caller):  # K05
    launched = await making.programme(database, made)
    at = f"/programmes/{launched.programme.id}"
    for is_obligatory in (False, True):
        changed = await caller.patch(f"{at}/questions/phone", json={"is_obligatory": is_obligatory})
        assert (changed.json()["key"], changed.json()["is_obligatory"]) == ("phone", is_obligatory)
        asked = {one["key"]: one["is_obligatory"] for one in (await caller.get(at)).json()["questions"]}
        assert asked["phone"] is is_obligatory
    assert (await caller.patch(f"{at}/questions/shoes", json={"is_obligatory": True})).status_code == 404
    assert (await caller.delete(f"{at}/questions/address")).status_code == 204
    assert (await caller.delete(f"{at}/questions/address")).status_code == 404
    refused = await caller.delete(f"{at}/questions/topics_wanted")
    assert (refused.status_code, refused.json()["code"]) == (409, "question_essential")
    for _again in range(2):
        taken = await caller.post(f"{at}/questions", json={"key": "address"})
        assert (taken.status_code, taken.json()["is_obligatory"]) == (201, False)
    assert (await caller.post(f"{at}/questions", json={"key": "shoes"})).status_code == 404


async def test_weights_are_moved_all_or_none(database, made, caller):
    launched = await making.programme(database, made)
    at = f"/programmes/{launched.programme.id}/criteria"
    moved = await caller.patch(at, json={"weights": {"region": 10, "topics": 3}})
    assert {one["name"]: one["weight"] for one in moved.json()}.items() >= {"region": 10, "topics": 3}.items()
    for wrong, code in (({"region": 1, "charm": 5}, "not_a_choice"), ({"region": 11}, "too_large")):
        refused = await caller.patch(at, json={"weights": wrong})
        assert (refused.status_code, [one["code"] for one in refused.json()["errors"]]) == (422, [code])
    weights = {one["name"]: one["weight"] for one in (await caller.patch(at, json={"weights": {}})).json()}
    assert weights["region"] == 10


async def test_carers_come_and_go_and_are_coordinators(database, made, caller):
    launched = await making.programme(database, made)
    at = f"/programmes/{launched.programme.id}/carers"
    cora = made.coordinator.person_id
    assert [one["full_name"] for one in (await caller.get("/coordinators")).json()] == [
        "Cora Coordinator", "Tina Token",
    ]  # fmt: skip
    for _ in range(2):
        assert (await caller.put(f"{at}/{cora}")).status_code == 204
    assert [one["person_id"] for one in (await caller.get(at)).json()] == [str(cora)]
    guest = await making.somebody(database, made.id, Role.PARTICIPANT, name="Guest")
    refused = await caller.put(f"{at}/{guest.person_id}")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_coordinator")
    assert (await caller.delete(f"{at}/{cora}")).status_code == 204
    assert (await caller.get(at)).json() == []


async def test_a_key_acts_once(made, caller):
    body = {"full_name": "Njeri Mwangi", "email": "n@example.org", "role": "coordinator"}
    key = {"idempotency-key": f"invite-{made.id}"}
    first, second = [await caller.post("/members", json=body, headers=key) for _ in range(2)]
    assert (first.content, second.headers["idempotent-replayed"]) == (second.content, "true")
