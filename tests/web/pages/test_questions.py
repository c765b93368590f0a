"""What a programme asks in its own words, from the page on which it is written to those on which it is answered."""

import asyncio
import re

import pytest
from sqlalchemy import select

from infra import ids, language
from infra.db.base import metadata
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.privacy import gathering, telling
from tenants.programmes import queries, questions
from tenants.programmes import question_rules as rules
from tenants.registration import queries as registration
from tests import making
from tests.web.pages.applying import answer_all, begin

CHILDREN = {
    "label_en": "Do you  look after children?",
    "label_fr": "Avez-vous des enfants ?",
    "o_new0_en": "Yes, small ones",
    "o_new1_en": "Yes, grown ones",
    "o_new2_en": "No",
    "o_new2_fr": "Non",
}
PHONE_BYTES = 14 * 1024


@pytest.fixture
def at(launched):
    return f"/a/programmes/{launched.programme.id}/questions"


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def desk(database, made, browse):
    return await making.signed_in(database, browse, made, made.coordinator)


@pytest.fixture
async def her(database, made, launched):
    return await making.participation(database, made, launched)


@pytest.fixture
async def own(database, made, browse, her):
    return await making.signed_in(
        database, browse, made, person(made.id, her.person_id, frozenset({Role.PARTICIPANT}))
    )


async def every(database, made, launched):
    async with database.tenant_session(made.house.context()) as session:
        return {one.key: one for one in await queries.every_question(session, launched.programme.id)}


async def answered(database, made, her):
    async with database.tenant_session(made.house.context()) as session:
        return (await registration.own_participation(session, her.id)).answers


async def write(owner, at, shape="choice", **others):
    """A question of the programme's own; returns its page and its key."""
    page = await owner.get(f"{at}/new?shape={shape}")
    page = await page.submit(f"{at}/new", **(CHILDREN if shape == "choice" else {}) | others)
    return page, page.path.rpartition("/")[2]


def values(page) -> list[str]:
    return [
        field.value for field in page.form().fields if field.name == "row" and field.value.startswith("o_")
    ]


async def test_a_question_is_written_asked_answered_and_read(
    database, made, launched, at, owner, desk, her, own, browse
):  # K05
    page = await owner.get(at)
    assert "It asks 11 questions" in page.text
    assert "A scale of five steps" in (await owner.get(f"{at}/new")).text
    form = await owner.get(f"{at}/new?shape=choice")
    # Clicked twice, at the same moment.
    page, again = await asyncio.gather(*(form.submit(f"{at}/new", **CHILDREN) for _click in range(2)))
    assert page.status == again.status == 200 and page.path == again.path
    key = page.path.rpartition("/")[2]
    asked = await every(database, made, launched)
    assert len(asked) == 12 and asked[key].label == {
        "en": "Do you look after children?",
        "fr": "Avez-vous des enfants ?",
    }
    assert not asked[key].is_obligatory and "Some of its words are missing in French and Arabic" in page.text
    # As it stands on a telephone, in the language that is asked for.
    assert 'class="phone stack" lang="en" dir="ltr"' in page.html and "Yes, small ones" in page.text
    arabic = await owner.get(f"{page.path}?in=ar")
    shown = arabic.html[arabic.html.index('class="phone') :]
    assert 'lang="ar" dir="rtl"' in shown and "Do you look after children?" in shown and "متابعة" in shown

    # Whoever registers is asked it last; who had registered finds it among her answers, marked as new.
    guest = browse(made.host)
    checked, path = await answer_all(await begin(guest), **{key: {key: values(page)[0]}})
    assert path[-1] == key and "Yes, small ones" in checked.text
    mine = await own.get("/me/answers")
    assert mine.text.count("newly asked") == 1
    asking = await own.get(f"/me/answers/{her.id}?question={key}")
    assert len(asking.response.content) < PHONE_BYTES
    mine = await asking.submit(f"/me/answers/{her.id}", **{key: values(page)[2]})
    assert "newly asked" not in mine.text and "No" in mine.text

    # Coordinators read it on her record, with her answers, in the pack; a second one registers with it.
    record = await desk.get(f"/c/people/{her.person_id}")
    assert "What else was answered" in record.text and "Do you look after children? No" in record.text
    assert "Yes, small ones" in (await desk.get(f"/c/people/{her.person_id}/answers/{her.id}")).text
    assert "Yes, small ones" in (await desk.get("/c/register?role=mentee")).text
    async with database.tenant_session(made.house.context()) as session:
        herself = (await session.execute(select(Person).where(Person.id == her.person_id))).scalar_one()
        copy = await gathering.gather(session, metadata, herself)
        with language.use("fr"):
            told = str(telling.document(copy, organisation="X", made_at=herself.created_at))
        assert "Avez-vous des enfants" in told and "Non" in told
        assert copy.questions[key].options[2]["label"]["fr"] == "Non"
        events = await session.scalars(
            select(AuditEvent).where(AuditEvent.event == "questions.changed").order_by(AuditEvent.id)
        )
        assert {"key": key, "what": "added"} in [one.details for one in events]


WRONG = (
    ({"label_en": " "}, "label_en", "Write this in the first language"),
    ({"label_en": "x" * 201}, "label_en", "200"),
    ({"o_new1_en": "yes,  SMALL ones"}, "o_new1_en", "Two answers say the same"),
    ({"o_new1_fr": "Non"}, "o_new2_fr", "Two answers say the same"),
    ({"o_new0_en": "", "o_new1_en": ""}, "o_new2_en", "at least two of them"),
    ({"o_new0_en": "", "o_new0_fr": "Oui"}, "o_new0_en", "Write this in the first language"),
)


async def test_what_cannot_be_asked_comes_back(database, made, launched, at, owner):
    for wrong, field, words in WRONG:
        page, _key = await write(owner, at, **wrong)
        assert page.status == 422 and words in page.text, wrong
        assert f'href="#f-{field}"' in page.html and f'id="f-{field}"' in page.html
        assert 'value="Avez-vous des enfants ?"' in page.html  # nothing that was written is lost
    page, _key = await write(owner, at, o_new0_en="")
    assert page.status == 200 and len(await every(database, made, launched)) == 12
    async with database.tenant_session(made.owner.context()) as session:
        for number in range(rules.MOST - 12):
            words = rules.Words({"en": f"Question {number}?"})
            await questions.add(
                session, made.owner, launched.programme.id, shape=rules.Shape.TEXT, words=words
            )
    full, _key = await write(owner, at)
    assert "A form asks at most 40 questions." in full.text
    assert len(await every(database, made, launched)) == rules.MOST


async def test_a_shape_brings_its_answers_and_a_fact_counts_for_a_match(
    database, made, launched, at, owner, her
):
    page, key = await write(owner, at, "yes_no", label_en="Do you drive?", needed="yes", asked_of="mentor")
    found = (await every(database, made, launched))[key]
    assert [one["label"] for one in found.options] == [
        {"en": "Yes", "fr": "Oui", "ar": "نعم"},
        {"en": "No", "fr": "Non", "ar": "لا"},
    ]
    assert (found.kind, found.is_obligatory, found.asked_of) == ("choice", True, "mentor")
    page, key = await write(owner, at, "scale", label_en="How much do you like to travel?")
    assert len((await every(database, made, launched))[key].options) == 5
    # The programme asks for the line of work already; the region nobody asks.
    page = await owner.get(f"{at}/new?shape=text")
    assert 'value="region"' in page.html and 'value="sector"' not in page.html
    page, key = await write(owner, at, "text", label_en="Where do you live?", fills="region")
    assert (await every(database, made, launched))[key].field == "region"
    assert "counts for a match" in page.text
    taken, _key = await write(owner, at, "text", label_en="And your region?", fills="region")
    assert taken.status == 422 and "asks for this already" in taken.text
    # Of essential questions everything but their words stays.
    page = await owner.get(f"{at}/topics_wanted")
    saved = await page.submit(f"{at}/topics_wanted", label_en="What shall we help with?", asked_of="mentor")
    assert "The question is saved" in saved.text
    wanted = (await every(database, made, launched))["topics_wanted"]
    assert (wanted.label["en"], wanted.asked_of) == ("What shall we help with?", "mentee")


async def test_an_answer_that_somebody_has_is_offered_no_more_and_never_lost(
    database, made, launched, at, owner, desk, her, own, browse
):
    page, key = await write(owner, at)
    small, grown, none = values(page)
    await (await own.get(f"/me/answers/{her.id}?question={key}")).submit(
        f"/me/answers/{her.id}", **{key: small}
    )
    page = await owner.get(f"{at}/{key}")
    assert "chosen by one person" in page.text
    saved = await page.submit(
        f"{at}/{key}", asked=[grown, none], n_new0="1", o_new0_en="Yes, several", **{f"o_{none}_en": "None"}
    )
    assert "The question is saved" in saved.text
    again = await page.submit(
        f"{at}/{key}", asked=[grown, none], n_new0="1", o_new0_en="Yes, several", **{f"o_{none}_en": "None"}
    )
    assert "The question is saved" in again.text  # a second click: nothing is there twice
    found = (await every(database, made, launched))[key]
    labels = [(one["label"]["en"], one.get("is_retired", False)) for one in found.options]
    assert labels == [
        ("Yes, several", False), ("Yes, grown ones", False), ("None", False), ("Yes, small ones", True),
    ]  # fmt: skip
    # She keeps it and may send it again; whoever comes now cannot choose it.
    assert "Yes, small ones" in (await own.get("/me/answers")).text
    kept = await (await own.get(f"/me/answers/{her.id}?question={key}")).submit(f"/me/answers/{her.id}")
    assert "Your answer is saved" in kept.text and (await answered(database, made, her))[key] == small
    address = f"/c/people/{her.person_id}/answers/{her.id}"
    assert "are saved" in (await (await desk.get(address)).submit(address)).text
    assert "Yes, small ones" not in (await desk.get("/c/register?role=mentee")).text
    late = await making.participation(database, made, launched, name="Late Comer", email="late@example.org")
    theirs = await making.signed_in(
        database, browse, made, person(made.id, late.person_id, frozenset({Role.PARTICIPANT}))
    )
    page = await theirs.get(f"/me/answers/{late.id}?question={key}")
    refused = await page.submit(f"/me/answers/{late.id}", **{key: small})
    assert refused.status == 422 and key not in await answered(database, made, late)


async def test_left_out_while_the_form_is_open_the_rest_is_kept_and_it_can_be_asked_again(
    database, made, launched, at, owner, desk, her, own, browse
):
    page, key = await write(owner, at)
    chosen = values(page)[0]
    guest = browse(made.host)
    _checked, path = await answer_all(await begin(guest), **{key: {key: chosen}})
    number = 1 + len(path) - path.count("ranking")  # her role was asked before
    open_form, open_own = (
        await guest.get(f"/apply/{number}"),
        await own.get(f"/me/answers/{her.id}?question={key}"),
    )
    address = f"/c/people/{her.person_id}/answers/{her.id}"
    open_desk = await desk.get(address)
    await open_own.submit(f"/me/answers/{her.id}", **{key: chosen})

    page = await page.submit(f"{at}/less")
    assert "It is asked no more. Answers that were given stay." in page.text
    assert "One question is asked no more" in page.text and "one answer is kept" in page.text

    gone = await open_form.submit("/apply", **{key: chosen})
    assert "This question is asked no more. Everything else that you wrote is kept." in gone.text
    assert gone.path.startswith("/apply/check") and "Wanjiru Kamau" in gone.text
    told = await open_own.submit(f"/me/answers/{her.id}", **{key: chosen})
    assert "This question is asked no more" in told.text and "children" not in told.text
    saved = await open_desk.submit(address, **{key: chosen, "phone": "+254 700 123456"})
    assert "One question is asked no more; what was written there now is not kept." in saved.text
    assert "children" not in saved.text and (await answered(database, made, her))[key] == chosen

    # A second click is no error, and with the question its answers are there again.
    owned = await owner.post(f"{at}/less", [("csrf", csrf(page)), ("key", key)])
    assert owned.status == 200 and "asked no more" in owned.text
    page = await (await owner.get(f"{at}/{key}")).submit(f"{at}/more")
    assert "It is asked from now on" in page.text
    assert "Yes, small ones" in (await own.get("/me/answers")).text


async def test_two_who_change_one_question_at_once(database, made, launched, at, owner, browse):
    page, key = await write(owner, at)
    other = await making.somebody(database, made.id, Role.PROGRAMME_MANAGER)
    theirs = await (await making.signed_in(database, browse, made, other)).get(f"{at}/{key}")
    first = await page.submit(f"{at}/{key}", label_en="Have you got children?", o_new0_en="I do not say")
    assert "The question is saved" in first.text
    second = await theirs.submit(f"{at}/{key}", label_en="Any children?", label_fr="Des enfants ?")
    assert second.status == 409 and "Somebody else has changed this question meanwhile" in second.text
    assert 'value="Any children?"' in second.html and "Have you got children?" in second.text
    assert (await every(database, made, launched))[key].label["en"] == "Have you got children?"
    # What she wrote is taken once she has seen it; the answer that the first one added stays offered.
    third = await second.submit(f"{at}/{key}")
    assert "The question is saved" in third.text
    found = (await every(database, made, launched))[key]
    assert found.label == {"en": "Any children?", "fr": "Des enfants ?"}
    assert [one["label"]["en"] for one in found.options if "is_retired" not in one][-1] == "I do not say"


async def test_questions_are_put_in_order_with_buttons(database, made, launched, at, owner):
    page = await owner.get(at)
    before = re.findall(r'id="q-(\w+)"', page.html)
    for _again in range(2):  # a second click moves it no further
        moved = await owner.post(f"{at}/place", [("csrf", csrf(page)), ("key", before[3]), ("at", "2")])
        assert "It is asked as number 2 now." in moved.text
        now = re.findall(r'id="q-(\w+)"', moved.html)
        assert now == [before[0], before[3], before[1], before[2], *before[4:]]
    last = await owner.post(f"{at}/place", [("csrf", csrf(page)), ("key", before[0]), ("at", "999")])
    assert re.findall(r'id="q-(\w+)"', last.html)[-1] == before[0]
    assert f"It is asked as number {len(before)} now." in last.text


async def test_only_managers_change_and_others_questions_are_not_there(
    database, made, launched, at, owner, desk
):
    other = await making.organisation(database)
    theirs = await making.programme(database, other, slug="theirs")
    _page, key = await write(owner, at)
    page = await desk.get(at)
    assert page.status == 200 and f"{at}/new" not in page.html and f'action="{at}' not in page.html
    assert 'class="phone' in (await desk.get(f"{at}/{key}")).html
    assert (await desk.get(f"{at}/new")).status == 403
    for path, sent in (
        ("/new", {"shape": "text", "label_en": "Mine?"}), (f"/{key}", {"label_en": "Mine?"}), ("/less", {"key": key}),
        ("/more", {"key": "source"}), ("/place", {"key": key, "at": "1"}), ("/needed", {"key": key}),
    ):  # fmt: skip
        refused = await desk.post(at + path, [("csrf", csrf(page)), *sent.items()])
        assert refused.status == 403, path
        page = await owner.get(at)
        for strange in (theirs.programme.id, ids.new()):
            elsewhere = f"/a/programmes/{strange}/questions{path}"
            assert (await owner.post(elsewhere, [("csrf", csrf(page)), *sent.items()])).status == 404, path
        page = await desk.get(at)
    for address in (f"{at}/nothing", f"/a/programmes/{theirs.programme.id}/questions/phone"):
        assert (await owner.get(address)).status == 404
    asked = await every(database, made, launched)
    assert asked[key].label["en"] == "Do you look after children?" and asked[key].is_asked


def csrf(page) -> str:
    return next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
