"""The pages of confidential notes, as a coordinator and an interviewee use them."""

import re
from uuid import UUID

import pytest
from sqlalchemy import text

from infra import ids
from infra.keys.errors import KeyServiceUnavailable
from infra.keys.house import KeyHouse
from tests import interviewing, making
from tests.attacks.test_hostile_text import INVISIBLE, MARKUP, NAMES
from tests.interviewing import Desk
from tests.isolation import canaries

SAID = "Her uncle forbids it <b>"


@pytest.fixture
async def at(ground) -> Desk:
    return await interviewing.desk(ground)


@pytest.fixture
async def selma(database, browse, at):
    return await making.signed_in(database, browse, at.made, at.selma)


async def _typed(browser, at):
    """The form of a new record, opened by the way that a coordinator goes."""
    person = await browser.get(f"/c/people/{at.mirela.person_id}")
    assert "Confidential notes of interviews" in person.text
    listed = await browser.get(f"/c/people/{at.mirela.person_id}/interviews")
    closed = await listed.submit(f"/c/people/{at.mirela.person_id}/interviews")
    return await browser.get(f"{closed.path}/write")


async def test_record_is_written_sealed_and_read(at, selma):
    # K19, K21, K24
    form = await _typed(selma, at)
    assert "Knowledge of the mentor network" in form.text and "Referral" in form.text
    saved = await form.submit(
        "/interviews/", personal=SAID, referral="Legal aid", explained=["readers"], step="seal"
    )
    assert re.fullmatch(r"/c/interviews/[0-9a-f-]{36}", saved.path), saved.path
    assert "forbids" not in saved.text
    opened = await saved.submit(saved.path)
    assert "Her uncle forbids it &lt;b&gt;" in opened.html and "Legal aid" in opened.text
    assert "Her notes are sealed" in opened.text and "no-store" in opened.response.headers["cache-control"]
    person = await selma.get(f"/c/people/{at.mirela.person_id}")
    assert "held on" in person.text
    assert "Raise what you noted as a referral" in (await selma.get("/c/today")).text
    async with at.session(at.made.house) as session:
        everything = str((await session.execute(text("SELECT * FROM audit_event"))).all())
        everything += str((await session.execute(text("SELECT * FROM task"))).all())
    assert "forbids" not in everything and "Legal aid" not in everything


async def test_draft_comes_back_and_nothing_typed_is_lost(at, selma):
    form = await _typed(selma, at)
    kept = await form.submit("/interviews/", personal=SAID, step="draft")
    assert kept.status == 200 and "Draft saved and sealed" in kept.text and "Her uncle forbids" in kept.html
    wrong = await kept.submit("/interviews/", personal=SAID, held_on="2999-01-01", step="seal")
    assert wrong.status == 422 and "Her uncle forbids" in wrong.html
    closed = await selma.get(wrong.path.replace("/interviews/", "/c/interviews/").removesuffix("/save"))
    assert "A draft, sealed" in closed.text and "forbids" not in closed.text
    again = await closed.submit(f"{closed.path}/write")
    assert "Her uncle forbids it &lt;b&gt;</textarea>" in again.html


async def test_second_window_is_told_and_loses_nothing(at, selma):
    first = await _typed(selma, at)
    second = await selma.get(first.path)
    await first.submit("/interviews/", personal="From the first window", step="draft")
    told = await second.submit("/interviews/", personal="From the second window", step="draft")
    assert told.status == 409
    assert "saved in another window" in told.text and "From the second window" in told.html
    now = await told.submit("/interviews/", personal="From the second window", step="draft")
    assert now.status == 200


async def test_doubled_click_saves_once(at, selma):
    form = await _typed(selma, at)
    one = await form.submit("/interviews/", personal=SAID, step="seal")
    two = await form.submit("/interviews/", personal=SAID, step="seal")
    assert one.path == two.path
    listed = await selma.get(f"/c/people/{at.mirela.person_id}/interviews")
    assert "One confidential note" in listed.text


async def test_typed_text_survives_the_end_of_the_session(at, selma, database, browse):
    form = await _typed(selma, at)
    async with at.session(at.made.house) as session:
        await session.execute(text("UPDATE session SET ended_at = now()"))
    lost = await form.submit("/interviews/", personal=SAID, step="seal")
    assert lost.status == 401
    assert "not saved yet" in lost.text and "Her uncle forbids it &lt;b&gt;</textarea>" in lost.html
    again = await making.signed_in(database, browse, at.made, at.selma)
    selma.sign_in(again.client.cookies["__Host-session"])
    first = await lost.submit("/interviews/")
    assert first.status == 401 and "press the button once more" in first.text
    saved = await first.submit("/interviews/")
    assert saved.path.startswith("/c/interviews/"), saved.text


async def test_form_of_another_site_brings_no_words_into_ours(at, selma):
    form = await _typed(selma, at)
    answer = await selma.client.post(
        form.path.replace("/c/", "/").removesuffix("/write") + "/save",
        data={"personal": SAID, "csrf": "forged"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403 and "forbids" not in answer.text


async def test_key_service_away_closes_notes_and_nothing_else(at, selma, monkeypatch):
    note = await at.write()
    form = await _typed(selma, at)

    async def away(*_args, **_more):
        raise KeyServiceUnavailable(found="database")

    monkeypatch.setattr(KeyHouse, "_unsealed", away)
    monkeypatch.setattr(KeyHouse, "seal", away)
    closed = await selma.get(f"/c/interviews/{note.id}")
    refused = await closed.submit(closed.path)
    assert refused.status == 503 and "patient" not in refused.text
    assert "cannot be opened or sealed at this moment" in refused.text
    [read, shut] = await at.trail("note.read", "sealed.unopened")
    assert (shut.object_id, shut.details["found"], read.object_id) == (note.id, "database", note.id)
    kept = await form.submit("/interviews/", personal=SAID, step="draft")
    assert kept.status == 503 and "Her uncle forbids" in kept.html
    assert (await selma.get("/c/today")).status == 200
    assert (await selma.get(f"/c/people/{at.mirela.person_id}")).status == 200


async def test_tampered_note_is_an_error_an_event_and_no_text(at, selma, servers):
    note = await at.write()
    with canaries.superuser(servers) as connection:
        connection.execute(
            text(
                "UPDATE sealed_note SET words = set_byte(words, 120, get_byte(words, 120) # 1) WHERE note_id = :id"
            ),
            {"id": note.id},
        )
    closed = await selma.get(f"/c/interviews/{note.id}")
    refused = await closed.submit(closed.path)
    assert refused.status == 500 and "not what was sealed" in refused.text and "patient" not in refused.text
    [read, alarm] = await at.trail("note.read", "sealed.changed")
    assert (alarm.object_id, alarm.details["severity"]) == (note.id, "alert")
    assert (read.object_id, read.person_id) == (note.id, at.selma.person_id)


async def test_other_organisation_and_other_roles_find_nothing(at, database, browse):
    note = await at.write()
    other = await making.organisation(database)
    for made, actor in ((other, other.coordinator), (at.made, at.made.owner), (at.made, at.dana)):
        browser = await making.signed_in(database, browse, made, actor)
        for path in (f"/c/interviews/{note.id}", f"/c/interviews/{note.id}/write"):
            foreign, unknown = (
                await browser.get(path),
                await browser.get(path.replace(str(note.id), str(ids.new()))),
            )
            assert (foreign.status, foreign.text) == (unknown.status, unknown.text)
            assert foreign.status in (403, 404)


async def test_stale_proof_leads_over_the_step_up_and_back(at, selma):
    note = await at.write()
    closed = await selma.get(f"/c/interviews/{note.id}")
    async with at.session(at.made.house) as session:
        await session.execute(text("UPDATE session SET verified_at = now() - interval '16 minutes'"))
    asked = await closed.submit(closed.path)
    assert asked.path.startswith("/step-up") and "patient" not in asked.text
    assert await at.trail("note.read") == []
    form = await _typed(selma, at)
    saved = await form.submit("/interviews/", personal=SAID, step="seal")
    assert "saved and sealed" in saved.text  # saving asks for no proof


async def test_hostile_words_come_back_as_they_were_typed_and_as_text(at, selma):
    form = await _typed(selma, at)
    typed = "\n".join((*NAMES, *INVISIBLE, "\0", "end"))
    kept = await form.submit("/interviews/", personal=typed, others="x" * 10_001, step="seal")
    assert kept.status == 422 and f"<{MARKUP}" not in kept.html
    sealed = await kept.submit(
        "/interviews/", personal=typed, others="", explained=["readers", NAMES[0]], step="seal"
    )
    note_id = UUID(sealed.path.rpartition("/")[2])
    opened = await sealed.submit(sealed.path)
    assert f"<{MARKUP}" not in opened.html and "DROP TABLE person" in opened.text
    read = await at.read(at.selma, note_id)
    assert read["personal"] == typed.replace("\r\n", "\n").strip()
