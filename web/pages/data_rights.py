"""A participant's data rights, seen to by who works with her: what she agreed to, a copy for her, a deletion."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Forbidden, Invalid, LimitReached, WrongState
from infra.language import gettext as _
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.privacy import asking, consenting, copies, queries
from tenants.privacy.rules import COPY_KEPT, WAITING, RunsOrganisation, may_keep
from tenants.registration import agreeing
from tenants.registration.models import Channel
from tenants.registration.words import CHANNEL_NAMES
from web.door import Door, Page
from web.forms import refused
from web.pages.own_data import kept_words
from web.refusals import said
from web.rendering import FormState

PATH = "/c/people/{person_id:uuid}/data"
TOLD_BY = (Channel.PHONE, Channel.IN_PERSON, Channel.PAPER)


@get(PATH)
async def show(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    return await _page(door, person_id, FormState())


@post(PATH + "/consents")
async def agree(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    """What she has said, and how."""
    filled = await door.form()
    try:
        purpose = consenting.changeable(filled.text("purpose"))
        channel = consenting.told_by(filled.text("channel"))
    except Invalid as error:
        return await _page(door, person_id, refused(filled, error), status=422)
    if filled.text("say") == "yes":
        await agreeing.give(door.session, door.actor, person_id, purpose, channel=channel)
    else:
        await agreeing.take_back(door.session, door.actor, person_id, purpose, channel=channel)
    return door.go(_address(person_id), said=_("It is written down."))


@post(PATH + "/copy")
async def ask_copy(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    try:
        await copies.ask(door.session, door.actor, person_id)
    except (LimitReached, WrongState) as error:
        return door.go(_address(person_id), said=said(error))
    return door.go(
        _address(person_id),
        said=_("The copy is being made. Only the person herself can open it, and gets an e-mail."),
    )


@get(PATH + "/delete")
async def before_deletion(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    person = await _person(door, person_id)
    door.actor.require_fresh(clock.now())
    if await queries.open_erasure(door.session, person_id):
        return door.go(_address(person_id))
    return door.page(
        "data_rights/delete.html",
        person=person,
        days=WAITING.days,
        on=clock.local(clock.now() + WAITING, door.actor.time_zone).date(),
        today=clock.today(door.actor.time_zone),
    )


@post(PATH + "/delete")
async def delete(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    try:
        await asking.ask(door.session, door.actor, person_id)
    except (RunsOrganisation, WrongState) as error:
        return door.go(_address(person_id), said=said(error))
    return door.go(
        _address(person_id), said=_("The deletion is planned. Until its day it can be taken back here.")
    )


@post(PATH + "/keep")
async def keep(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Page:
    standing = await queries.erasure_of(door.session, door.actor, person_id)
    if standing is None:
        return door.go(_address(person_id))
    return door.go(_address(person_id), said=await kept_words(door, standing))


async def _page(door: Door, person_id: UUID, form: FormState, *, status: int = 200) -> Page:
    person = await _person(door, person_id)
    standing = await queries.open_erasure(door.session, person_id)
    return door.page(
        "data_rights/data_rights.html",
        status=status,
        form=form,
        person=person,
        agreed=await consenting.of_person(door.session, door.actor, person_id),
        copies=await queries.copies(door.session, door.actor, person_id),
        erasure=standing,
        may_keep=standing is not None and may_keep(standing, door.actor.person_id),
        channel_names={name: _(words) for name, words in CHANNEL_NAMES.items()},
        told_by=[(one.value, _(CHANNEL_NAMES[one.value])) for one in TOLD_BY],
        copy_days=COPY_KEPT.days,
        now=clock.now(),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
    )


async def _person(door: Door, person_id: UUID) -> Person:
    if not door.actor.may(Permission.PERSON_ERASE):
        raise Forbidden(permission=Permission.PERSON_ERASE.value)
    return await people.access_person(door.session, door.actor, person_id)


def _address(person_id: UUID) -> str:
    return f"/c/people/{person_id}/data"


ROUTES = [show, agree, ask_copy, before_deletion, delete, keep]
