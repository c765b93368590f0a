"""One workshop on the coordinator's side: its guests, what they answer, and what they say of it."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, HouseError, Invalid, NotFound, Problem, WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.gatherings import answering, guests, opinions, queries, rules
from tenants.gatherings.attending import MAY_BE_THERE
from tenants.gatherings.letters import facts
from tenants.gatherings.models import ROLES, Audience, GatheringKind, GuestState, Workshop, WorkshopState
from tenants.gatherings.opinions import Results, Said
from tenants.gatherings.queries import Counts
from tenants.gatherings.words import GUEST_STATES, QUESTIONS, USEFUL
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import queries as registrations
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web import query
from web.door import Door, Page
from web.forms import refused
from web.pages.workshops import ONE, PATH, names
from web.refusals import said
from web.rendering import FormState

GUESTS = 50  # on one page; the rows of the others are a page away
FOUND = 20  # people whom a search for somebody who came offers


@get(ONE)
async def show(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    return await _page(door, workshop_id, FormState())


@post(ONE + "/answers")
async def note_answer(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """What a guest has said on the telephone: `comes` or `declines` is her id."""
    filled = await door.form()
    here = f"{PATH}/{workshop_id}"
    comes = "comes" in filled
    guest_id = guest_uuid(filled.text("comes" if comes else "declines"))
    try:
        guest = await answering.note(door.session, door.actor, workshop_id, guest_id, comes=comes)
    except (WrongState, Conflict) as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("Noted: %(state)s.", state=_(GUEST_STATES[GuestState(guest.state)])))


@post(ONE + "/opinions")
async def note_opinion(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """A form that was filled in on paper."""
    filled = await door.form()
    try:
        given = Said(useful_of(filled.text("useful")), filled.text("will_use"), filled.text("missing"))
        await opinions.note(door.session, door.actor, workshop_id, filled.text("role"), given)
    except Invalid as error:
        return await _page(door, workshop_id, refused(filled, error), status=422)
    except HouseError as error:
        if isinstance(error, WrongState):
            return door.go(f"{PATH}/{workshop_id}", said=said(error))
        raise
    return door.go(f"{PATH}/{workshop_id}#said", said=_("The form is typed in."))


@get(ONE + "/form")
async def paper(door: NamedDependency[Door], workshop_id: FromPath[UUID]) -> Page:
    """The three questions on paper, to be laid on the chairs."""
    one = await queries.access(door.session, door.actor, workshop_id)
    return door.page(
        "workshops/paper.html",
        one=one,
        title=await _title(door, one),
        roles=[_(ROLE_NAMES[role]) for role in _roles_of(one)],
        questions={name: _(words) for name, words in QUESTIONS.items()},
        scale=[(step, _(words)) for step, words in USEFUL.items()],
        zone=one.time_zone,
        today=clock.today(one.time_zone),
    )


async def _page(door: Door, workshop_id: UUID, form: FormState, *, status: int = 200) -> Page:
    one = await queries.access(door.session, door.actor, workshop_id)
    counts = (await queries.counts(door.session, [one.id]))[one.id]
    after = query.after(door.request, tuple[str, UUID])
    standing = query.one_of(door.request, "standing", [one.value for one in GuestState])
    states = [GuestState(standing)] if standing else []
    rows = await guests.listed(
        door.session, door.actor, workshop_id, states=states, after=after, limit=GUESTS + 1
    )
    zone = door.actor.time_zone
    has_begun = one.starts_at <= clock.now()
    found = await _results(door, one)
    search = query.text(door.request, "q")
    return door.page(
        "workshops/one.html",
        status=status,
        form=form,
        one=one,
        title=await _title(door, one),
        counts=counts,
        rows=rows[:GUESTS],
        standing=standing,
        may_be_there=MAY_BE_THERE,
        tabs=_tabs(one, counts),
        next=door.view.with_query(after=paging.encode(rows[GUESTS - 1].key)) if len(rows) > GUESTS else "",
        has_begun=has_begun and one.state != WorkshopState.CANCELLED,
        is_open=one.state == WorkshopState.PLANNED and not has_begun,
        may_change=door.actor.may(Permission.STATUS_CHANGE),
        may_type_in=door.actor.may(Permission.EVALUATION_CHANGE),
        has_material=one.kind == GatheringKind.INTRODUCTION,
        facts=facts(one, zone),
        search=search,
        found=await _others(door, one, search) if search else [],
        results=found,
        heads=[(_(ROLE_NAMES[role]), "num") for role in found.by_role] if found else [],
        scale=[(step, _(words)) for step, words in USEFUL.items()],
        questions={name: _(words) for name, words in QUESTIONS.items()},
        guest_states={state.value: _(words) for state, words in GUEST_STATES.items()},
        roles=[(role, _(ROLE_NAMES[role])) for role in _roles_of(one)],
        role_names=role_names(),
        zone=zone,
        today=clock.today(zone),
        **names(),
    )


async def _results(door: Door, one: Workshop) -> Results | None:
    if one.state != WorkshopState.HELD or not door.actor.may(Permission.EVALUATION_READ):
        return None
    return await opinions.results(door.session, door.actor, one.id)


async def _others(door: Door, one: Workshop, search: str) -> list[Any]:
    """People of the programme whose name begins so, for whoever notes that she came."""
    return await registrations.participations(
        door.session, door.actor, programme_id=one.programme_id, search=search, limit=FOUND
    )


async def _title(door: Door, one: Workshop) -> str:
    return shown_in(await programmes.own_programme(door.session, one.programme_id), one.title)


def _tabs(one: Workshop, counts: Counts) -> list[tuple[str, str, int]]:
    """All guests, and those who stand alike; nothing where all stand alike."""
    here = f"{PATH}/{one.id}"
    found = [
        (_(words), f"{here}?standing={state}", counts.states[state])
        for state, words in GUEST_STATES.items()
        if counts.states.get(state)
    ]
    return [(_("All"), here, sum(counts.states.values())), *found] if len(found) > 1 else []


def _roles_of(one: Workshop) -> list[str]:
    return sorted(str(role) for role in ROLES[Audience(one.audience)])


def role_names() -> dict[str, str]:
    return {name: _(words) for name, words in ROLE_NAMES.items()}


def useful_of(text: str) -> int:
    """
    Raises:
        Invalid: no step of the scale.
    """
    if text not in {str(step) for step in rules.SCALE}:
        raise Invalid(Problem("useful", "not_a_choice" if text else "missing"))
    return int(text)


def guest_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(kind="workshop_guest") from error


def uuids(texts: list[str]) -> list[UUID]:
    """Those that are ids, each once."""
    found: dict[UUID, None] = {}
    for text in texts:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


ROUTES = [show, note_answer, note_opinion, paper]
