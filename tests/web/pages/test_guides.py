"""Guides of interviews: the usual ones, a programme's own, beside the record; and the paper for a talk."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from tenants.programmes import guides
from tenants.programmes.guide_starters import PROCESS, STARTERS
from tenants.registration.appointments import arranging, rules
from tests import interviewing, making
from tests.interviewing import Desk

DREAM = "What is your dream now?"


@pytest.fixture
async def at(ground) -> Desk:
    return await interviewing.desk(ground)


@pytest.fixture
async def petra(database, browse, at):
    return await making.signed_in(database, browse, at.made, at.petra)


@pytest.fixture
async def selma(database, browse, at):
    return await making.signed_in(database, browse, at.made, at.selma)


def words(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf))
    assert "/StructTreeRoot" in reader.trailer["/Root"] and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


async def test_every_role_has_its_sections_and_questions_in_three_languages(at):
    # K17, K18
    sections = {role: list(dict.fromkeys(one[1] for one in asked)) for role, asked in STARTERS.items()}
    assert sections["mentee"] == [
        "welcome", "professional", "personal", "networks", "vision", "match", "others", "next_steps",
    ]  # fmt: skip
    assert sections["mentor"] == [
        "welcome", "motivation", "professional", "personal", "networks", "match", "others", "questions", "next_steps",
    ]  # fmt: skip
    assert [len(STARTERS[role]) for role in ("mentee", "mentor")] == [31, 22]
    async with at.session(at.petra) as session:
        for role, asked in STARTERS.items():
            found = await guides.guide(session, at.petra, at.launched.programme.id, role)
            assert [one.key for one in found.questions] == [key for key, _section, _text in asked]
            assert all(set(one.text) == {"en", "fr", "ar"} for one in found.questions)
            assert all(len(set(one.text.values())) == 3 for one in found.questions)
    assert len(PROCESS) == 11  # K25


async def test_a_manager_orders_hides_writes_and_adds_questions_in_a_language(at, petra, selma):
    # K16
    path = f"/a/programmes/{at.launched.programme.id}"
    shown = await petra.get(path)
    assert f"{path}/guide/mentee" in shown.html
    page = await petra.get(f"{path}/guide/mentee")
    assert "The guide asks 31 questions" in page.text and "These are the usual questions" in page.text
    asked = [key for key, _section, _text in STARTERS["mentee"] if key != "dream_before"]
    saved = await page.submit(
        f"{path}/guide/mentee", asked=asked, t_dream_now="What do you dream of today?", n_five_years="1",
        new_vision="Who dreams with you?",
    )  # fmt: skip
    assert "The guide is saved" in saved.text and "The guide asks 31 questions" in saved.text
    async with at.session(at.petra) as session:
        found = await guides.guide(session, at.petra, at.launched.programme.id, "mentee")
    vision = [one for one in found.questions if one.section == "vision"]
    assert [one.key for one in vision][:2] == ["dream_before", "five_years"] and vision[0].is_hidden
    assert vision[-1].text == {"en": "Who dreams with you?"}
    changed = next(one for one in vision if one.key == "dream_now")
    assert changed.text["en"] == "What do you dream of today?" and set(changed.text) == {"en", "fr", "ar"}

    # Another window, with the guide as it was: nothing is lost silently.
    late = await page.submit(f"{path}/guide/mentee", t_dream_now="Late")
    assert "Somebody else has changed this guide meanwhile" in late.text
    long = await saved.submit(f"{path}/guide/mentee", asked=asked, t_dream_now="x" * 401)
    assert long.status == 422 and "at most 400 characters" in long.text
    french = await petra.get(f"{path}/guide/mentee?in=fr")
    assert 'placeholder="Who dreams with you?"' in french.html
    assert (await petra.get(f"{path}/guide/nobody")).status == 404
    # A coordinator reads it, and does not change it.
    read = await selma.get(f"{path}/guide/mentee")
    assert "What do you dream of today?" in read.text and "Save the guide" not in read.text
    again = await saved.submit(f"{path}/guide/mentee", asked=asked, step="anew")
    assert "asks the usual questions again" in again.text and DREAM in again.html


async def _typed(browser, at):
    listed = await browser.get(f"/c/people/{at.mirela.person_id}/interviews")
    closed = await listed.submit(f"/c/people/{at.mirela.person_id}/interviews")
    return await browser.get(f"{closed.path}/write")


async def test_the_talk_is_written_down_question_by_question_and_sealed_with_the_record(at, selma):
    # K16, K19, K20, K24, K25
    form = await _typed(selma, at)
    assert form.html.index("How long have you lived here") < form.html.index(DREAM)
    assert "What stands in the registration" in form.text and "In sum: Visions" in form.text
    assert "Say before you start" in form.text and "Feedback from the first meeting" in form.text
    assert len(form.html.encode()) <= 50_000
    kept = await form.submit(
        "/interviews/", a_dream_now="To lead a shift <again>", visions="She will.", step="draft",
        **{"q_vision.1": "Who would be proud?", "a_vision.1": "Her sister."},
    )  # fmt: skip
    assert kept.status == 200 and 'name="q_vision.2"' in kept.html and "Who would be proud?" in kept.html
    long = await kept.submit("/interviews/", a_dream_now="x" * 2_001, step="seal")
    assert long.status == 422 and "Her sister." in long.html
    assert "at most 2,000 characters" in long.text
    note = await kept.submit("/interviews/", explained=["her_needs"], step="seal")
    opened = await note.submit(note.path)
    for said in (DREAM, "To lead a shift <again>", "Who would be proud?", "Her sister.", "She will.",
                 "A match follows her needs"):  # fmt: skip
        assert said in opened.text, said
    again = await (await selma.get(note.path)).submit(f"{note.path}/write")
    assert (
        "To lead a shift &lt;again&gt;</textarea>" in again.html
        and 'value="Who would be proud?"' in again.html
    )
    async with at.session(at.made.house) as session:
        everything = str((await session.execute(text("SELECT * FROM audit_event"))).all())
        everything += str((await session.execute(text("SELECT * FROM sealed_note"))).all())
    assert "sister" not in everything and "lead a shift" not in everything


async def test_an_answer_stays_when_its_question_leaves_the_guide(at, selma):
    form = await _typed(selma, at)
    note = await form.submit("/interviews/", a_dream_now="To lead a shift", step="seal")
    async with at.session(at.petra) as session:
        found = await guides.guide(session, at.petra, at.launched.programme.id, "mentee")
        others = [one for one in found.questions if one.key != "dream_now"]
        await guides.save(session, at.petra, at.launched.programme.id, "mentee", others, version=0)
    again = await (await selma.get(note.path)).submit(f"{note.path}/write")
    assert f'value="{DREAM}"' in again.html and "To lead a shift</textarea>" in again.html
    resealed = await again.submit("/interviews/", step="seal")
    opened = await resealed.submit(resealed.path)
    assert DREAM in opened.text and "To lead a shift" in opened.text


async def test_an_answer_stays_when_its_question_leaves_the_guide_while_she_writes(at, selma):
    form = await _typed(selma, at)
    async with at.session(at.petra) as session:
        found = await guides.guide(session, at.petra, at.launched.programme.id, "mentee")
        others = [one for one in found.questions if one.key != "dream_now"]
        await guides.save(session, at.petra, at.launched.programme.id, "mentee", others, version=0)
    note = await form.submit("/interviews/", a_dream_now="To lead a shift", step="seal")
    assert "To lead a shift" in (await note.submit(note.path)).text


async def test_a_guide_can_be_saved_after_a_language_was_given_up(at):
    programme_id = at.launched.programme.id
    async with at.session(at.petra) as session:
        found = await guides.guide(session, at.petra, programme_id, "mentee")
        await guides.save(session, at.petra, programme_id, "mentee", found.questions, version=0)
        await session.execute(text("UPDATE programme SET languages = '[\"en\"]'"))
        session.expire_all()
        again = await guides.guide(session, at.petra, programme_id, "mentee")
        assert (
            await guides.save(session, at.petra, programme_id, "mentee", again.questions, version=1)
        ).version == 2


async def test_the_pack_is_one_paper_in_the_language_of_the_talk_without_anything_confidential(
    at, selma, browse, database
):
    # K23
    note = await at.write({"personal": "Her uncle forbids it."})
    assert note.is_there
    async with at.session(at.selma) as session:
        await session.execute(
            text("UPDATE participation SET excluded_emails = :one, note = 'Careful' WHERE id = :id"),
            {"one": '["uncle@example.org"]', "id": at.mirela.id},
        )
    person = await selma.get(f"/c/people/{at.mirela.person_id}")
    address = f"/c/people/{at.mirela.person_id}/pack?participation={at.mirela.id}"
    assert address in person.html, re.findall("href=.[^>]*pack[^>]*", person.html)
    answer = await selma.client.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    told = words(answer.content)
    for said in ("Interview guide", DREAM, "A match follows her needs", "Profile", "+45 70 12 34 56", "Mirela",
                 "How to reach us", "Cora Coordinator", "Mentoring agreement", "gifts", "Activity plan",
                 "Dream or goal", "You meet a woman who knows the way", "Feedback from the first meeting"):  # fmt: skip
        assert said in told, said
    for hidden in ("uncle", "Careful", "forbids"):
        assert hidden not in told, hidden
    async with at.session(at.petra) as session:
        await session.execute(text("UPDATE participation SET interviewed_on = NULL"))
        await arranging.arrange(
            session, at.selma, {at.mirela.id: _soon()}, zone="UTC", details=rules.details(45, "Obala 4", None),
            language="fr",
        )  # fmt: skip
    french = words((await selma.client.get(address)).content)
    assert "Obala 4" in french and DREAM not in french and "rêve" in french
    arabic = PdfReader(io.BytesIO((await selma.client.get(f"{address}&in=ar")).content))
    assert arabic.trailer["/Root"]["/Lang"] == "ar" and len(arabic.pages) > 3
    other = await at.joins()
    crossed = f"/c/people/{at.mirela.person_id}/pack?participation={other.id}"
    assert (await selma.get(crossed)).status == 404
    herself = await making.signed_in(database, browse, at.made, at.participant(at.mirela.person_id))
    assert (await herself.get(address)).status == 403


def _soon() -> str:
    from infra import clock

    return rules.wall_of(clock.now() + rules.AHEAD / 30, "UTC")
