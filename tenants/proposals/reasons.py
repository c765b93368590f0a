"""
Why these two, in words for one of them: which criteria weighed most, and the facts of both that they rest on.

The run says how much each criterion gave; what it rests on is read from both
people as they stand, so that no reason outlives the fact behind it. Criteria that
touch gender or wishes are never told: one could read from them what the other
asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.language import gettext as _
from infra.language import isolated, listed, ngettext
from tenants.people.models import Person
from tenants.programmes.models import Topic
from tenants.proposals.models import Proposal
from tenants.registration.models import ParticipantRole, Participation

MOST = 3  # reasons that are told
_ALIKE = 3  # years between two peers that count as similar experience
_FAR = 3  # hours between two clocks from which one should know of them


@dataclass(frozen=True, slots=True)
class Reason:
    criterion: str
    headline: str
    detail: str


@dataclass(frozen=True, slots=True)
class Why:
    """`to_know` is the one thing that speaks against, or empty."""

    reasons: list[Reason]
    to_know: str


@dataclass(frozen=True, slots=True)
class _Two:
    mentor: Participation
    mentee: Participation
    mentor_zone: str
    mentee_zone: str
    other_name: str
    is_mentee: bool  # who reads
    topics: Mapping[str, str]

    @property
    def is_peers(self) -> bool:
        return self.mentor.role == ParticipantRole.PEER

    @property
    def hours_apart(self) -> int:
        now = clock.now()
        one = clock.local(now, self.mentor_zone).utcoffset()
        other = clock.local(now, self.mentee_zone).utcoffset()
        return (
            round(abs((one - other).total_seconds()) / 3600) if one is not None and other is not None else 0
        )


async def why(
    session: AsyncSession, proposal: Proposal, *, reader: str, reader_id: UUID | None = None
) -> Why:
    """The strongest reasons for the one in the role `reader`, of two peers for `reader_id`, in the language that is spoken."""
    is_mentee = reader == ParticipantRole.MENTEE
    if reader == ParticipantRole.PEER:
        is_mentee = reader_id != proposal.mentor_id
    two = await _two(session, proposal, is_mentee=is_mentee)
    parts = [part for part in proposal.contributions if part["points"] > 0]
    parts.sort(key=lambda part: -part["points"])
    told = [reason for part in parts if (reason := _told(part["criterion"], two))]
    return Why(told[:MOST], _to_know(proposal, two))


def _told(criterion: str, two: _Two) -> Reason | None:
    write = _WRITERS.get(criterion)
    words = write(two) if write else None
    return Reason(criterion, *words) if words else None


def _topics(two: _Two) -> tuple[str, str] | None:
    if two.is_peers:
        return _exchange(two)
    shared = [one for one in two.mentee.topics_wanted if one in two.mentor.topics_offered]
    if not shared:
        return None
    names = listed([two.topics.get(one, one) for one in shared])
    is_first = shared[0] == two.mentee.topics_wanted[0]
    if two.is_mentee:
        first = _("Your first topic is one that %(name)s offers.", name=two.other_name)
        some = _("%(name)s offers what you asked about.", name=two.other_name)
        return (first if is_first else some), _("In common: %(topics)s.", topics=names)
    first = _("You offer the first topic of %(name)s.", name=two.other_name)
    some = _("You offer what %(name)s asked about.", name=two.other_name)
    return (first if is_first else some), _("In common: %(topics)s.", topics=names)


def _exchange(two: _Two) -> tuple[str, str] | None:
    """Of two peers: what each wants and the other offers."""
    me, other = (two.mentee, two.mentor) if two.is_mentee else (two.mentor, two.mentee)
    learns = [two.topics.get(one, one) for one in me.topics_wanted if one in other.topics_offered]
    gives = [two.topics.get(one, one) for one in other.topics_wanted if one in me.topics_offered]
    if learns and gives:
        return _("You can learn from each other."), _(
            "You learn: %(learns)s. You share: %(gives)s.", learns=listed(learns), gives=listed(gives)
        )
    if learns:
        return _("%(name)s offers what you asked about.", name=two.other_name), _(
            "In common: %(topics)s.", topics=listed(learns)
        )
    if gives:
        return _("You offer what %(name)s asked about.", name=two.other_name), _(
            "In common: %(topics)s.", topics=listed(gives)
        )
    return None


def _languages(two: _Two) -> tuple[str, str] | None:
    hers = {one["code"] for one in two.mentor.languages}
    shared = [one["code"] for one in two.mentee.languages if one["code"] in hers]
    if not shared:
        return None
    names = listed([language.language_name(code) for code in shared])
    return _("You speak the same language."), _("Both of you speak %(languages)s.", languages=names)


def _overlap(two: _Two) -> tuple[str, str] | None:
    hours = two.hours_apart
    if hours >= _FAR:
        return None
    detail = (
        ngettext("Your clocks are one hour apart.", "Your clocks are %(num)s hours apart.", hours)
        if hours
        else _("You live by the same clock.")
    )
    return _("You have time together."), detail


def _sector(two: _Two) -> tuple[str, str] | None:
    mine, hers = two.mentee.sector, two.mentor.sector
    if not mine or not hers or mine.casefold() != hers.casefold():
        return None
    return _("You do the same work."), _("Both of you work in %(sector)s.", sector=isolated(mine))


def _organisation(two: _Two) -> tuple[str, str] | None:
    mine, hers = two.mentee.entity, two.mentor.entity
    if not mine or not hers:
        return None
    if mine.casefold() == hers.casefold():
        return _("You work for the same organisation."), isolated(mine)
    return _("You see two organisations from inside."), listed([isolated(mine), isolated(hers)])


def _seniority(two: _Two) -> tuple[str, str] | None:
    mine, hers = two.mentee.experience_years, two.mentor.experience_years
    if two.is_peers:
        is_alike = mine is not None and hers is not None and abs(hers - mine) <= _ALIKE
        return (
            (
                _("You have been at work for about as long."),
                _("You stand at a similar point of your way."),
            )
            if is_alike
            else None
        )
    if mine is None or hers is None or hers <= mine:
        return None
    headline = (
        _("%(name)s has been at work for longer.", name=two.other_name)
        if two.is_mentee
        else _("You have been at work for longer.")
    )
    return headline, ngettext("The difference is one year.", "The difference is %(num)s years.", hers - mine)


def _region(two: _Two) -> tuple[str, str] | None:
    mine, hers = two.mentee.region, two.mentor.region
    if not mine or not hers:
        return None
    if mine.casefold() == hers.casefold():
        return _("You are in the same region."), isolated(mine)
    return _("You come from two regions."), listed([isolated(mine), isolated(hers)])


def _mode(two: _Two) -> tuple[str, str] | None:
    if two.mentee.mode != two.mentor.mode:
        return None
    return _("You both want to meet in the same way."), {
        "individual": _("Two people, face to face or online."),
        "group": _("In a small group."),
        "both": _("As a pair, in a group, or both."),
    }[two.mentee.mode]


_WRITERS: Mapping[str, Callable[[_Two], tuple[str, str] | None]] = {
    "topics": _topics,
    "languages": _languages,
    "overlap": _overlap,
    "sector": _sector,
    "organisation": _organisation,
    "seniority": _seniority,
    "region": _region,
    "mode": _mode,
}


def _to_know(proposal: Proposal, two: _Two) -> str:
    """What gave least of what it could, where it can be said in a sentence."""
    weak = [part for part in proposal.contributions if part["most"] > 0 and part["points"] * 2 < part["most"]]
    weak.sort(key=lambda part: part["points"] - part["most"])
    sentences = (_weakness(part["criterion"], two) for part in weak)
    return next((sentence for sentence in sentences if sentence), "")


def _weakness(criterion: str, two: _Two) -> str:
    if criterion == "overlap" and (hours := two.hours_apart) >= _FAR:
        return ngettext("your clocks are one hour apart.", "your clocks are %(num)s hours apart.", hours)
    if criterion == "sector" and two.mentor.sector and two.mentee.sector:
        return _(
            "you work in different fields: %(fields)s.",
            fields=listed([isolated(two.mentee.sector), isolated(two.mentor.sector)]),
        )
    years = (two.mentor.experience_years, two.mentee.experience_years)
    if criterion == "seniority" and None not in years:
        gap = abs((years[0] or 0) - (years[1] or 0))
        return ngettext("one year of work lies between you.", "%(num)s years of work lie between you.", gap)
    if criterion == "topics" and _topics(two) is None:
        return _(
            "none of the topics that were asked about are offered, so talk about what you can do together."
        )
    return ""


async def _two(session: AsyncSession, proposal: Proposal, *, is_mentee: bool) -> _Two:
    rows = await session.execute(
        select(Participation, Person.full_name, Person.time_zone)
        .join(Person, Person.id == Participation.person_id)
        .where(Participation.id.in_((proposal.mentor_id, proposal.mentee_id)))
    )
    by_id: dict[Any, Any] = {row.Participation.id: row for row in rows}
    mentor, mentee = by_id[proposal.mentor_id], by_id[proposal.mentee_id]
    topics = await session.execute(
        select(Topic.code, Topic.label).where(Topic.programme_id == mentee.Participation.programme_id)
    )
    spoken = language.current()
    labels = {row.code: row.label.get(spoken) or row.label.get("en") or row.code for row in topics}
    other = mentor if is_mentee else mentee
    return _Two(
        mentor.Participation, mentee.Participation, mentor.time_zone, mentee.time_zone,
        isolated(other.full_name), is_mentee, labels,
    )  # fmt: skip
