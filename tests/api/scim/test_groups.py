"""Groups of a directory, and the roles that come and go with them."""

import pytest

from infra import ids
from tenants.people.models import RoleGrant
from tenants.provisioning import rules
from tests.api.scim.calls import her, refused, roles


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
