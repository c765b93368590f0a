"""A run is over the people of all offices; a coordinator of one sees of it what is about her own people."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select, update

from infra.errors import Forbidden, NotFound
from tenants.identity import tokens
from tenants.notifications import actions as notifications
from tenants.notifications import queries as desk
from tenants.notifications import writing
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role, of
from tenants.proposals.models import MatchingRun, Proposal, RunState, WishKind
from tenants.proposals.runs import actions, queries, results, rules, wishing
from tenants.registration.models import Participation
from tests import crowd, making
from tests.working import drain


@pytest.fixture
async def asta(database, made, offices):
    return await making.somebody(
        database, made.id, Role.COORDINATOR, name="Asta Aarhus", office_id=offices[0]
    )


@pytest.fixture
async def run(ground, database, made, launched, offices):
    """A run that is done: of six mentees and six mentors one each is of Aarhus, all others of Copenhagen."""
    aarhus, copenhagen = offices
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 6)
    async with database.tenant_session(made.house.context()) as session:
        first: dict[str, bool] = {}
        for part in (await session.scalars(select(Participation).order_by(Participation.id))).all():
            mine = first.setdefault(part.role, True)
            part.office_id = aarhus if mine else copenhagen
            first[part.role] = False
            person = await session.scalar(select(Person).where(Person.id == part.person_id))
            where = "Nearby" if mine else "Faraway"
            person.full_name = f"{where} {part.role} {str(part.id)[-4:]}"
    async with database.tenant_session(made.coordinator.context()) as session:
        found = await actions.start_run(session, made.coordinator, launched.cycle.id)
    await drain(ground, made.id)
    return found.id


async def mine(database, made, offices, run_id):
    """The proposals with somebody of Aarhus."""
    async with database.tenant_session(made.house.context()) as session:
        hers = select(Participation.id).where(Participation.office_id == offices[0])
        query = select(Proposal).where(
            Proposal.run_id == run_id, Proposal.mentee_id.in_(hers) | Proposal.mentor_id.in_(hers)
        )
        return list((await session.scalars(query)).all())


async def beyond(database, made, offices, run_id):
    """Names of people of Copenhagen whom the run put beside nobody of Aarhus."""
    beside = {
        id for one in await mine(database, made, offices, run_id) for id in (one.mentor_id, one.mentee_id)
    }
    async with database.tenant_session(made.house.context()) as session:
        rows = await session.execute(
            select(Person.full_name)
            .join(Participation, Participation.person_id == Person.id)
            .where(Participation.office_id == offices[1], Participation.id.not_in(beside))
        )
        return [name for (name,) in rows]


async def test_names_on_the_pages(database, browse, made, offices, asta, run):
    strangers = await beyond(database, made, offices, run)
    own = await mine(database, made, offices, run)
    assert len(strangers) >= 8 and 1 <= len(own) <= 2
    browser = await making.signed_in(database, browse, made, asta)
    paths = [f"/c/matching/{run}", f"/c/matching/{run}?sort=name", "/c/matching", "/c/matching/wishes"]
    for path in [*paths, *(f"/c/matching/{run}/{one.id}" for one in own)]:
        page = await browser.get(path)
        assert page.status == 200
        assert not [name for name in strangers if name in page.html], path
    sheet = (await browser.client.get(f"/c/matching/{run}/export?as=csv")).text
    assert "Nearby" in sheet and not [name for name in strangers if name in sheet]
    everything = await (await making.signed_in(database, browse, made, made.coordinator)).get(
        f"/c/matching/{run}"
    )
    assert [name for name in strangers if name in everything.html]


async def test_pairs_of_others_are_not_there(database, browse, made, offices, asta, run):
    own = {one.id for one in await mine(database, made, offices, run)}
    async with database.tenant_session(made.house.context()) as session:
        others = (await session.scalars(select(Proposal.id).where(Proposal.id.not_in(own)))).all()
    browser = await making.signed_in(database, browse, made, asta)
    for one in others:
        assert (await browser.get(f"/c/matching/{run}/{one}")).status == 404
    async with database.tenant_session(asta.context()) as session:
        assert await results.drafts(session, asta, run) == len(own)


async def test_why_not_tells_nothing_of_strangers(database, made, offices, asta, run):
    [one, *_] = await mine(database, made, offices, run)
    beside = {id for own in await mine(database, made, offices, run) for id in (own.mentor_id, own.mentee_id)}
    async with database.tenant_session(made.house.context()) as session:
        stranger = await session.scalar(
            select(Participation.id).where(
                Participation.role == "mentor",
                Participation.office_id == offices[1],
                Participation.id.not_in(beside),
            )
        )
    async with database.tenant_session(asta.context()) as session:
        assert stranger not in {id for id, _name in await results.mentors(session, asta, run)}
        with pytest.raises(NotFound):
            await actions.ask_why(session, asta, run, mentee_id=one.mentee_id, mentor_id=stranger)
    async with database.tenant_session(made.coordinator.context()) as session:
        assert stranger in {id for id, _name in await results.mentors(session, made.coordinator, run)}


async def waiting(database, by, launched):
    async with database.tenant_session(by.context()) as session:
        return (await actions.start_run(session, by, launched.cycle.id)).id


async def test_nobody_of_one_office_stops_the_run_of_another(
    database, browse, app, made, launched, offices, asta
):
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    theirs = await waiting(database, made.coordinator, launched)
    browser = await making.signed_in(database, browse, made, asta)
    page = await browser.get(f"/c/matching/{theirs}")
    assert page.status == 200 and "/cancel" not in page.html
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    assert (await browser.post(f"/c/matching/{theirs}/cancel", [("csrf", token)])).status == 403
    async with database.tenant_session(asta.context()) as session:
        with pytest.raises(Forbidden):
            await actions.cancel_run(session, asta, theirs)
    async with database.tenant_session(made.house.context()) as session:
        assert (await session.scalar(select(MatchingRun.state))) == RunState.WAITING
    async with database.tenant_session(made.coordinator.context()) as session:
        await actions.cancel_run(session, made.coordinator, theirs)


async def test_a_run_of_hers_from_before_she_may_stop(database, made, launched, asta):
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    before = replace(asta, offices=frozenset())
    hers = await waiting(database, before, launched)
    async with database.tenant_session(asta.context()) as session:
        assert (await actions.cancel_run(session, asta, hers)).state == RunState.CANCELLED


async def test_nobody_of_one_office_starts_a_run(ground, database, browse, made, launched, offices, asta):
    """Nor tries its criteria: the answer would count the people of all."""
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    await crowd.people(database, made, launched, "mentee", 1, seed=2, office_id=offices[0])
    async with database.tenant_session(asta.context()) as session:
        for ask in (actions.start_run, actions.ask_count):
            with pytest.raises(rules.RunForAll):
                await ask(session, asta, launched.cycle.id)
        assert not (await session.scalars(select(MatchingRun.id))).all()
    browser = await making.signed_in(database, browse, made, asta)
    page = await browser.get("/c/matching")
    assert "One mentee can be matched now" in page.text and "0 mentors offer" in page.text
    assert "/c/matching/new" not in page.html and "A run is over the people of all offices" in page.text
    assert (await browser.get("/c/matching/new")).status == 403
    assert (await browser.get("/c/matching/wishes")).status == 200
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    fields = [("csrf", token), ("cycle", str(launched.cycle.id)), ("do", "start")]
    assert (await browser.post("/c/matching/new", fields)).status == 403
    page = await (await making.signed_in(database, browse, made, made.coordinator)).get("/c/matching")
    assert "3 mentees can be matched now" in page.text and "/c/matching/new" in page.html


async def test_a_run_ends_when_its_starter_works_for_one_office_meanwhile(
    ground, database, made, launched, offices
):
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    run_id = await waiting(database, made.coordinator, launched)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(RoleGrant)
            .where(RoleGrant.person_id == made.coordinator.person_id)
            .values(office_id=offices[0])
        )
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        run = await queries.access_run(session, made.house, run_id)
        assert (run.state, run.error) == (RunState.FAILED, "run_not_permitted")


async def test_nor_through_the_api(database, app, made, launched, offices):
    for role in ("mentee", "mentor"):
        await crowd.people(database, made, launched, role, 2)
    theirs = await waiting(database, made.coordinator, launched)
    her = await making.somebody(
        database, made.id, Role.COORDINATOR, Role.IT_CONTACT, name="Asta", office_id=offices[0]
    )
    async with database.tenant_session(her.context()) as session:
        rights = sorted(of(frozenset({Role.COORDINATOR})))
        secret = (await tokens.make(session, her, name="T", permissions=rights)).secret
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{made.host}/api/v1",
        headers={"authorization": f"Bearer {secret}"},
    ) as http:
        answers = [
            await http.post(f"/runs/{theirs}/cancel"),
            await http.post("/runs", json={"cycle_id": str(launched.cycle.id)}),
            await http.post("/runs/previews", json={"cycle_id": str(launched.cycle.id)}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert [answer.json()["code"] for answer in answers[1:]] == ["run_for_all_offices"] * 2


async def test_wishes_about_others(database, made, launched, offices, asta, run):
    async with database.tenant_session(made.house.context()) as session:
        theirs = {
            part.role: part.id
            for part in await session.scalars(
                select(Participation).where(Participation.office_id == offices[1])
            )
        }
    async with database.tenant_session(made.coordinator.context()) as session:
        await wishing.wish(
            session, made.coordinator, launched.cycle.id,
            mentor_id=theirs["mentor"], mentee_id=theirs["mentee"], kind=WishKind.FORBID,
        )  # fmt: skip
        assert len(await queries.wishes(session, made.coordinator, launched.cycle.id)) == 1
    async with database.tenant_session(asta.context()) as session:
        assert await queries.wishes(session, asta, launched.cycle.id) == []


async def test_tasks_without_an_office(database, browse, made, launched, offices, asta):
    """Somebody whom no office has taken on yet is for those who work for all."""
    await making.participation(database, made, launched, name="Nobody's Yet")
    async with database.tenant_session(made.house.context()) as session:
        await notifications.ask(
            session, made.house, "import.done", key="a", due_on=(await session.scalar(select(Task.due_on))),
            person_id=asta.person_id,
        )  # fmt: skip
        [task] = (await session.scalars(select(Task.id).where(Task.kind == "registration.read"))).all()
    async with database.tenant_session(asta.context()) as session:
        assert [one.kind for one in await desk.tasks(session, asta)] == ["import.done"]
        with pytest.raises(NotFound):
            await notifications.finish_task(session, asta, task)
    page = await (await making.signed_in(database, browse, made, asta)).get("/c/today")
    assert "Nobody's Yet" not in page.text and "Nobody’s Yet" not in page.text
    async with database.tenant_session(made.coordinator.context()) as session:
        assert task in [one.id for one in await desk.tasks(session, made.coordinator)]


async def test_a_refused_letter_comes_before_her_own_office(database, made, launched, offices, asta):
    part = await making.participation(database, made, launched, by=asta)
    async with database.tenant_session(made.house.context()) as session:
        letter = await session.scalar(select(Letter).where(Letter.person_id == part.person_id))
        await writing.refused(session, made.house, letter.id, "550")
    async with database.tenant_session(asta.context()) as session:
        assert "letter.refused" in [one.kind for one in await desk.tasks(session, asta)]
