"""By which days and limits a programme goes."""

import re
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries, terms
from tenants.programmes.models import ContactRelease
from tenants.programmes.terms import Terms
from tenants.registration import telling
from web.door import Door, Page
from web.forms import refused
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/terms"
# What people put between numbers, in Arabic too.
_BETWEEN = re.compile(r"[\s,;،؛]+")


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, FormState())


@post(PATH)
async def change(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await terms.change(door.session, door.actor, programme_id, _given(filled))
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    return door.go(f"/a/programmes/{programme_id}/terms", said=_("Saved."))


def _given(filled: Form) -> Terms:
    """All that cannot be read is told at once."""
    problems: list[Problem] = []
    numbers = {name: _number(filled, name, problems) for name in terms.BOUNDS}
    days: tuple[int, ...] = ()
    try:
        days = tuple(int(one) for one in _BETWEEN.split(filled.text("check_up_days")) if one)
    except ValueError:
        problems.append(terms.unreadable_days())
    release = filled.text("contact_release")
    if release not in set(ContactRelease):
        problems.append(Problem("contact_release", "not_a_choice" if release else "missing"))
    if problems:
        raise Invalid(*problems)
    return Terms(contact_release=ContactRelease(release), check_up_days=days, **numbers)


def _number(filled: Form, name: str, problems: list[Problem]) -> int:
    try:
        return int(filled.text(name))
    except ValueError:
        problems.append(Problem(name, "bad_format" if filled.text(name) else "missing"))
        return 0


async def _page(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme: Any = await queries.access_programme(door.session, door.actor, programme_id)
    now = terms.of(programme)
    return door.page(
        "programmes/terms.html",
        status=status,
        form=form,
        programme_id=programme_id,
        programme=telling.shown_in(programme, programme.name),
        now=now,
        days=", ".join(str(day) for day in now.check_up_days),
        labels={"contact_release": _("When do the two learn how to reach each other?")},
        releases=[
            (ContactRelease.WITH_PROPOSAL.value, _("With the proposal")),
            (ContactRelease.AFTER_BOTH_YES.value, _("Once both have said that they want to meet")),
        ],
    )


ROUTES = [show, change]
