"""
Meetings of every month: the same weekday of the month at the same hour of one clock, as long as the mentoring runs.

Each is a meeting of its own, which may be moved or cancelled alone. Calendars get all of them as one event with a
rule, and what was moved or cancelled as exceptions to it.
"""

from datetime import date, datetime, timedelta

from infra import clock
from infra.errors import Problem
from tenants.relationships.rules import MeetingTime

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
MOST = 24  # meetings of one series


def monthly(first: str, zone: str, until: date) -> list[tuple[str, datetime]]:
    """
    Wall times with their instants, from the first one to the last day on which the mentoring runs.

    Raises:
        MeetingTime: there would be one alone, or the clocks skip one of them.
    """
    begin = datetime.fromisoformat(first)
    found = []
    for months in range(MOST):
        day = _in_month(begin.date(), months)
        if day > until:
            break
        wall = datetime.combine(day, begin.time())
        if (real := clock.real(day, begin.time(), zone)) != wall:
            facts = {"found": _text(wall), "next": _text(real)}
            raise MeetingTime(Problem("times[0]", "meeting_in_gap", facts))
        found.append((_text(wall), clock.instant(day, begin.time(), zone)))
    if len(found) < 2:
        raise MeetingTime(Problem("monthly", "meeting_monthly_short"))
    return found


def rule(first: str, count: int) -> str:
    """As calendars are told of it (RFC 5545, 3.3.10)."""
    day = datetime.fromisoformat(first).date()
    return f"FREQ=MONTHLY;BYDAY={_which(day)}{WEEKDAYS[day.weekday()]};COUNT={count}"


def _which(day: date) -> int:
    """The first, second, third or fourth of its weekday in its month; a fifth stands for the last."""
    found = (day.day - 1) // 7 + 1
    return LAST if found == 5 else found


def _in_month(day: date, months: int) -> date:
    """The same weekday of the month, some months later."""
    years, month = divmod(day.month - 1 + months, 12)
    if _which(day) == LAST:
        end = date(day.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)
        return end - timedelta(days=(end.weekday() - day.weekday()) % 7)
    begin = date(day.year + years, month + 1, 1)
    return begin + timedelta(days=(day.weekday() - begin.weekday()) % 7 + 7 * (_which(day) - 1))


def _text(wall: datetime) -> str:
    return wall.isoformat(timespec="minutes")
