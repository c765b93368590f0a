"""Who reads a note: its author, whoever she lets, nobody else; and each reading is in the trail first."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from infra import clock, ids
from infra.errors import Forbidden, Invalid, NotFound, StepUpNeeded
from infra.keys.house import KeyHouse
from tenants.actor import person
from tenants.interviews import grants, queries, reading, rules, sealing, trail
from tenants.interviews.models import Grant, Note
from tenants.people.models import Person
from tenants.permissions import Role
from tests import making
from tests.interviewing import WORDS, fresh


async def test_author_reads_what_she_wrote(at):
    note = await at.write()
    assert await at.read(at.selma, note.id) == WORDS


async def test_colleague_reads_only_with_a_grant(at):
    # K20
    note = await at.write()
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)
    await at.give(note.id, at.tamar)
    assert await at.read(at.tamar, note.id) == WORDS


async def test_draft_is_nobody_elses(at):
    note = await at.write(is_final=False)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)
    assert await at.read(at.selma, note.id) == WORDS


async def test_nobody_reads_without_a_fresh_proof(at):
    note = await at.write()
    await at.give(note.id, at.tamar)
    for actor in (at.selma, at.tamar):
        stale = replace(actor, verified_at=clock.now() - timedelta(minutes=16))
        with pytest.raises(StepUpNeeded):
            await at.read(stale, note.id)
    with pytest.raises(StepUpNeeded):
        await at.read(replace(at.selma, kind="token"), note.id)
    assert await at.trail("note.read") == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.IT_CONTACT, Role.DATA_PROTECTION, Role.PARTICIPANT])
async def test_other_roles_learn_nothing_of_a_note(at, role):
    note = await at.write()
    other = fresh(await making.somebody(at.ground.database, at.made.id, role))
    with pytest.raises(NotFound):
        await at.read(other, note.id)


async def test_owner_is_given_nothing_to_read(at):
    """An owner who coordinates as well could give herself any role; so no grant reaches her."""
    note = await at.write()
    both = fresh(await making.somebody(at.ground.database, at.made.id, Role.OWNER, Role.COORDINATOR))
    with pytest.raises(Invalid) as refused:
        await at.give(note.id, both)
    assert [one.code for one in refused.value.problems] == ["note_reader"]
    await _force_grant(at, note, both)
    with pytest.raises(rules.NoteClosed):
        await at.read(both, note.id)
    assert await _rows_seen(at, both) == 0


async def test_grant_of_yesterday_opens_nothing(at, as_superuser):
    note = await at.write()
    grant_id = await at.give(note.id, at.tamar)
    as_superuser(f"UPDATE note_grant SET until = now() - interval '1 second' WHERE id = '{grant_id}'")
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)
    assert await _rows_seen(at, at.tamar) == 0


async def test_grant_that_is_ended_opens_nothing_from_the_next_request_on(at):
    note = await at.write()
    grant_id = await at.give(note.id, at.tamar)
    assert await at.read(at.tamar, note.id) == WORDS
    async with at.session(at.selma) as session:
        await grants.end(session, at.selma, note.id, grant_id)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)
    async with at.session(at.selma) as session:
        with pytest.raises(rules.GrantOver):
            await grants.end(session, at.selma, note.id, grant_id)


async def test_coordinator_of_another_office_learns_nothing(at):
    note = await at.write()
    await at.give(note.id, at.tamar)
    elsewhere = replace(at.tamar, offices=frozenset({ids.new()}))
    with pytest.raises(NotFound):
        await at.read(elsewhere, note.id)


async def test_another_organisation_finds_nothing(at):
    note = await at.write()
    other = fresh((await making.organisation(at.ground.database)).coordinator)
    for note_id in (note.id, ids.new()):
        with pytest.raises(NotFound):
            await at.read(other, note_id)


async def test_whoever_leaves_reads_no_more_even_when_she_comes_back(at):
    note = await at.write()
    await at.give(note.id, at.tamar)
    for is_active in (False, True):
        async with at.session(at.made.house) as session:
            await session.execute(
                update(Person).where(Person.id == at.tamar.person_id).values(is_active=is_active)
            )
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)


async def test_nothing_is_opened_before_the_trail_has_it(at):
    note = await at.write()
    async with at.session(at.selma) as session:
        _seen, given = await reading.enter(session, at.selma, note.id)
        with pytest.raises(RuntimeError):
            await sealing.open_words(at.ground.keys, given)


async def test_as_many_readings_in_the_trail_as_notes_opened(at, monkeypatch):
    # security goal 13
    opened = []
    unseal = KeyHouse.unseal

    async def counting(self, owner, place, sealed):
        found = await unseal(self, owner, place, sealed)
        opened.append(place.row)
        return found

    monkeypatch.setattr(KeyHouse, "unseal", counting)
    note = await at.write()
    other = await at.write(participation_id=(await at.joins()).id)
    await at.give(note.id, at.tamar)
    for actor, read in ((at.selma, note), (at.tamar, note), (at.selma, other), (at.tamar, note)):
        await at.read(actor, read.id)
    for refused in (at.petra, at.dana):
        with pytest.raises((NotFound, Forbidden)):
            await at.read(refused, note.id)
    assert [row.object_id for row in await at.trail("note.read")] == opened
    assert len(opened) == 4


async def test_reading_takes_two_queries_and_one_for_the_key(at, statements):
    note = await at.write()
    await at.read(at.selma, note.id)
    with statements() as counted:
        await at.read(at.selma, note.id)
    asked = [one for one in counted if "set_config" not in one]
    assert len(asked) == 2, asked


async def test_interviewee_sees_who_has_read(at):
    # N09
    note = await at.write()
    await at.give(note.id, at.tamar, purpose="support")
    await at.read(at.tamar, note.id)
    await at.read(at.selma, note.id)
    mirela = person(at.made.id, at.mirela.person_id, frozenset({Role.PARTICIPANT}))
    async with at.session(mirela) as session:
        [told] = await trail.about_me(session, mirela)
    assert [(one.reader, one.role, one.purpose) for one in told.readings] == [
        ("Cora Coordinator", "coordinator", None),
        ("Tamar Beridze", "coordinator", "support"),
    ]
    async with at.session(at.tamar) as session:
        assert await trail.about_me(session, at.tamar) == []


async def test_interviewee_is_told_that_more_have_read_than_are_listed(at, monkeypatch):
    # N09: what is too long for the page is said, and one note's readings push out no other's
    monkeypatch.setattr(trail, "MOST_READINGS", 1)
    often, once = await at.write(), await at.write()
    for note in (once, often, often):
        await at.read(at.selma, note.id)
    async with at.session(at.participant(at.mirela.person_id)) as session:
        told = await trail.about_me(session, at.participant(at.mirela.person_id))
    assert {one.id: (len(one.readings), one.has_more) for one in told} == {
        often.id: (1, True),
        once.id: (1, False),
    }


async def test_notes_of_a_person_are_listed_for_coordinators_without_words(at):
    note = await at.write()
    async with at.session(at.tamar) as session:
        [seen] = await queries.notes_of(session, at.tamar, at.mirela.person_id)
    assert (seen.note.id, seen.may_read, seen.words) == (note.id, False, None)
    async with at.session(at.made.owner) as session:
        with pytest.raises(Forbidden):
            await queries.notes_of(session, at.made.owner, at.mirela.person_id)


async def test_giving_the_same_twice_is_one_grant(at):
    note = await at.write()
    assert await at.give(note.id, at.tamar) == await at.give(note.id, at.tamar)
    with pytest.raises(rules.NoteClosed):
        async with at.session(at.tamar) as session:
            await grants.give(
                session, at.tamar, note.id, person_id=at.petra.person_id, purpose="matching", days=1
            )


async def _rows_seen(at, actor):
    async with at.session(actor) as session:
        return await session.scalar(text("SELECT count(*) FROM sealed_note"))


async def _force_grant(at, note: Note, to) -> None:
    async with at.session(at.selma) as session:
        session.add(
            Grant(
                organisation_id=at.made.id,
                note_id=note.id,
                person_id=to.person_id,
                kind="given",
                purpose="matching",
                until=clock.now() + timedelta(days=1),
                granted_by=at.selma.person_id,
            )
        )
