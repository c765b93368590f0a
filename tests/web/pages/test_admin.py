"""Setting an organisation up: members and roles, facts, offices, tokens; for owners and IT contacts alone."""

import re

import pytest

from tenants.identity import queries as identity
from tenants.organisations import queries as organisations
from tenants.people import queries as people
from tenants.permissions import Permission, Role
from tests import making
from tests.working import drain


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def roles_of(database, made, email: str) -> list[tuple]:
    async with database.tenant_session(made.house.context()) as session:
        person = await people.find_by_email(session, email)
        return await people.grants(session, person.id)


async def test_an_owner_gives_a_role_and_she_is_told(database, made, owner, ground, inbox):
    page = await owner.get("/a")
    assert "4 things are still to do" in page.text
    page = await page.submit(
        "/a/invite", full_name="Selma Hadžić", email="Selma@example.org", role="coordinator"
    )

    assert "Selma Hadžić has a new role" in page.text
    assert await roles_of(database, made, "selma@example.org") == [(Role.COORDINATOR, None)]
    await drain(ground, made.id)
    assert "Coordinator" in inbox.to("selma@example.org")[0].get_body(("plain",)).get_content()


async def test_somebody_who_is_here_already_gets_the_role(database, made, owner):
    page = await (await owner.get("/a")).submit(
        "/a/invite", full_name="Zoe", email="zoe@example.org", role="evaluator"
    )
    await page.submit("/a/invite", full_name="Other name", email="zoe@example.org", role="moderator")
    assert sorted(await roles_of(database, made, "zoe@example.org")) == [
        (Role.EVALUATOR, None),
        (Role.MODERATOR, None),
    ]


async def test_a_second_owner_is_one_thing_less_to_do(owner):
    page = await (await owner.get("/a")).submit(
        "/a/invite", full_name="Zoe", email="zoe@example.org", role="owner"
    )
    assert "3 things are still to do" in page.text


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"email": "nowhere"}, "email"), ({"role": "queen"}, "role"), ({"full_name": ""}, "full_name")],
)
async def test_what_cannot_be_used_comes_back(owner, facts, field):
    given = {"full_name": "Zoe", "email": "zoe@example.org", "role": "owner"} | facts
    page = await (await owner.get("/a")).submit("/a/invite", **given)
    assert page.status == 422
    assert f'href="#f-{field}"' in page.html


async def test_the_last_owner_stays_and_is_told_why(made, owner):
    page = await owner.get("/a")
    form = next(form for form in page.forms if form.action == f"/a/members/{made.owner.person_id}/take")
    refused = await owner.post(form.action, [(field.name, field.value) for field in form.fields])
    assert refused.status == 409
    assert "An organisation needs an owner" in refused.text


async def test_ones_own_roles_change_ones_own_session(database, made, browse):
    second = await making.somebody(database, made.id, Role.OWNER, Role.EVALUATOR)
    browser = await making.signed_in(database, browse, made, second)
    before = browser.client.cookies.get("__Host-session")
    page = await browser.get("/a")
    form = next(
        form
        for form in page.forms
        if str(second.person_id) in form.action
        and ("role", "evaluator") in [(f.name, f.value) for f in form.fields]
    )

    await browser.post(form.action, [(field.name, field.value) for field in form.fields])

    assert browser.client.cookies.get("__Host-session") != before
    assert (await browser.get("/a")).status == 200


async def test_who_has_left_cannot_sign_in_and_may_come_back(database, made, browse, owner):
    her = await making.signed_in(database, browse, made, made.coordinator)
    page = await (await owner.get("/a")).submit(f"/a/members/{made.coordinator.person_id}/leave")
    assert "Cora Coordinator can no longer sign in" in page.text
    assert (await her.get("/settings")).path.startswith("/sign-in")
    page = await page.submit(f"/a/members/{made.coordinator.person_id}/return")
    assert "can sign in again" in page.text


async def test_the_facts_of_the_organisation(database, made, owner):
    page = await owner.get("/a/organisation")
    assert made.host in page.text
    page = await page.submit(
        "/a/organisation", name="Women in Policing", hue="250", contact_name="Selma", contact_phone="033 555"
    )
    assert page.path == "/a/organisation"
    async with database.tenant_session(made.house.context()) as session:
        own = await organisations.own(session)
    assert (own.name, own.hue, own.contact_name) == ("Women in Policing", 250, "Selma")


@pytest.mark.parametrize("facts", [{"hue": "400"}, {"hue": "x"}, {"name": " "}, {"contact_email": "nowhere"}])
async def test_facts_that_cannot_be_used_come_back(owner, facts):
    assert (await (await owner.get("/a/organisation")).submit("/a/organisation", **facts)).status == 422


async def test_offices_open_close_and_open_again(owner):
    page = await (await owner.get("/a/organisation")).submit(
        "/a/offices", name="Mostar", region="Herzegovina"
    )
    assert "works in one office" in page.text
    page = await page.submit("/a/offices", name="Mostar")
    assert (page.status, "with this name already" in page.text) == (422, True)
    form = re.search(r'action="(/a/office/[0-9a-f-]{36})"', page.html)[1]
    page = await page.submit(form, open="no")
    assert "closed to new people" in page.text
    page = await page.submit(form, open="yes")
    assert "The office is open again" in page.text


async def test_a_token_is_shown_once_and_ended(database, made, owner):
    page = await (await owner.get("/a/api")).submit(
        "/a/tokens", name="Reports", permissions=["audit.read", "programme.read"]
    )
    secret = re.search(r"mw_[0-9a-f]{32}_[\w-]{43}", page.html)[0]
    async with database.platform_session("resolver") as connection:
        found = await identity.resolve_token(connection, secret)
    assert found.actor.permissions == {Permission.AUDIT_READ, Permission.PROGRAMME_READ}
    page = await owner.get("/a/api")
    assert secret not in page.html

    page = await page.submit("/a/tokens/")

    assert "No API token is in use" in page.text
    async with database.platform_session("resolver") as connection:
        assert await identity.resolve_token(connection, secret) is None


async def test_a_token_beyond_its_maker_is_refused(owner):
    page = await (await owner.get("/a/api")).submit("/a/tokens", name="Reports", permissions=["people.read"])
    assert page.status == 422


async def test_an_it_contact_sees_tokens_and_nothing_else(database, made, browse):
    it = await making.somebody(database, made.id, Role.IT_CONTACT)
    browser = await making.signed_in(database, browse, made, it)
    assert (await browser.get("/a")).path == "/a/api"
    assert (await browser.get("/a/organisation")).status == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PARTICIPANT, Role.EVALUATOR])
@pytest.mark.parametrize("path", ["/a", "/a/organisation", "/a/api"])
async def test_others_are_refused(database, made, browse, role, path):
    browser = await making.signed_in(database, browse, made, await making.somebody(database, made.id, role))
    assert (await browser.get(path)).status == 403


async def test_another_organisations_ids_are_as_unknown_ones(database, made, owner):
    # N02
    other = await making.organisation(database)
    theirs, nobody = other.coordinator.person_id, making.ids.new()
    csrf = next(f.value for f in (await owner.get("/a")).form("/a/invite").fields if f.name == "csrf")
    for path in (
        "/a/members/{}/take",
        "/a/members/{}/leave",
        "/a/members/{}/return",
        "/a/office/{}",
        "/a/tokens/{}/end",
    ):
        answers = [
            await owner.post(path.format(id), [("csrf", csrf), ("role", "coordinator")])
            for id in (theirs, nobody)
        ]
        assert [answer.status for answer in answers] == [404, 404]
