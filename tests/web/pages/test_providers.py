"""A sign-in provider is set up, tried, opened, closed and removed by whoever may, and is nobody else's."""

from tenants.identity.provider_models import IdentityProvider
from tests import making
from tests.signing_in import SECRET
from tests.web.pages.providing import add, away, back, local, opened, owner, provider, rows, running

__all__ = ["opened", "owner", "provider", "running"]  # fixtures


async def test_nobody_sees_a_draft(owner, provider, browse, made, database):
    page = await add(owner, provider)
    assert "nobody else sees it" in page.text
    (row,) = await rows(database, made, IdentityProvider)

    visitor = browse(made.host)
    assert "Our account" not in (await visitor.get("/sign-in")).text
    assert (await visitor.get(f"/sign-in/with/{row.id}")).status == 404
    page = await owner.get("/a/sign-in")
    assert f"/sign-in/with/{row.id}/back" in page.text
    assert not any("/open" in form.action for form in page.forms)


async def test_the_secret_is_kept_sealed(owner, provider, database, made):
    await add(owner, provider)
    (row,) = await rows(database, made, IdentityProvider)
    assert SECRET.encode() not in row.secret + row.wrapped_key
    assert SECRET not in (await owner.get("/a/sign-in")).html


async def test_opening_waits_for_a_trial(owner, provider, database, made):
    await add(owner, provider)
    (row,) = await rows(database, made, IdentityProvider)
    fields = (await owner.get("/a/sign-in")).form("/a/sign-in").fields
    csrf = next(one.value for one in fields if one.name == "csrf")
    page = await owner.post(f"/a/sign-in/{row.id}/open", [("csrf", csrf)])
    assert "Try it first" in page.text
    assert (await rows(database, made, IdentityProvider))[0].state == "draft"


async def test_a_trial_says_that_no_address_is_told(owner, provider, made, database):
    provider.description = {"userinfo_endpoint": f"{provider.issuer}/me"}
    await add(owner, provider)
    (row,) = await rows(database, made, IdentityProvider)
    page = await back(owner, provider, f"/a/sign-in/{row.id}/try")
    assert "tells neither name nor address" in page.text


async def test_closed_and_removed(opened, owner, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    visitor = browse(made.host)
    answer = local(provider.sign_in(await away(visitor, f"/sign-in/with/{opened}")))
    await (await owner.get("/a/sign-in")).submit(f"/a/sign-in/{opened}/close")

    assert "at present" in (await visitor.get(answer)).text
    assert (await visitor.get(f"/sign-in/with/{opened}")).status == 404
    await (await owner.get("/a/sign-in")).submit(f"/a/sign-in/{opened}/remove")
    assert await rows(database, made, IdentityProvider) == []


async def test_only_whoever_may_set_it_up(database, browse, made, opened, provider):
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert (await coordinator.get("/a/sign-in")).status == 403
    assert (await coordinator.get(f"/a/sign-in/{opened}/try")).status == 403


async def test_another_organisation_knows_nothing_of_it(database, browse, opened, provider):
    other = await making.organisation(database)
    visitor = browse(other.host)
    assert (await visitor.get(f"/sign-in/with/{opened}")).status == 404
    assert (
        await visitor.client.post(f"/sign-in/with/{opened}/ended", data={"logout_token": "x"})
    ).status_code == 404
