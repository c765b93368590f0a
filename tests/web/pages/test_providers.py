"""Signing in with the organisation's own account: set up, tried, opened, used, connected, ended by the provider."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity import gateway
from tenants.identity.domain_models import Domain
from tenants.identity.models import Session
from tenants.identity.provider_models import Account, IdentityProvider
from tenants.people.models import Person
from tests import making, signing_in
from tests.signing_in import CLIENT, SECRET, Provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with signing_in.running() as provider:
        yield provider


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    yield running
    running.reset()


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def opened(owner, provider, made, database):
    """The id of a provider that an owner has added, tried and opened."""
    await add(owner, provider, domains="example.org")
    await proved(database, made, "example.org")
    (row,) = await rows(database, made, IdentityProvider)
    assert "It works" in (await back(owner, provider, f"/a/sign-in/{row.id}/try")).text
    await (await owner.get("/a/sign-in")).submit(f"/a/sign-in/{row.id}/open")
    return row.id


async def proved(database, made, name: str) -> None:
    """As if its record had been found."""
    async with database.tenant_session(made.house.context()) as session:
        (await session.scalars(select(Domain).where(Domain.name == name))).one().proved_at = clock.now()


async def add(owner, provider: Provider, **changed: str):
    filled = {
        "kind": "keycloak", "name": "Our account", "issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET,
    } | changed  # fmt: skip
    return await (await owner.get("/a/sign-in")).submit("/a/sign-in", **filled)


async def away(browser, path: str) -> str:
    answer = await browser.client.get(path, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def back(browser, provider: Provider, path: str, **changed: str):
    """To the provider, signed in there, and back."""
    return await browser.get(local(provider.sign_in(await away(browser, path)), **changed))


def local(address: str, **changed: str) -> str:
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return f"{parts.path}?{urlencode({name: value for name, value in asked.items() if value})}"


async def rows(database, made, table):
    async with database.tenant_session(made.house.context()) as session:
        return list(await session.scalars(select(table)))


async def events(database, made) -> list[str]:
    return [row.event for row in await rows(database, made, AuditEvent)]


async def refusals(database, made, event: str) -> list[str]:
    """Why the trail says that something was refused."""
    return sorted(row.details["why"] for row in await rows(database, made, AuditEvent) if row.event == event)


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


async def test_an_unknown_account_joins_where_its_address_is_welcome(
    opened, browse, provider, made, database
):
    provider.person = {"email": "New@Example.org", "email_verified": True, "name": "Noor Haddad"}
    browser = browse(made.host)
    page = await browser.get("/sign-in")
    assert "Sign in with" in page.text

    page = await back(browser, provider, f"/sign-in/with/{opened}?next=/me/settings")

    assert page.path == "/me/settings"
    assert "Noor Haddad" in page.html
    (account,) = await rows(database, made, Account)
    assert account.subject == "subject-1"
    signed_in = [row for row in await rows(database, made, AuditEvent) if row.event == "sign_in.done"]
    assert (signed_in[-1].actor_kind, signed_in[-1].person_id) == ("person", account.person_id)


def tells_elsewhere(provider: Provider, userinfo: dict[str, object] | None) -> None:
    """It keeps name and address for who asks; what we remember of it is forgotten."""
    provider.description = {"userinfo_endpoint": f"{provider.issuer}/me"}
    provider.userinfo = userinfo
    gateway._providers.clear()


async def test_an_address_is_asked_for_where_the_token_does_not_tell_it(opened, browse, provider, made):
    tells_elsewhere(
        provider,
        {
            "sub": "subject-1",
            "email": "new@example.org",
            "email_verified": True,
            "name": "Noor",
        },
    )
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}?next=/me/settings")
    assert (page.path, "Noor" in page.html) == ("/me/settings", True)


@pytest.mark.parametrize(
    "userinfo",
    [
        {"sub": "subject-2", "email": "new@example.org", "email_verified": True},
        {"email": "new@example.org", "email_verified": True},
        None,
    ],
)
async def test_what_is_told_of_somebody_else_lets_nobody_join(
    opened, browse, provider, made, database, userinfo
):
    tells_elsewhere(provider, userinfo)
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert (page.status, await rows(database, made, Account)) == (403, [])


async def test_a_trial_says_that_no_address_is_told(owner, provider, made, database):
    provider.description = {"userinfo_endpoint": f"{provider.issuer}/me"}
    await add(owner, provider)
    (row,) = await rows(database, made, IdentityProvider)
    page = await back(owner, provider, f"/a/sign-in/{row.id}/try")
    assert "tells neither name nor address" in page.text


@pytest.mark.parametrize(
    "person",
    [
        {},
        {"email": "new@example.org"},
        {"email": "new@example.org", "email_verified": False},
        {"email": "new@example.org", "email_verified": "true"},
        {"email": "new@elsewhere.org", "email_verified": True},
        {"email": "new@example.org@elsewhere.org", "email_verified": True},
        {"email": "new@example.org.elsewhere.org", "email_verified": True},
    ],
)
async def test_nobody_else_joins(opened, browse, provider, made, database, person):
    provider.person = person
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert page.status == 403
    assert "We do not know this account yet" in page.text
    assert await rows(database, made, Account) == []
    assert "account.refused" in await events(database, made)


async def test_an_address_alone_opens_nobodys_record(opened, browse, provider, made, database):
    """Whoever controls the provider's address book does not become the owner by writing her address there."""
    async with database.tenant_session(made.house.context()) as session:
        her = (await session.scalars(select(Person).where(Person.id == made.owner.person_id))).one()
    provider.person = {"email": her.email, "email_verified": True}
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert (page.status, await rows(database, made, Account)) == (403, [])


async def test_an_account_is_connected_and_then_opens(opened, owner, browse, provider, made, database):
    page = await back(owner, provider, f"/me/settings/accounts/{opened}/connect")
    assert "The account is connected" in page.text
    assert f"/me/settings/accounts/{opened}/connect" not in page.html  # offered once

    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert page.status == 200
    assert page.path.startswith("/a")

    page = await (await owner.get("/me/settings")).submit("/me/settings/accounts/")
    assert "no longer opens anything" in page.text
    assert (await back(browse(made.host), provider, f"/sign-in/with/{opened}")).status == 403


async def test_an_account_belongs_to_one_person(opened, owner, browse, provider, made, database):
    await back(owner, provider, f"/me/settings/accounts/{opened}/connect")
    other = await making.signed_in(database, browse, made, made.coordinator)
    page = await back(other, provider, f"/me/settings/accounts/{opened}/connect")
    assert "connected to somebody else" in page.text


async def test_connecting_wants_a_fresh_proof(opened, owner, made, database):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Session).values(verified_at=clock.now() - timedelta(minutes=16)))
    page = await owner.get(f"/me/settings/accounts/{opened}/connect")
    assert page.path == f"/step-up?next=/me/settings/accounts/{opened}/connect"


async def test_who_has_left_does_not_come_back_this_way(opened, owner, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True, "name": "Noor"}
    await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    async with database.tenant_session(made.house.context()) as session:
        her = (await session.scalars(select(Person).where(Person.email == "new@example.org"))).one()
        her.is_active = False
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert "no longer here" in page.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": "other"}, "in another browser"),
        ({"state": ""}, "in another browser"),
        ({"iss": "https://evil.example.org"}, "another provider"),
        ({"iss": ""}, "another provider"),
        ({"error": "access_denied", "code": ""}, "not signed in there"),
        ({"code": ""}, "not signed in there"),
    ],
)
async def test_answers_that_are_not_taken(opened, browse, provider, made, changed, words):
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}", **changed)
    assert page.status == 403
    assert words in page.text


async def test_an_answer_counts_once_and_in_its_browser(opened, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    browser, thief = browse(made.host), browse(made.host)
    answer = local(provider.sign_in(await away(browser, f"/sign-in/with/{opened}")))

    assert (await thief.get(answer)).status == 403
    assert (await browser.get(answer)).status == 200
    assert (await browser.get(answer)).status == 403
    assert await refusals(database, made, "account.refused") == ["expired", "expired"]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "other"}, "nonce"),
        ({"aud": "other"}, "audience"),
        ({"iss": "https://evil.example.org"}, "issuer"),
        ({"sub": ...}, "subject"),
        ({"exp": 1}, "expired"),
    ],
)
async def test_a_wrong_token_opens_nothing(opened, browse, provider, made, database, claims, why):
    provider.person = {"email": "new@example.org", "email_verified": True}
    provider.claims = claims
    page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
    assert (page.status, await rows(database, made, Account)) == (403, [])
    assert "does not work at present" in page.text
    assert "Compare" not in page.text  # details are for whoever sets it up
    assert await refusals(database, made, "account.refused") == [why]


async def test_the_provider_ends_its_sessions(opened, browse, provider, made, database):
    provider.person = {"email": "new@example.org", "email_verified": True}
    browser = browse(made.host)
    await back(browser, provider, f"/sign-in/with/{opened}")
    assert (await browser.get("/me/settings")).path == "/me/settings"
    token = provider.logout_token()

    async def tell(raw: str) -> int:
        answer = await browse(made.host).client.post(
            f"/sign-in/with/{opened}/ended", data={"logout_token": raw}
        )
        return answer.status_code

    assert await tell("nothing") == 400
    assert await tell(provider.logout_token(nonce="n")) == 400
    assert await refusals(database, made, "provider.not_believed") == ["form", "logout"]
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(token) == 200
    assert "/sign-in" in (await browser.get("/me/settings")).path

    await back(browser, provider, f"/sign-in/with/{opened}")
    assert await tell(token) == 200  # the same again ends nothing
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(provider.logout_token(sub=..., sid="another")) == 200
    assert (await browser.get("/me/settings")).path == "/me/settings"
    assert await tell(provider.logout_token(sub=..., sid="session-1")) == 200
    assert "/sign-in" in (await browser.get("/me/settings")).path


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
