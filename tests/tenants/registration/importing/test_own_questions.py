"""A roster whose columns answer questions of the programme's own."""

import pytest
from sqlalchemy import select

from infra.ground import Ground
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes import question_rules, questions
from tenants.programmes.question_rules import Option, Shape, Words
from tenants.registration import profiles
from tenants.registration.importing import words
from tenants.registration.models import Participation
from tests import making
from tests.browsing import Browser
from tests.tenants.registration.importing.desk import Desk, desk
from tests.tenants.registration.roster.books import HEADER

HEADERS = (*HEADER, "DIVERS : aimez-vous voyager ?", "How many children?", "Which days?")


@pytest.fixture
async def at(ground: Ground) -> Desk:
    return await desk(ground)


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
    id = await at.people(
        ("Ana Ilić", "ana@example.org", "Mentor", "OUI", "2", "fridays, Mondays"),
        ("Bea Kovač", "bea@example.org", "Mentee", "yes, a lot", "many", "Mondays; Sundays"),
        ("Cia Marić", "cia@example.org", "Mentee", "Non", "", ""),
        header=HEADERS,
    )
    found = await at.of(id)
    told = [words.assumption(one["code"], one["facts"]) for one in found.reading["found"]["assumptions"]]
    assert "Column D answers a question of the programme: DIVERS : aimez-vous voyager ?" in told
    assert any("In column E some cells are no answer" in one and "Rows: 3." in one for one in told)
    browser: Browser = await making.signed_in(database, browse, at.made, at.actor)
    assert (
        "Column F answers a question of the programme: Which days?"
        in (await browser.get(f"/c/import/{id}")).text
    )

    await at.commit(id)
    ana, bea, cia = await parts(at)
    assert ana.answers == {travel.key: yes, children.key: 2, days.key: [friday, monday]}
    assert (bea.answers, cia.answers) == ({travel.key: yes}, {travel.key: no})

    # What she says herself stays; the next roster fills what is open.
    herself = making.person(at.made.id, ana.person_id, frozenset({Role.PARTICIPANT}))
    async with at.ground.database.tenant_session(herself.context()) as session:
        await profiles.change_answers(session, herself, ana.id, {travel.key: no, children.key: None})
    row = ("Ana Ilić", "ana@example.org", "Mentor", "Oui", "3", "Mondays")
    again = await at.people(row, header=HEADERS)
    await at.choose(again, groups={"already_here": "update"})
    await at.commit(again)
    ana = (await parts(at))[0]
    assert ana.answers == {travel.key: no, children.key: 3, days.key: [friday, monday]}


async def parts(at: Desk) -> list[Participation]:
    """By the names of the people."""
    async with at.ground.database.tenant_session(at.actor.context()) as session:
        query = select(Participation).join(Person, Person.id == Participation.person_id)
        return list((await session.execute(query.order_by(Person.full_name))).scalars())
