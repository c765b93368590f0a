"""
The one clock. Everything asks it, so that tests may stop it and demos may move it.

Instants are UTC. A date for a person is made from an instant and her zone by
`local`, and an instant from a wall time by `instant`; SQL never converts,
since it reads the repeated hour of a clock change differently from Python.
"""

from datetime import UTC, datetime, time, timedelta
from datetime import date as Date
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


@cache
def zones() -> frozenset[str]:
    """The names of all zones. To gather them takes 20 ms: they lie in some hundred files."""
    return frozenset(available_timezones())


def now() -> datetime:
    return datetime.now(UTC)


def local(moment: datetime, zone: str) -> datetime:
    """The wall time of `moment` in `zone` (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


def today(zone: str) -> Date:
    return local(now(), zone).date()


def instant(day: Date, at: time, zone: str) -> datetime:
    """
    The UTC instant of a wall time.

    A time that the clocks skip moves forward by the gap; of a time that they
    repeat, the first is meant.
    """
    # PEP 495: fold=0 reads a skipped time with the offset before the gap, which lands one gap later.
    return datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def real(day: Date, at: time, zone: str) -> datetime:
    """The wall time as it stands, or where the clocks skip it the first one after; without a zone."""
    wanted = datetime.combine(day, at.replace(fold=0))
    while local(instant(wanted.date(), wanted.time(), zone), zone).replace(tzinfo=None) != wanted:
        wanted = wanted.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return wanted


def is_repeated(day: Date, at: time, zone: str) -> bool:
    """Whether the clocks show this wall time twice; `instant` means the first."""
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset() and real(
        day, at, zone
    ) == wall.replace(tzinfo=None)
