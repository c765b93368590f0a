"""Writing, debriefs, and the day on which a note is destroyed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from infra import clock, ids
from infra.errors import Invalid, NotFound
from infra.keys.errors import KeyDestroyed, KeyServiceUnavailable
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from tenants.interviews import actions, rules, sealing
from tenants.interviews.models import Note, SealedNote
from tenants.notifications.models import Task
from tests import making
from tests.interviewing import WORDS


async def _stored(at, actor, note_id):
    async with at.session(actor) as session:
        return await session.scalar(select(SealedNote.words).where(SealedNote.note_id == note_id))


async def test_what_is_stored_says_nothing_not_even_how_long_it_is(at):
    short = await at.write({"match": "Yes."})
    long = await at.write({"match": "No, " * 100}, participation_id=(await at.joins()).id)
    one, other = await _stored(at, at.selma, short.id), await _stored(at, at.selma, long.id)
    assert len(one) == len(other) and b"Yes." not in one


async def test_begun_twice_is_one_draft(at):
    async with at.session(at.selma) as session:
        first = await actions.begin(session, at.selma, at.mirela.id)
    async with at.session(at.selma) as session:
        assert await actions.begin(session, at.selma, at.mirela.id) == first
    async with at.session(at.tamar) as session:
        assert await actions.begin(session, at.tamar, at.mirela.id) != first


async def test_somebody_of_another_organisation_is_not_interviewed(at):
    other = await making.organisation(at.ground.database)
    for participation_id in (at.mirela.id, ids.new()):
        async with at.session(other.coordinator) as session:
            with pytest.raises(NotFound):
                await actions.begin(session, other.coordinator, participation_id)


async def test_saved_from_two_windows_is_no_silent_loss(at):
    window = ids.random()
    note = await at.write(is_final=False)
    with pytest.raises(rules.NoteChangedElsewhere):
        await at.save(note.id, {"match": "other"}, window=window, version=0)
    assert (await at.save(note.id, {"match": "other"}, window=window, version=1)).version == 2
    assert (await at.save(note.id, {"match": "more"}, window=window, version=1)).version == 3
    assert await at.read(at.selma, note.id) == {"match": "more"}


async def test_late_draft_of_the_browser_changes_nothing_that_is_sealed(at):
    window = ids.random()
    note = await at.write(is_final=False)
    await at.save(note.id, {"match": "final"}, window=window, version=1)
    await at.save(note.id, {"match": "late"}, window=window, version=1, is_final=False)
    assert await at.read(at.selma, note.id) == {"match": "final"}


async def test_nothing_at_all_and_too_much_are_refused(at):
    note = await at.write(is_final=False)
    facts = {"window": note.window, "version": note.version}
    for words in ({}, {"match": "  \n "}, {"match": "x" * 10_001}):
        with pytest.raises(Invalid):
            await at.save(note.id, words, **facts)
    with pytest.raises(Invalid):
        await at.save(note.id, held_on=clock.now().date() + timedelta(days=3), **facts)
    assert await at.read(at.selma, note.id) == WORDS


async def test_key_service_away_saves_nothing_and_says_so(at, monkeypatch):
    note = await at.write(is_final=False)

    async def away(*_args):
        raise KeyServiceUnavailable(found="database")

    with monkeypatch.context() as patched:
        patched.setattr(KeyHouse, "seal", away)
        with pytest.raises(KeyServiceUnavailable):
            await at.save(note.id, {"match": "lost?"}, version=note.version)
    assert await at.read(at.selma, note.id) == WORDS


async def test_referral_becomes_a_task_that_quotes_nothing(at):
    # K21
    note = await at.write({"referral": "Legal aid, Zenica"})
    async with at.session(at.made.house) as session:
        [task] = await session.scalars(select(Task).where(Task.kind == "note.referral"))
    assert (task.person_id, task.about["participation_id"]) == (at.selma.person_id, str(at.mirela.id))
    assert "Legal" not in str(task.about) and note.version == 1


async def test_debrief_is_for_two_alone(at):
    # K22
    note = await at.write()
    assert at.tamar.person_id and at.petra.person_id
    async with at.session(at.selma) as session:
        debrief_id = await actions.begin_debrief(session, at.selma, note.id, with_id=at.tamar.person_id)
        with pytest.raises(Invalid):
            await actions.begin_debrief(session, at.selma, note.id, with_id=at.dana.person_id)
    with pytest.raises(NotFound):
        await at.read(at.tamar, debrief_id)
    await at.save(debrief_id, {"debrief": "I could not sleep."})
    for actor in (at.selma, at.tamar):
        assert await at.read(actor, debrief_id) == {"debrief": "I could not sleep."}
    with pytest.raises(NotFound):
        await at.read(at.petra, debrief_id)
    with pytest.raises(rules.NoteClosed):
        await at.give(debrief_id, at.petra)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)


async def test_note_is_destroyed_on_its_day_by_its_key(at, as_superuser):
    # N09
    note = await at.write()
    other = await at.write(participation_id=(await at.joins()).id)
    async with at.session(at.selma) as session:
        await actions.keep_until(session, at.selma, note.id, on=clock.now().date() + timedelta(days=1))
    words = await _stored(at, at.selma, note.id)
    as_superuser(f"UPDATE interview_note SET destroy_on = current_date WHERE id = '{note.id}'")
    for _ in range(2):
        await at.sweep()
    with pytest.raises(rules.NoteDestroyed):
        await at.read(at.selma, note.id)
    with pytest.raises(rules.NoteDestroyed):
        await at.save(note.id, WORDS, version=1)
    assert await at.read(at.selma, other.id) == WORDS
    # As from a backup: the ciphertext is there again, and opens nowhere.
    with pytest.raises(KeyDestroyed):
        await at.ground.keys.unseal(sealing.owner_of(note), sealing.place_of(at.made.id, note.id), words)
    assert await _stored(at, at.selma, note.id) is None
    assert [one.object_id for one in await at.trail("note.destroyed")] == [note.id]


async def test_key_service_away_leaves_the_note_for_the_next_try(at, as_superuser, monkeypatch):
    note = await at.write()
    as_superuser(f"UPDATE interview_note SET destroy_on = current_date WHERE id = '{note.id}'")

    async def away(*_args):
        raise KeyServiceUnavailable(found="database")

    with monkeypatch.context() as patched:
        patched.setattr(KeyHouse, "destroy", away)
        with pytest.raises(AssertionError, match="key_service_unavailable"):
            await at.sweep()
    async with at.session(at.made.house) as session:
        assert await session.scalar(select(Note.destroyed_at).where(Note.id == note.id)) is None
    await at.sweep()
    assert [one.object_id for one in await at.trail("note.destroyed")] == [note.id]


async def test_whoever_is_erased_takes_her_notes_along(at):
    note = await at.write()
    words = await _stored(at, at.selma, note.id)
    await at.ground.keys.destroy(KeyOwner(at.made.id, at.mirela.person_id))
    with pytest.raises(KeyDestroyed):
        await at.read(at.selma, note.id)
    with pytest.raises(KeyDestroyed):
        await at.save(note.id, version=1)
    assert words is not None


@pytest.mark.parametrize("days", [0, -1, 1_097])
async def test_last_day_lies_within_three_years(at, days):
    note = await at.write()
    async with at.session(at.selma) as session:
        with pytest.raises(Invalid):
            await actions.keep_until(session, at.selma, note.id, on=clock.now().date() + timedelta(days=days))


async def test_every_statement_about_words_goes_to_one_table(at):
    """Nothing that was typed lies anywhere else in the database."""
    await at.write({"match": "Zaunkoenig", "referral": "Zaunkoenig"})
    async with at.session(at.made.house) as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        found = []
        for table in tables:
            if table in ("timetable", "alembic_version"):
                continue
            query = f"SELECT count(*) FROM \"{table}\" t WHERE t::text LIKE '%Zaunkoenig%'"
            if await session.scalar(text(query)):
                found.append(table)
    assert found == []
