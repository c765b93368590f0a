"""One's own data: what one has agreed to, a copy of all of it, its deletion, and what is kept for how long."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.errors import LimitReached, WrongState
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.privacy import asking, consenting, copies, queries, telling
from tenants.privacy.mapped import tables
from tenants.privacy.models import Erasure
from tenants.privacy.rules import COPY_KEPT, WAITING, OwnWish
from tenants.privacy.words import PURPOSES
from tenants.registration import agreeing
from tenants.registration.consents import Purpose
from tenants.registration.words import CHANNEL_NAMES
from tenants.relationships import queries as relationships
from tenants.relationships.models import RelationshipState
from web import together
from web.door import Door, Page
from web.refusals import said

PATH = "/me/privacy"


@get(PATH)
async def show(door: NamedDependency[Door]) -> Page:
    person_id = door.require_person()
    door.actor.require(Permission.OWN_CASE)
    agreed = await consenting.of_person(door.session, door.actor, person_id)
    return door.page(
        "own_data/own_data.html",
        layout=_layout(door),
        agreed=sum(one.stands for one in agreed),
        copies=await queries.copies(door.session, door.actor, person_id),
        erasure=await queries.open_erasure(door.session, person_id),
        copy_days=COPY_KEPT.days,
        now=clock.now(),
        zone=door.actor.time_zone,
    )


@get(f"{PATH}/kept")
async def what_is_kept(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    # What serves one purpose stands together, and of that what is kept as long as one another.
    kept: dict[str, dict[str, list[str]]] = {}
    for one in tables().values():
        if one.title:
            by_time = kept.setdefault(_(PURPOSES[one.purpose]), {})
            by_time.setdefault(telling.kept(one.kept), []).append(_(one.title))
    return door.page("own_data/kept.html", layout=_layout(door), kept=kept)


@get(f"{PATH}/consents")
async def consents(door: NamedDependency[Door]) -> Page:
    return door.page(
        "own_data/consents.html",
        layout=_layout(door),
        agreed=await consenting.of_person(door.session, door.actor, door.require_person()),
        channel_names={name: _(words) for name, words in CHANNEL_NAMES.items()},
        zone=door.actor.time_zone,
    )


@post(f"{PATH}/consents")
async def agree(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    person_id = door.actor.require_herself()
    purpose = consenting.changeable(filled.text("purpose"))
    if filled.text("say") == "yes":
        await agreeing.give(door.session, door.actor, person_id, purpose, language=language.current())
        return door.go(f"{PATH}/consents", said=_("Thank you. We have written down that you agree."))
    await agreeing.take_back(door.session, door.actor, person_id, purpose)
    words = (
        _("Taken back. We look for nobody for you until you agree again.")
        if purpose is Purpose.MATCHING
        else _("Taken back. It counts from this moment.")
    )
    return door.go(f"{PATH}/consents", said=words)


@post(f"{PATH}/copy")
async def ask_copy(door: NamedDependency[Door]) -> Page:
    try:
        await copies.ask(door.session, door.actor, door.require_person())
    except (LimitReached, WrongState) as error:
        return door.go(f"{PATH}#copy", said=said(error))
    return door.go(
        f"{PATH}#copy", said=_("We are putting your copy together, and write to you when it is ready.")
    )


@get(f"{PATH}/copies/{{copy_id:uuid}}/pdf")
async def readable(door: NamedDependency[Door], copy_id: FromPath[UUID]) -> Response[bytes]:
    return await _file(door, copy_id, "readable", "application/pdf", "pdf")


@get(f"{PATH}/copies/{{copy_id:uuid}}/json")
async def for_programs(door: NamedDependency[Door], copy_id: FromPath[UUID]) -> Response[bytes]:
    return await _file(door, copy_id, "machine", "application/json", "json")


async def _file(
    door: Door, copy_id: UUID, form: copies.Form, media_type: str, ending: str
) -> Response[bytes]:
    """The file itself, for her alone and never kept by a browser."""
    copy = await copies.take(door.session, door.actor, copy_id, form, now=clock.now())
    plain = await copies.opened(door.ground.keys, copy, form)
    day = clock.today(door.actor.time_zone).isoformat()
    return Response(
        plain,
        media_type=media_type,
        headers={
            "content-disposition": f'attachment; filename="my-data-{day}.{ending}"',
            "cache-control": "no-store",
        },
    )


@get(f"{PATH}/delete")
async def before_deletion(door: NamedDependency[Door]) -> Page:
    """What would happen, after a fresh proof of who she is."""
    person_id = door.actor.require_herself()
    door.actor.require_fresh(clock.now())
    if await queries.open_erasure(door.session, person_id):
        return door.go(f"{PATH}#delete")
    return door.page(
        "own_data/delete.html",
        layout=_layout(door),
        days=WAITING.days,
        on=clock.local(clock.now() + WAITING, door.actor.time_zone).date(),
        today=clock.today(door.actor.time_zone),
        pairs=await _pairs(door),
    )


@post(f"{PATH}/delete")
async def delete(door: NamedDependency[Door]) -> Page:
    try:
        await asking.ask(door.session, door.actor, door.require_person())
    except WrongState as error:
        return door.go(f"{PATH}#delete", said=said(error))
    return door.go(f"{PATH}#delete", said=_("We have your wish. Until the day below you can take it back."))


@post(f"{PATH}/keep")
async def keep(door: NamedDependency[Door]) -> Page:
    standing = await queries.open_erasure(door.session, door.require_person())
    if standing is None:
        return door.go(PATH)
    return door.go(PATH, said=await kept_words(door, standing))


async def kept_words(door: Door, standing: Erasure) -> str:
    """What became of the wish to take a deletion back."""
    try:
        await asking.keep(door.session, door.actor, standing.id)
    except (OwnWish, WrongState) as error:
        return said(error)
    return _("Taken back. Nothing is deleted.")


async def _pairs(door: Door) -> list[tuple[str, str, bool]]:
    """With whom she is together now, "pair", "group" or "circle", and whether it goes on without her."""
    person_id = door.actor.person_id
    return [
        (together.with_whom(row, person_id), together.kind(row), together.goes_on(row, person_id))
        for row in await relationships.own(door.session, door.actor)
        if row.Relationship.state == RelationshipState.RUNNING
    ]


def _layout(door: Door) -> str:
    return "app.html" if door.actor.may(Permission.PEOPLE_READ) else "base.html"


ROUTES = [
    show,
    what_is_kept,
    consents,
    agree,
    ask_copy,
    readable,
    for_programs,
    before_deletion,
    delete,
    keep,
]
