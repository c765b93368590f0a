"""By which days and limits a programme goes, and whom it takes."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.people.models import Gender
from tenants.permissions import Permission
from tenants.programmes import admitting, queries, terms
from tenants.programmes.models import ContactRelease
from tenants.programmes.structures import makes_parties
from tenants.programmes.terms import Terms, TermsChanged, TermsUndoTooLate
from tenants.registration import telling
from tenants.reports import standing
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/terms"
# What people put between numbers and grades, in Arabic too.
_BETWEEN = re.compile(r"[\s,;،؛]+")
_OF_PAIRS = ("date_days", "meet_days")  # a group or circle has no first meeting on trial
_BY_GENDER = (Gender.WOMAN, Gender.MAN)


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, None)


@post(PATH)
async def change(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"/a/programmes/{programme_id}/terms"
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    before = terms.of(programme)
    try:
        wanted = _given(filled, is_together=makes_parties(programme.structure))
        version = filled.text("version") or None
        found = await terms.change(door.session, door.actor, programme_id, wanted, version=version)
    except TermsChanged as error:
        return door.go(here, said=said(error))
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    if found == before:
        return door.go(here, said=_("Nothing was changed."))
    return door.go(
        here, said=_("Saved. It holds from now on."), undo=f"{here}/undo", left=_("for 10 minutes")
    )


@post(PATH + "/undo")
async def take_back(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    here = f"/a/programmes/{programme_id}/terms"
    try:
        await terms.take_back(door.session, door.actor, programme_id)
    except TermsUndoTooLate as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("What held before holds again."))


def _given(filled: Form, *, is_together: bool) -> dict[str, Any]:
    """All that cannot be read is told at once."""
    problems: list[Problem] = []
    names = [name for name in terms.BOUNDS if not (is_together and name in _OF_PAIRS)]
    found: dict[str, Any] = {
        name: _number(filled, name, problems, optional=name == "places") for name in names
    }
    try:
        found["check_up_days"] = tuple(int(one) for one in _parts(filled, "check_up_days"))
    except ValueError:
        problems.append(terms.unreadable_days())
    release = filled.text("contact_release")
    if release not in set(ContactRelease):
        problems.append(Problem("contact_release", "not_a_choice" if release else "missing"))
    found["wants_interview"] = filled.text("wants_interview") == "yes"
    found["eligibility"] = {
        "genders": filled.texts("eligibility.genders"),
        "grades": _parts(filled, "eligibility.grades"),
        "by_gender": {
            gender.value: _parts(filled, f"eligibility.by_gender.{gender}") for gender in _BY_GENDER
        },
    } | {
        name: _number(filled, f"eligibility.{name}", problems, optional=True)
        for name in ("years_min", "years_max")
    }
    if problems:
        raise Invalid(*problems)
    return found | {"contact_release": ContactRelease(release)}


def _parts(filled: Form, name: str) -> list[str]:
    return [one for one in _BETWEEN.split(filled.text(name)) if one]


def _number(filled: Form, name: str, problems: list[Problem], *, optional: bool) -> int | None:
    text = filled.text(name)
    if optional and not text:
        return None
    try:
        return int(text)
    except ValueError:
        problems.append(Problem(name, "bad_format" if text else "missing"))
        return 0


def _shown(now: Terms) -> dict[str, Any]:
    """What the form begins with."""
    asked: Mapping[str, Any] = now.eligibility
    by_gender = asked.get("by_gender", {})
    return (
        {name: getattr(now, name) for name in terms.BOUNDS if getattr(now, name) is not None}
        | {
            "contact_release": now.contact_release.value,
            "check_up_days": ", ".join(str(day) for day in now.check_up_days),
            "wants_interview": "yes" if now.wants_interview else "",
            "eligibility.genders": asked.get("genders", []),
            "eligibility.grades": ", ".join(asked.get("grades", [])),
            "version": now.version,
        }
        | {f"eligibility.by_gender.{gender}": ", ".join(by_gender.get(gender, [])) for gender in _BY_GENDER}
        | {f"eligibility.{name}": asked[name] for name in ("years_min", "years_max") if name in asked}
    )


async def _page(door: Door, programme_id: UUID, form: FormState | None, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme: Any = await queries.access_programme(door.session, door.actor, programme_id)
    now = terms.of(programme)
    questions = await queries.questions(door.session, programme_id)
    unasked = admitting.unasked(now.eligibility, [str(one.field) for one in questions])
    things = {"gender": _("gender"), "grade": _("grade"), "experience_years": _("years of work")}
    return door.page(
        "programmes/terms.html",
        status=status,
        form=form or FormState(_shown(now)),
        programme_id=programme_id,
        programme=telling.shown_in(programme, programme.name),
        is_together=makes_parties(programme.structure),
        standing=await standing.of_programme(door.session, door.actor, programme_id),
        unasked=[things[key] for key in unasked],
        labels=_labels(),
        releases=[
            (ContactRelease.WITH_PROPOSAL.value, _("With the proposal")),
            (ContactRelease.AFTER_BOTH_YES.value, _("Once both have said that they want to meet")),
        ],
        genders=[
            (Gender.WOMAN.value, _("Women")),
            (Gender.MAN.value, _("Men")),
            (Gender.OTHER.value, _("People of another gender, or who prefer not to say")),
        ],
    )


def _labels() -> dict[str, str]:
    """The names of the fields: many things that are wrong with them read alike."""
    return {
        "contact_release": _("When do the two learn how to reach each other?"),
        "answer_days": _("Working days to answer a proposal"),
        "date_days": _("Days to set a date for the first meeting"),
        "meet_days": _("Days until they have met"),
        "term_months": _("Months that a mentoring lasts"),
        "check_up_days": _("Check-ups: how many days after that day"),
        "caseload_limit": _("Matches of one coordinator in twelve months, at most"),
        "confirm_days": _("Days to confirm a registration"),
        "places": _("Places in a cycle for those who learn"),
        "eligibility.genders": _("Whom is it for?"),
        "eligibility.grades": _("Grades"),
        "eligibility.by_gender.woman": _("Other grades for women"),
        "eligibility.by_gender.man": _("Other grades for men"),
        "eligibility.years_min": _("Years of work, at least"),
        "eligibility.years_max": _("Years of work, at most"),
    }


ROUTES = [show, change, take_back]
