"""What happens in a history, as plain rows: who does what at which wall time of the organisation."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MENTOR, MENTEE, PEER = "mentor", "mentee", "peer"
PAIR, GROUP, CIRCLE = "pair", "group", "circle"


@dataclass(frozen=True)
class Terms:
    """A programme's numbers, as an organisation sets them."""

    name: str
    releases_at_once: bool  # contact data with the proposal
    check_up_days: tuple[int, ...] = (14, 91, 274)
    term_months: int = 12
    answer_days: int = 3
    date_days: int = 14
    meet_days: int = 61
    asks_evaluation: bool = True
    remind_days: int = 14
    call_days: int = 7
    review_months: int = 12
    structure: str = PAIR
    least: int = 2  # who have to say yes, of a group without its mentor


@dataclass(frozen=True)
class Member:
    name: str
    role: str
    capacity: int = 1
    has_email: bool = True
    zone: str = "UTC"


@dataclass(frozen=True)
class Step:
    """
    One deed. `who` is a member, or "" for the coordinator; `pair` the case that it is about.

    `at` is a wall time of the organisation's zone. `facts` differ from deed to deed.
    """

    at: datetime
    deed: str
    who: str = ""
    pair: int = 0
    facts: tuple[tuple[str, object], ...] = ()

    def __getitem__(self, name: str) -> object:
        return dict(self.facts)[name]

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.facts)
        return f"{self.at:%Y-%m-%d %H:%M} {self.deed} pair={self.pair} {self.who or 'coordinator'} {told}".rstrip()


@dataclass(frozen=True)
class History:
    """One mentor and those whom she is brought together with, one after the other or at once; or a group or circle."""

    terms: Terms
    members: tuple[Member, ...]
    pairs: tuple[tuple[str, ...], ...]  # mentor and mentee; the mentor of a group first
    steps: tuple[Step, ...] = field(default=())

    def steps_of(self, pair: int) -> list[Step]:
        return [step for step in self.steps if step.pair == pair]

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.terms}", *map(str, self.members), *map(str, self.pairs), *map(str, self.steps)]
        )


@dataclass(frozen=True)
class Planned:
    """What is done with one workshop of a programme. Its steps are about nobody's pair."""

    terms: Terms
    steps: tuple[Step, ...]


def moment(wall: datetime, zone: str) -> datetime:
    """The instant of a wall time; of one that comes twice the first, one that is skipped moves on by the gap."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(ZoneInfo("UTC"))


def wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def working_days_later(day: date, count: int) -> date:
    """The last of `count` days after `day` on which offices work."""
    while count:
        day += timedelta(days=1)
        if day.strftime("%a") not in ("Sat", "Sun"):
            count -= 1
    return day


def months_later(day: date, months: int) -> date:
    year, month = day.year + (day.month + months - 1) // 12, (day.month + months - 1) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError(day)
