"""
Inviting to a workshop: the people of a cycle by their status, or somebody by name; with a look before, and ten minutes to take it
back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock, ids
from infra.db import bulk
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.gatherings import queries, rules, telling
from tenants.gatherings.events import Event
from tenants.gatherings.models import ROLES, Audience, Guest, GuestState, Workshop
from tenants.gatherings.telling import INVITED
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.models import Participation, Status
from tenants.registration.rules import UNDO

SHOWN = 60  # names on the page that one looks at before
MOST_NAMED = 60  # people chosen by name at once: they stand in an address


@dataclass(frozen=True, slots=True)
class Whom:
    """
    Everybody of the cycle for whom the workshop is, with one of these `statuses` (without any: whoever takes part); or the
    `people` who are named by their participations: anybody of the programme whom the actor may see, in either role.
    """

    statuses: Sequence[str] = ()
    people: Sequence[UUID] = ()


EVERYBODY = Whom()


@dataclass(frozen=True, slots=True)
class Invitee:
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: str
    status: str
    can_be_written_to: bool


@dataclass(frozen=True, slots=True)
class Look:
    """
    What inviting would do: how many are invited, how many of them have no e-mail, the first of them by name; and why
    how many of the cycle's people in these roles, or of those who were named, are not: "invited" already, "left", or of
    another status.
    """

    number: int
    without_email: int
    first: Sequence[Invitee]
    staying: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    batch_id: UUID
    number: int


async def look(session: AsyncSession, actor: Actor, workshop: Workshop, whom: Whom = EVERYBODY) -> Look:
    """
    Of a workshop that the actor has access to.

    Raises:
        Invalid: statuses that nobody is invited in.
    """
    actor.require(Permission.STATUS_CHANGE)
    of, wanted = _meant(actor, workshop, whom)
    goes = _invited(workshop, of, wanted)
    number, without = (
        await session.execute(
            goes.with_only_columns(
                func.count(Person.id.distinct()),
                func.count(Person.id.distinct()).filter(~_written_to()),
            )
        )
    ).one()
    return Look(number, without, await _first(session, goes), await _staying(session, workshop, of, wanted))


async def invite(session: AsyncSession, actor: Actor, workshop_id: UUID, whom: Whom = EVERYBODY) -> Sent:
    """
    Invite those who are meant and not invited yet. The letters wait for ten minutes, in which all can be taken back
    together.

    Raises:
        NotFound: none within the actor's reach. WorkshopOver: cancelled, held, or its hour has come.
        Invalid: statuses that nobody is invited in.
    """
    actor.require(Permission.STATUS_CHANGE)
    workshop = await queries.access(session, actor, workshop_id, lock=True)
    of, wanted = _meant(actor, workshop, whom)
    rules.must_be_planned(workshop)
    if workshop.starts_at <= clock.now():
        raise rules.WorkshopOver(state=workshop.state)
    goes = _invited(workshop, of, wanted).with_only_columns(Person.id, Participation.id)
    rows = await session.execute(goes.order_by(Participation.created_at, Participation.id))
    parts: dict[UUID, UUID] = {}
    for person_id, part_id in rows:
        parts.setdefault(person_id, part_id)  # of somebody in two roles the part that is older
    await _forget_gone(session, workshop, list(parts.values()))
    batch_id = ids.random()
    made = [(ids.random(), person_id, part_id) for person_id, part_id in parts.items()]
    await bulk.insert_rows(
        session,
        bulk.table(Guest),
        [
            {
                "organisation_id": actor.organisation_id, "id": guest_id, "workshop_id": workshop.id,
                "participation_id": part_id, "batch_id": batch_id, "link_id": ids.random(),
                "state": GuestState.ASKED, "created_at": clock.now(), "has_said": False,
            }
            for guest_id, _person, part_id in made
        ],
    )  # fmt: skip
    guests = [(guest_id, person_id) for guest_id, person_id, _part in made]
    await telling.write(session, actor, INVITED, workshop, guests, due_at=clock.now() + UNDO)
    if made:
        audit.record(session, actor, Event.INVITED, kind="workshop", id=workshop.id, number=len(made))
    return Sent(batch_id, len(made))


async def _forget_gone(session: AsyncSession, workshop: Workshop, part_ids: Sequence[UUID]) -> None:
    """Who had left and is invited anew begins anew, with a letter of its own."""
    for part in bulk.batches(part_ids):
        await session.execute(
            delete(Guest).where(
                Guest.workshop_id == workshop.id,
                Guest.state == GuestState.GONE,
                bulk.any_of(Guest.participation_id, part),
            )
        )


async def take_back(session: AsyncSession, actor: Actor, batch_id: UUID) -> tuple[int, int]:
    """
    Take back the invitations that were sent together, within ten minutes: nobody hears of them. Who has answered
    already, on her page or by telephone, stays.

    Returns how many were taken back, and how many no longer could be.

    Raises:
        NotFound: no such batch within the actor's reach.
    """
    actor.require(Permission.STATUS_CHANGE)
    query = select(Guest.workshop_id).where(Guest.batch_id == batch_id).limit(1)
    workshop_id = (await session.execute(query)).scalar_one_or_none()
    if workshop_id is None:
        raise NotFound(kind="workshop_batch", id=str(batch_id))
    try:
        workshop = await queries.access(session, actor, workshop_id, lock=True)
    except NotFound as error:
        raise NotFound(kind="workshop_batch", id=str(batch_id)) from error
    of_batch = (Guest.workshop_id == workshop.id, Guest.batch_id == batch_id)
    number = (await session.execute(select(func.count()).where(*of_batch))).scalar_one()
    undoable = (
        await session.execute(
            select(Guest.id).where(
                *of_batch, Guest.state == GuestState.ASKED, Guest.created_at > clock.now() - UNDO
            )
        )
    ).scalars()
    early = list(undoable)
    hurried = await telling.left(session, early)  # out of the outbox, before its ten minutes were over
    gone = [one for one in early if one not in hurried]
    await telling.withdraw(session, (INVITED,), workshop, guest_ids=gone)
    for part in bulk.batches(gone):
        await session.execute(delete(Guest).where(bulk.any_of(Guest.id, part)))
    if gone:
        audit.record(session, actor, Event.TAKEN_BACK, kind="workshop", id=workshop.id, number=len(gone))
    return len(gone), number - len(gone)


def _meant(actor: Actor, workshop: Workshop, whom: Whom) -> tuple[tuple[Any, ...], Sequence[str]]:
    """Whose participations are meant, and in which statuses they are invited."""
    if not whom.people:
        return meant(workshop), _statuses(whom.statuses)
    if len(whom.people) > MOST_NAMED:
        raise Invalid(Problem("people", "too_large", {"maximum": MOST_NAMED}))
    p = Participation
    of: tuple[Any, ...] = (p.programme_id == workshop.programme_id, p.id.in_(whom.people))
    if actor.offices:
        of = (*of, p.office_id.in_(actor.offices))
    return of, rules.MAY_BE_INVITED


def _statuses(named: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(named)) or [str(one) for one in rules.USUALLY_INVITED]
    if not set(wanted) <= set(rules.MAY_BE_INVITED):
        raise Invalid(Problem("statuses", "not_a_choice"))
    return wanted


def meant(workshop: Workshop) -> tuple[Any, ...]:
    """Participations for which a workshop is."""
    p = Participation
    found: tuple[Any, ...] = (
        p.cycle_id == workshop.cycle_id,
        p.role.in_(ROLES[Audience(workshop.audience)]),
    )
    return (*found, p.office_id == workshop.office_id) if workshop.office_id else found


def _is_guest(workshop: Workshop) -> Any:
    """She is a guest already, in this part or another of hers. Who had left and has come back is none any more."""
    other = aliased(Participation)
    guests = (
        select(other.person_id)
        .join(Guest, (Guest.organisation_id == other.organisation_id) & (Guest.participation_id == other.id))
        .where(Guest.workshop_id == workshop.id, Guest.state != GuestState.GONE)
    )
    return Participation.person_id.in_(guests)


def _invited(workshop: Workshop, of: tuple[Any, ...], statuses: Sequence[str]) -> Any:
    return (
        select(Participation)
        .join(
            Person,
            (Person.organisation_id == Participation.organisation_id)
            & (Person.id == Participation.person_id),
        )
        .where(*of, Participation.status.in_(statuses), Person.is_active, ~_is_guest(workshop))
    )


def _written_to() -> Any:
    return Person.email.is_not(None)


async def _first(session: AsyncSession, goes: Any) -> list[Invitee]:
    p = Participation
    query = goes.with_only_columns(
        p.id, p.person_id, Person.full_name, p.role, p.status, _written_to()
    ).order_by(Person.search_key, p.id)
    return [Invitee(*row) for row in await session.execute(query.limit(SHOWN))]


async def _staying(
    session: AsyncSession, workshop: Workshop, of: tuple[Any, ...], statuses: Sequence[str]
) -> dict[str, int]:
    """Of the people meant, who is not invited and why; each once."""
    p = Participation
    invited = _is_guest(workshop).label("invited")
    query = select(p.status, invited, func.count()).where(*of).group_by(p.status, invited)
    found: dict[str, int] = {}
    for status, is_guest, number in await session.execute(query):
        if is_guest:
            found["invited"] = found.get("invited", 0) + number
        elif status not in statuses:
            why = "left" if status == Status.LEFT else status
            found[why] = found.get(why, 0) + number
    return found
