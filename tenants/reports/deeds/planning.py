"""
How a caseload, or part of it, would be shared out among colleagues, before anything is done.

Each thing goes to whoever of them works in its office and gets the least so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.notifications.desk import TaskIsPersonal
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.relationships.accompanying import works_here
from tenants.reports.deeds import caseloads, choosing
from tenants.reports.deeds.caseloads import Colleague, Item
from tenants.reports.deeds.rules import Choice, HersAlready, NoColleagueThere, Of, Row
from tenants.reports.naming import concerned


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
    return Plan(from_id, name or "", given, stays, counted(given))


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


async def _may_count(session: AsyncSession, actor: Actor, person_id: UUID) -> bool:
    """How much a colleague who works here was told in confidence is for her alone to know."""
    if person_id == actor.person_id:
        return True
    working = select(Person.id).where(Person.id == person_id, works_here(Person.id))
    return await session.scalar(working) is None


def counted(given: Sequence[Given]) -> dict[UUID, dict[str, int]]:
    counts: dict[UUID, dict[str, int]] = {}
    for one in given:
        if one.to is not None:
            of = counts.setdefault(one.to.id, {})
            of[one.item.kind] = of.get(one.item.kind, 0) + 1
    return counts
