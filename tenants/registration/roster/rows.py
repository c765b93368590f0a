"""A staged row: its values, what was said about it, and what would happen to it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Finding, Problem, Severity
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.writing import column_letter, short


class State(StrEnum):
    READY = "ready"
    ASSUMED = "assumed"  # ready, and the problems say how it was read
    REFUSED = "refused"  # the problems say why


class Action(StrEnum):
    """What committing the row does."""

    CREATE = "create"
    UPDATE = "update"  # a person who is here takes the row's values
    KEEP = "keep"  # a person who is here takes part; what we know of her stays
    NONE = "none"  # refused, merged into another row, or left alone by choice


@dataclass(slots=True)
class Row:
    """`cells` are the row as it stands in the file; `value` is what JSON can hold of it, by `Field`."""

    number: int
    cells: list[str]
    value: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    action: Action = Action.CREATE

    @property
    def is_refused(self) -> bool:
        return any(problem.severity is Severity.REFUSED for problem in self.problems)

    @property
    def state(self) -> State:
        if self.is_refused:
            return State.REFUSED
        return State.ASSUMED if self.problems else State.READY

    @property
    def name(self) -> str:
        return short(self.value.get(Field.FULL_NAME) or "")

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.number,
            "state": self.state.value,
            "action": self.action.value,
            "value": self.value,
            "problems": [problem.as_json() for problem in self.problems],
        }


class Places:
    """Where each field stands in the sheet, so that a finding becomes a problem with a column."""

    def __init__(self, sheet: Sheet, columns: dict[int, Field]) -> None:
        headers = sheet.headers
        self.columns = sorted((column, of) for column, of in columns.items() if 0 <= column < len(headers))
        self._place = {}
        for column, of in reversed(self.columns):
            self._place[of] = (column_letter(column), short(headers[column]))

    def problem(self, row: int, of: Field | None, finding: Finding) -> Problem:
        column, header = self._place.get(of, (None, None)) if of else (None, None)
        return Problem(
            row=row,
            column=column,
            header=header,
            field=of,
            code=finding.code,
            group=finding.group,
            severity=finding.severity,
            found=finding.found,
            suggestion=finding.suggestion,
            facts=finding.facts,
        )
