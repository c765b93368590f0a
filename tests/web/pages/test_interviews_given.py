"""Who lets whom read a confidential note, by the pages: grants, emergencies, debriefs, a pair, and the interviewee's question."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from infra import clock, ids
from tenants.actor import person
from tenants.permissions import Role
from tests import interviewing, making
from tests.attacks.test_hostile_text import MARKUP
from tests.interviewing import WORDS, Desk

SAID = "Her uncle forbids it <b>"


@pytest.fixture
async def at(ground) -> Desk:
    return await interviewing.desk(ground)


@pytest.fixture
async def selma(database, browse, at):
    return await making.signed_in(database, browse, at.made, at.selma)


async def test_interviewee_asks_who_has_read(at, database, browse, selma):
    # N09, N14
    note = await at.write()
    await at.read(at.selma, note.id)
    actor = person(at.made.id, at.mirela.person_id, frozenset({Role.PARTICIPANT}))
    mirela = await making.signed_in(database, browse, at.made, actor)
    assert "Who has read about your interview" in (await mirela.get("/me")).text
    page = await mirela.get("/me/interviews")
    assert "Cora Coordinator" in page.text and "Coordinator" in page.text
    assert WORDS["personal"] not in page.text
    assert len(page.html.encode()) <= 14 * 1024 and "<script" not in page.html
    for path in (f"/c/interviews/{note.id}", f"/c/interviews/{ids.new()}", "/c/emergencies"):
        assert (await mirela.get(path)).status == 403


async def test_grant_is_given_used_and_ended_by_pages(at, database, browse, selma):
    note = await at.write()
    tamar = await making.signed_in(database, browse, at.made, at.tamar)
    before = await tamar.get(f"/c/interviews/{note.id}")
    assert "Closed to you" in before.text and "Open the note" not in before.text
    closed = await selma.get(f"/c/interviews/{note.id}")
    empty = await closed.submit(f"{closed.path}/grants", person_id="", purpose="", days="9" * 5_000)
    assert empty.status == 422 and "Choose somebody who may read" in empty.text
    given = await empty.submit(
        f"{closed.path}/grants", person_id=str(at.tamar.person_id), purpose="support", days="7"
    )
    assert "Tamar Beridze" in given.text
    now = await tamar.get(f"/c/interviews/{note.id}")
    opened = await now.submit(now.path)
    assert WORDS["personal"] in opened.text
    ended = await given.submit(f"{closed.path}/grants/")
    assert "no longer" in ended.text
    assert "Closed to you" in (await tamar.get(f"/c/interviews/{note.id}")).text


async def test_emergency_goes_through_pages_from_question_to_the_end(at, database, browse):
    note = await at.write()
    tamar = await making.signed_in(database, browse, at.made, at.tamar)
    dana = await making.signed_in(database, browse, at.made, at.dana)
    closed = await tamar.get(f"/c/interviews/{note.id}")
    for hostile in (f"<{MARKUP}> " * 3, "\0 is no reason that one could keep"):
        tried = await closed.submit(f"{closed.path}/emergency", reason=hostile)
        assert tried.status in (200, 422) and f"<{MARKUP}" not in tried.html
        await _no_emergency(at)
    short = await closed.submit(f"{closed.path}/emergency", reason="now!")
    assert short.status == 422 and "whole sentence" in short.text
    asked = await short.submit(f"{closed.path}/emergency", reason="She is missing, and Selma is away.")
    assert asked.path.startswith("/c/emergencies/") and "Waits for a decision" in asked.text
    assert "Open it for an hour" not in asked.text
    listed = await dana.get("/")
    assert listed.path == "/c/emergencies" and "Tamar Beridze asks" in listed.text
    decided = await (await dana.get(asked.path)).submit(f"{asked.path}/open")
    assert "Open now" in decided.text
    assert WORDS["personal"] not in decided.text
    opened = await (await tamar.get(f"/c/interviews/{note.id}")).submit(f"/c/interviews/{note.id}")
    assert WORDS["personal"] in opened.text
    selma = await making.signed_in(database, browse, at.made, at.selma)
    assert "A note was opened in an emergency: see why" in (await selma.get("/c/today")).text
    told = await selma.get(asked.path)
    assert "She is missing" in told.text and "Dana Data" in told.text
    assert "see why" not in (await selma.get("/c/today")).text
    other = await making.organisation(database)
    stranger = await making.signed_in(database, browse, other, other.owner)
    assert (await stranger.get(asked.path)).status == 404


async def _no_emergency(at):
    async with at.session(at.made.house) as session:
        await session.execute(text("DELETE FROM note_emergency"))
        await session.execute(text("DELETE FROM task WHERE kind = 'note.emergency'"))


async def test_pair_shares_a_note_and_releases_it_together(database, browse, stage):
    # N10
    two = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    made = stage.made
    pair = (await stage.pair(*two)).id
    people = [person(made.id, one.person_id, frozenset({Role.PARTICIPANT})) for one in two]
    mentor, mentee = [await making.signed_in(database, browse, made, one) for one in people]
    cora = await making.signed_in(database, browse, made, made.coordinator)
    assert f"/me/pair/{pair}/notes" in (await mentee.get(f"/me/pair/{pair}")).html
    page = await mentee.get(f"/me/pair/{pair}/notes")
    assert len(page.html.encode()) <= 14 * 1024 and "<script" not in page.html
    empty = await page.submit(f"/me/pair/{pair}/notes", shared=" ")
    assert empty.status == 422
    once = await page.submit(f"/me/pair/{pair}/notes", shared=SAID)
    twice = await page.submit(f"/me/pair/{pair}/notes", shared=SAID)
    assert (once.status, twice.status) == (200, 200), twice.text
    assert twice.html.count('href="/me/notes/') == 1
    note = once.html.partition('href="/me/notes/')[2].partition('"')[0]
    theirs = await mentor.get(f"/me/notes/{note}")
    assert "forbids" in (await theirs.submit(theirs.path)).text
    assert (await cora.get(f"/c/interviews/{note}")).status == 404
    asked = await theirs.submit(f"{theirs.path}/release", reader_id=str(made.coordinator.person_id))
    assert "has not said yes" in asked.text
    assert (await cora.get(f"/c/interviews/{note}")).status == 404
    hers = await mentee.get(f"/me/notes/{note}")
    agreed = await hers.submit(f"{hers.path}/release/")
    assert "You both agree" in agreed.text
    closed = await cora.get(f"/c/interviews/{note}")
    assert "forbids" in (await closed.submit(closed.path)).text
    await agreed.submit(f"{hers.path}/release/")
    assert (await cora.get(f"/c/interviews/{note}")).status == 404
    outsider = await making.signed_in(
        database, browse, made, await making.somebody(database, made.id, Role.PARTICIPANT)
    )
    assert (await outsider.get(f"/me/notes/{note}")).status == 404
    assert (await outsider.get(f"/me/pair/{pair}/notes")).status == 404


async def test_debrief_and_last_day_are_set_on_the_page(at, database, browse, selma):
    # K22
    note = await at.write()
    closed = await selma.get(f"/c/interviews/{note.id}")
    form = await closed.submit(f"{closed.path}/debrief", with_id=str(at.tamar.person_id))
    assert "for you and Tamar Beridze alone" in form.text
    sealed = await form.submit("/interviews/", debrief="I could not sleep.", step="seal")
    assert "Debrief after the interview" in sealed.text and "Let a colleague" not in sealed.text
    tamar = await making.signed_in(database, browse, at.made, at.tamar)
    assert "Debrief" in (await tamar.get(f"/c/people/{at.mirela.person_id}/interviews")).text
    hers = await tamar.get(sealed.path)
    assert "I could not sleep." in (await hers.submit(hers.path)).text
    petra = await making.signed_in(database, browse, at.made, at.petra)
    assert (await petra.get(sealed.path)).status == 404
    wrong = await closed.submit(f"{closed.path}/kept", destroy_on="2000-01-01")
    assert wrong.status == 422 and "within three years" in wrong.text
    day = (clock.now() + timedelta(days=60)).date()
    kept = await wrong.submit(f"{closed.path}/kept", destroy_on=day.isoformat())
    assert "It is destroyed on" in kept.text
