"""
What the database lets somebody do who can run any statement in another's name, as after an injection.

Her context is signed, so she is who she is: a coordinator without a grant. She writes no grant for herself, opens no
emergency of her own, says no yes for somebody else, and finds no sealed words.
"""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from infra import ids
from infra.errors import Forbidden
from tenants.actor import support, visitor
from tests import making

GRANT = """
    INSERT INTO note_grant (organisation_id, id, note_id, person_id, kind, purpose, until, granted_by, emergency_id, release_id)
    VALUES (:organisation, :id, :note, :reader, :kind, 'support', now() + interval '1 hour', :by, :emergency, :release)"""
ASKED = """
    INSERT INTO note_emergency (organisation_id, id, note_id, requester_id, reason, state, decided_by, decided_at)
    VALUES (:organisation, :id, :note, :who, 'Because I want to.', :state, :decided_by, now())"""
RELEASE = """
    INSERT INTO note_release (organisation_id, id, note_id, reader_id, asked_by)
    VALUES (:organisation, :id, :note, :who, :who)"""


async def _try(at, actor, statement, **values):
    """As this person, straight to the database; returns how many rows it touched."""
    async with at.session(actor) as session:
        facts = {"organisation": at.made.id, "id": ids.new(), **values}
        known = {name: value for name, value in facts.items() if f":{name}" in statement}
        return (await session.execute(text(statement), known)).rowcount


async def _seen(at, actor):
    async with at.session(actor) as session:
        return await session.scalar(text("SELECT count(*) FROM sealed_note"))


async def test_sealed_words_are_there_for_their_author_alone(at):
    await at.write()
    assert await _seen(at, at.selma) == 1
    for other in (at.tamar, at.petra, at.dana, at.made.owner, at.made.house):
        assert await _seen(at, other) == 0


async def test_nobody_gives_herself_or_a_friend_a_grant(at):
    note = await at.write()
    her, other = at.tamar.person_id, at.petra.person_id
    tries = [
        {"reader": her, "by": her},
        {"reader": her, "by": at.selma.person_id},
        {"reader": other, "by": her},
    ]
    for one in tries:
        with pytest.raises(DBAPIError, match=r"row-level security|check constraint"):
            await _try(at, at.tamar, GRANT, note=note.id, kind="given", emergency=None, release=None, **one)
    assert await _seen(at, at.tamar) == 0


async def test_nobody_opens_an_emergency_of_her_own(at):
    note = await at.write()
    who, emergency = at.petra.person_id, ids.new()
    for state, decided_by in (("opened", at.made.owner.person_id), ("opened", who)):
        with pytest.raises(DBAPIError):
            await _try(at, at.petra, ASKED, note=note.id, who=who, state=state, decided_by=decided_by)
    await _try(at, at.petra, ASKED.replace(", now()", ", NULL"), id=emergency, note=note.id, who=who, state="asked", decided_by=None)  # fmt: skip
    change = (
        "UPDATE note_emergency SET state = 'opened', decided_by = :who, decided_at = now() WHERE id = :id"
    )
    assert await _try(at, at.petra, change, id=emergency, who=at.made.owner.person_id) == 0
    # A coordinator may not decide at all, whoever has asked.
    assert await _try(at, at.tamar, change, id=emergency, who=at.tamar.person_id) == 0
    with pytest.raises(DBAPIError, match="row-level security"):
        await _try(at, at.petra, GRANT, note=note.id, reader=who, by=at.made.owner.person_id, kind="emergency", emergency=emergency, release=None)  # fmt: skip
    # Whoever may decide opens for an hour and no longer.
    assert await _try(at, at.made.owner, change, id=emergency, who=at.made.owner.person_id) == 1
    longer = GRANT.replace("interval '1 hour'", "interval '2 hours'")
    with pytest.raises(DBAPIError, match="row-level security"):
        await _try(at, at.made.owner, longer, note=note.id, reader=who, by=at.made.owner.person_id, kind="emergency", emergency=emergency, release=None)  # fmt: skip


async def test_a_grant_that_is_over_stays_over(at):
    note = await at.write()
    grant_id = await at.give(note.id, at.tamar)
    end = "UPDATE note_grant SET ended_at = now() WHERE id = :id"
    assert await _try(at, at.selma, end, id=grant_id) == 1
    assert await _try(at, at.tamar, "UPDATE note_grant SET ended_at = NULL WHERE id = :id", id=grant_id) == 0
    with pytest.raises(DBAPIError, match="permission denied"):
        await _try(at, at.tamar, "UPDATE note_grant SET until = 'infinity' WHERE id = :id", id=grant_id)


async def test_nobody_writes_or_moves_the_words_of_others(at):
    note = await at.write()
    write = "INSERT INTO sealed_note (organisation_id, id, note_id, words) VALUES (:organisation, :id, :note, 'x')"
    with pytest.raises(DBAPIError, match="row-level security"):
        await _try(at, at.tamar, write, note=note.id)
    assert await _try(at, at.tamar, "UPDATE sealed_note SET words = 'x'") == 0
    assert await _try(at, at.tamar, "DELETE FROM sealed_note") == 0
    for column in ("author_id", "other_id", "subject_id"):
        with pytest.raises(DBAPIError, match="permission denied"):
            await _try(at, at.tamar, f"UPDATE interview_note SET {column} = :who", who=at.tamar.person_id)
    assert await _try(at, at.tamar, "UPDATE interview_note SET state = 'draft'") == 0
    assert await at.read(at.selma, note.id)


async def test_whoever_has_no_name_ends_no_note_before_its_day(at):
    """A visitor has none, nor has support, whom the database never takes for the person."""
    note = await at.write()
    nobody = visitor(at.made.id)
    in_her_place = support(at.selma, ids.new())
    for change in ("destroy_on = CURRENT_DATE", "destroyed_at = now(), state = 'destroyed'"):
        for actor in (nobody, in_her_place, at.tamar):
            assert await _try(at, actor, f"UPDATE interview_note SET {change}") == 0
    for actor in (nobody, in_her_place):
        assert await _seen(at, actor) == 0
    with pytest.raises(Forbidden):
        await at.read(in_her_place, note.id)
    assert await at.read(at.selma, note.id)


async def test_nobody_says_yes_for_both(at):
    other = await making.somebody(at.ground.database, at.made.id, name="Zdenka Horvat")
    note = await at.shared(at.mirela.person_id, other)
    release = ids.new()
    with pytest.raises(DBAPIError, match="row-level security"):
        await _try(at, at.tamar, RELEASE, id=release, note=note.id, who=at.tamar.person_id)
    mirela = at.participant(at.mirela.person_id)
    await _try(at, mirela, RELEASE, id=release, note=note.id, who=mirela.person_id)
    yes = "INSERT INTO note_release_yes (organisation_id, id, release_id, person_id) VALUES (:organisation, :id, :release, :who)"
    await _try(at, mirela, yes, release=release, who=mirela.person_id)
    for actor, who in (
        (mirela, other.person_id),
        (at.tamar, at.tamar.person_id),
        (at.tamar, other.person_id),
    ):
        with pytest.raises(DBAPIError, match="row-level security"):
            await _try(at, actor, yes, release=release, who=who)
    with pytest.raises(DBAPIError, match="row-level security"):
        await _try(at, mirela, GRANT, note=note.id, reader=at.tamar.person_id, by=mirela.person_id, kind="release", emergency=None, release=release)  # fmt: skip
