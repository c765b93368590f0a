"""
The one clock. Everything asks it, so that tests may stop it and demos may move it.

Instants are UTC. A date for a person is made from an instant and her zone by
`local`, and an instant from a wall time by `instant`; SQL never converts,
since it reads the repeated hour of a clock change differently from Python.
"""

from datetime import UTC, datetime, time
from datetime import date as Date
from zoneinfo import ZoneInfo


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
