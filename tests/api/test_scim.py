"""A directory at /scim/v2: who comes, changes and leaves by it, and what it may not do."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy import func, select

from infra import clock, ids
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.identity import accounts, own_address, queries, sessions, tokens
from tenants.identity.models import AddressChange, SignInLink
from tenants.identity.provider_models import Account, IdentityProvider
from tenants.identity.provider_rules import Turned
from tenants.identity.rules import LINK_LASTS
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.provisioning import rules
from tenants.provisioning.models import ScimUser
from tests import making
from tests.api.scim_calls import GROUP, USER, directory

FULL = ("scim.manage", "roles.grant")
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def owners(database, app, made):
    """The directory with a token of an owner, who may hand out roles by it."""
    found = await directory(database, app, made, Role.OWNER, *FULL)
    async with found.client:
        yield found


@pytest.fixture
async def plain(database, app, made):
    """The directory with a token of an IT contact."""
    found = await directory(database, app, made, Role.IT_CONTACT, "scim.manage")
    async with found.client:
        yield found


async def one(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(query)).scalars().first()


async def her(database, made, email) -> Person:
    return await one(database, made, select(Person).where(Person.email == email))


async def roles(database, made, person_id) -> set[str]:
    async with database.tenant_session(made.house.context()) as session:
        query = select(RoleGrant.role).where(RoleGrant.person_id == person_id)
        return set((await session.scalars(query)).all())


async def events(database, made) -> list[str]:
    async with database.tenant_session(made.house.context()) as session:
        query = (
            select(AuditEvent.event)
            .where(AuditEvent.event.like("directory.%"))
            .order_by(AuditEvent.created_at)
        )
        return list((await session.scalars(query)).all())


def refused(answer: httpx.Response, status: int, kind: str | None = None) -> str:
    told = answer.json()
    assert (answer.status_code, told["status"], told["schemas"]) == (status, str(status), [ERROR]), told
    assert told.get("scimType") == kind
    assert answer.headers["content-type"].startswith("application/scim+json")
    return told["detail"]


async def test_somebody_comes_and_is_a_participant(database, made, plain):
    told = {"externalId": "77", "name": {"givenName": "Amina", "familyName": "Diallo"}}
    answer = await plain.user("Amina@Example.org", **told)
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == body["meta"]["location"]
    assert body["meta"]["location"].endswith(f"{made.host}/scim/v2/Users/{body['id']}")
    found = await her(database, made, "amina@example.org")
    assert (found.full_name, found.is_active) == ("Amina Diallo", True)
    assert await roles(database, made, found.id) == {"participant"}
    assert str(found.id) != body["id"]
    assert await events(database, made) == ["directory.user_entered"]


async def test_only_whom_the_directory_told_of_is_seen_by_it(made, owners):
    assert (await owners.client.get("/Users")).json()["totalResults"] == 0
    assert refused(await owners.client.get(f"/Users/{made.owner.person_id}"), 404)
    for address in ("/Users/nobody", f"/Groups/{ids.random()}", "/Nowhere"):
        refused(await owners.client.get(address), 404)


async def test_a_known_address_is_adopted_and_not_doubled(database, made, plain):
    await making.somebody(database, made.id, Role.PARTICIPANT, name="Her Own Name")
    before = await one(database, made, select(Person).where(Person.full_name == "Her Own Name"))
    answer = await plain.user(before.email.upper(), displayName="Another Name")
    assert answer.status_code == 201
    async with database.tenant_session(made.house.context()) as session:
        same = select(func.count()).select_from(Person).where(Person.email == before.email)
        assert (await session.execute(same)).scalar_one() == 1
    assert (await her(database, made, before.email)).full_name == "Her Own Name"
    assert await events(database, made) == ["directory.user_adopted"]
    refused(await plain.user(before.email), 409, "uniqueness")
    refused(await plain.user("other", emails=[{"value": before.email}]), 409, "uniqueness")


async def test_an_adopted_address_moves_by_the_rules_of_people_alone(database, made, plain, owners):
    await making.somebody(database, made.id, Role.PARTICIPANT, name="Self Registered")
    email = (await one(database, made, select(Person).where(Person.full_name == "Self Registered"))).email
    at = f"/Users/{(await plain.user(email)).json()['id']}"
    moved = {"op": "replace", "path": "userName", "value": "thief@example.org"}
    assert "people.change" in refused(await plain.patch(at, moved), 403)
    assert (await her(database, made, email)) is not None
    assert (await owners.patch(at, moved)).status_code == 204
    assert (await her(database, made, "thief@example.org")).full_name == "Self Registered"
    letter = await one(database, made, select(Letter).where(Letter.kind == "identity.address_changed"))
    assert letter.to_email == email


async def test_who_runs_the_organisation_is_not_moved_by_an_it_contact(database, made, plain):
    at = f"/Users/{(await plain.user('new@example.org')).json()['id']}"
    found = await her(database, made, "new@example.org")
    async with database.tenant_session(made.house.context()) as session:
        session.add(RoleGrant(organisation_id=made.id, person_id=found.id, role="coordinator"))
    moved = {"op": "replace", "path": "userName", "value": "thief@example.org"}
    assert "roles.grant" in refused(await plain.patch(at, moved), 403)
    # Neither by a user name and an address told at once, nor by all of it anew.
    body = {"schemas": [USER], "userName": "x", "emails": [{"value": "thief@example.org"}], "active": True}
    refused(await plain.client.put(at, json=body), 403)
    assert await her(database, made, "thief@example.org") is None


async def test_leaving_ends_everything_at_once(database, ground, app, made, owners):
    at = f"/Users/{(await owners.user('leaver@example.org')).json()['id']}"
    found = await her(database, made, "leaver@example.org")
    async with database.tenant_session(made.house.context()) as session:
        session.add(RoleGrant(organisation_id=made.id, person_id=found.id, role="it_contact"))
    able = person(made.id, found.id, frozenset({Role.PARTICIPANT, Role.IT_CONTACT}))
    async with database.tenant_session(able.context()) as session:
        begun = await sessions.begin(session, able, found)
        secret = (await tokens.make(session, able, name="Hers", permissions=["jobs.read"])).secret
        await own_address.ask(session, able, email="elsewhere@example.org")
        session.add(
            SignInLink(
                organisation_id=made.id, id=ids.random(), email=found.email, browser_digest=b"b",
                expires_at=clock.now() + LINK_LASTS, wrong_codes=0,
            )
        )  # fmt: skip
        await notifications.write(
            session, able, "identity.welcome", key=f"w:{found.id}", person_id=found.id, role="it_contact"
        )

    async def opens() -> list[bool]:
        async with ground.database.platform_session("resolver") as connection:
            by_session = await queries.resolve_session(connection, made.id, begun.secret)
            by_token = await queries.resolve_token(connection, secret)
        return [by_session is not None, by_token is not None]

    assert await opens() == [True, True]
    assert (await owners.patch(at, {"op": "Replace", "path": "active", "value": "False"})).status_code == 204
    assert await opens() == [False, False]
    assert (await one(database, made, select(SignInLink).where(SignInLink.email == found.email))).used_at
    assert (await one(database, made, select(AddressChange))).closed_at is not None
    assert (
        await one(database, made, select(Letter).where(Letter.key == f"w:{found.id}"))
    ).state == "withdrawn"
    # And nothing of it is worth anything again when she comes back.
    back = await owners.patch(at, {"op": "Replace", "value": {"active": "True"}})
    assert (back.status_code, await opens()) == (204, [False, False])


async def test_a_connected_account_of_somebody_who_left_opens_nothing(database, made, plain):
    class Claims:
        subject, email, is_email_verified, name = "s", None, False, None

    at = f"/Users/{(await plain.user('acc@example.org')).json()['id']}"
    found = await her(database, made, "acc@example.org")
    async with database.tenant_session(made.house.context()) as session:
        row = IdentityProvider(
            organisation_id=made.id, id=ids.random(), name="P", kind="other", issuer="https://i.example.org",
            client_id="c", domains=[], state="open",
        )  # fmt: skip
        session.add(row)
        await session.flush()
        session.add(
            Account(
                organisation_id=made.id,
                provider_id=row.id,
                issuer=row.issuer,
                subject="s",
                person_id=found.id,
            )
        )
    assert (await plain.client.delete(at)).status_code == 204
    async with database.tenant_session(made.house.context()) as session:
        turned = await accounts.whose(session, made.house, row, Claims, language="en", time_zone="UTC")
    assert turned is Turned.HAS_LEFT


async def test_what_is_not_said_lets_nobody_back(database, made, plain):
    answer = await plain.user("gone@example.org", active=False)
    at = f"/Users/{answer.json()['id']}"
    assert answer.json()["active"] is False
    body = {"schemas": [USER], "userName": "gone@example.org", "displayName": "Gone"}
    assert "active" not in (await plain.client.put(at, json=body)).json()
    assert (await her(database, made, "gone@example.org")).is_active is False


async def test_nothing_stands_in_the_way_of_shutting_somebody_out(database, made, plain):
    """An adopted person, whose address this token may not move, and a user name as Entra gives to a deleted account."""
    await making.somebody(database, made.id, Role.PARTICIPANT, name="Lea Leaver")
    email = (await one(database, made, select(Person).where(Person.full_name == "Lea Leaver"))).email
    at = f"/Users/{(await plain.user(email)).json()['id']}"
    renamed = {"op": "Replace", "path": "userName", "value": "0a1b2c@example.org"}
    out = {"op": "Replace", "path": "active", "value": "False"}
    assert (await plain.patch(at, out, renamed)).status_code == 204
    assert (await her(database, made, email)).is_active is False
    assert "people.change" in refused(await plain.patch(at, out | {"value": "True"}), 403)
    back = [out | {"value": "True"}, renamed | {"value": email}]
    assert (await plain.patch(at, *back)).status_code == 204
    assert (await her(database, made, email)).is_active is True


async def test_a_question_of_any_length_costs_little(plain):
    long = 'userName eq "x" or ' * 3_000 + 'userName eq "x"'
    search = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": long}
    refused(await plain.client.post("/Users/.search", json=search), 413)
    refused(await plain.client.get("/Users", params={"filter": long[:9_000]}), 413)
    many = [{"op": "replace", "path": "displayName", "value": "x"}] * 6_000
    refused(await plain.patch(f"/Users/{ids.random()}", *many), 413)
    found = await plain.client.post("/.search", json=search | {"filter": 'userName eq "x"'})
    assert (found.status_code, found.json()["totalResults"]) == (200, 0)


async def test_a_removed_user_is_herself_when_she_is_told_of_again(database, made, plain):
    first = (await plain.user("twice@example.org")).json()["id"]
    before = await her(database, made, "twice@example.org")
    assert (await plain.client.delete(f"/Users/{first}")).status_code == 204
    refused(await plain.client.get(f"/Users/{first}"), 404)
    refused(await plain.client.delete(f"/Users/{first}"), 404)
    assert (await her(database, made, "twice@example.org")).is_active is False
    second = await plain.user("twice@example.org")
    after = await her(database, made, "twice@example.org")
    assert (second.status_code, after.id, after.is_active) == (201, before.id, True)
    assert second.json()["id"] != first


async def test_the_last_owner_stays(database, made, owners):
    async with database.tenant_session(made.house.context()) as session:
        maker = await session.get(Person, (made.id, owners.person_id))
        olivia = await session.get(Person, (made.id, made.owner.person_id))
    ats = [f"/Users/{(await owners.user(one.email)).json()['id']}" for one in (olivia, maker)]
    assert (
        await owners.patch(ats[0], {"op": "replace", "path": "active", "value": False})
    ).status_code == 204
    for answer in (
        await owners.patch(ats[1], {"op": "replace", "path": "active", "value": False}),
        await owners.client.delete(ats[1]),
    ):
        assert refused(answer, 403) == "An organisation needs an owner. Make somebody else an owner first."
    assert (await her(database, made, maker.email)).is_active


async def test_an_it_contact_shuts_out_coordinators_and_no_owner(database, made, plain):
    async with database.tenant_session(made.house.context()) as session:
        olivia = await session.get(Person, (made.id, made.owner.person_id))
        cora = await session.get(Person, (made.id, made.coordinator.person_id))
    leave = {"op": "replace", "path": "active", "value": False}
    first = f"/Users/{(await plain.user(olivia.email)).json()['id']}"
    refused(await plain.patch(first, leave), 403)
    second = f"/Users/{(await plain.user(cora.email)).json()['id']}"
    assert (await plain.patch(second, leave)).status_code == 204
    # Letting her in again would give her roles anew.
    refused(await plain.patch(second, leave | {"value": True}), 403)
    assert (await her(database, made, cora.email)).is_active is False


async def test_groups_give_and_take_roles(database, made, owners):
    users = [(await owners.user(f"g{n}@example.org")).json()["id"] for n in range(2)]
    people = [await her(database, made, f"g{n}@example.org") for n in range(2)]
    async with database.tenant_session(
        made.house.context()
    ) as session:  # by hand, so it is not the group's to take
        session.add(RoleGrant(organisation_id=made.id, person_id=people[1].id, role="coordinator"))
    answer = await owners.group("Mentorweave - Coordinator", *users)
    at = f"/Groups/{answer.json()['id']}"
    assert {one["value"] for one in answer.json()["members"]} == set(users)
    assert answer.json()["members"][0]["$ref"].split("/scim/v2/Users/")[1] in users
    for one_of in people:
        assert await roles(database, made, one_of.id) == {"participant", "coordinator"}
    # As Entra writes it, and as the standard does.
    removed = {"op": "Remove", "path": "members", "value": [{"value": users[0]}]}
    assert (await owners.patch(at, removed)).status_code == 204
    removed = {"op": "remove", "path": f'members[value eq "{users[1]}"]'}
    assert (await owners.patch(at, removed)).status_code == 204
    assert await roles(database, made, people[0].id) == {"participant"}
    assert await roles(database, made, people[1].id) == {"participant", "coordinator"}
    added = {"op": "Add", "path": "members", "value": [{"value": users[0]}]}
    assert (await owners.patch(at, added, added)).status_code == 204
    renamed = {"op": "replace", "path": "displayName", "value": "Moderator"}
    assert (await owners.patch(at, renamed)).status_code == 204
    assert await roles(database, made, people[0].id) == {"participant", "moderator"}
    assert (await owners.client.delete(at)).status_code == 204
    assert await roles(database, made, people[0].id) == {"participant"}


async def test_a_removed_user_keeps_no_role_of_a_group(database, made, owners):
    user = (await owners.user("r@example.org")).json()["id"]
    group = (await owners.group("owner", user)).json()["id"]
    found = await her(database, made, "r@example.org")
    assert await roles(database, made, found.id) == {"participant", "owner"}
    assert (await owners.client.delete(f"/Users/{user}")).status_code == 204
    assert await roles(database, made, found.id) == {"participant"}
    assert "members" not in (await owners.client.get(f"/Groups/{group}")).json()


async def test_nobody_makes_herself_mightier_by_a_group(database, made, plain):
    user = (await plain.user("climber@example.org")).json()["id"]
    found = await her(database, made, "climber@example.org")
    assert "roles.grant" in refused(await plain.group("Owner", user), 403)
    empty = f"/Groups/{(await plain.group('Owner')).json()['id']}"
    refused(await plain.patch(empty, {"op": "add", "path": "members", "value": [{"value": user}]}), 403)
    other = f"/Groups/{(await plain.group('All staff', user)).json()['id']}"
    refused(
        await plain.patch(other, {"op": "replace", "path": "displayName", "value": "Programme manager"}), 403
    )
    assert await roles(database, made, found.id) == {"participant"}
    refused(await plain.group("mentorweave owner"), 409, "uniqueness")  # one group for one role
    refused(await plain.group("all STAFF"), 409, "uniqueness")
    refused(await plain.group("Others", str(ids.random())), 400, "invalidValue")


@pytest.mark.parametrize(
    ("name", "role"),
    [("Owner", "owner"), ("mentorweave_it-contact", "it_contact"), ("Programme  Manager", "programme_manager"),
     ("Participant", None), ("Owners", None), ("", None), ("Mentorweave", None)],
)  # fmt: skip
def test_a_group_is_worth_what_its_name_says(name, role):
    assert rules.role_of(name) == role


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
