"""Who comes in with an account of a provider, whose it becomes, and who stays outside."""

from datetime import timedelta

from sqlalchemy import select, update

from infra import clock
from tenants.audit.models import AuditEvent
from tenants.identity import gateway
from tenants.identity.models import Session
from tenants.identity.provider_models import Account
from tenants.people.models import Person
from tests import making
from tests.signing_in import Provider
from tests.web.pages.providing import back, events, opened, owner, provider, rows, running

__all__ = ["opened", "owner", "provider", "running"]  # fixtures


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


async def test_what_is_told_of_somebody_else_lets_nobody_join(opened, browse, provider, made, database):
    told = {"email": "new@example.org", "email_verified": True}
    for userinfo in ({"sub": "subject-2", **told}, told, None):
        tells_elsewhere(provider, userinfo)
        page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
        assert (page.status, await rows(database, made, Account)) == (403, []), userinfo


STRANGERS: tuple[dict[str, object], ...] = (
    {},
    {"email": "new@example.org"},
    {"email": "new@example.org", "email_verified": False},
    {"email": "new@example.org", "email_verified": "true"},
    {"email": "new@elsewhere.org", "email_verified": True},
    {"email": "new@example.org@elsewhere.org", "email_verified": True},
    {"email": "new@example.org.elsewhere.org", "email_verified": True},
)


async def test_nobody_else_joins(opened, browse, provider, made, database):
    for person in STRANGERS:
        provider.person = person
        page = await back(browse(made.host), provider, f"/sign-in/with/{opened}")
        assert page.status == 403, person
        assert "We do not know this account yet" in page.text
        assert await rows(database, made, Account) == []
    assert (await events(database, made)).count("account.refused") == len(STRANGERS)


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
