"""People: joining, own facts, search, and what one office sees of another."""

from uuid import UUID

import pytest
from sqlalchemy import text

from infra.errors import Forbidden, Invalid, NotFound
from tenants.actor import Actor
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people import queries, rules
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making

FACTS = {"language": "fr", "time_zone": "Europe/Sarajevo"}


async def join(database, actor: Actor, name: str, email: str | None = None, **facts) -> Person:
    async with database.tenant_session(actor.context()) as session:
        return await people.join(session, actor, full_name=name, email=email, **{**FACTS, **facts})


async def names(database, actor: Actor, **filters) -> list[str]:
    async with database.tenant_session(actor.context()) as session:
        return [row.full_name for row in await queries.people(session, actor, **filters)]


async def office(database, made, name: str) -> UUID:
    async with database.tenant_session(made.owner.context()) as session:
        opened = await organisations.open_office(session, made.owner, name=name, time_zone="UTC")
        return opened.id


async def test_join_keeps_facts_in_one_form(database, made):
    person = await join(
        database, made.coordinator, "  Amra \n Hadžić ", "Amra.H@Example.ORG ", phone="+387  33 555 014",
        roles=(Role.PARTICIPANT,),
    )  # fmt: skip

    assert (person.full_name, person.email, person.phone) == (
        "Amra Hadžić",
        "amra.h@example.org",
        "+387 33 555 014",
    )
    async with database.tenant_session(made.coordinator.context()) as session:
        assert await queries.grants(session, person.id) == [(Role.PARTICIPANT, None)]


async def test_the_same_address_joins_once_in_an_organisation_and_once_in_another(database, made):  # IOM N02
    other = await making.organisation(database)
    await join(database, made.coordinator, "Amra Hadžić", "amra@example.org")

    with pytest.raises(people.PersonKnown):
        await join(database, made.coordinator, "Somebody else", "AMRA@example.org")
    assert (await join(database, other.coordinator, "Amra Hadžić", "amra@example.org")).email


async def test_people_without_address_do_not_collide(database, made):
    await join(database, made.coordinator, "Amra Hadžić")
    assert (await join(database, made.coordinator, "Amra Hadžić")).email is None  # K04


async def test_every_unusable_fact_is_named(database, made):
    with pytest.raises(Invalid) as caught:
        await join(
            database,
            made.coordinator,
            " ",
            "amra at example",
            phone="call me",
            language="xx",
            time_zone="Moon",
        )
    assert [(p.field, p.code) for p in caught.value.problems] == [
        ("full_name", "missing"),
        ("email", "email_unusable"),
        ("phone", "phone_unusable"),
        ("language", "language_unknown"),
        ("time_zone", "time_zone_unknown"),
    ]


@pytest.mark.parametrize(
    "text", ["amra", "amra@", "a@localhost", "a b@example.org", "a@b@example.org", "", "x" * 300]
)
def test_address_refuses(text):
    with pytest.raises(Invalid):
        rules.address(text)


async def test_a_participant_keeps_her_contact_up_to_date(database, made):
    # K07
    her = await making.somebody(database, made.id, Role.PARTICIPANT)
    async with database.tenant_session(her.context()) as session:
        person = await people.change_own_contact(
            session, her, full_name="Ana Ilić Kos", phone="030 123 456", language="ar", time_zone="Asia/Amman"
        )
    assert (person.full_name, person.language, person.time_zone) == ("Ana Ilić Kos", "ar", "Asia/Amman")
    with pytest.raises(TypeError):
        async with database.tenant_session(her.context()) as session:
            await people.change_own_contact(session, her, email="other@example.org")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("zizek", ["Élodie Žižek"]),
        ("ŽIŽEK élo", ["Élodie Žižek"]),
        ("dorde", ["Đorđe Łukasz"]),
        ("lukasz@", ["Đorđe Łukasz"]),
        ("izek", []),
        ("محمد", ["مُحَمَّد الأمين"]),
        ("100%", []),
        ("_", []),
        ("e", ["Élodie Žižek", "Emma Stone"]),
    ],
)
async def test_search_finds_beginnings_without_case_and_accents(database, made, search, found):
    await join(database, made.coordinator, "Élodie Žižek", "z1@example.org")
    await join(database, made.coordinator, "Emma Stone", "s2@example.org")
    await join(database, made.coordinator, "Đorđe Łukasz", "lukasz@example.org")
    await join(database, made.coordinator, "مُحَمَّد الأمين", "m4@example.org")

    assert await names(database, made.coordinator, search=search) == found


async def test_list_is_in_order_and_pages_lose_nothing(database, made):
    for name in ("Zoe", "Élodie", "emma", "Eva"):
        await join(database, made.coordinator, name)
    async with database.tenant_session(made.coordinator.context()) as session:
        seen, after = [], None
        while page := await queries.people(session, made.coordinator, after=after, limit=2):
            seen += [row.full_name for row in page]
            after = page[-1].key
        total = await queries.count_people(session, made.coordinator)

    assert seen == ["Cora Coordinator", "Élodie", "emma", "Eva", "Olivia Owner", "Zoe"]
    assert total == len(seen)


async def test_filters_by_role_office_and_presence(database, made):
    there = await office(database, made, "Tuzla")
    await join(database, made.coordinator, "In Tuzla", office_id=there, roles=(Role.PARTICIPANT,))
    await join(database, made.coordinator, "Nowhere")

    assert await names(database, made.coordinator, office_id=there) == ["In Tuzla"]
    assert await names(database, made.coordinator, role=Role.PARTICIPANT) == ["In Tuzla"]
    assert await names(database, made.coordinator, role=Role.OWNER) == ["Olivia Owner"]
    assert await names(database, made.coordinator, is_active=False) == []


async def test_a_coordinator_of_one_office_works_within_it(database, made):
    mine, other = await office(database, made, "Mostar"), await office(database, made, "Tuzla")
    inside = await join(database, made.coordinator, "Inside", office_id=mine)
    outside = await join(database, made.coordinator, "Outside", office_id=other)
    her = await making.somebody(database, made.id, Role.COORDINATOR, name="Hers", office_id=mine)

    assert await names(database, her) == ["Hers", "Inside"]
    async with database.tenant_session(her.context()) as session:
        assert (await queries.access_person(session, her, inside.id)).full_name == "Inside"
        with pytest.raises(NotFound):
            await queries.access_person(session, her, outside.id)
        with pytest.raises(NotFound):
            await people.change_contact(session, her, inside.id, office_id=other)
    for elsewhere in (other, None):
        with pytest.raises(NotFound):
            await join(database, her, "New", office_id=elsewhere)


async def test_a_participant_sees_nobody_but_herself(database, made):
    her = await making.somebody(database, made.id, Role.PARTICIPANT)
    with pytest.raises(Forbidden):
        await names(database, her)
    async with database.tenant_session(her.context()) as session:
        assert (await queries.access_person(session, her, her.person_id)).id == her.person_id
        with pytest.raises(NotFound):
            await queries.access_person(session, her, made.owner.person_id)


async def test_another_organisations_person_is_nobody(database, made):
    # N02
    other = await making.organisation(database)
    theirs = await join(database, other.coordinator, "Theirs", "theirs@example.org")
    for actor in (made.owner, made.coordinator, made.house):
        async with database.tenant_session(actor.context()) as session:
            with pytest.raises(NotFound):
                await queries.access_person(session, actor, theirs.id)
            assert await queries.find_by_email(session, "theirs@example.org") is None
    assert "Theirs" not in await names(database, made.coordinator)


@pytest.mark.parametrize("people_there", [1, 3])
async def test_a_list_is_one_statement_whatever_its_length(database, made, people_there, statements):
    for number in range(people_there):
        await join(database, made.coordinator, f"P{number}", roles=(Role.PARTICIPANT,))
    async with database.tenant_session(made.coordinator.context()) as session:
        with statements() as counted:
            await queries.people(session, made.coordinator, search="p")
    assert len(counted) == 1


async def test_ten_thousand_people_list_by_an_index(database, made):
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            text("""
                INSERT INTO person (organisation_id, id, full_name, email, language, time_zone, is_active)
                SELECT :o, gen_random_uuid(), 'Person ' || md5(n::text), 'p' || n || '@example.org', 'en', 'UTC', true
                FROM generate_series(1, 3000) n"""),
            {"o": made.id},
        )
    async with database.tenant_session(made.coordinator.context()) as session:
        first = await queries.people(session, made.coordinator, limit=2)
        plan = (
            await session.execute(
                text(
                    "EXPLAIN SELECT id FROM person WHERE (search_key, id) > (:k, :i) ORDER BY search_key, id LIMIT 50"
                ),
                {"k": first[-1].search_key, "i": first[-1].id},
            )
        ).scalars()
        told = "\n".join(plan)
    assert "person_listing_ix" in told
    assert "ROW(search_key, id) >" in told.split("Filter")[0]
