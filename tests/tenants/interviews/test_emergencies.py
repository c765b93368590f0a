"""Break-glass: two people, a reason, an hour, and everybody concerned is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock, ids
from infra.errors import Forbidden, Invalid, NotFound, StepUpNeeded
from tenants.actor import person
from tenants.interviews import emergencies, rules
from tenants.interviews.models import Grant
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person, RoleGrant
from tenants.permissions import Role
from tenants.registration.models import Participation
from tests import making
from tests.interviewing import WORDS, fresh
from tests.working import drain

REASON = "She is missing, and Selma is on a plane."


async def _ask(at, actor, note, reason=REASON):
    async with at.session(actor) as session:
        return await emergencies.ask(session, actor, note.id, reason=reason)


async def _decide(at, actor, asked, *, is_yes=True):
    async with at.session(actor) as session:
        return await emergencies.decide(session, actor, asked, is_yes=is_yes)


async def _told(at, kind):
    """Who has a letter and who has an open task of a kind."""
    async with at.session(at.made.house) as session:
        letters = await session.scalars(select(Letter.person_id).where(Letter.kind == kind))
        tasks = await session.scalars(select(Task.person_id).where(Task.kind == kind, Task.done_at.is_(None)))
        return set(letters), set(tasks)


async def test_note_is_open_for_an_hour_and_everybody_is_told(at):
    note = await at.write()
    asked = await _ask(at, at.tamar, note)
    deciders = {at.petra.person_id, at.dana.person_id, at.made.owner.person_id}
    assert await _told(at, "note.emergency") == (deciders, deciders)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)

    await _decide(at, at.petra, asked)

    assert await at.read(at.tamar, note.id) == WORDS
    told = {at.selma.person_id, at.dana.person_id}
    assert await _told(at, "note.opened") == (told, told)
    assert await _told(at, "note.emergency") == (deciders, set())
    events = await at.trail("note.emergency_asked", "note.emergency_opened", "note.read")
    assert [(one.event, one.person_id, one.details["severity"]) for one in events] == [
        ("note.emergency_asked", at.tamar.person_id, "breakglass"),
        ("note.emergency_opened", at.petra.person_id, "breakglass"),
        ("note.read", at.tamar.person_id, "breakglass"),
    ]
    assert REASON not in str(events)
    async with at.session(at.made.house) as session:
        until = await session.scalar(select(Grant.until))
    assert timedelta(minutes=59) < until - clock.now() <= timedelta(minutes=60)
    later = time_machine.travel(clock.now() + timedelta(minutes=61), tick=True)
    with later, pytest.raises(rules.NoteClosed):
        await at.read(fresh(at.tamar), note.id)


async def test_without_a_focal_point_the_owner_is_told(at):
    note = await at.write()
    async with at.session(at.made.house) as session:
        held = await session.scalars(select(RoleGrant).where(RoleGrant.role == Role.DATA_PROTECTION))
        for one in held:
            await session.delete(one)
    await _decide(at, at.petra, await _ask(at, at.tamar, note))
    letters, _tasks = await _told(at, "note.opened")
    assert letters == {at.selma.person_id, at.made.owner.person_id}


async def test_nobody_decides_about_herself(at):
    note = await at.write()
    asked = await _ask(at, at.petra, note)
    with pytest.raises(NotFound):
        await _decide(at, at.petra, asked)
    with pytest.raises(Forbidden):
        await _decide(at, at.tamar, asked)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.petra, note.id)


async def test_whom_a_note_is_about_neither_decides_nor_learns_why(at):
    """Mirela manages the programme and watches over data protection, too."""
    note = await at.write()
    async with at.session(at.made.house) as session:
        for role in (Role.PROGRAMME_MANAGER, Role.DATA_PROTECTION):
            session.add(
                RoleGrant(organisation_id=at.made.id, id=ids.new(), person_id=at.mirela.person_id, role=role)
            )
    roles = frozenset({Role.PARTICIPANT, Role.PROGRAMME_MANAGER, Role.DATA_PROTECTION})
    mirela = fresh(person(at.made.id, at.mirela.person_id, roles))
    asked = await _ask(at, at.tamar, note)
    with pytest.raises(NotFound):
        await _decide(at, mirela, asked)
    async with at.session(mirela) as session:
        assert await emergencies.cases(session, mirela) == []
        with pytest.raises(NotFound):
            await emergencies.see(session, mirela, asked)
    await _decide(at, at.petra, asked)
    for kind in ("note.emergency", "note.opened"):
        letters, _tasks = await _told(at, kind)
        assert mirela.person_id not in letters


async def test_refused_stays_closed_and_second_decision_comes_too_late(at):
    note = await at.write()
    asked = await _ask(at, at.tamar, note)
    await _decide(at, at.petra, asked, is_yes=False)
    for is_yes in (True, False):
        with pytest.raises(rules.EmergencyOver):
            await _decide(at, fresh(at.made.owner), asked, is_yes=is_yes)
    with pytest.raises(rules.NoteClosed):
        await at.read(at.tamar, note.id)
    assert await _told(at, "note.opened") == (set(), set())


async def test_asked_twice_is_one_question_and_an_old_one_is_over(at):
    note = await at.write()
    asked = await _ask(at, at.tamar, note)
    assert await _ask(at, at.tamar, note) == asked
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=True):
        with pytest.raises(rules.EmergencyOver):
            await _decide(at, fresh(at.petra), asked)
        assert await _ask(at, fresh(at.tamar), note) != asked


@pytest.mark.parametrize("reason", ["", "   ", "urgent!", "x" * 1_001])
async def test_reason_is_one_that_can_be_judged(at, reason):
    note = await at.write()
    with pytest.raises(Invalid):
        await _ask(at, at.tamar, note, reason)


async def test_both_prove_freshly_who_they_are(at):
    note = await at.write()
    stale = timedelta(minutes=16)
    with pytest.raises(StepUpNeeded):
        await _ask(at, replace(at.tamar, verified_at=clock.now() - stale), note)
    asked = await _ask(at, at.tamar, note)
    with pytest.raises(StepUpNeeded):
        await _decide(at, replace(at.petra, verified_at=None), asked)


async def test_whom_it_does_not_concern_finds_nothing(at):
    note = await at.write()
    asked = await _ask(at, at.tamar, note)
    other = await making.organisation(at.ground.database)
    another = await making.somebody(at.ground.database, at.made.id, Role.COORDINATOR, name="Dina Desk")
    elsewhere = replace(at.petra, offices=frozenset({ids.new()}))
    for actor in (other.owner, another, elsewhere):
        async with at.session(actor) as session:
            with pytest.raises(NotFound):
                await emergencies.see(session, actor, asked)
            assert await emergencies.cases(session, actor) == []
    async with at.session(at.selma) as session:
        assert (await emergencies.see(session, at.selma, asked)).emergency.reason == REASON


async def test_owner_and_author_do_not_ask(at):
    note = await at.write()
    both = fresh(await making.somebody(at.ground.database, at.made.id, Role.OWNER, Role.COORDINATOR))
    for actor in (both, at.selma):
        with pytest.raises(rules.NoteClosed):
            await _ask(at, actor, note)


async def test_whoever_it_is_about_reads_nothing_of_it_though_she_works_here(at):
    # K20
    part = await at.joins("Tamar Beridze")
    her = fresh(await making.somebody(at.ground.database, at.made.id, Role.COORDINATOR, name="Tamar Too"))
    async with at.session(at.made.house) as session:
        await session.execute(
            update(Participation).where(Participation.id == part.id).values(person_id=her.person_id)
        )
    note = await at.write(participation_id=part.id)
    with pytest.raises(Invalid):
        await at.give(note.id, her)
    with pytest.raises(rules.NoteClosed):
        await _ask(at, her, note)
    with pytest.raises(rules.NoteClosed):
        await at.read(her, note.id)


@pytest.mark.parametrize(
    ("code", "subjects", "foot"),
    [
        (
            "en",
            [
                "Please decide: a note is to be opened in an emergency",
                "A confidential note was opened in an emergency",
                "The note is open to you for an hour",
            ],
            "because you have an account",
        ),
        (
            "ar",
            [
                "يُرجى القرار: مطلوب فتح ملاحظة في حالة طارئة",
                "فُتحت ملاحظة سرّية في حالة طارئة",
                "الملاحظة مفتوحة لكِ لمدة ساعة",
            ],
            "لأن لكِ حسابًا",
        ),
    ],
    ids=["en", "ar"],
)
async def test_letters_say_nothing_of_the_note_nor_of_the_reason(at, inbox, code, subjects, foot):
    async with at.session(at.made.house) as session:
        await session.execute(update(Person).values(language=code))
    note = await at.write()
    asked = await _ask(at, at.tamar, note)
    await drain(at.ground, at.made.id, kinds=("letter.",))
    await _decide(at, at.petra, asked)
    await drain(at.ground, at.made.id, kinds=("letter.",))
    told = [(mail["Subject"], mail.get_body(("plain",)).get_content()) for mail in inbox.mails]
    told = [
        (subject, said)
        for subject, said in told
        if note.id.hex in said.replace("-", "") or str(asked) in said
    ]
    # Without blanks, since a long subject is folded where it has one.
    sent = ["".join(subject.split()) for subject, _ in told]
    assert [sent.count("".join(one.split())) for one in subjects] == [3, 2, 1], told
    for _, said in told:
        assert foot in " ".join(said.split())
        assert "missing" not in said and "patient" not in said and "Mirela" not in said
        assert f"/c/emergencies/{asked}" in said or f"/c/interviews/{note.id}" in said
