"""What somebody else types of a person never replaces what she has told us herself (K07)."""

import httpx
import pytest
from sqlalchemy import select

from infra import clock
from tenants.actor import visitor
from tenants.identity import tokens
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import confirming, on_behalf, profiles, signing_up
from tenants.registration.models import Participation
from tests import making

HER = "nora@example.org"
HERS, OTHER = "+45 70 12 34 56", "+45 99 99 99 99"


@pytest.fixture
async def karen(database, made, offices):
    return await making.somebody(database, made.id, Role.COORDINATOR, name="Karen", office_id=offices[1])


@pytest.fixture
async def nora(database, made, launched):
    """She has registered and confirmed herself; nobody has taken her on."""
    await form(database, made, HERS, confirms=True)
    return await person(database, made)


async def form(database, made, phone, *, role="mentee", confirms=False, zone="Europe/Copenhagen"):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role=role)
        begun.full_name, begun.email = "Nora Newcomer", HER
        begun.answers = making.answers(role, phone=phone, time_zone=zone)
        begun.sent_at, begun.consents = clock.now(), []
        await session.flush()
        if confirms:
            await confirming.confirm(session, guest, begun.id)
    return begun.id


async def write_down(database, actor, launched, *, role="mentor", phone=OTHER, name="Nora Newcomer", **said):
    async with database.tenant_session(actor.context()) as session:
        return await on_behalf.register(
            session, actor, programme_id=launched.programme.id, role=role, full_name=name, email=HER,
            language="en", given=making.answers(role, phone=phone, **said), agreed=["taking_part", "matching"],
            channel="phone", is_confirmed=True,
        )  # fmt: skip


async def person(database, made) -> Person:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(Person).where(Person.email == HER))).scalar_one()


async def parts(database, made) -> dict[str, Participation]:
    async with database.tenant_session(made.house.context()) as session:
        return {one.role: one for one in await session.scalars(select(Participation))}


async def test_another_office_writes_her_down(database, made, launched, nora, karen):
    await write_down(database, karen, launched, time_zone="Asia/Tbilisi", name="Nora Nobody")
    now = await person(database, made)
    assert (now.phone, now.time_zone, now.full_name) == (HERS, "Europe/Copenhagen", "Nora Newcomer")
    told = (await parts(database, made))["mentor"].told
    assert told == {"phone": OTHER, "time_zone": "Asia/Tbilisi", "full_name": "Nora Nobody"}


async def test_what_was_open_is_filled_and_what_is_the_same_is_no_difference(database, made, launched, nora):
    async with database.tenant_session(made.house.context()) as session:
        her = await session.get(Person, (made.id, nora.id))
        her.phone = None
    await write_down(database, made.coordinator, launched)
    assert (await person(database, made)).phone == OTHER
    assert (await parts(database, made))["mentor"].told == {}
    for part in (await parts(database, made)).values():
        async with database.tenant_session(made.coordinator.context()) as session:
            await profiles.change_answers(
                session, made.coordinator, part.id, {"phone": "+45 (99) 99-99-99-99"}
            )


async def test_her_own_word_counts(database, made, launched, nora):
    await form(database, made, OTHER, role="mentor", confirms=True)
    assert (await person(database, made)).phone == OTHER
    assert (await parts(database, made))["mentor"].told == {}


async def test_the_page_on_which_she_confirms_names_what_changes(
    database, ground, browse, made, launched, nora
):
    waiting = await form(database, made, OTHER, role="mentor")
    same = await form(database, made, HERS, role="mentor")
    browser = browse(made.host)
    for id, is_told in ((waiting, True), (same, False)):
        token = ground.links.token("confirm", made.id, id)
        page = await browser.get(f"/confirm/{token}")
        assert page.status == 200
        assert ("you change what we know of you" in page.text) == is_told
        assert (OTHER in page.text) == is_told and HERS not in page.text
    token = ground.links.token("confirm", made.id, waiting)
    await (await browser.get(f"/confirm/{token}")).submit("/confirm/")
    assert (await person(database, made)).phone == OTHER


async def test_a_coordinator_asks_and_settles(database, browse, made, launched, nora, karen):
    await write_down(database, karen, launched, time_zone="Asia/Tbilisi")
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get(f"/c/people/{nora.id}")
    assert "something else was said of this person" in page.text
    assert f"telephone: {OTHER}" in page.text.replace("\u2068", "").replace("\u2069", "")
    page = await page.submit(f"/c/people/{nora.id}/told", take=["phone"])
    assert page.status == 200 and "something else was said" not in page.text
    now = await person(database, made)
    assert (now.phone, now.time_zone) == (OTHER, "Europe/Copenhagen")
    assert (await parts(database, made))["mentor"].told == {}


async def test_the_same_through_the_api(database, app, made, launched, nora, karen):
    await write_down(database, karen, launched)
    both = await making.somebody(database, made.id, Role.COORDINATOR, Role.OWNER, name="Both")
    async with database.tenant_session(both.context()) as session:
        secret = (
            await tokens.make(session, both, name="T", permissions=["people.read", "people.change"])
        ).secret
    part = (await parts(database, made))["mentor"].id
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{made.host}/api/v1/participations/{part}/told",
        headers={"authorization": f"Bearer {secret}"},
    ) as http:
        assert (await http.get("")).json()["told"] == {"phone": OTHER}
        assert (await http.post("", json={"take": ["email"]})).status_code == 422
        assert (await http.post("", json={"take": ["phone"]})).json()["told"] == {}
        assert (await http.get("")).json()["told"] == {}
    assert (await person(database, made)).phone == OTHER


async def test_who_wrote_it_may_not_settle_it(database, browse, made, launched, nora, offices, karen):
    """Her part in the cycle is of Copenhagen, she herself is not: Karen neither reads what we know nor replaces it."""
    await write_down(database, karen, launched)
    part = (await parts(database, made))["mentor"]
    assert part.office_id == offices[1]
    browser = await making.signed_in(database, browse, made, karen)
    page = await browser.get("/c/today")
    token = next(field.value for one in page.forms for field in one.fields if field.name == "csrf")
    fields = [("csrf", token), ("participation", str(part.id)), ("take", "phone")]
    assert (await browser.post(f"/c/people/{nora.id}/told", fields)).status == 404
    async with database.tenant_session(karen.context()) as session:
        await profiles.change_answers(session, karen, part.id, {"phone": "+45 11 11 11 11"})
    assert (await person(database, made)).phone == HERS
    assert (await parts(database, made))["mentor"].told["phone"] == "+45 11 11 11 11"


async def test_somebody_new_has_no_differences(database, made, launched):
    await write_down(database, made.coordinator, launched, phone="+45 (70) 12.34.56")
    assert (await parts(database, made))["mentor"].told == {}
