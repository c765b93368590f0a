"""The public page of a programme: what it is, for whom, until when, and the way to register."""

from datetime import date
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.language import gettext as _
from tenants.newsletters import queries as newsletters
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme, ProgrammeState, Structure
from tenants.programmes.rules import takes_registrations
from tenants.programmes.structures import facts
from tenants.registration import queries as registration
from tenants.registration.telling import shown_in
from web.door import Door, Page
from web.rendering import Contact


@get("/p/{slug:str}")
async def programme(door: NamedDependency[Door], slug: FromPath[str]) -> Page:
    found = await programmes.open_by_slug(door.session, slug)
    today = clock.today(door.organisation.time_zone)
    cycle = await programmes.current_cycle(door.session, found.id, today)
    left = await registration.places_left(door.session, found, cycle.id) if cycle else None
    await introduce(door, found)
    return door.page(
        "apply/programme.html",
        slug=found.slug,
        has_news=bool(await newsletters.public(door.session, found.id, limit=1)),
        has_agreement=facts(found.structure).has_agreement,
        name=shown_in(found, found.name),
        summary=shown_in(found, found.summary),
        closed=_closed(found, cycle, today),
        roles=_roles(found, left),
        facts=_facts(found, cycle, left, today) if cycle else [],
        process=_process(found),
        whom=_whom(found),
        reads=_(
            "Your coordinators. Whoever may fit you sees what you offer or want, and your name only at the step that the programme names. You can leave and take your data with you at any time."
        ),
    )


async def introduce(door: Door, found: Programme) -> None:
    """Set the programme's name and its coordinator around the page."""
    contact = await programmes.contact(door.session, found.id)
    door.show(
        programme=shown_in(found, found.name),
        contact=Contact(contact.name, contact.phone, "/apply/help", contact.is_coordinator)
        if contact
        else None,
    )


def _closed(found: Programme, cycle: Cycle | None, today: date) -> str:
    if found.state == ProgrammeState.CLOSED or cycle is None:
        return _("This programme is closed. Nobody can register now.")
    if takes_registrations(cycle, today):
        return ""
    if cycle.opens_on > today:
        return _("Registration opens on %(day)s.", day=language.day(cycle.opens_on))
    return _("Registration closed on %(day)s.", day=language.day(cycle.closes_on))


def _roles(found: Programme, left: int | None) -> list[tuple[str, str]]:
    """A button for each role that has room; no place is offered that is not there."""
    words = {
        "mentee": _("Register as a mentee"),
        "mentor": _("Register as a mentor"),
        "peer": _("Register"),
    }
    of = facts(found.structure)
    return [(role, words[role]) for role in of.sides if left != 0 or role not in of.learning]


def _facts(found: Programme, cycle: Cycle, left: int | None, today: date) -> list[tuple[str, str]]:
    shown = [
        (_("Register by"), language.day(cycle.closes_on)),
        (_("Starts"), language.day(cycle.launch_on)),
    ]
    if found.structure != Structure.COFFEE:
        months = found.term_months
        shown.append((_("Lasts"), language.ngettext("one month", "%(num)s months", months)))
        shown.append((_("Time"), _("about 2 hours a month")))
    if left == 0:
        shown.append((_("Places"), _("all are taken")))
    elif left is not None:
        shown.append((_("Places"), _("%(left)s of %(all)s are free", left=left, all=found.places or 0)))
    return shown


def _process(found: Programme) -> list[tuple[str, str, str]]:
    """Heading, words, and who acts, of each station."""
    talk = (
        _("We talk"),
        _("40 minutes with a coordinator. What you say stays with her."),
        "both",
    )
    stations: list[tuple[str, str, str]] = [
        (_("You register"), _("A few questions, and a link to confirm your address."), "mentee"),
        *([talk] if found.wants_interview else []),
        (
            _("We look for a match"),
            _("The wishes of those who learn come first. You see the reasons and decide."),
            "both",
        ),
        (
            _("You meet once"),
            _("In a public place or online, with no promise. Then each of you decides alone."),
            "mentor",
        ),
        (
            _("You go on together"),
            _("At least one meeting a month, and a coordinator beside you."),
            "both",
        ),
    ]
    return stations


def _whom(found: Programme) -> list[str]:
    """Who may take part, said as sentences (U10, U21, U28)."""
    asked: dict[str, Any] = found.eligibility
    told = []
    if genders := asked.get("genders"):
        told.append(_for(genders))
    if grades := asked.get("grades"):
        told.append(_("Grades: %(grades)s.", grades=language.listed(grades)))
    for gender, names in (("woman", _("women")), ("man", _("men"))):
        if grades := asked.get("by_gender", {}).get(gender):
            told.append(
                _("For %(people)s, grades: %(grades)s.", people=names, grades=language.listed(grades))
            )
    if least := asked.get("years_min"):
        told.append(
            language.ngettext(
                "With at least one year of work.", "With at least %(num)s years of work.", least
            )
        )
    if most := asked.get("years_max"):
        told.append(
            language.ngettext("With at most one year of work.", "With at most %(num)s years of work.", most)
        )
    return told or [_("For everybody who wants to learn from somebody, or to share what she knows.")]


def _for(genders: list[str]) -> str:
    if genders == ["woman"]:
        return _("For women.")
    if genders == ["man"]:
        return _("For men.")
    names = {"woman": _("women"), "man": _("men"), "other": _("people of another gender")}
    return _("For %(people)s.", people=language.listed([names[one] for one in genders]))


ROUTES = [programme]
