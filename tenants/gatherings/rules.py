"""When a workshop can be, what may be done with it in which state, and how its places are counted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from infra import clock
from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.gatherings.models import Audience, GatheringKind, Guest, GuestState, Workshop, WorkshopState
from tenants.registration.appointments import rules as appointments
from tenants.registration.appointments.rules import Time
from tenants.registration.models import Status

MINUTES = (15, 720)
USUAL_MINUTES = 180
MOST_PLACES = 10_000
MAX_TITLE = 120
MAX_WORDS = 2_000
MAX_SAID = 2_000
MAX_PLACE = appointments.MAX_PLACE
MAX_LINK = appointments.MAX_LINK
REMINDED = timedelta(hours=2)  # who is invited so shortly before the reminder goes needs none
SAID_WITHIN = timedelta(days=60)  # after it was held, one may say what one thinks of it
TELL_FROM = 3  # answers of a workshop; of fewer, whoever was there would know each
SPLIT_FROM = 5  # answers of a role; fewer could be told apart by who was there
SCALE = range(1, 6)
# Whoever takes part and is no stranger yet; people of the network are asked where somebody ticks them, too.
USUALLY_INVITED = (Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY, Status.IN_RELATIONSHIP)
MAY_BE_INVITED = (*USUALLY_INVITED, Status.NETWORK_PARTICIPANT)
OPEN = (GuestState.ASKED, GuestState.COMING, GuestState.WAITING)
_LINK = re.compile(r"https://[^\s\"'<>\\]+")


class WorkshopOver(WrongState):
    """Cancelled or held already; or, for her who answers, its hour has come."""

    code = "workshop_over"


class WorkshopNotYet(WrongState):
    """Who came is noted once it has begun."""

    code = "workshop_not_yet"


class WorkshopChanged(Conflict):
    """Somebody changed it since the page was shown."""

    code = "workshop_changed"


class NotAGuest(WrongState):
    """She was not invited, or has left."""

    code = "not_a_guest"


class NotInvitable(WrongState):
    """Of another programme, another office, or she has left."""

    code = "not_invitable"


class SaidAlready(WrongState):
    code = "opinion_given"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned, read and in order. `link` opens a call; without one there is a place."""

    kind: GatheringKind
    audience: Audience
    title: Mapping[str, str]
    words: Mapping[str, str]
    time: Time
    minutes: int
    place: str | None
    link: str | None
    language: str
    places: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to plan, as the doors are given it."""

    kind: str
    audience: str
    title: Mapping[str, str]
    words: Mapping[str, str]
    wall: str
    zone: str
    minutes: int
    place: str | None = None
    link: str | None = None
    language: str = ""
    places: int | None = None


def read(asked: Asked, languages: Sequence[str], *, kept: Workshop | None = None) -> Plan:
    """
    `kept` is what stands now: an hour that does not change may be over.

    Raises:
        Invalid: with a problem at each field that cannot be used.
    """
    problems: list[Problem] = []
    time = None
    try:
        time = _time(asked, kept)
    except Invalid as error:
        problems += error.problems
    kind = _one_of("kind", asked.kind, GatheringKind, problems)
    audience = _one_of("audience", asked.audience, Audience, problems)
    title = _texts("title", asked.title, languages, MAX_TITLE, problems)
    words = _texts("words", asked.words, languages, MAX_WORDS, problems)
    if not title.get(languages[0]):
        problems.append(Problem(f"title_{languages[0]}", "missing"))
    place, link = _tidy(asked.place), _tidy(asked.link)
    problems += _where(place, link)
    _within("minutes", asked.minutes, *MINUTES, problems)
    if asked.places is not None:
        _within("places", asked.places, 1, MOST_PLACES, problems)
    if asked.language and asked.language not in languages:
        problems.append(Problem("language", "not_a_choice"))
    if problems or time is None:
        raise Invalid(*problems)
    return Plan(
        GatheringKind(kind), Audience(audience), title, words, time, asked.minutes, place, link,
        asked.language or languages[0], asked.places,
    )  # fmt: skip


def _time(asked: Asked, kept: Workshop | None) -> Time:
    if kept is not None and (asked.wall, asked.zone) == (kept.wall_time, kept.time_zone):
        return Time(kept.wall_time, kept.time_zone, kept.starts_at)
    try:
        return appointments.read_time(asked.wall, asked.zone, "at")
    except Invalid as error:
        if [one.code for one in error.problems] != ["interview_hour_left_out"]:
            raise
        wall = datetime.fromisoformat(asked.wall)
        following = clock.real(wall.date(), wall.time(), asked.zone).isoformat(timespec="minutes")
        raise Invalid(Problem("at", "meeting_in_gap", {"found": asked.wall, "next": following})) from error


def _one_of(
    field: str, value: str, allowed: type[GatheringKind] | type[Audience], problems: list[Problem]
) -> str:
    if value not in set(allowed):
        problems.append(Problem(field, "not_a_choice" if value else "missing"))
    return value


def _texts(
    field: str, texts: Mapping[str, str], languages: Sequence[str], most: int, problems: list[Problem]
) -> dict[str, str]:
    """What is said in each language of the programme; an empty one falls back to its first."""
    told = {code: found for code, words in texts.items() if (found := _tidy(words))}
    problems += [
        Problem(f"{field}_{code}", "too_long", {"maximum": most})
        for code, words in told.items()
        if len(words) > most
    ]
    problems += [Problem(f"{field}_{code}", "not_a_choice") for code in told if code not in languages]
    return told


def _where(place: str | None, link: str | None) -> list[Problem]:
    problems = []
    if not place and not link:
        problems.append(Problem("place", "workshop_place"))
    if place and len(place) > MAX_PLACE:
        problems.append(Problem("place", "too_long", {"maximum": MAX_PLACE}))
    if link and (len(link) > MAX_LINK or not _LINK.fullmatch(link)):
        problems.append(Problem("link", "interview_link"))
    return problems


def _within(field: str, value: int, least: int, most: int, problems: list[Problem]) -> None:
    if value < least:
        problems.append(Problem(field, "too_small", {"minimum": least}))
    elif value > most:
        problems.append(Problem(field, "too_large", {"maximum": most}))


def tidy_said(field: str, words: str | None) -> str | None:
    """
    Raises:
        Invalid: too long.
    """
    told = _tidy(words)
    if told and len(told) > MAX_SAID:
        raise Invalid(Problem(field, "too_long", {"maximum": MAX_SAID}))
    return told


def _tidy(text: str | None) -> str | None:
    return (text or "").replace("\0", "").strip() or None


def moves(workshop: Workshop, plan: Plan) -> bool:
    """Whether guests have to be told: of when and where, and not of better words."""
    return (workshop.starts_at, workshop.time_zone, workshop.minutes, workshop.place, workshop.link) != (
        plan.time.at, plan.time.zone, plan.minutes, plan.place, plan.link,
    )  # fmt: skip


def remind_at(time: Time) -> datetime | None:
    """The same hour of the day before; None where that is over, or so near that a reminder would only repeat."""
    here = clock.local(time.at, time.zone)
    found = clock.instant(here.date() - timedelta(days=1), here.time(), time.zone)
    return found if found > clock.now() + REMINDED else None


def must_be_planned(workshop: Workshop) -> None:
    """
    Raises:
        WorkshopOver: cancelled or held.
    """
    if workshop.state != WorkshopState.PLANNED:
        raise WorkshopOver(state=workshop.state)


def must_be_of_now(workshop: Workshop, version: int | None) -> None:
    """
    Raises:
        WorkshopChanged: what the page showed is not what stands now.
    """
    if version is not None and version != workshop.version:
        raise WorkshopChanged(version=workshop.version)


def is_answerable(workshop: Workshop, guest: Guest) -> bool:
    """Who was invited may change her mind until it begins."""
    return (
        workshop.state == WorkshopState.PLANNED
        and workshop.starts_at > clock.now()
        and guest.state in (*OPEN, GuestState.DECLINED)
    )


def may_say(workshop: Workshop, guest: Guest) -> bool:
    """Whether somebody may tell what she thinks of it: who was there, once, for sixty days."""
    return (
        workshop.state == WorkshopState.HELD
        and guest.came is True
        and not guest.has_said
        and clock.now() < workshop.starts_at + SAID_WITHIN
    )


def is_full(places: int | None, taken: int) -> bool:
    return places is not None and taken >= places


def may_split(answers: Mapping[str, int]) -> bool:
    """
    By role only where each role has enough of them: of two roles, one that is shown and the sum would give away
    the other.
    """
    return len(answers) > 1 and all(number >= SPLIT_FROM for number in answers.values())


def letter_key(kind: str, guest_id: UUID, sequence: int) -> str:
    """One letter of a kind for each change of the entry in her calendar."""
    return f"{kind}:{guest_id}:{sequence}"
