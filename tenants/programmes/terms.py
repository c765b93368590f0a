"""
By which days and limits a programme goes: when contact data is released (K30), how long answers and first meetings are
waited for (K31), when it is checked how a pair does (K39, K41), how long it lasts (K42), how many matches one
coordinator confirms (K28), and whom it takes: who may register, how many, and whether we talk with her first (K10).

They hold from now on. What was promised stays: an open proposal keeps its days, a pair that runs its last day, and
whoever takes part her place.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.audit.models import AuditEvent
from tenants.permissions import Permission
from tenants.programmes import admitting, queries
from tenants.programmes.events import Event
from tenants.programmes.models import ContactRelease, Programme

BOUNDS = {
    "answer_days": (1, 30),
    "date_days": (1, 90),
    "meet_days": (1, 365),
    "confirm_days": (1, 60),
    "term_months": (1, 60),
    "caseload_limit": (1, 1000),
    "places": (1, 100_000),
}
MOST_CHECK_UPS = 12
LAST_CHECK_UP = 1830  # days: five years, as long as the longest term
UNDO = timedelta(minutes=10)


class TermsChanged(Conflict):
    """Somebody else has changed them since they were looked at."""

    code = "terms_changed"


class TermsUndoTooLate(WrongState):
    """Ten minutes are over, or they have been changed again."""

    code = "terms_undo_too_late"


@dataclass(frozen=True, slots=True)
class Terms:
    """`check_up_days` count from the match; a programme may have none. Without `places` there is no limit."""

    contact_release: ContactRelease
    answer_days: int
    date_days: int
    meet_days: int
    check_up_days: tuple[int, ...]
    term_months: int
    caseload_limit: int
    confirm_days: int
    wants_interview: bool
    places: int | None
    eligibility: Mapping[str, Any]

    @property
    def version(self) -> str:
        """Names this state of them, for whoever changes what she has looked at."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()[:16]


def of(programme: Programme) -> Terms:
    facts = {name: getattr(programme, name) for name in Terms.__dataclass_fields__}
    return Terms(
        **facts
        | {
            "contact_release": ContactRelease(programme.contact_release),
            "check_up_days": tuple(sorted(programme.check_up_days)),
        }
    )


async def change(
    session: AsyncSession,
    actor: Actor,
    programme_id: UUID,
    wanted: Mapping[str, Any],
    *,
    version: str | None = None,
) -> Terms:
    """
    Go by other days and limits from now on; only what differs is written down as changed.

    `wanted` are those that are named; the others stay. With `version` they are changed only as they were seen.

    Raises:
        NotFound: no programme that the actor reaches. TermsChanged: they are not as they were seen.
        Invalid: days, numbers or conditions that no programme has.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    known = of(programme)
    sound = _sound(known, wanted)
    facts = {name: value for name, value in sound.items() if value != getattr(known, name)}
    if facts and version is not None and version != known.version:
        raise TermsChanged
    return await _write(session, actor, programme, facts) if facts else known


async def take_back(session: AsyncSession, actor: Actor, programme_id: UUID) -> Terms:
    """
    Go by what held before the actor's own last change, within ten minutes; what began meanwhile keeps what it has.

    Raises:
        NotFound: no programme that the actor reaches.
        TermsUndoTooLate: the time is over, or they have been changed again.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    query = select(AuditEvent).where(
        AuditEvent.object_kind == "programme",
        AuditEvent.object_id == programme.id,
        AuditEvent.event == Event.TERMS_CHANGED,
        AuditEvent.created_at > clock.now() - UNDO,
    )
    query = query.order_by(AuditEvent.created_at.desc(), AuditEvent.id.desc()).limit(1)
    last = (await session.execute(query)).scalar_one_or_none()
    if (
        last is None
        or "undone" in last.details
        or (last.person_id, last.token_id) != (actor.person_id, actor.token_id)
        or any(_plain(getattr(programme, name)) != value for name, value in last.details["to"].items())
    ):
        raise TermsUndoTooLate
    return await _write(session, actor, programme, last.details["was"], undone=True)


async def _write(
    session: AsyncSession, actor: Actor, programme: Programme, facts: Mapping[str, Any], **told: Any
) -> Terms:
    was = {name: _plain(getattr(programme, name)) for name in facts}
    for name, value in facts.items():
        setattr(programme, name, _plain(value))
    to = {name: _plain(getattr(programme, name)) for name in facts}
    audit.record(
        session, actor, Event.TERMS_CHANGED, kind="programme", id=programme.id, was=was, to=to, **told
    )
    return of(programme)


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    return msgspec.to_builtins(value)


def _sound(known: Terms, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is wanted, in the form in which it is kept."""
    sound, problems = dict(wanted), []
    for name in BOUNDS:
        if name in wanted:
            problems += _outside(name, wanted[name])
    if "check_up_days" in wanted:
        sound["check_up_days"] = days = tuple(sorted(set(wanted["check_up_days"])))
        if len(days) > MOST_CHECK_UPS or not all(1 <= day <= LAST_CHECK_UP for day in days):
            problems.append(unreadable_days())
    to_set, to_meet = (sound.get(name, getattr(known, name)) for name in ("date_days", "meet_days"))
    if to_set > to_meet:
        problems.append(Problem("date_days", "too_large", {"maximum": to_meet}))
    try:
        if "eligibility" in wanted:
            sound["eligibility"] = admitting.tidy(wanted["eligibility"])
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(*problems)
    return sound


def _outside(name: str, number: int | None) -> list[Problem]:
    least, most = BOUNDS[name]
    if number is None:
        return [] if name == "places" else [Problem(name, "missing")]
    if number < least:
        return [Problem(name, "too_small", {"minimum": least})]
    return [Problem(name, "too_large", {"maximum": most})] if number > most else []


def unreadable_days() -> Problem:
    return Problem("check_up_days", "check_up_days", {"most": MOST_CHECK_UPS, "maximum": LAST_CHECK_UP})
