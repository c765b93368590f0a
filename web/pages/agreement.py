"""The agreement of a pair, group or circle for one of its people: read, filled in together, signed, changed."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import notices
from tenants.relationships.agreements import actions, printing, queries, rules
from tenants.relationships.agreements.models import AgreementState
from tenants.relationships.agreements.queries import Shown
from tenants.relationships.models import RelationshipState
from web import agreeing, together
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.papers import paper
from web.refusals import said
from web.rendering import FormState

PATH = "/me/pair/{relationship_id:uuid}/agreement"


@get(PATH)
async def agreement(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        return await _page(door, relationship_id)
    except rules.NoAgreement as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))


@get(PATH + "/fill")
async def fill_in(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        shown = await _shown(door, relationship_id)
    except rules.NoAgreement as error:
        return door.go(f"/me/pair/{relationship_id}", said=said(error))
    if shown.state != AgreementState.DRAFT or not _is_running(shown):
        return door.go(_path(relationship_id))
    return _form(door, shown, FormState(agreeing.values(shown)), seen=shown.revision)


@post(PATH + "/fill")
async def fill(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    shown = await _shown(door, relationship_id)
    seen = filled.text("seen")
    given = agreeing.filled_in(filled, [one.participation_id for one in shown.people])
    try:
        await actions.fill(
            door.session,
            door.actor,
            relationship_id,
            given,
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1,
        )
    except Invalid as error:
        found = refused(filled, error)
        form = FormState(found.values, agreeing.fields_of(found.errors))
        return _form(door, shown, form, seen=seen, status=422)
    except rules.ChangedMeanwhile:
        # What she wrote stays in the form, and what stands there now stands beside it.
        return _form(door, shown, FormState(filled), seen=shown.revision, status=409, is_late=True)
    except WrongState as error:
        return door.go(_path(relationship_id), said=said(error))
    return door.go(_path(relationship_id), said=_("Saved. The others see it now."))


@post(PATH + "/sign")
async def sign(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        found = await actions.sign(
            door.session, door.actor, relationship_id, language=door.language, digest=filled.text("digest")
        )
    except WrongState as error:
        return door.go(_path(relationship_id), said=said(error))
    if found.state == AgreementState.IN_FORCE:
        return door.go(_path(relationship_id), said=_("All have signed. Your agreement holds from now on."))
    return door.go(_path(relationship_id), said=_("You have signed. We write to whoever has not yet."))


@post(PATH + "/amend")
async def amend(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        await actions.amend(door.session, door.actor, relationship_id)
    except WrongState as error:
        return door.go(_path(relationship_id), said=said(error))
    return door.go(
        _path(relationship_id) + "/fill",
        said=_("The agreement of now holds until all have signed the new one."),
    )


@post(PATH + "/drop")
async def drop(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _do(door, actions.drop, relationship_id, _("Your agreement stays as it was."))


@post(PATH + "/review")
async def review(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _do(door, actions.review, relationship_id, _("Noted: you keep your agreement as it is."))


@get(PATH + ".pdf")
async def pdf(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Response[bytes]:
    """Agreement and plan to keep or print; beside each other in both languages, where the people have two."""
    shown = await queries.own(
        door.session, door.actor, relationship_id, door.language, agreeing.version(door.request)
    )
    return await paper(await printing.document(door.session, shown, door.language), _("agreement"))


async def _do(door: Door, action: Any, relationship_id: UUID, done: str) -> Page:
    try:
        await action(door.session, door.actor, relationship_id)
    except WrongState as error:
        return door.go(_path(relationship_id), said=said(error))
    return door.go(_path(relationship_id), said=done)


def _path(relationship_id: UUID) -> str:
    return f"/me/pair/{relationship_id}/agreement"


def _is_running(shown: Shown) -> bool:
    return shown.relationship.state == RelationshipState.RUNNING


async def _shown(door: Door, relationship_id: UUID, number: int | None = None) -> Shown:
    shown = await queries.own(door.session, door.actor, relationship_id, door.language, number)
    await introduce(door, await programmes.own_programme(door.session, shown.relationship.programme_id))
    return shown


async def _page(door: Door, relationship_id: UUID) -> Page:
    shown = await _shown(door, relationship_id, agreeing.version(door.request))
    signed = {one.participation_id: one.signature for one in shown.signed}
    return door.page(
        "agreement/agreement.html",
        shown=shown,
        one=shown.relationship,
        body=shown.text.body,
        chosen=agreeing.chosen(shown),
        expected=[one for one in agreeing.expected(shown) if one.text],
        signatures=[(one.full_name, one.role, signed.get(one.participation_id)) for one in shown.people],
        who=together.others(shown.people, shown.mine),
        editor=agreeing.name_of(shown.people, shown.agreement.edited_by) if shown.agreement else "",
        is_mine=shown.agreement is not None and shown.agreement.edited_by == shown.mine,
        has_signed=shown.mine in shown.has_signed,
        is_filled=rules.is_finished(shown.content),
        is_running=_is_running(shown) and not shown.is_earlier,
        versions=agreeing.versions(shown),
        notice=shown.mine and await notices.given_by(door.session, relationship_id, shown.mine),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


def _form(
    door: Door, shown: Shown, form: FormState, *, seen: Any, status: int = 200, is_late: bool = False
) -> Page:
    body = shown.text.body
    return door.page(
        "agreement/fill.html",
        status=status,
        form=form,
        shown=shown,
        one=shown.relationship,
        seen=seen,
        labels=body["labels"],
        ways=[(code, body["ways"][code]) for code in rules.WAYS],
        purposes=[(code, body["purposes"][code]) for code in rules.PURPOSES],
        expected=agreeing.expected(shown),
        is_late=is_late,
        chosen=agreeing.chosen(shown),
        editor=agreeing.name_of(shown.people, shown.agreement.edited_by) if shown.agreement else "",
        who=together.others(shown.people, shown.mine),
        signed=len(shown.signed),
        most=rules.MOST_PURPOSES,
        longest=(rules.MAX_FREQUENCY, rules.MAX_TEXT, rules.MAX_OTHER),
    )


ROUTES = [agreement, fill_in, fill, sign, amend, drop, review, pdf]
