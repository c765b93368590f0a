"""Who was at a workshop, on the coordinator's side: ticked one by one, for all who answered alike, and whoever came along."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids
from infra.errors import WrongState
from infra.language import gettext as _
from infra.language import ngettext
from tenants.gatherings import attending, queries
from tenants.gatherings.attending import MAY_BE_THERE
from tenants.gatherings.calendar import title_of
from tenants.gatherings.models import GuestState
from tenants.gatherings.words import GUEST_STATES
from tenants.programmes import queries as programmes
from tenants.reports.deeds import attending as deeds
from tenants.reports.deeds.keeping import done_before
from web import query
from web.door import Door, Page
from web.pages.many import read_once
from web.pages.workshop import guest_uuid, role_names, uuids
from web.pages.workshops import ONE, PATH
from web.refusals import said


@post(ONE + "/attendance")
async def attend(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """`g` are all guests of the page, `came` those who are ticked."""
    filled = await door.form()
    here = f"{PATH}/{workshop_id}"
    try:
        there = await attending.attend(
            door.session, door.actor, workshop_id, came=set(uuids(filled.texts("came"))), of=uuids(filled.texts("g"))
        )  # fmt: skip
    except WrongState as error:
        return door.go(here, said=said(error))
    words = ngettext("One person was there.", "%(num)s people were there.", there)
    return door.go(
        here, said=words + " " + _("Whoever is new among them is asked how it was, in ten minutes.")
    )


@get(ONE + "/attendance")
async def look(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """Before all who stand alike are noted as there, on however many pages they stand."""
    workshop = await queries.access(door.session, door.actor, workshop_id)
    standing = _standing(query.text(door.request, "standing"))
    try:
        found = await attending.matching(door.session, door.actor, workshop_id, [standing])
    except WrongState as error:
        return door.go(f"{PATH}/{workshop_id}", said=said(error))
    programme = await programmes.own_programme(door.session, workshop.programme_id)
    return door.page(
        "workshops/attendance.html",
        workshop_id=workshop_id,
        title=title_of(workshop, programme),
        found=found,
        standing=standing,
        choices=[(one.value, _(GUEST_STATES[one])) for one in MAY_BE_THERE],
        role_names=role_names(),
        once=ids.new(),
    )


@post(ONE + "/attendance/all")
async def attend_all(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"{PATH}/{workshop_id}"
    once = read_once(filled)
    if await done_before(door.session, door.actor, once) is not None:
        return door.go(here, said=_("This was done already, once."))
    standing = _standing(filled.text("standing"))
    try:
        done = await deeds.attend(door.session, door.actor, workshop_id, [standing], once=once)
    except WrongState as error:
        return door.go(here, said=said(error))
    words = ngettext(
        "One more person was there. She is asked how it was, in ten minutes.",
        "%(num)s more people were there. They are asked how it was, in ten minutes.",
        len(done.rows),
    )
    return door.go(
        here,
        said=words,
        undo=f"/c/many/{done.deed_id}/undo?back={here}",
        left=ngettext("One minute left", "%(num)s minutes left", 10),
    )


@post(ONE + "/guests")
async def add(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """Somebody who came without an invitation."""
    filled = await door.form()
    here = f"{PATH}/{workshop_id}"
    try:
        await attending.add(door.session, door.actor, workshop_id, guest_uuid(filled.text("participation")))
    except WrongState as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("It is noted that she was there."))


def _standing(text: str) -> GuestState:
    """Those who have a place, where nothing else is asked for."""
    return GuestState(text) if text in MAY_BE_THERE else GuestState.COMING


ROUTES = [attend, look, attend_all, add]
