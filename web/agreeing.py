"""An agreement, a plan and notice as pages show them: texts in the reader's language, and what was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from infra import clock
from infra.http.forms import Form
from infra.language import day, isolated
from infra.language import gettext as _
from tenants.relationships.agreements import glancing, plan_rules, rules
from tenants.relationships.agreements.models import Agreement, AgreementState
from tenants.relationships.agreements.plan_rules import Deed, Kind
from tenants.relationships.agreements.plans import Version
from tenants.relationships.agreements.queries import Shown
from tenants.relationships.agreements.rules import Content
from tenants.relationships.agreements.words import STATES
from tenants.relationships.models import Relationship
from tenants.relationships.queries import Belonging
from tenants.relationships.rules import goes_on_without
from web import query
from web.query import AnyRequest


@dataclass(frozen=True, slots=True)
class Glance:
    """How an agreement stands in words, its stations on the line of a case, and for which days who gave notice."""

    words: str
    is_signed: bool
    stations: list[tuple[date, str]]
    notices: list[tuple[UUID, date]]

    @property
    def notice_on(self) -> date | None:
        """The first of these days."""
        return self.notices[0][1] if self.notices else None


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose expectation it is, under which name of a field, and what she expects."""

    label: str
    field: str
    text: str


def expected(shown: Shown, content: Content | None = None) -> list[Expected]:
    """Of each of the people, in the words of the text."""
    label = shown.text.body["labels"]["expectations"]
    told = (content or shown.content).expectations
    return [
        Expected(
            label % {"name": isolated(one.full_name, shown.text.language)},
            f"expects_{one.participation_id}",
            told.get(one.participation_id, ""),
        )
        for one in shown.people
    ]


def chosen(shown: Shown, content: Content | None = None) -> dict[str, list[str]]:
    """Ways and purposes that were ticked, in the words of the text."""
    body, told = shown.text.body, content or shown.content
    purposes = [body["purposes"][one] for one in told.purposes if one != rules.OTHER]
    others = [line for line in told.other_purposes.splitlines() if line.strip()]
    return {"ways": [body["ways"][one] for one in told.ways], "purposes": purposes + others}


def filled_in(form: Form, people: list[UUID]) -> Content:
    """What was written into the form."""
    return Content(
        tuple(form.texts("ways")),
        form.text("frequency"),
        form.text("aims"),
        tuple(form.texts("purposes")),
        form.text("other_purposes"),
        {one: form.text(f"expects_{one}") for one in people},
    )


def values(shown: Shown) -> dict[str, Any]:
    """What the form begins with."""
    told = shown.content
    return {
        "ways": list(told.ways),
        "frequency": told.frequency,
        "aims": told.aims,
        "purposes": list(told.purposes),
        "other_purposes": told.other_purposes,
        **{one.field: one.text for one in expected(shown)},
    }


def fields_of(errors: Mapping[str, str]) -> dict[str, str]:
    """Problems at the fields of the form."""
    return {name.replace("expectations.", "expects_"): words for name, words in errors.items()}


def version(request: AnyRequest) -> int | None:
    """Which version an address asks for; the one of now where it asks for none."""
    found = query.text(request, "version")
    return int(found) if found.isdecimal() and len(found) < 5 else None


def versions(shown: Shown) -> list[tuple[Agreement, str]]:
    """All that were signed or are being written, with how they stand, the newest first."""
    return [(one, _(STATES[AgreementState(one.state)])) for one in shown.versions]


def name_of(people: Any, participation_id: UUID | None) -> str:
    found: Belonging | None = next((one for one in people if one.participation_id == participation_id), None)
    return found.full_name if found else ""


def story(version: Version) -> str:
    """One change of a plan as a sentence; of one that was deleted, that there was one."""
    told = version.change
    if not told:
        return _("Something was changed")
    kind, text = told.get("kind", ""), isolated(told.get("text", ""))
    said = {
        Deed.ADD: {
            Kind.GOAL: _("New goal: %(text)s", text=text),
            Kind.MILESTONE: _("New milestone: %(text)s", text=text),
            Kind.ACTIVITY: _("New activity: %(text)s", text=text),
        }.get(kind, ""),
        Deed.CHANGE: _("Changed: %(text)s", text=text),
        Deed.REMOVE: _("Removed: %(text)s", text=text),
        Deed.DONE: _("Goal reached: %(text)s", text=text)
        if kind == Kind.GOAL
        else _("Done: %(text)s", text=text),
        Deed.UNDONE: _("Open again: %(text)s", text=text),
        Deed.REVIEW: _("Looked at together, and kept"),
    }
    return said[Deed(told["deed"])]


def dated(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan with its days as dates, for templates."""

    def one(item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **item,
            "by": _date(item.get("by")),
            "done_on": _date(item.get("done_on")),
            "milestones": [one(each) for each in item.get("milestones", [])],
            "activities": [one(each) for each in item.get("activities", [])],
        }

    return {"goals": [one(goal) for goal in plan.get("goals", [])]}


def counts(plan: Mapping[str, Any]) -> tuple[int, int]:
    """Activities that are done, and all."""
    every = [item for kind, item in plan_rules.items(plan) if kind is Kind.ACTIVITY]
    return sum(1 for item in every if item.get("done_on")), len(every)


async def at_a_glance(session: Any, relationship: Relationship, zone: str) -> Glance:
    """Of a case, for its page; whoever calls has access to it. What is in confidence stands on a page of its own."""
    found = await glancing.standing(session, relationship.id)
    stations = [(clock.local(at, zone).date(), "signed") for at in found.signed_at]
    stations += [(clock.local(at, zone).date(), "goal") for at in found.reached]
    stations += [(on, "notice") for _whose, on in found.notices[:1]]
    is_signed = bool(found.signed_at)
    if found.is_being_written:
        words = _("being changed") if is_signed else _("being written")
    else:
        words = _("signed by all") if is_signed else _("not begun yet")
    return Glance(words, is_signed, stations, found.notices)


def noticed(
    glance: Glance, relationship: Relationship, people: Sequence[Belonging], mine: UUID, name: str
) -> list[str]:
    """
    What each notice that stands comes to, for one of the people; `name` is what she calls the others.

    Of a group or circle most who give notice leave it alone, and it goes on.
    """
    told = []
    roles = {one.participation_id: one.role for one in people}
    for whose, at in glance.notices:
        role, on = roles.get(whose), day(at)
        if role is None:
            continue  # she has left meanwhile
        if relationship.party_id is None or not goes_on_without(role, len(people)):
            told.append(_("Notice was given: your mentoring ends on %(day)s", day=on))
        elif whose == mine:
            told.append(_("You leave %(name)s on %(day)s", name=name, day=on))
        else:
            told.append(
                _(
                    "Somebody ends her part in your group or circle as your agreement says: on %(day)s.",
                    day=on,
                )
            )
    return list(dict.fromkeys(told))


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
