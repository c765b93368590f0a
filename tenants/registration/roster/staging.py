"""A sheet, a mapping and the coordinator's choices become rows that are ready, assumed or refused."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenants.registration.roster import headers, people
from tenants.registration.roster.cells import Reader
from tenants.registration.roster.choices import Choices
from tenants.registration.roster.codes import DECISIONS
from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Group, Severity
from tenants.registration.roster.rows import Action, Places, Row, State
from tenants.registration.roster.sheet import Assumption, Sheet
from tenants.registration.roster.values import dates
from tenants.registration.roster.values.lists import Known
from tenants.registration.roster.writing import column_letter, fold

_FRACTION = re.compile(r"[0-9]{1,4}([.,])[0-9]{1,2}")
# Groups where something is decided even when nobody was asked, and codes that a decision leaves behind.
_ALWAYS = frozenset({Group.SAME_PERSON, Group.SHARED_ADDRESS, Group.ALREADY_HERE})
_SEEN_EACH = 500  # rows: a tenth of a second
_BY_CHOICE = frozenset({"left_out", "suggestion_taken", "cut", "kept"})


@dataclass(frozen=True, slots=True)
class FoundValue:
    """One writing that several rows share: 'BCMS' in five rows is one choice."""

    field: Field | None
    code: str
    found: str
    key: str  # for `Choices.readings`
    suggestion: str | None
    rows: tuple[int, ...]
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Rows that one choice can mend, the rows and their different writings in the order of the file."""

    group: Group
    severity: Severity
    rows: tuple[int, ...]
    values: tuple[FoundValue, ...]
    decisions: tuple[str, ...]
    decision: str | None


@dataclass(frozen=True, slots=True)
class Staged:
    """
    Every row of the file, none left out, and how the file was read.

    `commit` gives the rows to be written; `rejected` those to be handed back.
    """

    rows: list[Row]
    assumptions: tuple[Assumption, ...]
    choices: Choices

    def counts(self) -> dict[str, int]:
        counts = {state.value: 0 for state in State}
        for row in self.rows:
            counts[row.state.value] += 1
        return counts | {"all": len(self.rows), "to_commit": sum(1 for _ in self.commit())}

    def commit(self) -> Iterator[Row]:
        return (row for row in self.rows if row.action is not Action.NONE)

    def rejected(self) -> Iterator[Row]:
        return (row for row in self.rows if row.state is State.REFUSED)

    def groups(self) -> list[ProblemGroup]:
        """Refusals first, then the larger group first."""
        gathered: dict[tuple[Group, Severity], dict[tuple[Field | None, str, str], list[Any]]] = {}
        for row in self.rows:
            for problem in row.problems:
                values = gathered.setdefault((problem.group, problem.severity), {})
                values.setdefault((problem.field, problem.code, problem.found), []).append(problem)
        groups = [self._group(group, severity, values) for (group, severity), values in gathered.items()]
        return sorted(groups, key=lambda g: (g.severity is not Severity.REFUSED, -len(g.rows), g.group))

    def _group(
        self, group: Group, severity: Severity, values: dict[tuple[Field | None, str, str], list[Any]]
    ) -> ProblemGroup:
        found = tuple(
            FoundValue(
                of,
                code,
                text,
                fold(text),
                problems[0].suggestion,
                tuple(p.row for p in problems),
                problems[0].facts,
            )
            for (of, code, text), problems in values.items()
        )
        rows = tuple(sorted({row for value in found for row in value.rows}))
        is_open = (
            severity is Severity.REFUSED
            or group in _ALWAYS
            or any(code in _BY_CHOICE for _, code, _ in values)
        )
        allowed = DECISIONS.get(group, ()) if is_open else ()
        return ProblemGroup(
            group, severity, rows, found, allowed, self.choices.decision(group) if allowed else None
        )


def stage(
    sheet: Sheet,
    columns: Mapping[int, Field],
    choices: Choices | None = None,
    known_emails: Mapping[str, Mapping[str, Any]] | None = None,
    topics_known: Iterable[str] | None = None,
    units_known: Iterable[str] | None = None,
    seen: Callable[[int], None] | None = None,
) -> Staged:
    """
    Read every row. The same arguments always give the same result, and nothing in a cell makes it fail.

    `known_emails` maps addresses in small letters to what is known of the
    person (`full_name` at least; more becomes facts of 'already_here'). Topics
    and offices are checked only where the organisation has named some. `seen`
    is called with the number of rows read so far, every few hundred.

    Raises:
        IncompleteMapping: an obligatory field has no column, or a field has two.
    """
    headers.check(columns)
    choices = choices or Choices()
    shown = _date_convention(sheet, columns, choices)
    places = Places(sheet, dict(columns))
    reader = Reader(sheet, places, choices, Known(topics_known), Known(units_known), shown)
    rows: list[Row] = []
    for number, cells in sheet.rows():
        rows.append(reader.row(number, cells))
        if seen is not None and len(rows) % _SEEN_EACH == 0:
            seen(len(rows))
    people.compare(rows, places, choices, known_emails or {})
    said = (*_said_of_dates(columns, shown), *_said_of_fractions(sheet, columns))
    return Staged(rows, (*sheet.assumptions, *said), choices)


def _date_convention(sheet: Sheet, columns: Mapping[int, Field], choices: Choices) -> dates.Convention:
    column = next((column for column, of in columns.items() if of is Field.DATE), None)
    cells = sheet.column(column) if column is not None else []
    return dates.convention(cells, choices.date_order)


def _said_of_dates(columns: Mapping[int, Field], shown: dates.Convention) -> Iterator[Assumption]:
    """How the usual form of the column was read; forms without an order to guess say nothing."""
    column = next((column for column, of in columns.items() if of is Field.DATE), None)
    if column is None or not (shown.usual or "").startswith("numbers"):
        return
    sign = (shown.usual or "")[len("numbers")]
    order = shown.order(sign)
    facts = {"column": column_letter(column), "order": order or "dmy", "is_certain": order is not None}
    yield Assumption("dates_read_as", facts)


def _said_of_fractions(sheet: Sheet, columns: Mapping[int, Field]) -> Iterator[Assumption]:
    """Which sign was read as the beginning of a fraction, where a column of numbers has any."""
    for column, of in sorted(columns.items()):
        if of in (Field.CAPACITY, Field.EXPERIENCE_YEARS):
            signs = {
                match[1] for cell in sheet.column(column) if (match := _FRACTION.fullmatch(cell.strip()))
            }
            if signs:
                facts = {"column": column_letter(column), "sign": "".join(sorted(signs))}
                yield Assumption("decimals_read_as", facts)
