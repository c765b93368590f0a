"""Statuses to the letter (K08-K13), each change on one profile, audited, watched, taken back within ten minutes."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import clock
from infra.errors import Forbidden, Invalid, NotFound
from tenants.actor import person
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Task
from tenants.permissions import Role
from tenants.registration import actions, leaving, profiles, queries, rules, watching
from tenants.registration.models import Participation, Status
from tests import making

R, A, Y, M, N, L = (
    Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY, Status.IN_RELATIONSHIP,
    Status.NETWORK_PARTICIPANT, Status.LEFT,
)  # fmt: skip


def test_statuses_are_the_exact_words():  # K08
    assert [s.value for s in Status] == [
        "REGISTERED", "AWAITING INTERVIEW", "READY TO BE MATCHED", "IN A MENTOR RELATIONSHIP", "NETWORK PARTICIPANT", "LEFT",
    ]  # fmt: skip


def test_the_table_of_transitions():  # K08 K09 K10 K11 K12 K13
    allowed = {(was, to) for was, all_to in rules.TRANSITIONS.items() for to in all_to}
    assert allowed == {
        (R, A), (R, Y), (R, N), (R, L),
        (A, Y), (A, N), (A, L),
        (Y, M), (Y, N), (Y, L),
        (M, Y), (M, N), (M, L),
        (N, Y), (N, R), (N, L),
        (L, R), (L, Y),
    }  # fmt: skip


@pytest.fixture
async def case(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    entered = await making.participation(database, made, launched)
    return made, launched, entered.id


async def act(database, actor, action, id, **facts):
    async with database.tenant_session(actor.context()) as session:
        return await action(session, actor, id, **facts)


async def test_the_whole_way(database, case):  # K08 K09 K10 K11
    made, _, id = case
    by = made.coordinator
    assert (await act(database, by, actions.select_for_interview, id)).status == A
    with pytest.raises(rules.InterviewNotHeld):
        await act(database, by, actions.make_ready, id)
    await act(database, by, actions.plan_interview, id, at=clock.now())
    await act(database, by, actions.record_interview_held, id, on=date(2026, 11, 20))
    assert (await act(database, by, actions.make_ready, id)).status == Y
    assert (await act(database, made.house, actions.begin_relationship, id)).status == M
    ended = await act(database, made.house, actions.end_relationship, id, to=N, reason="Goals reached")
    assert (ended.status, ended.end_reason, ended.note) == (N, "Goals reached", "Goals reached")  # K12 K13
    assert (await act(database, by, actions.make_ready, id)).status == Y
    assert (await act(database, by, actions.leave, id, reason="Moved away")).status == L
    async with database.tenant_session(made.house.context()) as session:
        events = (
            await session.execute(
                select(AuditEvent.details)
                .where(AuditEvent.object_id == id, AuditEvent.event == "participation.status_changed")
                .order_by(AuditEvent.created_at, AuditEvent.id)
            )
        ).scalars()
        assert [(d["was"], d["to"]) for d in events] == [(R, A), (A, Y), (Y, M), (M, N), (N, Y), (Y, L)]
        [task] = (await session.execute(select(Task).where(Task.kind == "registration.read"))).scalars()
        assert task.done_by == by.person_id


async def test_not_ready_before_the_profile_is_complete(database, case):  # K10
    made, _, id = case
    by = made.coordinator
    await act(database, by, actions.record_interview_held, id, on=date(2026, 11, 20))
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Participation).values(languages=[], topics_wanted=[]))
    with pytest.raises(rules.ProfileIncomplete) as refused:
        await act(database, by, actions.make_ready, id)
    assert refused.value.facts["questions"] == ["languages", "topics_wanted"]
    async with database.tenant_session(by.context()) as session:
        found = await queries.profile(session, by, id)
        assert not found.is_complete and [q.key for q in found.missing] == ["languages", "topics_wanted"]
    answered = {"languages": [{"code": "da", "level": 2}], "topics_wanted": ["leadership"]}
    async with database.tenant_session(by.context()) as session:
        await profiles.change_answers(session, by, id, answered)
    assert (await act(database, by, actions.make_ready, id)).status == Y


async def test_straight_to_ready_without_interviews(database):  # K10
    made = await making.organisation(database)
    launched = await making.programme(database, made, wants_interview=False)
    entered = await making.participation(database, made, launched)
    assert (await act(database, made.coordinator, actions.make_ready, entered.id)).status == Y


async def test_a_step_that_does_not_follow_is_refused(database, case):
    made, _, id = case
    with pytest.raises(rules.StatusNotReachable) as refused:
        await act(database, made.house, actions.begin_relationship, id)
    assert refused.value.facts == {"found": R, "wanted": M}
    with pytest.raises(rules.StatusNotReachable):
        await act(database, made.house, actions.end_relationship, id)
    await act(database, made.coordinator, actions.select_for_interview, id)
    with pytest.raises(rules.StatusNotReachable):
        await act(database, made.coordinator, actions.select_for_interview, id)


async def test_a_mentor_of_two_keeps_the_status_until_the_last_has_ended(database):  # K12
    made = await making.organisation(database)
    launched = await making.programme(database, made, wants_interview=False)
    id = (await making.participation(database, made, launched, "mentor")).id
    await act(database, made.coordinator, actions.make_ready, id)
    for _ in range(2):
        assert (await act(database, made.house, actions.begin_relationship, id)).status == M
    ended = await act(database, made.house, actions.end_relationship, id, reason="First", has_others=True)
    assert (ended.status, ended.note) == (M, "First")
    ended = await act(database, made.house, actions.end_relationship, id, reason="Second")
    assert (ended.status, ended.note) == (Y, "First\nSecond")


async def test_one_withdraws_and_registers_again_oneself(database, case):  # K13 cncf #1392
    made, _, id = case
    async with database.tenant_session(made.house.context()) as session:
        person_id = (await queries.own_participation(session, id)).person_id
    herself = person(made.id, person_id, frozenset({Role.PARTICIPANT}))
    somebody = await making.somebody(database, made.id, Role.PARTICIPANT)
    with pytest.raises(NotFound):
        await act(database, somebody, leaving.leave, id)
    assert (await act(database, herself, leaving.leave, id)).status == L
    with pytest.raises(rules.StatusNotReachable):
        await act(database, herself, leaving.leave, id)
    async with database.tenant_session(herself.context()) as session:
        assert await queries.own(session, herself) == []
    with pytest.raises(Forbidden):
        await act(database, herself, actions.reapply, id)
    assert (await act(database, herself, leaving.come_back, id)).status == R
    async with database.tenant_session(herself.context()) as session:
        [own] = await queries.own(session, herself)
        assert own.participation.id == id and own.is_complete
    with pytest.raises(Forbidden):
        await act(database, herself, actions.select_for_interview, id)


async def test_undo_within_ten_minutes(database, case):
    made, _, id = case
    by = made.coordinator
    with pytest.raises(rules.UndoTooLate):
        await act(database, by, actions.undo, id)
    await act(database, by, actions.select_for_interview, id)
    assert (await act(database, by, actions.undo, id)).status == R
    with pytest.raises(rules.UndoTooLate):  # an undo is not undone
        await act(database, by, actions.undo, id)
    await act(database, by, actions.leave, id)
    with time_machine.travel(clock.now() + timedelta(minutes=11)), pytest.raises(rules.UndoTooLate):
        await act(database, by, actions.undo, id)
    assert (await act(database, by, actions.undo, id)).status == R


async def test_a_match_is_not_undone(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made, wants_interview=False)
    id = (await making.participation(database, made, launched)).id
    await act(database, made.coordinator, actions.make_ready, id)
    await act(database, made.house, actions.begin_relationship, id)
    with pytest.raises(rules.UndoTooLate):
        await act(database, made.coordinator, actions.undo, id)


async def test_watchers_are_told_within_the_transaction(database, case, monkeypatch):
    made, _, id = case
    seen = []
    monkeypatch.setattr(watching, "_WATCHERS", [])

    @watching.watches
    async def note(session, ids):
        found = await session.execute(select(Participation.status).where(Participation.id.in_(ids)))
        seen.append((list(ids), found.scalars().all()))

    await act(database, made.coordinator, actions.select_for_interview, id)
    await act(database, made.coordinator, actions.undo, id)
    async with database.tenant_session(made.coordinator.context()) as session:
        await profiles.change_answers(session, made.coordinator, id, {"time_zone": "Asia/Amman"})
        await profiles.move_to_office(session, made.coordinator, id, office_id=None)
    assert seen == [([id], [A]), ([id], [R]), ([id], [R]), ([id], [R])]

    @watching.watches
    async def refuse(_session, _ids):
        raise RuntimeError("no card")

    with pytest.raises(RuntimeError):
        await act(database, made.coordinator, actions.select_for_interview, id)
    async with database.tenant_session(made.coordinator.context()) as session:
        assert (await queries.access_participation(session, made.coordinator, id)).status == R


async def test_answers_are_changed_all_or_none(database, case):
    made, _, id = case
    with pytest.raises(Invalid) as refused:
        async with database.tenant_session(made.coordinator.context()) as session:
            wrong = {"topics_wanted": ["networking"], "time_zone": "Nowhere", "phone": "no"}
            await profiles.change_answers(session, made.coordinator, id, wrong)
    assert {p.field for p in refused.value.problems} == {"time_zone", "phone"}
    async with database.tenant_session(made.coordinator.context()) as session:
        found = await queries.access_participation(session, made.coordinator, id)
        assert found.topics_wanted == ["leadership", "negotiation"]
        await profiles.write_note(session, made.coordinator, id, note="  Call in the evening ")
        assert found.note == "Call in the evening"


async def test_lists_and_counts_reach_as_far_as_the_offices(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(made.owner.context()) as session:
        offices = [
            await making.organisations.open_office(session, made.owner, name=name, time_zone="UTC")
            for name in ("Aarhus", "Odense")
        ]
    for number, office in enumerate([*offices, None]):
        given = {"office": str(office.id)} if office else {}
        await making.participation(
            database, made, launched, "mentor" if number else "mentee", name=f"Person {number}", **given
        )
    local = await making.somebody(database, made.id, Role.COORDINATOR, office_id=offices[0].id)
    async with database.tenant_session(local.context()) as session:
        [only] = await queries.participations(session, local)
        assert (only.full_name, only.office) == ("Person 0", "Aarhus")
        assert await queries.counts(session, local) == {("mentee", R): 1}
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        listed = await queries.participations(session, by, cycle_id=launched.cycle.id)
        assert [one.full_name for one in listed] == ["Person 0", "Person 1", "Person 2"]
        first = await queries.participations(session, by, limit=2)
        rest = await queries.participations(session, by, after=first[-1].key)
        assert [one.full_name for one in (*first, *rest)] == ["Person 0", "Person 1", "Person 2"]
        assert len(await queries.participations(session, by, roles=["mentor"])) == 2
        assert len(await queries.participations(session, by, search="pers 2")) == 1
        assert len(await queries.participations(session, by, office_id=offices[1].id)) == 1
        assert await queries.participations(session, by, statuses=[L]) == []
        assert await queries.counts(session, by) == {("mentee", R): 1, ("mentor", R): 2}
        assert await queries.counts(session, by, search="2") == {("mentor", R): 1}
    # A coordinator of one office registers into it, and then sees whom she registered.
    entered = await making.participation(database, made, launched, name="Person 3", by=local)
    assert entered.office_id == offices[0].id
    with pytest.raises(Invalid):
        await making.participation(database, made, launched, by=local, office=str(offices[1].id))


@pytest.mark.parametrize("people", [1, 3])
async def test_lists_take_one_query_whatever_their_length(database, statements, people):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    for _ in range(people):
        await making.participation(database, made, launched)
    async with database.tenant_session(made.coordinator.context()) as session:
        with statements() as sent:
            assert len(await queries.participations(session, made.coordinator)) == people
            await queries.counts(session, made.coordinator)
    assert len(sent) == 2


async def test_another_organisations_participation_is_unknown(database, case):
    made, _, id = case
    other = await making.organisation(database)
    by = other.coordinator
    for action, facts in (
        (actions.select_for_interview, {}),
        (actions.make_ready, {}),
        (actions.leave, {}),
        (actions.undo, {}),
        (actions.reapply, {}),
        (leaving.leave, {}),
        (leaving.come_back, {}),
        (actions.record_interview_held, {"on": date(2026, 1, 1)}),
        (profiles.write_note, {"note": "x"}),
        (profiles.change_answers, {"given": {}}),
        (queries.profile, {}),
        (queries.access_participation, {}),
    ):
        with pytest.raises(NotFound):
            await act(database, by, action, id, **facts)
    async with database.tenant_session(by.context()) as session:
        assert await queries.participations(session, by) == []
        assert await queries.counts(session, by) == {}
        assert await queries.consents(session, by, made.coordinator.person_id) == []
