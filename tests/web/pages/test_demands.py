"""What an organisation demands of those who sign in, and what happens when somebody has lost her passkeys."""

import pytest
from sqlalchemy import select

from mentorweave.rescuing import rescue
from tenants.audit.models import AuditEvent
from tenants.identity import demands, passkeys
from tenants.identity.proof_models import Passkey
from tenants.identity.provider_models import IdentityProvider
from tenants.notifications.models import Letter
from tenants.organisations.models import Organisation
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.authenticator import Authenticator
from tests.passkeys import DOOR, KEPT, add, enter, rows
from tests.web.pages.test_step_up import grow_old
from tests.working import drain

PATH = "/a/sign-in/demands"


@pytest.fixture
def key(made):
    return Authenticator(f"http://{made.host}")


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def test_an_owner_makes_one_first_and_then_demands_it(database, made, owner, browse, key):
    page = await owner.get(PATH)
    assert "Make a passkey for yourself first" in page.text
    assert not any("demanded" in str(form.fields) for form in page.forms)
    csrf = next(one.value for form in page.forms for one in form.fields if one.name == "csrf")
    page = await owner.post(f"{PATH}/passkeys", [("csrf", csrf), ("demanded", "yes")])
    assert "Make a passkey for yourself first" in page.text

    await add(owner, key)
    coordinator = await making.signed_in(database, browse, made, made.coordinator)
    assert (await coordinator.get("/c/today")).path == "/c/today"
    page = await (await owner.get(PATH)).submit(f"{PATH}/passkeys", demanded="yes")
    assert "Everybody who works here needs a passkey" in page.text
    assert (await coordinator.get("/c/today")).path.startswith(DOOR)  # from the next request on
    assert (await owner.get("/a")).path == "/a"

    await (await owner.get(PATH)).submit(f"{PATH}/passkeys", demanded="no")
    assert (await coordinator.get("/c/today")).path == "/c/today"
    events = [row.event for row in await rows(database, made, AuditEvent)]
    assert {"passkeys.demanded", "passkeys.left_free"} <= set(events)


async def test_it_wants_a_fresh_proof(database, made, owner, key):
    await add(owner, key)
    page = await owner.get(PATH)
    await grow_old(database, made)
    page = await page.submit(f"{PATH}/passkeys", demanded="yes")
    assert page.path == "/step-up?next=/step-up/on"
    assert (await rows(database, made, Organisation))[0].demands_passkeys is False


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PROGRAMME_MANAGER, Role.PARTICIPANT])
async def test_others_neither_see_nor_change_it(database, made, browse, role):
    somebody = await making.somebody(database, made.id, role)
    browser = await making.signed_in(database, browse, made, somebody)
    assert (await browser.get(PATH)).status == 403
    csrf = next(one.value for one in (await browser.get("/me/settings")).form("/sign-out").fields)
    for path in (f"{PATH}/passkeys", f"/a/members/{made.owner.person_id}/passkeys/remove"):
        assert (await browser.post(path, [("csrf", csrf), ("demanded", "yes")])).status == 403


async def test_an_owner_removes_what_somebody_has_lost(database, made, owner, browse, key, ground, inbox):
    hers = await making.signed_in(database, browse, made, made.coordinator)
    await add(hers, key)
    page = await (await owner.get(PATH)).submit(f"/a/members/{made.coordinator.person_id}/passkeys/remove")
    assert "Her passkeys are removed" in page.text
    assert await rows(database, made, Passkey) == []
    assert (await hers.get("/c/today")).path.startswith("/sign-in")
    assert (await enter(browse(made.host), key)).path.startswith(f"{DOOR}?why=unknown")
    letters = [row for row in await rows(database, made, Letter) if row.kind == passkeys.RESET_LETTER]
    assert [row.person_id for row in letters] == [made.coordinator.person_id]
    await drain(ground, made.id)
    subjects = [mail["Subject"] for mail in inbox.mails]
    assert sorted(one.partition(" for ")[0] for one in subjects) == ["A new passkey", "Your passkeys"]
    assert "passkeys.reset" in [row.event for row in await rows(database, made, AuditEvent)]


async def test_which_ways_of_a_provider_are_enough(database, made, owner):
    async with database.tenant_session(made.house.context()) as session:
        session.add(
            IdentityProvider(
                organisation_id=made.id, name="Konto", kind="other", issuer="https://i", client_id="c", domains=[], state="open",
            )
        )  # fmt: skip
    (row,) = await rows(database, made, IdentityProvider)
    form = f"{PATH}/{row.id}/acr"
    page = await (await owner.get(PATH)).submit(form, acr_values="phr  phrh phr")
    (row,) = await rows(database, made, IdentityProvider)
    assert (page.status, row.acr_values) == (200, ["phr", "phrh"])
    page = await (await owner.get(PATH)).submit(form, acr_values=" ".join(map(str, range(21))))
    assert "at most 20" in page.text
    page = await (await owner.get(PATH)).submit(form, acr_values="x" * 201)
    assert "at most 200" in page.text
    assert (await rows(database, made, IdentityProvider))[0].acr_values == ["phr", "phrh"]


async def test_the_server_rescues_an_owner_who_is_alone(database, ground, made, owner, browse, key):
    await add(owner, key)
    async with database.tenant_session(made.house.context()) as session:
        await demands.demand_passkeys(session, made.house, is_demanded=False, host=made.host)
        email = await session.scalar(select(Person.email).where(Person.id == made.owner.person_id))
    assert await rescue(ground.settings, made.host, f" {email.upper()} ") == 1
    assert (await owner.get("/a")).path.startswith("/sign-in")
    assert await rows(database, made, Passkey) == []
    assert KEPT not in (await browse(made.host).get("/sign-in")).html
