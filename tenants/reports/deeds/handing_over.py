"""
A caseload, or part of it, goes to colleagues: looked at before, in one transaction, and taken back while nothing depends on it.

Each thing goes to whoever of them works in its office and gets the least so far. Confidential notes do not go with it:
their author gives them, and where she has left, somebody else decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.desk import TaskIsPersonal
from tenants.notifications.events import Event as DeskEvent
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party
from tenants.registration.appointment_models import Appointment
from tenants.registration.models import Participation
from tenants.relationships import handing
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import works_here
from tenants.reports.deeds import caseloads, choosing
from tenants.reports.deeds.caseloads import Colleague, Item
from tenants.reports.deeds.keeping import Done, Entry, entry, keep
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.rules import HELD, Choice, HersAlready, NoColleagueThere, Of, Row
from tenants.reports.naming import concerned

NEW_COORDINATOR = "relationship.coordinator"
INTERVIEWER = "contact.interviewer"
HANDED = "desk.handed_over"
# What is changed for each kind of thing besides cases, which have an action of their own.
_HOLDER: Mapping[str, Any] = {
    "proposal": Proposal.approved_by,
    "party": Party.approved_by,
    "appointment": Appointment.coordinator_id,
    "task": Task.person_id,
}


@dataclass(frozen=True, slots=True)
class Given:
    """One thing and who gets it; nobody, where `row.refusal` says why it stays."""

    item: Item
    row: Row
    to: Colleague | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go to whom. `stays` are things that were told in confidence to who hands over."""

    from_id: UUID | None
    from_name: str
    given: list[Given]
    stays: int = 0
    counts: dict[UUID, dict[str, int]] = field(default_factory=dict)  # colleague: kind: number


async def plan(
    session: AsyncSession,
    actor: Actor,
    *,
    to: Sequence[UUID],
    from_id: UUID | None = None,
    choice: Choice | None = None,
) -> Plan:
    """
    How the whole caseload of somebody (of nobody: the cases without a coordinator), or what was ticked, would be handed over.

    Raises:
        Invalid: nobody to hand over to, or somebody who cannot accompany cases.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    actor.require(Permission.STATUS_CHANGE)
    actor.require_herself()
    everybody = {one.id: one for one in await caseloads.colleagues(session, actor)}
    receivers = [everybody[one] for one in dict.fromkeys(to) if one in everybody and one != from_id]
    if not receivers:
        raise Invalid(Problem("to", "no_colleague"))
    if choice is not None:
        items = await caseloads.ticked(session, actor, choice)
        closed = await _told_to_her(session, actor, choice, items)
    else:
        closed = []
        items = await caseloads.in_hand(session, actor, from_id)
    given = [*await _share_out(session, items, receivers), *closed]
    stays = 0
    if from_id is not None and choice is None and await _may_count(session, actor, from_id):
        stays = await caseloads.told_in_confidence(session, from_id)
    name = await session.scalar(select(Person.full_name).where(Person.id == from_id)) if from_id else None
    return Plan(from_id, name or "", given, stays, _counts(given))


async def hand_over(
    session: AsyncSession,
    actor: Actor,
    *,
    to: Sequence[UUID],
    from_id: UUID | None = None,
    choice: Choice | None = None,
    once: UUID | None = None,
) -> tuple[Done, Plan]:
    """
    Hand it over; everybody whose coordinator changes is told in one letter.

    Raises:
        NobodyToDo: nothing could be handed over. Invalid: nobody to hand over to.
    """
    planned = await plan(session, actor, to=to, from_id=from_id, choice=choice)
    going = [one for one in planned.given if one.to is not None]
    cases = {one.item.id: one for one in going if one.item.kind == "case"}
    before: list[Entry] = []
    told: dict[UUID, tuple[UUID, UUID]] = {}
    for case in await handing.locked(session, actor, sorted(cases)):
        given, receiver = cases[case.id], cases[case.id].to
        assert receiver is not None
        if case.coordinator_id != given.item.held_by:
            continue  # somebody was faster; what she decided holds
        before.append(entry("case_of", case.id, case.coordinator_id, receiver.id))
        handing.give(session, actor, case, receiver.id)
        for one in await relationships.people(session, case):
            told.setdefault(one.person_id, (case.id, receiver.id))
    await session.flush()
    for given in going:
        if given.item.kind != "case":
            before += await _give(session, actor, given)
    before += await _tell(session, actor, told, planned)
    rows = [one.row for one in planned.given]
    done = await keep(session, actor, DeedKind.HAND_OVER, rows, before, once=once)
    return done, planned


async def _told_to_her(
    session: AsyncSession, actor: Actor, choice: Choice, items: Sequence[Item]
) -> list[Given]:
    """Tasks among those ticked that were told to her in confidence: they stay, and say so."""
    if choice.of is not Of.TASKS:
        return []
    there = {item.id for item in items}
    return [
        Given(Item("task", row.task_id, actor.person_id, frozenset(), {}, row.kind), row.without(TaskIsPersonal()), None)
        for row in await choosing.tasks(session, actor, choice)
        if row.task_id is not None and row.task_id not in there
    ]  # fmt: skip


async def _share_out(session: AsyncSession, items: list[Item], receivers: list[Colleague]) -> list[Given]:
    whom = await concerned(session, [item.about for item in items])
    load = dict.fromkeys((one.id for one in receivers), 0)
    went: dict[tuple[str, UUID], Colleague] = {}
    given = []
    for item, who in zip(items, whom, strict=True):
        row = Row(
            names=tuple(one.full_name for one in who.people),
            roles=tuple(one.role for one in who.people),
            relationship_id=item.id if item.kind == "case" else None,
            task_id=item.id if item.kind == "task" else None,
            kind=item.task_kind or item.kind,
        )
        if item.follows is not None:
            to = went.get(item.follows)
        else:
            hers = {one.person_id for one in who.people}  # nobody accompanies what she is a part of
            able = [
                one
                for one in receivers
                if one.id not in hers and (not item.offices or one.works_in(item.offices))
            ]
            to = min(able, key=lambda one: load[one.id], default=None)
        if to is None:
            given.append(Given(item, row.without(NoColleagueThere()), None))
            continue
        if to.id == item.held_by:
            went[item.kind, item.id] = to
            given.append(Given(item, row.without(HersAlready()), None))
            continue
        went[item.kind, item.id] = to
        load[to.id] += item.kind != "task"
        given.append(Given(item, row, to))
    return given


async def _give(session: AsyncSession, actor: Actor, given: Given) -> list[Entry]:
    """Nothing where somebody was faster: what she decided holds."""
    assert given.to is not None
    holder = _HOLDER[given.item.kind]
    model = holder.class_
    changed = await session.execute(
        update(model)
        .where(model.id == given.item.id, holder.is_not_distinct_from(given.item.held_by))
        .values({holder: given.to.id})
        .returning(model.id)
    )
    if changed.first() is None:
        return []
    if given.item.kind == "task":
        audit.record(
            session, actor, DeskEvent.TASK_ASSIGNED, kind="task", id=given.item.id, to=str(given.to.id)
        )
    return [entry(f"{given.item.kind}_of", given.item.id, given.item.held_by, given.to.id)]


async def _may_count(session: AsyncSession, actor: Actor, person_id: UUID) -> bool:
    """How much a colleague who works here was told in confidence is for her alone to know."""
    if person_id == actor.person_id:
        return True
    working = select(Person.id).where(Person.id == person_id, works_here(Person.id))
    return await session.scalar(working) is None


async def _tell(
    session: AsyncSession, actor: Actor, told: Mapping[UUID, tuple[UUID, UUID]], planned: Plan
) -> list[Entry]:
    """Each person of a case once, and whoever gets or gives something without having done so herself."""
    number = ids.new()
    due_at = clock.now() + HELD
    letters = [
        Addressed(
            f"{NEW_COORDINATOR}:{number}:{person_id}",
            person_id,
            {"relationship_id": case, "coordinator_id": to},
        )
        for person_id, (case, to) in told.items()
    ]
    await notifications.write_all(session, actor, NEW_COORDINATOR, letters, due_at=due_at)
    held = {one.item.held_by for one in planned.given if one.to is not None and one.item.held_by}
    found = await session.scalars(select(Person.id).where(Person.id.in_(held), works_here(Person.id)))
    givers = found.all()
    concerned_too = [
        one for one in (*planned.counts, planned.from_id, *givers) if one and one != actor.person_id
    ]
    meeting = [
        Addressed(
            f"{INTERVIEWER}:{number}:{one.item.id}",
            person_id,
            {"appointment_id": one.item.id, "coordinator_id": one.to.id},
        )
        for one in planned.given
        if one.item.kind == "appointment" and one.to is not None
        for person_id in await _whose(session, one.item)
    ]
    await notifications.write_all(session, actor, INTERVIEWER, meeting, due_at=due_at)
    staff = [
        Addressed(
            f"{HANDED}:{number}:{person_id}",
            person_id,
            {"by": actor.require_person(), "cases": planned.counts.get(person_id, {}).get("case", 0)},
        )
        for person_id in dict.fromkeys(concerned_too)
    ]
    await notifications.write_all(session, actor, HANDED, staff, due_at=due_at)
    # From whom something was taken hears of it all the same: undone or not, a colleague could open it meanwhile.
    kept = [one for one in staff if one.person_id not in {*givers, planned.from_id}]
    return [{"letter": one.key} for one in (*letters, *meeting, *kept)]


async def _whose(session: AsyncSession, appointment: Item) -> list[UUID]:
    of = select(Participation.person_id).where(
        Participation.id == UUID(str(appointment.about["participation_id"]))
    )
    return list(await session.scalars(of))


def _counts(given: Sequence[Given]) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = {}
    for one in given:
        if one.to is not None:
            of = counts.setdefault(one.to.id, {})
            of[one.item.kind] = of.get(one.item.kind, 0) + 1
    return counts


async def restore(session: AsyncSession, actor: Actor, kind: str, before: Entry) -> bool:
    """Give one thing back to whoever had it; not if it has gone on since."""
    was = UUID(before["was"]) if before["was"] else None
    now = UUID(before["now"]) if before["now"] else None
    id = UUID(before[kind])
    if kind == "case_of":
        found = await handing.locked(session, actor, [id])
        if not found or found[0].coordinator_id != now:
            return False
        handing.give(session, actor, found[0], was)
        return True
    holder = _HOLDER[kind.removesuffix("_of")]
    model = holder.class_
    done = await session.execute(
        update(model)
        .where(bulk.any_of(model.id, [id]), holder.is_not_distinct_from(now))
        .values({holder: was})
        .returning(model.id)
    )
    return done.first() is not None
