"""What guests think of a workshop (K71): told once, kept without a name, shown by role only where nobody can be told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import queries, rules
from tenants.gatherings.events import Event
from tenants.gatherings.models import ROLES, Audience, Guest, Opinion, Workshop, WorkshopState
from tenants.permissions import Permission
from tenants.registration.models import Participation


@dataclass(frozen=True, slots=True)
class Said:
    """`useful` is 1 to 5."""

    useful: int
    will_use: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """
    How often each step of the scale was chosen, by role where that tells of nobody; and the words, in no order.

    Nothing but how many there are before there are `TELL_FROM`.
    """

    number: int
    came: int
    useful: Mapping[int, int]
    by_role: Mapping[str, Mapping[int, int]]
    will_use: Sequence[str]
    missing: Sequence[str]

    @property
    def mean(self) -> float | None:
        return sum(step * times for step, times in self.useful.items()) / self.number if self.useful else None


async def say(session: AsyncSession, actor: Actor, workshop_id: UUID, said: Said) -> None:
    """
    Tell what one thinks of a workshop at which one was. Once: nobody can find the answer again to change it.

    Raises:
        NotFound: she was no guest. NotAGuest: she was not there, or it is too long ago.
        SaidAlready: she has told it before. Invalid: no step of the scale, or too many words.
    """
    actor.require(Permission.OWN_CASE)
    actor.refuse_support()
    found = _read(said)
    mine = await queries.own_one(session, actor, workshop_id)
    query = select(Guest).where(Guest.id == mine.guest.id).with_for_update()
    guest = (await session.execute(query.execution_options(populate_existing=True))).scalar_one()
    if guest.has_said:
        raise rules.SaidAlready
    if not rules.may_say(mine.workshop, guest):
        raise rules.NotAGuest
    guest.has_said = True
    part = await session.execute(select(Participation.role).where(Participation.id == guest.participation_id))
    await _keep(session, actor, mine.workshop, part.scalar_one(), found)


async def note(session: AsyncSession, actor: Actor, workshop_id: UUID, role: str, said: Said) -> None:
    """
    As a coordinator: type in a form that was filled in on paper, which bears no name.

    Raises:
        NotFound: none within the actor's reach. WorkshopNotYet: it was not held.
        Invalid: no role of its guests, no step of the scale, or too many words.
    """
    actor.require(Permission.EVALUATION_CHANGE)
    workshop = await queries.access(session, actor, workshop_id)
    if workshop.state != WorkshopState.HELD:
        raise rules.WorkshopNotYet
    if role not in ROLES[Audience(workshop.audience)]:
        raise Invalid(Problem("role", "missing" if not role else "not_a_choice"))
    await _keep(session, actor, workshop, role, _read(said))


async def results(session: AsyncSession, actor: Actor, workshop_id: UUID) -> Results:
    """
    Raises:
        NotFound: no workshop within the actor's reach.
    """
    actor.require(Permission.EVALUATION_READ)
    workshop = await queries.access(session, actor, workshop_id)
    query = select(Opinion.role, Opinion.useful, func.count()).where(Opinion.workshop_id == workshop.id)
    by_role: dict[str, dict[int, int]] = {}
    for role, useful, times in await session.execute(query.group_by(Opinion.role, Opinion.useful)):
        by_role.setdefault(role, dict.fromkeys(rules.SCALE, 0))[useful] = times
    answers = {role: sum(steps.values()) for role, steps in by_role.items()}
    number, came = sum(answers.values()), (await queries.counts(session, [workshop.id]))[workshop.id].came
    if number < rules.TELL_FROM:
        return Results(number, came, {}, {}, [], [])
    words = select(Opinion.will_use, Opinion.missing).where(Opinion.workshop_id == workshop.id)
    told = (await session.execute(words.order_by(Opinion.id))).all()  # random ids: in no order
    return Results(
        number=number,
        came=came,
        useful={step: sum(steps[step] for steps in by_role.values()) for step in rules.SCALE},
        by_role=by_role if rules.may_split(answers) else {},
        will_use=[row.will_use for row in told if row.will_use],
        missing=sorted(row.missing for row in told if row.missing),
    )


def _read(said: Said) -> Said:
    if said.useful not in rules.SCALE:
        raise Invalid(Problem("useful", "missing" if not said.useful else "not_a_choice"))
    return Said(
        said.useful, rules.tidy_said("will_use", said.will_use), rules.tidy_said("missing", said.missing)
    )


async def _keep(session: AsyncSession, actor: Actor, workshop: Workshop, role: str, said: Said) -> None:
    """With the day of the workshop in place of now: the trail knows when somebody answered."""
    day = clock.local(workshop.starts_at, "UTC").date()
    session.add(
        Opinion(
            organisation_id=actor.organisation_id,
            id=ids.random(),
            created_at=clock.instant(day, time(), "UTC"),
            workshop_id=workshop.id,
            role=role,
            useful=said.useful,
            will_use=said.will_use,
            missing=said.missing,
        )
    )
    await session.flush()
    audit.record(session, actor, Event.OPINION_GIVEN, kind="workshop", id=workshop.id)
