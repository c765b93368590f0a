"""Who had left registers again in the same cycle: her old answers stay as they were, the new ones count."""

import httpx
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from infra import ids
from infra.errors import NotFound
from tenants.identity import tokens
from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import actions, earlier, queries
from tenants.registration.earlier_models import EarlierAnswers
from tenants.registration.models import Participation, Status
from tests import making


@pytest.fixture
async def made(database):
    return await making.organisation(database)


@pytest.fixture
async def launched(database, made):
    return await making.programme(database, made)


async def again(database, made, launched, entered, *, by=None, **answers) -> Participation:
    """She leaves and registers once more."""
    async with database.tenant_session(made.coordinator.context()) as session:
        await actions.leave(session, made.coordinator, entered.id, reason="Moved")
        email = await session.scalar(select(Person.email).where(Person.id == entered.person_id))
    return await making.participation(database, made, launched, email=email, by=by, **answers)


async def test_old_answers_stay_and_new_ones_count(database, made, launched):  # cncf #1392
    entered = await making.participation(
        database, made, launched, topics_wanted=["negotiation"], source="friend"
    )
    async with database.tenant_session(made.coordinator.context()) as session:
        await actions.record_interview_held(
            session, made.coordinator, entered.id, on=making.clock.today("UTC")
        )
    now = await again(database, made, launched, entered, topics_wanted=["leadership"], source="event")
    third = await again(database, made, launched, entered, topics_wanted=["networking"])
    assert now.id == third.id == entered.id
    async with database.tenant_session(made.coordinator.context()) as session:
        latest, first = await earlier.of(session, made.coordinator, entered.id)
        found = await queries.profile(session, made.coordinator, entered.id)
    assert (found.participation.status, found.answers["topics_wanted"]) == (Status.REGISTERED, ["networking"])
    assert (first.answers["topics_wanted"], first.answers["source"]) == (["negotiation"], "friend")
    assert (latest.answers["topics_wanted"], latest.answers["source"]) == (["leadership"], "event")
    assert (first.status, first.end_reason, first.origin) == (Status.LEFT, "Moved", "coordinator")
    assert first.answers["phone"] == "+45 70 12 34 56" and first.registered_on <= latest.registered_on


async def test_nobody_changes_them_any_more(database, made, launched):
    await again(database, made, launched, await making.participation(database, made, launched))
    for change in (update(EarlierAnswers).values(answers={}), delete(EarlierAnswers)):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.tenant_session(made.house.context()) as session:
                await session.execute(change)


async def test_a_page_and_a_door_for_coordinators_within_their_offices(database, app, browse, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        here, there = [
            (await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id
            for name in ("Aarhus", "Odense")
        ]
    entered = await making.participation(
        database, made, launched, office=str(here), topics_wanted=["negotiation"]
    )
    await again(database, made, launched, entered, office=str(here), topics_wanted=["leadership"])
    path = f"/c/people/{entered.person_id}"
    for office, status in ((here, 200), (there, 404)):
        local = await making.somebody(database, made.id, Role.COORDINATOR, Role.IT_CONTACT, office_id=office)
        browser = await making.signed_in(database, browse, made, local)
        page = await browser.get(f"{path}/answers/{entered.id}/earlier")
        assert page.status == status
        assert ("Negotiation" in page.text) == (status == 200) and "Leadership" not in page.text
        async with database.tenant_session(local.context()) as session:
            secret = (await tokens.make(session, local, name="T", permissions=["people.read"])).secret
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url=f"https://{made.host}/api/v1",
            headers={"authorization": f"Bearer {secret}"},
        ) as caller:
            answer = await caller.get(f"/participations/{entered.id}/earlier")
            assert answer.status_code == status
            if status == 200:
                assert [one["answers"]["topics_wanted"] for one in answer.json()] == [["negotiation"]]
                assert f'href="{path}/answers/{entered.id}/earlier"' in (await browser.get(path)).html
            assert (await caller.get(f"/participations/{ids.new()}/earlier")).status_code == 404


async def test_another_organisation_and_another_office_of_hers(database, made, launched):
    """Her part may be of the reader's office and she herself of another: then her telephone is not told."""
    async with database.tenant_session(made.owner.context()) as session:
        here = (await organisations.open_office(session, made.owner, name="Odense", time_zone="UTC")).id
    local = await making.somebody(database, made.id, Role.COORDINATOR, office_id=here)
    nora = await making.participation(database, made, launched, "mentor")
    async with database.tenant_session(made.house.context()) as session:
        email = await session.scalar(select(Person.email).where(Person.id == nora.person_id))
    entered = await making.participation(database, made, launched, email=email, by=local)
    assert entered.office_id == here
    await again(database, made, launched, entered)
    async with database.tenant_session(local.context()) as session:
        [one] = await earlier.of(session, local, entered.id)
        assert "phone" not in one.answers and one.answers["topics_wanted"]
    other = await making.organisation(database)
    async with database.tenant_session(other.coordinator.context()) as session:
        with pytest.raises(NotFound):
            await earlier.of(session, other.coordinator, entered.id)
