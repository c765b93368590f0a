"""What to remember when one takes part: one's own memo, and the material of a programme that anybody may read (K58, K34)."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import NotFound, WrongState
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.registration.telling import shown_in
from tenants.relationships.agreements import memos, templates
from tenants.relationships.agreements.models import Form
from web import query
from web.door import Door, Page
from web.pages.programme import introduce
from web.refusals import said

MATERIAL = {"agreement": None, "plan": None, "mentee": Form.MEMO_MENTEE, "mentor": Form.MEMO_MENTOR}


@get("/me/memo")
async def memo(door: NamedDependency[Door]) -> Page:
    found = await memos.own(door.session, door.actor, door.language)
    if found:
        await introduce(door, found[0].programme)
    return door.page(
        "agreement/memo.html",
        memos=[(one, shown_in(one.programme, one.programme.name)) for one in found],
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


@post("/me/memo/{participation_id:uuid}")
async def acknowledge(door: NamedDependency[Door], participation_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await memos.acknowledge(
            door.session, door.actor, participation_id, language=door.language, digest=filled.text("digest")
        )
    except WrongState as error:
        return door.go("/me/memo", said=said(error))
    return door.go("/me/memo", said=_("Thank you. We have noted that you have read it."))


@get("/p/{slug:str}/material")
async def material(door: NamedDependency[Door], slug: FromPath[str]) -> Page:
    """The agreement, what a plan is made of and the memos, to read before anybody decides; nothing can be filled in here."""
    programme = await programmes.open_by_slug(door.session, slug)
    if not await templates.has_agreement(door.session, programme.id):
        raise NotFound(kind="programme", slug=slug)
    chosen = query.one_of(door.request, "show", MATERIAL) or "agreement"
    form = MATERIAL[chosen] or (await templates.setting(door.session, programme.id)).form
    text = await templates.current(door.session, programme.id, form, door.language)
    await introduce(door, programme)
    return door.page(
        "agreement/material.html",
        slug=programme.slug,
        chosen=chosen,
        spoken=text.language,
        towards=text.direction,
        body=text.body,
        tabs=[
            ("agreement", _("Agreement")),
            ("plan", _("Activity plan")),
            ("mentee", _("For mentees")),
            ("mentor", _("For mentors")),
        ],
    )


ROUTES = [memo, acknowledge, material]
