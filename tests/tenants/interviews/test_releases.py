"""What a pair shares is read by others only while both agree."""

import asyncio
from datetime import timedelta

import pytest

from infra import clock, ids
from infra.errors import Invalid, NotFound
from tenants.interviews import actions, emergencies, queries, releases, rules
from tenants.permissions import Role
from tests import making


@pytest.fixture
async def pair(at):
    zdenka = await making.somebody(at.ground.database, at.made.id, Role.PARTICIPANT, name="Zdenka Horvat")
    mirela = at.participant(at.mirela.person_id)
    return mirela, zdenka, await at.shared(mirela.person_id, zdenka)


async def _ask(at, actor, note, reader):
    async with at.session(actor) as session:
        await releases.ask(session, actor, note.id, reader_id=reader.person_id)
        [wish] = await releases.wishes(session, actor, note.id)
    return wish.id


async def _agree(at, actor, note, wish_id):
    async with at.session(actor) as session:
        return await releases.agree(session, actor, note.id, wish_id)


async def test_both_read_without_a_step_up_and_nobody_else_does(at, pair):
    mirela, zdenka, note = pair
    for actor in (mirela, zdenka):
        assert await at.read(actor, note.id) == {"shared": "Ask for the night shift."}
    for actor in (at.selma, at.petra, at.made.owner):
        with pytest.raises(NotFound):
            await at.read(actor, note.id)
    assert len(await at.trail("note.read")) == 2


async def test_one_yes_opens_nothing_and_two_do(at, pair):
    # N10
    mirela, zdenka, note = pair
    wish_id = await _ask(at, mirela, note, at.selma)
    with pytest.raises(NotFound):
        await at.read(at.selma, note.id)
    assert await _agree(at, mirela, note, wish_id) is False
    assert await _agree(at, zdenka, note, wish_id) is True
    assert await at.read(at.selma, note.id) == {"shared": "Ask for the night shift."}
    async with at.session(at.selma) as session:
        [found] = await queries.grants(session, note.id)
    assert found.grant.until - clock.now() > timedelta(days=363)  # as long as the note is there
    with pytest.raises(NotFound):
        await at.read(at.tamar, note.id)


async def test_either_takes_it_back_and_both_have_to_agree_anew(at, pair):
    mirela, zdenka, note = pair
    wish_id = await _ask(at, mirela, note, at.selma)
    await _agree(at, zdenka, note, wish_id)
    async with at.session(mirela) as session:
        await releases.take_back(session, mirela, note.id, wish_id)
    with pytest.raises(NotFound):
        await at.read(at.selma, note.id)
    assert await _agree(at, zdenka, note, wish_id) is False
    with pytest.raises(NotFound):
        await at.read(at.selma, note.id)
    assert await _agree(at, mirela, note, wish_id) is True
    assert await at.read(at.selma, note.id)


async def test_two_who_agree_in_the_same_moment_open_it_once(at, pair):
    mirela, zdenka, note = pair
    wish_id = await _ask(at, mirela, note, at.selma)
    async with at.session(mirela) as session:
        await releases.take_back(session, mirela, note.id, wish_id)
    said = await asyncio.gather(*(_agree(at, one, note, wish_id) for one in (mirela, zdenka, mirela, zdenka)))
    assert said.count(True) >= 1
    async with at.session(at.selma) as session:
        assert len([one for one in await queries.grants(session, note.id) if one.grant.ended_at is None]) == 1


async def test_only_somebody_who_works_with_the_case_can_be_named(at, pair):
    mirela, zdenka, note = pair
    for reader in (zdenka, at.made.owner, at.dana):
        with pytest.raises(Invalid):
            await _ask(at, mirela, note, reader)
    for stranger in (at.selma, at.made.owner):
        async with at.session(stranger) as session:
            with pytest.raises(NotFound):
                await releases.ask(session, stranger, note.id, reader_id=at.tamar.person_id)


async def test_shared_note_is_given_and_broken_open_by_nobody(at, pair):
    _mirela, _zdenka, note = pair
    with pytest.raises(NotFound):
        await at.give(note.id, at.tamar)
    async with at.session(at.tamar) as session:
        with pytest.raises(NotFound):
            await emergencies.ask(session, at.tamar, note.id, reason="She is missing, and nobody is there.")
    assert rules.KEPT["shared"] == 365


async def test_id_of_somebody_elses_note_begins_nothing(at, pair):
    _mirela, zdenka, note = pair
    async with at.session(zdenka) as session:
        with pytest.raises(NotFound):
            await actions.begin_shared(
                session, zdenka, note.id, relationship_id=ids.new(), other_id=at.selma.person_id
            )
