"""Two people, or two clicks, in the very same moment: one wins, nobody sees a bug, nothing is doubled."""

import asyncio

import pytest
from sqlalchemy import func, select

from tenants.identity import actions as identity
from tenants.organisations import actions as organisations
from tenants.people import actions as people
from tenants.people.actions import LastOwner
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.registration.importing import actions as imports
from tenants.registration.importing import rules
from tenants.registration.models import RosterImport
from tests import making
from tests.tenants.registration.roster.books import HEADER, as_csv

FILE = as_csv([HEADER, ("Ana", "ana@example.org", "Mentee")])
ROUNDS = 8


async def owners(database, made) -> int:
    async with database.tenant_session(made.house.context()) as session:
        query = (
            select(func.count())
            .select_from(RoleGrant)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.role == Role.OWNER, Person.is_active)
        )
        return (await session.execute(query)).scalar_one()


async def lets_go(database, actor, other, how):
    async with database.tenant_session(actor.context()) as session:
        if how == "deactivate":
            return await identity.deactivate(session, actor, other.person_id)
        return await people.take_role(session, actor, other.person_id, Role.OWNER)


@pytest.mark.parametrize("ways", [
    ("deactivate", "deactivate"), ("take", "take"), ("deactivate", "take"), ("take", "deactivate"),
])  # fmt: skip
async def test_two_owners_remove_each_other(database, ways):
    for _ in range(ROUNDS):
        made = await making.organisation(database)
        other = await making.somebody(database, made.id, Role.OWNER, name="Other")
        ends = await asyncio.gather(
            lets_go(database, made.owner, other, ways[0]),
            lets_go(database, other, made.owner, ways[1]),
            return_exceptions=True,
        )
        assert await owners(database, made) == 1
        assert [type(end) for end in ends if isinstance(end, BaseException)] == [LastOwner]


async def test_two_owners_remove_each_other_on_the_page(database, browse, made):
    other = await making.somebody(database, made.id, Role.OWNER, name="Other")
    pages = []
    for one in (made.owner, other):
        browser = await making.signed_in(database, browse, made, one)
        pages.append(await browser.get("/a"))
    forms = [form.action for form in pages[0].forms]
    paths = [
        next((form for form in forms if str(one.person_id) in form and "leave" in form), None)
        for one in (other, made.owner)
    ]
    assert all(paths), forms
    answers = await asyncio.gather(*(page.submit(path) for page, path in zip(pages, paths, strict=True)))
    assert all(answer.status < 500 for answer in answers)
    assert await owners(database, made) == 1


async def upload(database, actor, launched, content=FILE):
    async with database.tenant_session(actor.context()) as session:
        found = await imports.upload(
            session, actor, cycle_id=launched.cycle.id, file_name="people.csv", content=content
        )
        return found.id


async def count(database, made) -> int:
    async with database.tenant_session(made.house.context()) as session:
        return (await session.execute(select(func.count()).select_from(RosterImport))).scalar_one()


async def test_the_same_file_ten_times(database, made, launched):
    found = await asyncio.gather(*(upload(database, made.coordinator, launched) for _ in range(10)))
    assert len(set(found)) == 1 and await count(database, made) == 1


async def test_the_same_file_on_two_pages(database, browse, made, launched):
    browsers = [await making.signed_in(database, browse, made, made.coordinator) for _ in range(2)]
    pages = [await browser.get("/c/import") for browser in browsers]
    shown = await asyncio.gather(
        *(page.submit("/c/import", files={"file": ("people.csv", FILE, "text/csv")}) for page in pages)
    )
    assert [page.status for page in shown] == [200, 200] and len({page.path for page in shown}) == 1
    assert await count(database, made) == 1


async def test_the_same_file_from_two_colleagues(database, made, launched):
    other = await making.somebody(database, made.id, Role.COORDINATOR, name="Other")
    found = await asyncio.gather(*(upload(database, one, launched) for one in (made.coordinator, other)))
    assert len(set(found)) == 1 and await count(database, made) == 1


async def test_a_colleague_of_one_office_is_not_shown_the_file_of_another(database, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Tuzla", time_zone="UTC")
    local = await making.somebody(database, made.id, Role.COORDINATOR, name="Lana", office_id=office.id)
    await upload(database, made.coordinator, launched)
    with pytest.raises(rules.FileOpen):
        await upload(database, local, launched)


async def test_given_up_while_uploaded_again(database, made, launched):
    by = made.coordinator

    async def give_up(import_id):
        async with database.tenant_session(by.context()) as session:
            await imports.discard(session, by, import_id)

    for _ in range(ROUNDS):
        first = await upload(database, by, launched)
        again, _nothing = await asyncio.gather(upload(database, by, launched), give_up(first))
        await give_up(again)
