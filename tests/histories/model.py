"""
The rules of a case, written a second time: who gets which letter on which day, which tasks stand, each state.

Nothing here is the product's. It was written from what the product promises
(docs/capabilities: proposals, evaluations, meetings, agreements, workshops, desk), to be compared with what it does.
Times are wall times of the organisation; what is due runs before whatever is done later.

Each file knows one part of a case and is built on the one before it:
model -> meeting -> year -> together (their meetings) -> rhythm -> notices -> signing -> circles -> workshops -> handing -> desk.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.histories.script import CIRCLE, PAIR, History, Member, Terms, moment, wall

REGISTERED, READY, TOGETHER = "REGISTERED", "READY TO BE MATCHED", "IN A MENTOR RELATIONSHIP"
NEWS, LEFT = "NETWORK PARTICIPANT", "LEFT"
GONE = (NEWS, LEFT)
LIVE = ("open", "meeting")
TAKE_BACK = timedelta(minutes=10)
LEAST_TOGETHER = 2  # fewer are no group or circle any more
NEVER_IN = datetime.min  # of a group or circle that began without her
COORDINATOR = "coordinator"
Deed = Callable[[], None]


class Refused(Exception):
    """The product says no, with this code."""


@dataclass
class Person:
    member: Member
    status: str = READY
    left_by_herself: bool = False
    left_at: datetime | None = None
    left: int = 0  # how often

    @property
    def name(self) -> str:
        return self.member.name


@dataclass
class Questions:
    """The three of whoever was not heard of."""

    number: int
    asked_at: datetime
    answered_at: datetime | None = None


@dataclass
class Silence:
    """When to look next whether they meet, and since when they have been told that they do not."""

    look_on: date | None = None
    told_on: date | None = None
    told_of: set[tuple[date, str]] = field(default_factory=set)
    questions: dict[str, list[Questions]] = field(default_factory=dict)


@dataclass
class Pair:
    """A proposal, and the case that comes of it: of two, of a group with its mentor first, or of a circle."""

    number: str
    people: tuple[Person, ...]
    terms: Terms
    state: str = "draft"
    coordinator: str = COORDINATOR
    sending: int = 0
    sent_at: datetime | None = None
    answer_by: date | None = None  # the last day
    meet_by: date | None = None
    meeting_on: date | None = None
    said: dict[tuple[str, str], bool] = field(default_factory=dict)
    asked_to_go_on: set[tuple[str, date | None]] = field(default_factory=set)
    given_up: set[str] = field(
        default_factory=set
    )  # seats of those who have left while a group or circle was asked
    # From the confirmation on.
    runs: bool = False
    begun_at: datetime | None = None
    begun_on: date | None = None
    ends_on: date | None = None
    ended_at: datetime | None = None
    check_up_on: date | None = None
    follow_ups: dict[tuple[str, int], "FollowUp"] = field(default_factory=dict)
    evaluations: dict[str, "Evaluation"] = field(default_factory=dict)
    meetings: list["Meeting"] = field(default_factory=list)
    notices: list["Notice"] = field(default_factory=list)
    silence: Silence = field(default_factory=Silence)
    out: dict[str, datetime] = field(
        default_factory=dict
    )  # of a group or circle: not in it (any more), and since when

    @property
    def is_party(self) -> bool:
        return self.terms.structure != PAIR

    @property
    def leader(self) -> Person | None:
        return None if self.terms.structure == CIRCLE else self.people[0]

    @property
    def both(self) -> tuple[Person, ...]:
        """Who is in it, or is asked to be: both of a pair, all of a group or circle."""
        return tuple(one for one in self.people if one.name not in self.out)

    def others(self, name: str) -> list[Person]:
        return [one for one in self.both if one.name != name]

    @property
    def holds_places(self) -> bool:
        return self.state in LIVE or self.runs


@dataclass
class FollowUp:
    asked_on: date
    remind_on: date | None
    replied: bool = False


@dataclass
class Evaluation:
    asked_at: datetime
    next_on: date | None
    state: str = "asked"
    is_reminded: bool = False
    answered_at: datetime | None = None
    by_coordinator: bool = False


@dataclass
class Meeting:
    """An offer, and the meeting that comes of it. Times are instants."""

    by: str
    starts: datetime
    state: str = "proposed"
    instead_of: "Meeting | None" = None
    is_noted: bool = False  # by its day, afterwards
    noted_on: date | None = None  # by the clock of whoever noted it
    sequence: int = 0  # how often it was moved
    known_since: datetime | None = None
    said: dict[str, bool] = field(default_factory=dict)  # did you meet?
    promised: set[tuple[str, int]] = field(default_factory=set)  # reminders
    is_asked: bool = False


@dataclass
class Notice:
    by: str
    ground: str
    ends_on: date
    key: str  # of the coordinator's task
    state: str = "given"
    settled_at: datetime | None = None


@dataclass
class Task:
    kind: str
    about: str
    due_on: date
    whose: str  # "" is everybody's


class World:
    """People, letters and tasks, and what is to happen by itself at which time."""

    def __init__(self, zone: str, histories: list[History]) -> None:
        self.zone = zone
        self.now = datetime.min
        self.people: dict[str, Person] = {}
        self.pairs: list[Pair] = []
        self.tried: set[frozenset[str]] = set()
        self.letters: list[tuple[date, str, str]] = []
        self.tasks: dict[str, Task] = {}
        self.asked: set[str] = set()  # keys of all tasks there ever were
        self._agenda: list[tuple[datetime, int, Deed]] = []
        self._looks: set[datetime] = set()
        self._count = 0
        for at, history in enumerate(histories):
            self.people |= {one.name: Person(one) for one in history.members}
            self.pairs += [
                Pair(f"{at}.{number}", tuple(self.people[name] for name in names), history.terms)
                for number, names in enumerate(history.pairs)
            ]

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def instant(self) -> datetime:
        return moment(self.now, self.zone)

    def later_at(self, instant: datetime, deed: Deed) -> None:
        self.later(wall(instant, self.zone), deed)

    def look_at(self, instant: datetime) -> None:
        """The house looks after its people each hour; here at each moment that matters, as this one."""
        if instant > self.instant:
            self.look_later(wall(instant, self.zone))

    def look_later(self, when: datetime, deed: Deed = lambda: None) -> None:
        self._looks.add(max(when, self.now))
        self.later(when, deed)

    def looks_by(self, when: datetime) -> bool:
        """Whether the house looks after its people now; else only what has been promised goes."""
        due = {one for one in self._looks if one <= when}
        self._looks -= due
        return bool(due)

    def later(self, when: datetime, deed: Deed) -> None:
        self._count += 1
        heapq.heappush(self._agenda, (max(when, self.now), self._count, deed))

    def until(self, when: datetime) -> None:
        """Let everything happen that is due by then."""
        while self._agenda and self._agenda[0][0] <= when:
            at, _, deed = heapq.heappop(self._agenda)
            self.now = max(self.now, at)
            deed()
        self.now = max(self.now, when)

    def next_moment(self) -> datetime | None:
        return self._agenda[0][0] if self._agenda else None

    def in_ten_minutes(self) -> datetime:
        return wall(moment(self.now, self.zone) + TAKE_BACK, self.zone)

    def has_been_told(self, pair: Pair) -> bool:
        """Nobody is told before an approval can no longer be taken back."""
        if pair.sent_at is None:
            return False
        return moment(self.now, self.zone) - moment(pair.sent_at, self.zone) >= TAKE_BACK

    def write(self, person: Person, kind: str) -> None:
        if person.member.has_email:
            self.letters.append((self.today, person.name, kind))

    def whose(self, about: str) -> str:
        raise NotImplementedError

    def ask(self, key: str, kind: str, about: str, due_on: date, whose: str | None = None) -> None:
        """A task, once for all under its key."""
        if key not in self.asked:
            self.asked.add(key)
            self.tasks[key] = Task(kind, about, due_on, self.whose(about) if whose is None else whose)

    def settle(self, *keys: str) -> None:
        for key in keys:
            self.tasks.pop(key, None)

    def tasks_like(self, *begins: str) -> list[str]:
        return [key for key in self.tasks if key.startswith(begins)]

    def have_tried(self, pair: Pair) -> bool:
        return not self._tries(pair).isdisjoint(self.tried)

    def remember(self, pair: Pair) -> None:
        """A mentor and a mentee are brought together once; those of a circle may meet anew."""
        self.tried |= self._tries(pair)

    def _tries(self, pair: Pair) -> set[frozenset[str]]:
        leader = pair.leader
        return {frozenset((leader.name, one.name)) for one in pair.others(leader.name)} if leader else set()

    def may_be_matched(self, person: Person) -> bool:
        held = sum(pair.holds_places and person in pair.both for pair in self.pairs)
        may = (READY, TOGETHER) if person.member.role == "mentor" else (READY,)
        return person.status in may and held < person.member.capacity

    def morning(self, day: date) -> datetime:
        return datetime.combine(day, time(9))

    def midnight_after(self, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(0))
