"""What can be posted, and what may still be done with it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from infra.errors import Conflict, Invalid, LimitReached, Problem, WrongState
from tenants.actor import Actor, ForWholeOrganisation
from tenants.opportunities.models import Opportunity, OpportunityKind, OpportunityState

MAX_TITLE = 120
MAX_WORDS = 4_000
MAX_LINE = 200  # place and contact
MAX_URL = 500
LONGEST = timedelta(days=366)
MOST_PROPOSED = 10  # of one person that wait for a decision
# What only tells the other side by which letter somebody came.
TRACKING = ("utm_", "mc_", "pk_")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "msclkid", "igshid", "yclid"})


class OpportunityDecided(WrongState):
    code = "opportunity_decided"


class OpportunityNotOpen(WrongState):
    code = "opportunity_not_open"


class OpportunityChanged(Conflict):
    code = "opportunity_changed"


class PassedOnBefore(Conflict):
    code = "passed_on_before"


class NoAddress(WrongState):
    code = "partner_without_address"


class TooManyProposed(LimitReached):
    code = "opportunities_too_many"


@dataclass(frozen=True, slots=True)
class Content:
    """What whoever posts an opportunity says of it."""

    kind: str
    title: str
    words: str
    language: str
    last_on: date | None
    place: str = ""
    is_remote: bool = False
    url: str = ""
    contact: str = ""


def tidied(content: Content, *, today: date, languages: Collection[str]) -> Content:
    """
    The content as it is kept: blanks gone, and the marks of counters taken from its link.

    Raises:
        Invalid: something is missing, too long, over, or no address of a page.
    """
    clean = replace(
        content,
        title=" ".join(content.title.split()),
        words=content.words.strip(),
        place=" ".join(content.place.split()),
        contact=" ".join(content.contact.split()),
        url=content.url.strip(),
    )
    problems = [*_of_texts(clean), *_of_choices(clean, languages), *_of_day(clean.last_on, today)]
    if clean.url and (problem := _of_link(clean.url)):
        problems.append(problem)
    if problems:
        raise Invalid(*problems)
    return replace(clean, url=untracked(clean.url) if clean.url else "")


def _of_texts(content: Content) -> list[Problem]:
    found = []
    for name, text, most, is_needed in (
        ("title", content.title, MAX_TITLE, True),
        ("words", content.words, MAX_WORDS, True),
        ("place", content.place, MAX_LINE, not content.is_remote),
        ("contact", content.contact, MAX_LINE, False),
    ):
        if is_needed and not text:
            found.append(Problem(name, "missing"))
        elif len(text) > most:
            found.append(Problem(name, "too_long", {"maximum": most}))
    return found


def _of_choices(content: Content, languages: Collection[str]) -> list[Problem]:
    found = []
    if content.kind not in set(OpportunityKind):
        found.append(Problem("kind", "not_a_choice" if content.kind else "missing"))
    if content.language not in languages:
        found.append(Problem("language", "not_a_choice" if content.language else "missing"))
    return found


def _of_day(last_on: date | None, today: date) -> list[Problem]:
    if last_on is None:
        return [Problem("last_on", "missing")]
    if last_on < today:
        return [Problem("last_on", "day_over")]
    return [Problem("last_on", "day_too_far")] if last_on - today > LONGEST else []


def _of_link(url: str) -> Problem | None:
    if len(url) > MAX_URL:
        return Problem("url", "too_long", {"maximum": MAX_URL})
    try:
        parts = urlsplit(url)
        # A name before an @ would show another host than the one that it leads to.
        is_good = (
            parts.scheme == "https"
            and "." in (parts.hostname or "").strip(".")
            and "@" not in parts.netloc
            and url.isprintable()
            and not any(sign.isspace() or sign in '\\<>"' for sign in url)
            and parts.port in (None, 443)
            and bool(shown_host(url))
        )
    except ValueError:
        is_good = False
    return None if is_good else Problem("url", "link_not_https")


def untracked(url: str) -> str:
    """The address without what only counts visitors."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(TRACKING) and name.lower() not in TRACKING_NAMES
    ]
    asked = len(parse_qsl(parts.query, keep_blank_values=True))
    return url if len(kept) == asked else urlunsplit(parts._replace(query=urlencode(kept)))


def shown_host(url: str) -> str:
    """Where a link leads, as one reads it; letters that look like others are spelled out (RFC 3492)."""
    host = urlsplit(url).hostname or ""
    try:
        plain = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return plain.removeprefix("www.")


def is_hers(actor: Actor, one: Opportunity) -> bool:
    """Whether a coordinator may change or end it: what people of her offices have proposed, and what she posted herself."""
    is_of_office = one.office_id is not None and actor.sees_office(one.office_id)
    return is_of_office or actor.keeps(one.posted_by)


def must_be_hers(actor: Actor, one: Opportunity) -> None:
    """
    Raises:
        ForWholeOrganisation: all offices share it, and somebody else posted it.
    """
    if not is_hers(actor, one):
        raise ForWholeOrganisation


def must_be_proposed(one: Opportunity) -> None:
    """
    Raises:
        OpportunityDecided
    """
    if one.state != OpportunityState.PROPOSED:
        raise OpportunityDecided(state=one.state)


def must_be_open(one: Opportunity, today: date) -> None:
    """
    Raises:
        OpportunityNotOpen
    """
    if one.state != OpportunityState.OPEN or one.last_on < today:
        raise OpportunityNotOpen(state=one.state)
