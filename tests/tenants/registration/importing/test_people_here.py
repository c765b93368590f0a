"""Rows about people whom the organisation knows already, or comes to know between preview and import."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from infra.ground import Ground
from tenants.organisations import actions as organisations
from tenants.people.models import Person, RoleGrant
from tenants.people.queries import find_by_email
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.programmes.starters import StarterName
from tenants.registration import profiles, told
from tenants.registration.models import Consent, ImportState, Participation, RowState
from tests import making
from tests.browsing import Browser
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER, as_csv

HEADERS = (*HEADER, "Telephone", "Grade")
ANA = ("Ana Ilić", "ana@example.org", "Mentor", "+45 70 00 00 01", "P3")


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await desk(ground)


async def person(at: Desk, email: str) -> Person:
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        found = await find_by_email(session, email)
        assert found is not None
        return found


async def known(at: Desk) -> Participation:
    """Ana, imported before."""
    await at.commit(await at.people(ANA, header=HEADERS))
    [part] = await at.participations()
    return part


NEW: tuple[str, ...] = ("Ana Ilić", "ana@example.org", "Mentor", "+45 70 00 00 02", "P4")


@pytest.mark.parametrize(
    ("decision", "phone", "grade"),
    [
        ("keep", "+45 70 00 00 01", "P3"),
        ("update", "+45 70 00 00 02", "P4"),
        ("skip", "+45 70 00 00 01", "P3"),
    ],
)
async def test_person_who_is_here_is_the_same_person(at: Desk, decision: str, phone: str, grade: str) -> None:
    part = await known(at)
    people, grants, consents = await at.count(Person), await at.count(RoleGrant), await at.count(Consent)

    import_id = await at.people(NEW, ("Bo", "bo@example.org", "Mentee", "", ""), header=HEADERS)
    preview = await at.of(import_id)
    assert (preview.counts["here"], preview.counts["new"]) == (1, 1)
    if decision != "keep":  # what happens unasked
        await at.choose(import_id, groups={"already_here": decision})
    await at.commit(import_id)

    assert await at.count(Person) == people + 1
    assert await at.count(RoleGrant) == grants + 1
    assert await at.count(Consent) == consents + 2
    assert (await person(at, "ana@example.org")).phone == phone
    [now] = [one for one in await at.participations() if one.id == part.id]
    assert (now.grade, now.status, now.registered_on) == (grade, part.status, part.registered_on)


async def test_a_roster_replaces_nothing_that_she_has_said_herself(
    ground: Ground, browse: Callable[[str], Browser]
) -> None:  # K07
    """She registered with a coordinator; the file fills what was open, and what differs waits until she is asked."""
    at = await desk(ground, starter=StarterName.MENTOR_NETWORK)
    entered = await making.participation(
        ground.database,
        at.made,
        at.launched,
        "mentor",
        name="Ana Ilić",
        email="ana@example.org",
        sector="Law",
    )
    header = (*HEADERS, "Topics I can cover", "Time zone", "Sector")
    import_id = await at.people((*NEW, "Leadership", "Asia/Tbilisi", "Health"), header=header)
    await at.choose(import_id, groups={"already_here": "update"})
    await at.commit(import_id)
    [now] = await at.participations()
    her = await person(at, "ana@example.org")
    assert (now.id, now.grade, now.sector, now.topics_offered) == (
        entered.id, "P4", "Law", ["leadership", "networking"],
    )  # fmt: skip
    assert (her.phone, her.time_zone) == ("+45 70 12 34 56", "Europe/Copenhagen")
    assert now.told == {
        "phone": "+45 70 00 00 02", "time_zone": "Asia/Tbilisi", "sector": "Health", "topics_offered": ["leadership"],
    }  # fmt: skip
    by = at.actor
    browser = await making.signed_in(ground.database, browse, at.made, by)
    page = (await browser.get(f"/c/people/{her.id}")).text.replace("\u2068", "").replace("\u2069", "")
    assert "topics that she can cover: Leadership (we keep: Leadership and Networking" in page
    async with ground.database.tenant_session(by.context()) as session:
        assert set(await told.about(session, by, now.id)) == set(now.told)
        await told.settle(session, by, now.id, take=["sector", "phone"])
    [settled] = await at.participations()
    assert (settled.sector, settled.topics_offered, settled.told) == ("Health", now.topics_offered, {})
    assert (await person(at, "ana@example.org")).phone == "+45 70 00 00 02"


async def test_what_was_corrected_by_hand_stays_when_the_roster_comes_again(at: Desk) -> None:
    """Of somebody who came with a roster, the fields that were changed since; all others follow the file."""
    part = await known(at)
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        her = part.person_id
        await profiles.change_contact(session, at.actor, her, phone="+45 70 99 99 99")
        await profiles.change_answers(session, at.actor, part.id, {"grade": "P5"})
    import_id = await at.people((*NEW, "Health"), header=(*HEADERS, "Sector"))
    await at.choose(import_id, groups={"already_here": "update"})
    await at.commit(import_id)
    [now] = await at.participations()
    assert ((await person(at, "ana@example.org")).phone, now.grade, now.sector) == (
        "+45 70 99 99 99", "P5", "Health",
    )  # fmt: skip
    assert now.told == {"phone": "+45 70 00 00 02", "grade": "P4"}
    await at.revert(import_id)
    [before] = await at.participations()
    assert (before.grade, before.sector, before.told) == ("P5", None, {})


async def test_empty_cell_never_blanks_what_we_know(at: Desk) -> None:
    await known(at)
    import_id = await at.people(("Ana Ilić", "ana@example.org", "Mentor", "", ""), header=HEADERS)
    await at.choose(import_id, groups={"already_here": "update"})
    await at.commit(import_id)
    assert (await person(at, "ana@example.org")).phone == "+45 70 00 00 01"
    assert [part.grade for part in await at.participations()] == ["P3"]


async def test_second_role_of_somebody_here_is_added(at: Desk) -> None:
    await known(at)
    await at.commit(await at.people(("Ana Ilić", "ana@example.org", "Both", "", ""), header=HEADERS))
    assert sorted(part.role for part in await at.participations()) == ["mentee", "mentor"]
    assert await at.count(Consent) == 2


async def test_somebody_else_with_the_address_refuses_the_row(at: Desk) -> None:
    await known(at)
    import_id = await at.people(("Zoran Marković", "ana@example.org", "Mentee", "", ""), header=HEADERS)
    assert (await at.of(import_id)).counts["to_commit"] == 0
    [problem] = (await at.rows(import_id))[2].problems
    assert (problem["code"], problem["facts"]) == ("address_taken", {"name": "Ana Ilić"})


async def register_meanwhile(at: Desk, name: str) -> None:
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        made: dict[str, Any] = {
            "full_name": name,
            "email": "ana@example.org",
            "language": "en",
            "time_zone": "UTC",
        }
        session.add(Person(organisation_id=at.made.id, **made))


async def test_who_registers_between_preview_and_import_is_found_not_doubled(at: Desk) -> None:
    import_id = await at.people(ANA, header=HEADERS)
    await register_meanwhile(at, "Ana Ilić")
    done = await at.commit(import_id)
    assert (done.state, done.counts["imported"], done.counts["people"]) == (ImportState.COMMITTED, 1, 0)
    assert len(await at.participations()) == 1


async def test_somebody_else_who_takes_the_address_meanwhile_leaves_the_row_out(at: Desk) -> None:
    import_id = await at.people(ANA, header=HEADERS)
    await register_meanwhile(at, "Zoran Marković")
    done = await at.commit(import_id)
    assert (done.counts["imported"], done.counts["left"]) == (0, 1)
    row = (await at.rows(import_id))[2]
    assert (row.state, row.problems[0]["code"]) == (RowState.REFUSED, "address_taken")
    assert await at.participations() == []


async def test_one_person_twice_in_the_file_is_one(at: Desk) -> None:
    import_id = await at.people(ANA, ("Ilić Ana", "ana@example.org", "Mentee", "", ""), header=HEADERS)
    preview = await at.of(import_id)
    assert (preview.counts["to_commit"], preview.counts["skipped"]) == (1, 1)
    await at.commit(import_id)
    assert sorted(part.role for part in await at.participations()) == ["mentee", "mentor"]


async def test_same_address_in_another_organisation_is_another_person(
    ground: Ground, at: Desk
) -> None:  # N02
    await known(at)
    other = await desk(ground)
    import_id = await other.people(NEW, header=HEADERS)
    assert (await other.of(import_id)).counts["here"] == 0
    await other.commit(import_id)
    assert (await person(at, "ana@example.org")).phone == "+45 70 00 00 01"


async def test_language_to_write_in_is_one_that_she_speaks(ground: Ground, at: Desk) -> None:
    header = (*HEADER, "Languages")
    import_id = await at.people(
        ("Ana", "a@example.org", "Mentor", "French (native); English (basic)"),
        ("Bo", "b@example.org", "Mentor", "French (native); English (fluent)"),
        ("Cy", "c@example.org", "Mentor", "Swahili (native)"),
        header=header,
    )
    await at.commit(import_id)
    spoken = [(await person(at, f"{one}@example.org")).language for one in "abc"]
    assert spoken == ["fr", "en", "en"]


async def test_people_beyond_a_coordinators_offices_are_not_named(ground: Ground) -> None:
    at = await desk(ground, slug="elsewhere")
    await known(at)
    async with ground.database.tenant_session(at.made.owner.context()) as session:
        office = await organisations.open_office(session, at.made.owner, name="Tuzla", time_zone="UTC")
    local = await making.somebody(ground.database, at.made.id, Role.COORDINATOR, office_id=office.id)
    import_id = await at.upload(as_csv([HEADERS, ("Zoran", "ana@example.org", "Mentee", "", "")]), by=local)
    async with ground.database.tenant_session(local.context()) as session:
        found = (
            await session.execute(select(Person.full_name).where(Person.email == "ana@example.org"))
        ).scalar_one()
    rows = await at.rows(import_id)
    assert found not in str(rows[2].problems)


async def test_roster_lets_nobody_in_who_ran_the_organisation_and_was_shut_out(at: Desk) -> None:
    """Her roles would come back with her; who hands out roles decides that."""
    for role, is_back in ((Role.PARTICIPANT, True), (Role.COORDINATOR, False)):
        gone = await making.somebody(
            at.ground.database, at.actor.organisation_id, role, name="Dora Dismissed"
        )
        async with at.ground.database.tenant_session(at.actor.context()) as session:
            dora = (await session.execute(select(Person).where(Person.id == gone.person_id))).scalar_one()
            dora.is_active = False
            email = dora.email or ""
        await at.commit(await at.people(("Dora Dismissed", email, "Mentee")))
        assert (await person(at, email)).is_active is is_back


async def test_who_is_imported_for_groups_may_be_in_one(ground: Ground) -> None:  # I06
    at = await desk(ground, starter=StarterName.CHAPTER, structure=Structure.GROUP)
    await at.commit(await at.people(ANA, header=HEADERS))
    [part] = await at.participations()
    assert part.mode == "both"  # the roster says nothing of it, and nobody would be alone there
