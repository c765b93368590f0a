"""
By which days and limits a programme goes: when contact data is released (K30), how long answers are waited for, when it is
checked how a pair does (K39, K41), how long it lasts (K42), and how many matches one coordinator confirms (K28).

They hold from now on. A pair that runs keeps its last day, and a proposal that is open its own.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.programmes import actions, queries
from tenants.programmes.models import ContactRelease, Programme

BOUNDS = {
    "answer_days": (1, 30),
    "confirm_days": (1, 60),
    "term_months": (1, 60),
    "caseload_limit": (1, 1000),
}
MOST_CHECK_UPS = 12
LAST_CHECK_UP = 1830  # days: five years, as long as the longest term


@dataclass(frozen=True, slots=True)
class Terms:
    """`check_up_days` count from the match; a programme may have none."""

    contact_release: ContactRelease
    answer_days: int
    check_up_days: tuple[int, ...]
    term_months: int
    caseload_limit: int
    confirm_days: int


def of(programme: Programme) -> Terms:
    return Terms(
        ContactRelease(programme.contact_release),
        programme.answer_days,
        tuple(sorted(programme.check_up_days)),
        programme.term_months,
        programme.caseload_limit,
        programme.confirm_days,
    )


async def change(session: AsyncSession, actor: Actor, programme_id: UUID, wanted: Terms) -> Terms:
    """
    Go by other days and limits from now on; only what differs is written down as changed.

    Raises:
        NotFound: no programme that the actor reaches. Invalid: days or numbers that no programme has.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    _must_be_sound(wanted)
    known = of(programme)
    facts = {
        name: getattr(wanted, name)
        for name in Terms.__dataclass_fields__
        if getattr(wanted, name) != getattr(known, name)
    }
    if "check_up_days" in facts:
        facts["check_up_days"] = sorted(set(wanted.check_up_days))
    if facts:
        programme = await actions.change(session, actor, programme_id, **facts)
    return of(programme)


def _must_be_sound(wanted: Terms) -> None:
    problems = []
    for name, (least, most) in BOUNDS.items():
        number = getattr(wanted, name)
        if number < least:
            problems.append(Problem(name, "too_small", {"minimum": least}))
        elif number > most:
            problems.append(Problem(name, "too_large", {"maximum": most}))
    days = wanted.check_up_days
    if len(days) > MOST_CHECK_UPS or not all(1 <= day <= LAST_CHECK_UP for day in days):
        problems.append(unreadable_days())
    if problems:
        raise Invalid(*problems)


def unreadable_days() -> Problem:
    return Problem("check_up_days", "check_up_days", {"most": MOST_CHECK_UPS, "maximum": LAST_CHECK_UP})
