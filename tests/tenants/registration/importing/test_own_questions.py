"""A roster whose columns answer questions of the programme's own."""

import pytest
from sqlalchemy import select

from infra.ground import Ground
from tenants.people.models import Person
from tenants.programmes import question_rules, questions
from tenants.programmes.question_rules import Option, Shape, Words
from tenants.programmes.starters import StarterName
from tenants.registration.models import Participation
from tests import making
from tests.browsing import Browser
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER

HEADERS = (*HEADER, "DIVERS : aimez-vous voyager ?", "How many children?", "Which days?")


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await desk(ground, starter=StarterName.MENTOR_NETWORK)


async def ask(
    at: Desk, shape: Shape, label: dict[str, str], *options: dict[str, str]
) -> question_rules.Question:
    async with at.ground.database.tenant_session(at.made.owner.context()) as session:
        words = Words(label, options=[Option(one) for one in options])
        return await questions.add(session, at.made.owner, at.launched.programme.id, shape=shape, words=words)


async def test_columns_named_by_a_question_answer_it(at: Desk, database, browse) -> None:
    travel = await ask(
        at, Shape.CHOICE, {"en": "Do you like to travel?", "fr": "Divers: aimez-vous voyager?"},
        {"en": "Yes, a lot", "fr": "Oui"}, {"en": "No", "fr": "Non"},
    )  # fmt: skip
    children = await ask(at, Shape.NUMBER, {"en": "How many children?"})
    days = await ask(at, Shape.CHOICES, {"en": "Which days?"}, {"en": "Mondays"}, {"en": "Fridays"})
    yes, no = (one["value"] for one in travel.options)
    monday, friday = (one["value"] for one in days.options)
    # What Ana has said before stays; the roster fills what is open.
    await making.participation(
        database, at.made, at.launched, "mentor", name="Ana Ilić", email="ana@example.org", **{travel.key: no}
    )
    id = await at.people(
        ("Ana Ilić", "ana@example.org", "Mentor", "OUI", "2", "fridays, Mondays"),
        ("Bea Kovač", "bea@example.org", "Mentee", "yes, a lot", "many", "Mondays; Sundays"),
        ("Cia Marić", "cia@example.org", "Mentee", "Non", "", ""),
        header=HEADERS,
    )
    browser: Browser = await making.signed_in(database, browse, at.made, at.actor)
    shown = (await browser.get(f"/c/import/{id}")).text
    assert "Column D answers a question of the programme: DIVERS : aimez-vous voyager ?" in shown
    assert "In column E some cells are no answer to its question" in shown and "Rows: 3." in shown

    await at.choose(id, groups={"already_here": "update"})
    await at.commit(id)
    ana, bea, cia = await parts(at)
    assert ana.answers == {travel.key: no, children.key: 2, days.key: [friday, monday]}
    assert (bea.answers, cia.answers) == ({travel.key: yes}, {travel.key: no})


async def parts(at: Desk) -> list[Participation]:
    """By the names of the people."""
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        query = select(Participation).join(Person, Person.id == Participation.person_id)
        return list((await session.execute(query.order_by(Person.full_name))).scalars())


async def test_a_column_is_said_to_answer_a_question_and_a_wrong_cell_refuses_its_row(
    at: Desk, database, browse
) -> None:
    children = await ask(at, Shape.NUMBER, {"en": "How many children?", "fr": "Combien d’enfants ?"})
    days = await ask(at, Shape.CHOICES, {"en": "Which days?"}, {"en": "Mondays"}, {"en": "Fridays"})
    friday = days.options[1]["value"]
    id = await at.people(
        ("Ana Ilić", "ana@example.org", "Mentor", "2", "Fridays", "Mondays"),
        ("Bea Kovač", "bea@example.org", "Mentee", "a few", "", "Mondays"),
        header=(*HEADER, "Kids", "When", "Which days?"),
    )
    browser: Browser = await making.signed_in(database, browse, at.made, at.actor)
    page = await browser.get(f"/c/import/{id}/reading")
    held = {field.name: field.value for field in page.form(f"/c/import/{id}/columns").fields}
    assert (held["column-3"], held["column-4"], held["column-5"]) == ("", "", f"own:{days.key}")
    assert "How many children?" in page.text

    twice = await page.submit(
        f"/c/import/{id}/columns", **{"column-3": f"own:{days.key}", "column-5": f"own:{days.key}"}
    )
    assert twice.status == 422 and "Another column answers this question already." in twice.text
    unknown = await page.submit(f"/c/import/{id}/columns", **{"column-3": "own:nothing"})
    assert unknown.status == 422
    # One column takes the question from the one that is named by it.
    chosen = {"column-3": f"own:{children.key}", "column-4": f"own:{days.key}", "column-5": ""}
    await page.submit(f"/c/import/{id}/columns", **chosen)
    await at.work()
    shown = await browser.get(f"/c/import/{id}")
    assert "1 of 2 people are ready to import" in shown.text
    assert "Answers that do not fit your own questions" in shown.text
    row = await browser.get(f"/c/import/{id}/rows/3")
    assert "“a few” is no answer to the question “How many children?”." in row.text
    refused = (await browser.get(f"/c/import/{id}/refused.csv")).response.text
    assert "Kids: “a few” is no answer to the question “How many children?”." in refused

    await shown.submit(f"/c/import/{id}/choices", group="answers", decision="leave_out")
    await at.work()
    assert "2 of 2 people are ready to import" in (await browser.get(f"/c/import/{id}")).text
    await at.commit(id)
    ana, bea = await parts(at)
    assert ana.answers == {children.key: 2, days.key: [friday]}
    assert bea.answers == {}
