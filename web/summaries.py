"""Sentences about numbers: what waits for others, what is new, how the week looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from infra import clock, language
from infra.language import NN_, ngettext
from infra.language import gettext as _
from tenants.proposals.caseloads import Meter
from tenants.reports.today import Ready, Waiting

WAITING: Mapping[str, tuple[tuple[str, str], str]] = {
    "answers": (
        NN_("One proposal waits for an answer", "%(num)s proposals wait for an answer"),
        "/c/proposals",
    ),
    "first_meetings": (
        NN_("One pair arranges its first meeting", "%(num)s pairs arrange their first meeting"),
        "/c/proposals",
    ),
    "confirmations": (
        NN_("One registration waits for confirmation", "%(num)s registrations wait for confirmation"),
        "/c/pipeline",
    ),
}
NEWS: Mapping[str, tuple[str, str]] = {
    "registration.confirmed": NN_("One new registration", "%(num)s new registrations"),
    "proposal.answered": NN_("One answer to a proposal", "%(num)s answers to proposals"),
    "proposal.meeting": NN_("One pair wants to meet", "%(num)s pairs want to meet"),
    "proposal.confirmed": NN_("One match is confirmed", "%(num)s matches are confirmed"),
    "proposal.closed": NN_("One proposal is closed", "%(num)s proposals are closed"),
    "party.answered": NN_("One answer about a group or circle", "%(num)s answers about groups and circles"),
    "party.confirmed": NN_("One group or circle has begun", "%(num)s groups and circles have begun"),
    "party.closed": NN_(
        "One group or circle does not go ahead", "%(num)s groups and circles do not go ahead"
    ),
}
READY: Mapping[str, tuple[str, str]] = {
    "mentee": NN_("one mentee", "%(num)s mentees"),
    "mentor": NN_("one mentor", "%(num)s mentors"),
    "peer": NN_("one peer", "%(num)s peers"),
}


@dataclass(frozen=True, slots=True)
class Told:
    words: str
    href: str
    first: str


def waiting(one: Waiting, day: date, zone: str) -> Told:
    texts, href = WAITING[one.kind]
    first = ""
    if one.first is not None:
        when = clock.local(one.first, zone).date()
        first = _("first by %(day)s", day=language.day_words(when, day, relative=False))
    return Told(ngettext(*texts, one.count), href, first)


def news(event: str, count: int) -> str:
    return ngettext(*NEWS[event], count)


def ready(found: Ready) -> str:
    """Who is ready to be matched, as the subject of a sentence."""
    parts = [ngettext(*READY[role], count) for role, count in found.counts.items() if role in READY and count]
    return language.listed(parts)


def caseload(found: Meter) -> str:
    """The headline of the meter (K28)."""
    if found.left == 0:
        return _("All %(limit)s of your matches this year are used", limit=found.limit)
    if found.until_warning == 0:
        return ngettext(
            "%(used)s of your %(limit)s matches this year are used; one is left",
            "%(used)s of your %(limit)s matches this year are used; %(num)s are left",
            found.left,
            used=found.used,
            limit=found.limit,
        )
    return ngettext(
        "%(used)s of your %(limit)s matches this year are used; one more brings the warning",
        "%(used)s of your %(limit)s matches this year are used; %(num)s more bring the warning",
        found.until_warning,
        used=found.used,
        limit=found.limit,
    )


def week_words(fullest: str, free: str) -> str:
    """The headline of the strip. A day is "today", its name, or nothing."""
    if not fullest:
        return _("Nothing is due in these days")
    if fullest == "today":
        return (
            _("Today is your fullest day; %(day)s is free", day=free)
            if free
            else _("Today is your fullest day")
        )
    if free == "today":
        return _("%(day)s is your fullest day; today is free", day=fullest)
    if free:
        return _("%(fullest)s is your fullest day; %(free)s is free", fullest=fullest, free=free)
    return _("%(day)s is your fullest day", day=fullest)


def invitations_back(undone: int, late: int) -> str:
    """What an undo of invitations came to, with what came too late for it."""
    words = ngettext("One invitation is taken back.", "%(num)s invitations are taken back.", undone)
    return words + too_late(late)


def too_late(number: int) -> str:
    """What an undo of many could not take back, as a sentence after another one; nothing where it took all."""
    if not number:
        return ""
    return " " + ngettext(
        "One could no longer be taken back.", "%(num)s could no longer be taken back.", number
    )
