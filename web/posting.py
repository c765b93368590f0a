"""An opportunity as a form gives it, and as pages show it."""

from datetime import date
from typing import Any
from uuid import UUID

from infra import language
from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.opportunities.models import Opportunity, OpportunityKind, OpportunityState
from tenants.opportunities.rules import Content, shown_host
from tenants.opportunities.words import KINDS, STATES
from web.door import Door

TAGS = {
    OpportunityState.PROPOSED: "wait",
    OpportunityState.OPEN: "done",
    OpportunityState.DECLINED: "",
    OpportunityState.CLOSED: "",
    OpportunityState.WITHDRAWN: "",
}


def content(filled: Form) -> Content:
    """
    Raises:
        Invalid: the last day is no day.
    """
    return Content(
        kind=filled.text("kind"),
        title=filled.text("title"),
        words=filled.text("words"),
        language=filled.text("language"),
        last_on=_day(filled.text("last_on")),
        place=filled.text("place"),
        is_remote=filled.text("is_remote") == "yes",
        url=filled.text("url"),
        contact=filled.text("contact"),
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(Problem("last_on", "bad_format")) from None


def ids_of(filled: Form, name: str) -> list[UUID]:
    """
    Raises:
        Invalid: something that is no id of ours.
    """
    try:
        return list(dict.fromkeys(UUID(one) for one in filled.texts(name)))
    except ValueError:
        raise Invalid(Problem(name, "not_a_choice")) from None


def once(filled: Form) -> UUID | None:
    """The id that the form was given when it was shown, by which a second click is known."""
    try:
        return UUID(filled.text("once"))
    except ValueError:
        return None


def fields(one: Opportunity) -> dict[str, Any]:
    """As the form shows what stands."""
    return {
        "kind": one.kind,
        "title": one.title,
        "words": one.words,
        "language": one.language,
        "last_on": one.last_on.isoformat(),
        "place": one.place or "",
        "is_remote": "yes" if one.is_remote else "",
        "url": one.url or "",
        "contact": one.contact or "",
    }


def facts(one: Opportunity) -> list[tuple[str, str]]:
    shown = [(_("Last day"), language.day(one.last_on))]
    place = language.isolated(one.place) if one.place else ""
    if one.is_remote:
        place = f"{place} · {_('or from anywhere')}" if place else _("From anywhere")
    shown.append((_("Place"), place))
    if one.contact:
        shown.append((_("Contact"), language.isolated(one.contact)))
    return shown


def kinds() -> list[tuple[str, str]]:
    return [(kind.value, _(words)) for kind, words in KINDS.items()]


def spoken(door: Door) -> list[tuple[str, str]]:
    return [(code, language.language(code).native) for code in door.organisation.languages]


def kind_name(kind: str) -> str:
    return _(KINDS[OpportunityKind(kind)])


def state_name(state: str) -> str:
    return _(STATES[OpportunityState(state)])


def shown(one: Opportunity) -> dict[str, Any]:
    """What every page of one says."""
    return {
        "kind": kind_name(one.kind),
        "state": state_name(one.state),
        "tag_state": TAGS[OpportunityState(one.state)],
        "direction": language.direction(one.language),
        "facts": facts(one),
        "host": shown_host(one.url) if one.url else "",
    }
