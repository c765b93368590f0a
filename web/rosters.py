"""
A roster's preview as its pages need it: groups of problems with the choices that mend them, rows with their reasons.

Nothing is counted or read here; the numbers and the groups are kept with the
import, and the rows that a page shows come in one query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra import language
from infra.language import gettext as _
from tenants.registration.importing import words
from tenants.registration.importing.problem_words import GENDERS, MODES, ORDERS
from tenants.registration.importing.queries import ListedRow
from tenants.registration.importing.rules import NEW_TOPICS
from tenants.registration.models import RosterImport
from tenants.registration.roster.problems import Severity
from tenants.registration.words import ROLE_NAMES
from web.asking import OTHERS, USUAL
from web.zones import ZONES

SHOWN_VALUES = 6  # writings of one group with a choice each; the others are a page away
NEW_TOPIC = "+"  # in place of a reading: make a topic of it

# Codes whose writing can be given a meaning, and what a form offers for it.
_MEANINGS = {
    "unknown_role": "role",
    "unknown_mode": "mode",
    "unknown_gender": "gender",
    "unknown_time_zone": "time_zone",
    "unknown_language": "language",
    "language_unclear": "language",
    "unknown_unit": "unit",
    "unknown_topic": "topic",
}
_BY_FIELD = {
    "role": "role",
    "mode": "mode",
    "gender": "gender",
    "time_zone": "time_zone",
    "languages": "language",
    "organisation_unit": "unit",
    "topics_offered": "topic",
    "topics_wanted": "topic",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one writing means: a choice out of `options`, or text with suggestions from the list `source`."""

    id: str
    field: str
    found: str
    rows: int
    options: list[tuple[str, str]]
    source: str
    current: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One line of a group: where, what was found, what will become of it."""

    row: int
    name: str
    column: str
    found: str
    becomes: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    group: str
    heading: str
    rows: int
    label: str
    decisions: list[tuple[str, str]]
    decision: str
    is_date_order: bool
    meanings: list[Meaning]
    more_meanings: int
    cells: list[Cell]
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Offers:
    """What the organisation has for a coordinator to choose from."""

    sides: Sequence[str]
    offices: Sequence[str]
    topics: Sequence[str]
    may_add_topics: bool = False
    may_open_offices: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row in a list of rows."""

    number: int
    name: str
    email: str
    roles: str
    state: str
    said: list[str] = field(default_factory=list)


def first_rows(found: RosterImport) -> list[int]:
    """The rows that the groups show, for one query."""
    return sorted({row for group in found.counts.get("groups", ()) for row in group["first"]})


def groups(
    found: RosterImport, rows: Mapping[int, ListedRow], offers: Offers
) -> tuple[list[Group], list[Group]]:
    """Those that want a decision, and those where we say how we read."""
    wanting: list[Group] = []
    said: list[Group] = []
    for number, one in enumerate(found.counts.get("groups", ())):
        made = _group(f"g{number}", one, found, rows, offers)
        is_open = made.is_refused or made.decisions or made.meanings
        (wanting if is_open else said).append(made)
    return wanting, said


def _group(
    id: str, one: dict[str, Any], found: RosterImport, rows: Mapping[int, ListedRow], offers: Offers
) -> Group:
    name, severity = one["group"], one["severity"]
    meanings = _meanings(id, one, found, offers)
    is_date_order = any(value["code"] == "date_two_ways" for value in one["values"])
    decisions = [(key, words.decision(name, key)) for key in one["decisions"]]
    if not offers.may_open_offices:
        decisions = [(key, text) for key, text in decisions if key != "create"]
    decision = one["decision"] or ""
    if is_date_order:
        decisions = [(key, _(text)) for key, text in ORDERS.items()]
        decision = found.choices.get("date_order") or _order_of(found)
    return Group(
        id=id,
        group=name,
        heading=words.group_heading(name, severity),
        rows=one["rows"],
        label=_("Read as") if is_date_order else _label(name),
        decisions=decisions if len(decisions) > 1 else [],
        decision=decision,
        is_date_order=is_date_order,
        meanings=meanings[:SHOWN_VALUES],
        more_meanings=max(0, len(meanings) - SHOWN_VALUES),
        cells=[cell for row in one["first"] if row in rows for cell in cells(rows[row], name, severity)[:1]],
        is_refused=severity == Severity.REFUSED,
    )


def _label(group: str) -> str:
    if group == "already_here":
        return _("For these people")
    return _("For these rows")


def _order_of(found: RosterImport) -> str:
    for one in found.reading.get("found", {}).get("assumptions", ()):
        if one["code"] == "dates_read_as":
            return str(one["facts"]["order"])
    return "dmy"


def _meanings(id: str, one: dict[str, Any], found: RosterImport, offers: Offers) -> list[Meaning]:
    made = []
    for number, value in enumerate(one["values"]):
        kind = _MEANINGS.get(value["code"])
        if value["code"] in ("read_by_choice", "left_out"):
            kind = _BY_FIELD.get(value["field"] or "")
        if kind is None or not value["key"]:
            continue
        current = found.choices.get("readings", {}).get(value["field"], {}).get(value["key"])
        options, source = _options(kind, value, offers)
        made.append(
            Meaning(
                id=f"{id}-{number}",
                field=value["field"],
                found=value["found"],
                rows=value["rows"],
                options=options,
                source=source,
                current=_current(current, value),
            )
        )
    return made


def _current(chosen: str | None, value: Mapping[str, Any]) -> str:
    if chosen is not None:
        return chosen
    if value["field"] == "languages" and value["suggestion"]:
        return words.language_name(value["suggestion"], language.SOURCE)
    return value["suggestion"] or ""


def _options(kind: str, value: Mapping[str, Any], offers: Offers) -> tuple[list[tuple[str, str]], str]:
    """What to choose from, or the list of suggestions for a text."""
    if kind == "role":
        both = [("both", _("Both"))] if len(offers.sides) > 1 else []
        return [*((side, _(ROLE_NAMES[side])) for side in sorted(offers.sides, reverse=True)), *both], ""
    if kind == "time_zone":
        return [], "zones"
    if kind == "language" and not value["facts"].get("options"):
        return [], "languages"
    named = {
        "mode": [(key, _(text)) for key, text in MODES.items()],
        "gender": [(key, _(text)) for key, text in GENDERS.items()],
        "unit": [(name, name) for name in offers.offices],
        "topic": [(name, name) for name in offers.topics],
        "language": _languages(value["facts"].get("options", ())),
    }[kind]
    new = [(NEW_TOPIC, _("a new topic"))] if kind == "topic" and offers.may_add_topics else []
    return [("", _("leave it empty")), *named, *new], ""


def _languages(codes: Sequence[str]) -> list[tuple[str, str]]:
    """One of them, or all."""
    single = [(words.language_name(code, language.SOURCE), words.language_name(code)) for code in codes]
    everything = "; ".join(text for text, _name in single)
    return [*single, (everything, _("all of them"))]


def language_names() -> list[str]:
    """For the suggestions of a text field."""
    return sorted(language.language_name(code) for code in (*USUAL, *OTHERS))


def zone_names() -> Sequence[str]:
    return ZONES


def cells(row: ListedRow, group: str, severity: str) -> list[Cell]:
    """What one group has to say of a row."""
    return [
        Cell(
            row=row.row_number,
            name=row.name or _("no name"),
            column=one["header"] or words.field_name(one["field"]),
            found=one["found"] or "–",
            becomes=words.becomes(one),
            is_refused=one["severity"] == Severity.REFUSED,
        )
        for one in row.problems
        if one["group"] == group and one["severity"] == severity
    ]


def line(row: ListedRow) -> Line:
    value = row.values
    return Line(
        number=row.row_number,
        name=row.name,
        email=value.get("email") or "",
        roles=words.value_words("roles", value.get("roles")),
        state=row.state,
        said=[words.problem(one) for one in row.problems],
    )


def how_it_was_read(found: RosterImport) -> str:
    """Read as UTF-8, cells separated by semicolon, header in row 3."""
    read = found.reading.get("found", {})
    parts = []
    if read.get("encoding"):
        parts.append(words.encoding_name(read["encoding"]))
    if read.get("sheet"):
        parts.append(_("sheet “%(name)s”", name=read["sheet"]))
    if read.get("delimiter"):
        parts.append(_("cells separated by %(sign)s", sign=words.sign_name(read["delimiter"])))
    for one in read.get("assumptions", ()):
        if one["code"] == "dates_read_as":
            parts.append(_("dates as %(order)s", order=_(ORDERS[one["facts"]["order"]])))
    row = read.get("header_row")
    parts.append(_("header in row %(row)s", row=row) if row else _("no header"))
    return _("Read as %(how)s.", how=language.listed(parts))


def assumptions(found: RosterImport) -> list[str]:
    return [
        words.assumption(one["code"], one["facts"])
        for one in found.reading.get("found", {}).get("assumptions", ())
    ]


def new_topics(found: RosterImport) -> list[str]:
    return list(found.choices.get(NEW_TOPICS, ()))
