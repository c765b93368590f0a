"""Launching, opening, changing and closing programmes and their cycles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Conflict, Invalid, NotFound, Problem, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.programmes import furnishing, queries, rules
from tenants.programmes.events import Event
from tenants.programmes.models import Cycle, Focus, Programme, ProgrammeRole, ProgrammeState, Structure
from tenants.programmes.starters import STARTERS, StarterName, said

CHANGEABLE = {
    "name", "summary", "focus", "languages", "contact_release", "wants_interview", "eligibility", "places",
    "answer_days", "date_days", "meet_days", "confirm_days", "check_up_days", "term_months", "caseload_limit",
}  # fmt: skip


class SlugTaken(Conflict):
    code = "slug_taken"


class CycleNameTaken(Conflict):
    code = "cycle_name_taken"


class NoCoordinator(WrongState):
    code = "no_coordinator"


@dataclass(frozen=True, slots=True)
class Dates:
    """When a cycle opens and closes for registration, is matched, starts and ends."""

    opens_on: date
    closes_on: date
    matching_on: date
    launch_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Launched:
    programme: Programme
    cycle: Cycle


async def launch(
    session: AsyncSession,
    actor: Actor,
    *,
    starter: StarterName,
    slug: str,
    cycle_name: str,
    dates: Dates,
    languages: Sequence[str] | None = None,
    name: Mapping[str, str] | None = None,
    summary: Mapping[str, str] | None = None,
    structure: Structure | None = None,
    focus: Sequence[Focus] | None = None,
    is_open: bool = True,
    **changed: Any,
) -> Launched:
    """
    Make a programme and its first cycle from a starter; what is named here wins over the starter.

    `changed` are facts of `CHANGEABLE`. The starter's texts are copied in each
    of the programme's languages, the organisation's own where none are named.

    Raises:
        SlugTaken: another programme has this address.
        Invalid: a bad address, dates out of order, a language that the organisation does not speak.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    rules.must_be_a_slug(slug)
    await _free_slug(session, slug)
    begun = STARTERS[starter]
    spoken = await _spoken(session, languages)
    programme = Programme(
        organisation_id=actor.organisation_id,
        slug=slug,
        structure=structure or begun.structure,
        state=ProgrammeState.OPEN if is_open else ProgrammeState.DRAFT,
        focus=list(focus or begun.focus),
        name=dict(name or said(begun.title, spoken)),
        summary=dict(summary or said(begun.summary, spoken)),
        languages=spoken,
        contact_release=begun.contact_release,
        wants_interview=begun.wants_interview,
        eligibility=dict(begun.eligibility),
        places=begun.places,
        check_up_days=list(begun.check_up_days),
        term_months=begun.term_months,
    )
    _set(programme, changed)
    session.add(programme)
    await session.flush()
    furnishing.furnish(session, programme, begun)
    audit.record(
        session, actor, Event.PROGRAMME_LAUNCHED, kind="programme", id=programme.id, starter=starter,
        structure=programme.structure,
    )  # fmt: skip
    cycle = await plan_cycle(session, actor, programme.id, name=cycle_name, dates=dates)
    return Launched(programme, cycle)


async def plan_cycle(
    session: AsyncSession, actor: Actor, programme_id: UUID, *, name: str, dates: Dates
) -> Cycle:
    """
    Add a cycle; it may overlap with others (I17).

    Raises:
        CycleNameTaken: the programme has one of this name.
        Invalid: dates out of order.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    rules.must_be_a_cycle_name(name)
    if any(cycle.name == name for cycle in await queries.cycles(session, programme.id)):
        raise CycleNameTaken(name=name)
    cycle = Cycle(organisation_id=actor.organisation_id, programme_id=programme.id, name=name, **_days(dates))
    rules.must_be_in_order(cycle)
    session.add(cycle)
    await session.flush()
    audit.record(session, actor, Event.CYCLE_PLANNED, kind="cycle", id=cycle.id, programme=str(programme.id))
    return cycle


async def move_cycle(session: AsyncSession, actor: Actor, cycle_id: UUID, *, dates: Dates) -> Cycle:
    """
    Raises:
        NotFound: no such cycle.
        Invalid: dates out of order.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    cycle = await queries.access_cycle(session, actor, cycle_id, lock=True)
    rules.must_be_in_order(Cycle(**_days(dates)))
    for fact, day in _days(dates).items():
        setattr(cycle, fact, day)
    audit.record(session, actor, Event.CYCLE_CHANGED, kind="cycle", id=cycle.id)
    return cycle


async def open_programme(session: AsyncSession, actor: Actor, programme_id: UUID) -> Programme:
    """Let people register, within the dates of its cycles."""
    return await _turn(session, actor, programme_id, ProgrammeState.OPEN, Event.PROGRAMME_OPENED)


async def close_programme(session: AsyncSession, actor: Actor, programme_id: UUID) -> Programme:
    """Nobody can register any more; whoever takes part goes on."""
    return await _turn(session, actor, programme_id, ProgrammeState.CLOSED, Event.PROGRAMME_CLOSED)


async def _turn(
    session: AsyncSession, actor: Actor, programme_id: UUID, state: ProgrammeState, event: Event
) -> Programme:
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if programme.state != state:
        programme.state = state
        audit.record(session, actor, event, kind="programme", id=programme.id)
    return programme


async def change(session: AsyncSession, actor: Actor, programme_id: UUID, **facts: Any) -> Programme:
    """
    Change facts of a programme; only those of `CHANGEABLE` may be named.

    Raises:
        NotFound: no such programme.
        Invalid: a language that the organisation does not speak, a text in none of them.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if "languages" in facts:
        facts["languages"] = await _spoken(session, facts["languages"])
    _set(programme, facts)
    audit.record(
        session, actor, Event.PROGRAMME_CHANGED, kind="programme", id=programme.id, fields=sorted(facts)
    )
    return programme


async def give_role(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    person_id: UUID,
    role: Role,
    *,
    taken: bool = False,
) -> None:
    """
    Give somebody a part in one programme, or take it back; participants see the first coordinator's name.

    Raises:
        NotFound: no such programme or person in this organisation.
        NoCoordinator: somebody who does not work as a coordinator; her telephone is not for participants.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    actor.refuse_support()
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if (await session.execute(select(Person.id).where(Person.id == person_id))).one_or_none() is None:
        raise NotFound(kind="person", id=str(person_id))
    if role is Role.COORDINATOR and not taken:
        able = await queries.coordinators(session, actor)
        if person_id not in {one.person_id for one in able}:
            raise NoCoordinator
    held = (
        ProgrammeRole.programme_id == programme.id,
        ProgrammeRole.person_id == person_id,
        ProgrammeRole.role == role,
    )
    has_it = (await session.execute(select(ProgrammeRole.id).where(*held))).one_or_none() is not None
    if has_it != taken:
        return
    if taken:
        await session.execute(delete(ProgrammeRole).where(*held))
    else:
        session.add(
            ProgrammeRole(
                organisation_id=actor.organisation_id,
                programme_id=programme.id,
                person_id=person_id,
                role=role,
            )
        )
    event = Event.PROGRAMME_ROLE_TAKEN if taken else Event.PROGRAMME_ROLE_GIVEN
    audit.record(session, actor, event, kind="programme", id=programme.id, person=str(person_id), role=role)


def _set(programme: Programme, facts: Mapping[str, Any]) -> None:
    if unknown := set(facts) - CHANGEABLE:
        raise TypeError(f"not changeable: {unknown}")
    for fact, value in facts.items():
        if fact in ("name", "summary") and not any(value.values()):
            raise Invalid(Problem(fact, "text_missing"))
        setattr(programme, fact, value)


def _days(dates: Dates) -> dict[str, date]:
    return {fact: getattr(dates, fact) for fact in Dates.__dataclass_fields__}


async def _free_slug(session: AsyncSession, slug: str) -> None:
    taken = await session.execute(select(Programme.id).where(Programme.slug == slug))
    if taken.one_or_none() is not None:
        raise SlugTaken(slug=slug)


async def _spoken(session: AsyncSession, languages: Sequence[str] | None) -> list[str]:
    """The programme's languages, its first the head of the fallback chain."""
    offered = (await organisations.own(session)).languages
    if languages is None:
        return list(offered)
    if not languages or set(languages) - set(offered):
        raise Invalid(Problem("languages", "language_not_spoken"))
    return list(languages)
