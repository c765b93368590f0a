"""
A caseload, or part of it, goes to colleagues: looked at before, in one transaction, and taken back while nothing depends on it.

Confidential notes do not go with it: their author gives them, and where she has left, somebody else decides.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.events import Event as DeskEvent
from tenants.notifications.models import Task
from tenants.people.models import Person
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party
from tenants.registration.appointment_models import Appointment
from tenants.registration.models import Participation
from tenants.relationships import handing
from tenants.relationships import queries as relationships
from tenants.relationships.accompanying import works_here
from tenants.reports.deeds import caseloads, planning
from tenants.reports.deeds.caseloads import Item
from tenants.reports.deeds.keeping import Done, Entry, entry, keep
from tenants.reports.deeds.models import DeedKind
from tenants.reports.deeds.planning import Given, Plan
from tenants.reports.deeds.rules import HELD, Choice

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
    planned = await planning.plan(session, actor, to=to, from_id=from_id, choice=choice)
    going = [one for one in planned.given if one.to is not None]
    told: dict[UUID, tuple[UUID, UUID]] = {}
    before = await _hand(session, actor, going, told)
    before += await _hand(session, actor, await _begun_meanwhile(session, actor, going), told)
    before += await _tell(session, actor, told, planned)
    rows = [one.row for one in planned.given]
    done = await keep(session, actor, DeedKind.HAND_OVER, rows, before, once=once)
    return done, planned


async def _hand(
    session: AsyncSession, actor: Actor, going: Sequence[Given], told: dict[UUID, tuple[UUID, UUID]]
) -> list[Entry]:
    """How it stood before. In `told` stand, by person, the case and the coordinator of which she is to hear."""
    cases = {one.item.id: one for one in going if one.item.kind == "case"}
    before: list[Entry] = []
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
    return before


async def _begun_meanwhile(session: AsyncSession, actor: Actor, going: Sequence[Given]) -> list[Given]:
    """
    Cases of proposals that were answered while we waited for them: they began with who had the proposal, and go, with
    what is to be done for them, to who gets it.
    """
    whose = {one.item.id: one for one in going if one.item.kind in ("proposal", "party")}
    begun = await caseloads.begun_of(session, actor, list(whose)) if whose else []
    of_case = {item.id: whose[source] for item, source in begun if source is not None}
    made = []
    for item, _source in begun:
        from_ = of_case.get(item.follows[1] if item.follows else item.id)
        if from_ is not None and item.held_by == from_.item.held_by:
            made.append(Given(item, from_.row, from_.to))
    return made


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
