"""What the pages of an import show, state by state."""

from datetime import datetime
from typing import Any
from uuid import UUID

from infra import clock
from infra.errors import HouseError, Invalid, Problem
from infra.http import paging
from infra.http.forms import Form
from infra.http.sentences import FIELD_SENTENCES
from infra.language import N_
from infra.language import gettext as _
from tenants import sentences
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes.models import Cycle, Programme
from tenants.programmes.structures import facts
from tenants.registration import telling
from tenants.registration.importing import file_words, queries, rules, words
from tenants.registration.importing.own_questions import MARK
from tenants.registration.importing.problem_words import FIELD_NAMES, REFUSED_GROUPS
from tenants.registration.importing.queries import ListedRow
from tenants.registration.importing.setting import topic_names
from tenants.registration.models import ImportState, RosterImport, RowState
from tenants.registration.roster import encodings
from tenants.registration.roster.containers import LARGEST_FILE, MEBI
from tenants.registration.roster.fields import Field
from web import query, rosters
from web.door import Door, Page
from web.forms import refused
from web.pages import import_progress
from web.rendering import FormState

_SIGNS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_SHOWN_STATES = {
    "ready": (RowState.READY, RowState.ASSUMED, RowState.IMPORTED),
    "assumed": (RowState.ASSUMED,),
    "refused": (RowState.REFUSED,),
    "skipped": (RowState.SKIPPED,),
}


def address(found: RosterImport) -> str:
    return f"/c/import/{found.id}"


def version(filled: Form) -> int:
    text = filled.text("version")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def sign(name: str) -> str | None:
    return _SIGNS.get(name)


def cycle_id(text: str) -> UUID:
    """
    Raises:
        Invalid: nothing was chosen.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(Problem("cycle", "missing")) from error


async def history(
    door: Door, *, fault: HouseError | None = None, filled: Form | None = None, status: int = 200
) -> Page:
    door.actor.require(Permission.IMPORT_ROSTER)
    limit = paging.DEFAULT_LIMIT
    after = query.after(door.request, tuple[datetime, UUID])
    past = await queries.imports(door.session, door.actor, after=after, limit=limit + 1)
    cycles = await queries.open_cycles(door.session, door.actor)
    return door.page(
        "imports/list.html",
        status=status,
        past=past[:limit],
        next=paging.encode(past[limit - 1].key) if len(past) > limit else "",
        cycles=[(str(cycle.id), named(programme, cycle)) for programme, cycle in cycles],
        fault=explained(fault) if fault else None,
        form=form_state(fault, filled),
        largest=LARGEST_FILE // MEBI,
        zone=door.actor.time_zone,
    )


def form_state(error: HouseError | None, filled: Form | None) -> FormState:
    if isinstance(error, Invalid) and error.problems:
        return refused(filled or {}, error)
    return FormState(filled or {}, {})


def named(programme: Programme, cycle: Cycle) -> str:
    return _(
        "%(programme)s, %(cycle)s",
        programme=telling.shown_in(programme, programme.name),
        cycle=cycle.name,
    )


def explained(error: HouseError) -> file_words.Fault | None:
    """What was found, what was expected, how to mend it; None for a form with an open field."""
    if isinstance(error, Invalid) and error.problems:
        return None
    return file_words.fault(said(error), error.code, error.facts)


def said(error: HouseError) -> str:
    known = {**FIELD_SENTENCES, **sentences.every()}
    return _(known.get(error.code, known["unusable"]), **error.facts)


async def state(
    door: Door,
    found: RosterImport,
    *,
    error: HouseError | None = None,
    filled: Form | None = None,
    status: int = 200,
) -> Page:
    """The one page of an import, whatever state it is in."""
    programme, cycle = await queries.joined_cycle(door.session, found)
    door.show(programme=telling.shown_in(programme, programme.name), cycle=cycle.name)
    context: dict[str, Any] = {
        "found": found,
        "error": said(error) if error else "",
        "address": address(found),
    }
    if found.state in rules.BUSY:
        context["now"] = await import_progress.now(door, found)
    elif found.state == ImportState.FAILED:
        fault = found.reading.get("fault") or {"code": found.error or "", "facts": {}}
        heading = _(sentences.every().get(fault["code"], FIELD_SENTENCES["unusable"]))
        context["fault"] = file_words.fault(heading, fault["code"], fault["facts"])
    elif found.state == ImportState.STAGED:
        context |= await _preview(door, found, programme)
        context["form"] = form_state(error, filled)
    else:
        context |= {"zone": door.actor.time_zone, "may_revert": _may_revert(found)}
    return door.page("imports/import.html", status=status, **context)


async def _preview(door: Door, found: RosterImport, programme: Programme) -> dict[str, Any]:
    rows = await queries.rows_numbered(door.session, found.id, rosters.first_rows(found))
    topics = await topic_names(door.session, programme)
    own: dict[str, str] = {}
    for name, code in topics.items():
        own.setdefault(code, name)
    offers = rosters.Offers(
        sides=facts(programme.structure).sides,
        offices=[one.name for one in await organisations.offices(door.session, open_only=True)],
        topics=sorted(own.values()),
        may_add_topics=door.actor.may(Permission.PROGRAMME_CHANGE),
        may_open_offices=door.actor.may(Permission.ORGANISATION_CHANGE),
    )
    wanting, others = rosters.groups(found, rows, offers)
    sources = {meaning.source for group in wanting for meaning in group.meanings}
    return {
        "counts": found.counts,
        "how": rosters.how_it_was_read(found),
        "assumptions": rosters.assumptions(found),
        "wanting": wanting,
        "others": others,
        "languages": rosters.language_names() if "languages" in sources else [],
        "zones": rosters.zone_names() if "zones" in sources else [],
        "wants_interview": programme.wants_interview,
    }


def _may_revert(found: RosterImport) -> bool:
    return (
        found.state == ImportState.COMMITTED
        and found.committed_at is not None
        and found.committed_at > clock.now() - rules.KEPT
    )


async def reading(
    door: Door, found: RosterImport, *, filled: Form | None = None, error: Invalid | None = None
) -> Page:
    programme, cycle = await queries.joined_cycle(door.session, found)
    door.show(programme=telling.shown_in(programme, programme.name), cycle=cycle.name)
    read = found.reading.get("found", {})
    chosen = found.reading.get("chosen", {})
    return door.page(
        "imports/reading.html",
        status=422 if error else 200,
        found=found,
        address=address(found),
        read=read,
        chosen=chosen,
        sheets=[(name, name) for name in read.get("sheets", ())],
        delimiter=next((name for name, one in _SIGNS.items() if one == chosen.get("delimiter")), ""),
        encodings=[(code, words.encoding_name(code)) for code in encodings.CHOICES],
        delimiters=[(name, words.sign_name(one)) for name, one in _SIGNS.items()],
        fields=[(of.value, _(FIELD_NAMES[of])) for of in Field],
        questions=[
            (MARK + one.key, telling.shown_in(programme, one.label))
            for one in await queries.own_questions(door.session, found)
        ],
        columns=_columns(found, filled),
        assumptions=rosters.assumptions(found),
        form=form_state(error, filled),
        fault=explained(error) if error else None,
    )


_WHY = {
    "remembered": N_("as the last time"),
    "name": N_("by its name"),
    "content": N_("by what stands in it"),
}


def _columns(found: RosterImport, filled: Form | None) -> list[dict[str, Any]]:
    read = found.reading.get("found", {})
    mapped = found.mapping.get("columns", {})
    own = rules.answering(found)
    suggested = {one["column"]: one for one in read.get("suggestions", ())}
    made = []
    for at, name in enumerate(read.get("headers", ())):
        one = suggested.get(at, {})
        value = mapped.get(str(at), "") if mapped else (one.get("field") or "")
        value = value or own.get(str(at), "")
        if filled and f"column-{at}" in filled:
            value = filled[f"column-{at}"]
        is_ours = value and one.get("field") == value and one.get("why") in _WHY
        why = _(_WHY[one["why"]]) if is_ours else ""
        made.append({"at": at, "name": name, "value": value, "why": why, "examples": one.get("examples", [])})
    return made


async def rows(door: Door, found: RosterImport) -> Page:
    programme, cycle = await queries.joined_cycle(door.session, found)
    door.show(programme=telling.shown_in(programme, programme.name), cycle=cycle.name)
    shown = query.one_of(door.request, "state", _SHOWN_STATES)
    group = query.one_of(door.request, "group", REFUSED_GROUPS)
    (after,) = query.after(door.request, tuple[int]) or (0,)
    states = _SHOWN_STATES.get(shown, ())
    limit = paging.DEFAULT_LIMIT
    listed = await queries.rows(
        door.session, door.actor, found.id, states=states, group=group or None, after=after, limit=limit + 1
    )
    return door.page(
        "imports/rows.html",
        found=found,
        address=address(found),
        shown=shown,
        group=group,
        heading=words.group_heading(group, "refused" if shown == "refused" else "assumed") if group else "",
        lines=[rosters.line(row) for row in listed[:limit]],
        total=await queries.count_rows(door.session, found.id, states=states, group=group or None),
        next=paging.encode([listed[limit - 1].row_number]) if len(listed) > limit else "",
        is_open=found.state == ImportState.STAGED,
    )


async def row(door: Door, found: RosterImport, one: ListedRow) -> Page:
    programme, cycle = await queries.joined_cycle(door.session, found)
    door.show(programme=telling.shown_in(programme, programme.name), cycle=cycle.name)
    corrected = found.choices.get("rows", {}).get(str(one.row_number), {})
    said_of: dict[str | None, list[tuple[str, bool]]] = {}
    for problem in one.problems:
        text = " ".join(filter(None, (words.problem(problem), words.remedy(problem))))
        said_of.setdefault(problem["field"], []).append((text, problem["severity"] == "refused"))
    return door.page(
        "imports/row.html",
        found=found,
        address=address(found),
        row=one,
        fields=[
            {
                "field": of,
                "label": _(FIELD_NAMES[of]),
                "value": corrected.get(of, text),
                "said": said_of.get(of, []),
                "suggestion": _suggested(one, of),
            }
            for of, text in cells_of(found, one).items()
        ],
        whole=said_of.get(None, []),
        is_left_out=one.row_number in found.choices.get("skip", ()),
        is_open=found.state == ImportState.STAGED,
    )


def _suggested(one: ListedRow, of: str) -> str:
    return next((p["suggestion"] for p in one.problems if p["field"] == of and p["suggestion"]), "")


def cells_of(found: RosterImport, one: ListedRow) -> dict[str, str]:
    """The text of each mapped field as it stands in the file; several columns of one field one after another."""
    made: dict[str, str] = {}
    for at, of in sorted(found.mapping.get("columns", {}).items(), key=lambda pair: int(pair[0])):
        text = one.cells[int(at)] if int(at) < len(one.cells) else ""
        made[of] = "; ".join(filter(None, (made.get(of, ""), text)))
    return made


def corrections(found: RosterImport, one: ListedRow, filled: Form) -> dict[str, str | None]:
    """What differs from the file; a cell that was put back to its own text is no correction any more."""
    made: dict[str, str | None] = {}
    for of, text in cells_of(found, one).items():
        given = filled.text(f"cell-{of}") if f"cell-{of}" in filled else text
        made[of] = None if given.split() == text.split() else given
    return made
