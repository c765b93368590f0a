"""
Inviting people to interviews, one or many: choose the frame, look at the times and the letter, send.

Nothing is kept between the three steps: what was chosen travels in the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency

from infra import clock, language
from infra.errors import Invalid, NotFound, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import ngettext
from tenants.permissions import Permission
from tenants.registration.appointments import arranging, queries, rules
from tenants.registration.appointments.queries import Invitee
from tenants.registration.appointments.rules import Details
from tenants.registration.words import ROLE_NAMES, STATUS_NAMES
from tenants.reports import inviting
from web import query, summaries
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/c/appointments"
BACK = "/c/pipeline?status=AWAITING+INTERVIEW"
AT = "at_"  # how fields begin that hold the hour of one participation


@dataclass(frozen=True, slots=True)
class Frame:
    """What was chosen for all: the first hour, how long, where, in which language ("" is each in her own)."""

    details: Details
    first: str
    pause: int
    language: str


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    chosen = _ids(door.request.query_params.getall("p", []))
    return await _frame_page(door, chosen, FormState())


@post(PATH + "/new")
async def choose(door: NamedDependency[Door]) -> Page:
    """The people that were ticked in a list, or the frame once more."""
    filled = await door.form()
    ids = _ids(filled.texts("p"))
    if filled.text("of") == "people":
        ids = await queries.parts_of(door.session, door.actor, ids)
    return await _frame_page(door, ids, FormState(filled))


@post(PATH + "/times")
async def look(door: NamedDependency[Door]) -> Page:
    """One hour after the other, each as she reads it; or the hours as they were changed on this page."""
    filled = await door.form()
    ids = _ids(filled.texts("p"))
    try:
        frame = _frame(filled)
        people = await queries.invitees(door.session, door.actor, ids)
        going = [one for one in people if one.refusal is None]
        walls = _walls(door, filled, going, frame)
    except Invalid as error:
        return await _frame_page(door, ids, refused(filled, error), status=422)
    return await _times_page(door, filled, people, walls, frame)


@post(PATH)
async def invite(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    ids = _ids(filled.texts("p"))
    frame = _frame(filled)
    walls = {one: filled.text(AT + str(one)) for one in ids if AT + str(one) in filled}
    try:
        arranged = await arranging.arrange(
            door.session,
            door.actor,
            walls,
            zone=_zone(door, filled),
            details=frame.details,
            language=frame.language,
        )
    except Invalid as error:
        people = await queries.invitees(door.session, door.actor, ids)
        return await _times_page(door, filled, people, walls, frame, error=error)
    words = ngettext(
        "One person is invited. The letter leaves in ten minutes.",
        "%(num)s people are invited. The letters leave in ten minutes.",
        len(arranged.made),
    )
    if arranged.staying:
        words += " " + ngettext("One stays.", "%(num)s stay.", len(arranged.staying))
    if not arranged.made:
        return door.go(BACK, said=ngettext("One stays.", "%(num)s stay.", len(arranged.staying)))
    return door.go(
        BACK,
        said=words,
        undo=f"{PATH}/undo?batch={arranged.batch_id}",
        left=ngettext("One minute left", "%(num)s minutes left", 10),
    )


@post(PATH + "/undo")
async def undo(door: NamedDependency[Door]) -> Page:
    batch_id = query.uuid(door.request, "batch")
    if batch_id is None:
        raise NotFound(kind="appointment")
    undone, late = await arranging.take_back(door.session, door.actor, batch_id)
    return door.go(BACK, said=summaries.invitations_back(undone, late))


async def _frame_page(door: Door, ids: Sequence[UUID], form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.STATUS_CHANGE)
    people = await queries.invitees(door.session, door.actor, ids) if ids else []
    return door.page(
        "appointments/new.html",
        status=status,
        form=form,
        going=[one for one in people if one.refusal is None],
        staying=_staying(people),
        too_many=len(ids) > rules.MOST,
        most=rules.MOST,
        zone=_zone(door, form.values),
        usual={"minutes": rules.USUAL_MINUTES, "pause": rules.USUAL_PAUSE},
        today=clock.today(door.actor.time_zone),
        spoken=_spoken(door),
        **_names(),
    )


async def _times_page(
    door: Door,
    filled: Form,
    people: Sequence[Invitee],
    walls: Mapping[UUID, str],
    frame: Frame,
    *,
    error: Invalid | None = None,
) -> Page:
    zone = _zone(door, filled)
    rehearsal = None
    if error is None and walls:
        try:
            rehearsal = await inviting.rehearse(
                door.session,
                door.actor,
                walls,
                zone=zone,
                details=frame.details,
                language=frame.language,
                web=door.ground.settings.web,
                links=door.ground.links,
            )
        except Invalid as refusal:
            error = refusal
    going = [one for one in people if one.participation_id in walls]
    fields = {f"slots[{number}]": AT + str(one) for number, one in enumerate(walls)}
    moved = Invalid(*(_at(problem, fields) for problem in error.problems)) if error else None
    form = refused(filled, moved) if moved else FormState(filled)
    return door.page(
        "appointments/times.html",
        status=422 if error else 200,
        form=form,
        rows=[_row(one, walls[one.participation_id], zone) for one in going],
        staying=_staying([one for one in people if one.participation_id not in walls]),
        can_invite=bool(rehearsal and rehearsal.invited),
        letter=rehearsal.letter if rehearsal else None,
        letter_language=rehearsal.language if rehearsal else "",
        direction=language.direction(rehearsal.language) if rehearsal and rehearsal.language else "",
        frame=frame,
        zone=zone,
        labels={AT + str(one.participation_id): one.full_name for one in going},
        kept=[
            (name, filled.text(name))
            for name in ("first", "minutes", "pause", "place", "link", "language", "zone")
        ],
        **_names(),
    )


def _row(one: Invitee, wall: str, zone: str) -> dict[str, Any]:
    """One who is to be invited, with the hour as she will read it; nothing where it cannot be used."""
    try:
        at = rules.read_time(wall, zone, AT).at
    except Invalid:
        return {"one": one, "wall": wall, "hers": ""}
    hers = language.moment_words(at, one.time_zone, clock.today(one.time_zone))
    return {"one": one, "wall": wall, "hers": hers if _differs(at, zone, one.time_zone) else ""}


def _differs(at: Any, zone: str, other: str) -> bool:
    return clock.local(at, zone).utcoffset() != clock.local(at, other).utcoffset()


def _walls(door: Door, filled: Form, going: Sequence[Invitee], frame: Frame) -> dict[UUID, str]:
    """
    The hour of each: as it stands in the form, else one after the other.

    Raises:
        Invalid: the first hour cannot be used.
    """
    named = {one.participation_id: filled.text(AT + str(one.participation_id)) for one in going}
    if all(named.values()) and filled.text("step") == "again":
        return named
    first = rules.read_time(frame.first, _zone(door, filled), "first")
    walls = rules.one_after_another(first, len(going), minutes=frame.details.minutes, pause=frame.pause)
    return {one.participation_id: wall for one, wall in zip(going, walls, strict=True)}


def _frame(filled: Form) -> Frame:
    """
    Raises:
        Invalid: with a problem at each field that cannot be used.
    """
    minutes, pause = _number(filled, "minutes"), _number(filled, "pause")
    problems = [
        Problem(name, "not_a_number") for name, one in (("minutes", minutes), ("pause", pause)) if one is None
    ]
    if pause is not None and pause > rules.MINUTES[1]:
        problems.append(Problem("pause", "too_large", {"maximum": rules.MINUTES[1]}))
    try:
        found = rules.details(minutes or rules.USUAL_MINUTES, filled.text("place"), filled.text("link"))
        spoken = rules.spoken(filled.text("language"), "")
    except Invalid as error:
        raise Invalid(*problems, *error.problems) from error
    if problems:
        raise Invalid(*problems)
    return Frame(found, filled.text("first"), pause or 0, spoken)


def _number(filled: Form, name: str) -> int | None:
    text = filled.text(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _at(problem: Problem, fields: Mapping[str, str]) -> Problem:
    """Of a slot, at the field of its hour."""
    return Problem(fields.get(problem.field, problem.field), problem.code, problem.facts)


def _zone(door: Door, values: Mapping[str, Any]) -> str:
    """Of whoever invites. It travels with the form, so that a change of her settings meanwhile moves nothing."""
    chosen = str(values.get("zone", ""))
    return chosen if rules.is_a_zone(chosen) else door.actor.time_zone


def _staying(people: Sequence[Invitee]) -> list[tuple[Invitee, str]]:
    return [(one, said(one.refusal)) for one in people if one.refusal]


def _spoken(door: Door) -> list[tuple[str, str]]:
    return [(code, language.language_name(code)) for code in door.organisation.languages]


def _names() -> dict[str, Any]:
    return {
        "role_names": {name: _(words) for name, words in ROLE_NAMES.items()},
        "status_names": {one.value: _(words) for one, words in STATUS_NAMES.items()},
    }


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


ROUTES = [new, choose, look, invite, undo]
