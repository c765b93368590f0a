"""Programmes from a starter: launched, asked, weighed, opened, closed, each in its own organisation."""

import pytest

from infra.errors import Forbidden, Invalid, NotFound
from tenants.permissions import Role
from tenants.programmes import actions, furnishing, queries, rules, topic_list
from tenants.programmes.models import AskedOf, Focus, ProgrammeState, QuestionKind, Structure
from tenants.programmes.starters import STARTERS, StarterName
from tests import making


@pytest.mark.parametrize("starter", list(StarterName))
async def test_launch_furnishes_a_programme(database, starter):  # K05 U01 U02
    made = await making.organisation(database)
    launched = await making.programme(database, made, starter=starter)
    begun = STARTERS[starter]
    async with database.tenant_session(made.owner.context()) as session:
        programme = await queries.access_programme(session, made.owner, launched.programme.id)
        asked = await queries.questions(session, programme.id)
        assert programme.state == ProgrammeState.OPEN
        assert programme.languages == ["en", "fr", "ar"]
        assert [q.key for q in asked] == [q.key for q in begun.questions]
        assert {q.is_obligatory for q in asked} == {True, False}
        assert len(await queries.topics(session, programme.id)) == len(begun.topics)
        assert {c.name for c in await queries.criteria(session, programme.id)} == set(begun.criteria)
        assert (await queries.cycles(session, programme.id))[0].id == launched.cycle.id


async def test_peers_are_asked_as_peers(database):  # C10
    made = await making.organisation(database)
    launched = await making.programme(
        database, made, starter=StarterName.INTER_AGENCY, structure=Structure.CIRCLE
    )
    async with database.tenant_session(made.owner.context()) as session:
        asked = await queries.questions(session, launched.programme.id)
    begun = [one.key for one in STARTERS[StarterName.INTER_AGENCY].questions]
    assert [one.key for one in asked] == [key for key in begun if key != "mode"]  # that is settled
    told = " ".join(f"{one.label['en']} {one.hint.get('en', '')}" for one in asked)
    assert "mentor" not in told and "mentee" not in told


async def test_what_is_named_wins_over_the_starter(database):  # U01 U02 U10
    made = await making.organisation(database)
    launched = await making.programme(
        database,
        made,
        name={"en": "Reverse", "ar": "إرشاد عكسي"},
        structure=Structure.REVERSE,
        focus=[Focus.SKILLS, Focus.INDUCTION],
        languages=["ar", "en"],
        eligibility={"genders": ["woman"]},
        places=12,
    )
    programme = launched.programme
    assert programme.structure == "reverse" and programme.places == 12
    assert programme.focus == ["skills", "induction"]
    assert rules.text_in(programme.name, "ar", programme.languages) == "إرشاد عكسي"
    assert programme.eligibility == {"genders": ["woman"]}


async def test_cycles_may_overlap_and_today_is_resolved(database):  # I17
    made = await making.organisation(database)
    first = await making.programme(database, made, dates=making.days(opens=-300, closes=-200, ends=200))
    async with database.tenant_session(made.owner.context()) as session:
        second = await actions.plan_cycle(
            session, made.owner, first.programme.id, name="2027", dates=making.days()
        )
        today = making.clock.today("UTC")
        current = await queries.current_cycle(session, first.programme.id, today)
        assert current is not None and current.id == second.id
        with pytest.raises(actions.CycleNameTaken):
            await actions.plan_cycle(
                session, made.owner, first.programme.id, name="2027", dates=making.days()
            )


async def test_dates_out_of_order_are_refused(database):
    made = await making.organisation(database)
    with pytest.raises(Invalid) as refused:
        await making.programme(database, made, dates=making.days(closes=30, ends=5))
    assert refused.value.problems[0].code == "cycle_dates"


async def test_slug_is_taken_once_in_an_organisation_only(database):
    made, other = await making.organisation(database), await making.organisation(database)
    await making.programme(database, made)
    await making.programme(database, other)
    with pytest.raises(actions.SlugTaken):
        await making.programme(database, made)


async def test_close_and_open_again(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made, is_open=False)
    async with database.tenant_session(made.owner.context()) as session:
        with pytest.raises(NotFound):
            await queries.open_by_slug(session, "network")
        await actions.open_programme(session, made.owner, launched.programme.id)
        assert [p.slug for p in await queries.open_programmes(session)] == ["network"]
        closed = await actions.close_programme(session, made.owner, launched.programme.id)
        with pytest.raises(rules.ProgrammeIsClosed):
            rules.must_be_open(closed)
        assert list(await queries.open_programmes(session)) == []


async def test_questions_are_asked_changed_and_asked_no_more(database):  # K05
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    id = launched.programme.id
    async with database.tenant_session(made.owner.context()) as session:
        facts = {"kind": QuestionKind.TEXT, "label": {"en": "Your hope?"}, "asked_of": AskedOf.MENTEE}
        await furnishing.ask(session, made.owner, id, key="hope", is_obligatory=True, **facts)
        await furnishing.ask(session, made.owner, id, key="hope", is_obligatory=False, **facts)
        asked = await queries.questions(session, id)
        assert asked[-1].key == "hope" and not asked[-1].is_obligatory
        assert "hope" not in [q.key for q in rules.questions_for(asked, "mentor")]
        assert "hope" in [q.key for q in rules.questions_for(asked, "mentee")]
        await furnishing.ask_no_more(session, made.owner, id, key="hope")
        assert "hope" not in [q.key for q in await queries.questions(session, id)]
        with pytest.raises(Invalid):
            await furnishing.ask(
                session, made.owner, id, key="x", kind=QuestionKind.CHOICE, label={"en": "X"}, is_obligatory=True
            )  # fmt: skip


async def test_topics_and_weights_are_the_programmes_own(database):
    made = await making.organisation(database)
    id = (await making.programme(database, made)).programme.id
    async with database.tenant_session(made.owner.context()) as session:
        law = await topic_list.add(session, made.owner, id, label={"en": "Law"})
        assert (await queries.topics(session, id))[-1].code == law.code
        await furnishing.weigh(session, made.owner, id, name="sector", weight=7)
        assert {c.name: c.weight for c in await queries.criteria(session, id)}["sector"] == 7
        with pytest.raises(Invalid):
            await furnishing.weigh(session, made.owner, id, name="sector", weight=11)


async def test_contact_is_the_coordinator_of_the_programme_else_of_the_house(database):
    made = await making.organisation(database)
    id = (await making.programme(database, made)).programme.id
    async with database.tenant_session(made.owner.context()) as session:
        assert await queries.contact(session, id) is None
        await making.organisations.change(
            session, made.owner, contact_name="Help", contact_phone="+1 555 0100"
        )
        await session.flush()
        found = await queries.contact(session, id)
        assert found is not None and found.name == "Help" and not found.is_coordinator
        assert made.coordinator.person_id is not None
        await actions.give_role(session, made.owner, id, made.coordinator.person_id, Role.COORDINATOR)
        await actions.give_role(session, made.owner, id, made.coordinator.person_id, Role.COORDINATOR)
        await session.flush()
        found = await queries.contact(session, id)
        assert found is not None and found.name == "Cora Coordinator" and found.is_coordinator
        await actions.give_role(
            session, made.owner, id, made.coordinator.person_id, Role.COORDINATOR, taken=True
        )
        assert (await queries.contact(session, id)).name == "Help"


async def test_coordinators_read_programmes_and_do_not_change_them(database):
    made = await making.organisation(database)
    id = (await making.programme(database, made)).programme.id
    async with database.tenant_session(made.coordinator.context()) as session:
        assert (await queries.access_programme(session, made.coordinator, id)).id == id
        with pytest.raises(Forbidden):
            await actions.change(session, made.coordinator, id, places=3)


async def test_another_organisations_programme_is_unknown(database):
    made, other = await making.organisation(database), await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(other.owner.context()) as session:
        assert await queries.programmes(session, other.owner) == []
        for unknown in (
            queries.access_programme(session, other.owner, launched.programme.id),
            queries.access_cycle(session, other.owner, launched.cycle.id),
            queries.open_by_slug(session, "network"),
            actions.close_programme(session, other.owner, launched.programme.id),
            topic_list.add(session, other.owner, launched.programme.id, label={"en": "Law"}),
        ):
            with pytest.raises(NotFound):
                await unknown
        assert await queries.questions(session, launched.programme.id) == []
