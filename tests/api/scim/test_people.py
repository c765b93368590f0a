"""Who comes, changes and leaves by a directory, and what it may not do to them."""

from sqlalchemy import func, select

from infra import clock, ids
from tenants.actor import person
from tenants.identity import accounts, own_address, queries, sessions, tokens
from tenants.identity.models import AddressChange, SignInLink
from tenants.identity.provider_models import Account, IdentityProvider
from tenants.identity.provider_rules import Turned
from tenants.identity.rules import LINK_LASTS
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tests import making
from tests.api.scim.calls import USER, events, her, one, refused, roles


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
