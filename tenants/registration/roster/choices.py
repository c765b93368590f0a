"""
What the coordinator decided about a file, as JSON that is kept with the import.

    {"date_order": "dmy",
     "readings": {"languages": {"bcms": "Bosnian; Croatian"}, "time_zone": {"mars olympus": ""}},
     "groups": {"already_here": "update", "emails": "accept"},
     "rows": {"12": {"email": "ana@example.org"}},
     "skip": [15, 16]}

`readings` puts other text in place of what was found, in every row ('' leaves
the value out); keys are compared without case, accents and punctuation. `rows`
puts text into one cell. The same file with the same choices always gives the
same result.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.errors import Invalid, Problem
from tenants.registration.roster.codes import DECISIONS
from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Group
from tenants.registration.roster.writing import fold

DATE_ORDERS = ("dmy", "mdy")


class WrongChoice(Invalid):
    """`problems` name each choice that does not exist; facts of each: found, expected."""

    code = "roster.wrong_choice"


@dataclass(frozen=True, slots=True)
class Choices:
    date_order: str | None = None
    readings: dict[Field, dict[str, str]] = field(default_factory=dict)
    groups: dict[Group, str] = field(default_factory=dict)
    rows: dict[int, dict[Field, str]] = field(default_factory=dict)
    skip: frozenset[int] = frozenset()

    def decision(self, group: Group) -> str:
        default = DECISIONS.get(group, ("ask",))[0]
        return self.groups.get(group, default)

    def reading(self, of: Field, text: str) -> str | None:
        """The text to read instead, '' to leave the value out, None where nothing was decided."""
        chosen = self.readings.get(of)
        return chosen.get(fold(text)) if chosen else None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Choices":
        """
        Raises:
            WrongChoice: a field, group, decision or row that does not exist; whoever sent it must hear of it.
        """
        wrong = list(_wrong(data))
        if wrong:
            raise WrongChoice(*wrong)
        return cls(
            date_order=data.get("date_order"),
            readings={
                Field(name): {fold(found): str(text) for found, text in table.items()}
                for name, table in data.get("readings", {}).items()
            },
            groups={Group(name): str(decision) for name, decision in data.get("groups", {}).items()},
            rows={
                int(row): {Field(name): str(text) for name, text in cells.items()}
                for row, cells in data.get("rows", {}).items()
            },
            skip=frozenset(int(row) for row in data.get("skip", ())),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "date_order": self.date_order,
            "readings": {
                of.value: dict(sorted(table.items())) for of, table in sorted(self.readings.items())
            },
            "groups": {group.value: decision for group, decision in sorted(self.groups.items())},
            "rows": {
                str(row): {of.value: text for of, text in sorted(cells.items())}
                for row, cells in sorted(self.rows.items())
            },
            "skip": sorted(self.skip),
        }


def _wrong(data: Mapping[str, Any]) -> "list[Problem]":
    wrong = []
    fields = {of.value for of in Field}
    if data.get("date_order") not in (None, *DATE_ORDERS):
        wrong.append(_problem("date_order", data["date_order"], DATE_ORDERS))
    for name in data.get("readings", {}):
        if name not in fields:
            wrong.append(_problem("readings", name, sorted(fields)))
    for name, decision in data.get("groups", {}).items():
        allowed = DECISIONS.get(Group(name)) if name in set(Group) else None
        if allowed is None:
            wrong.append(_problem("groups", name, sorted(DECISIONS)))
        elif decision not in allowed:
            wrong.append(_problem(f"groups.{name}", decision, allowed))
    for row, cells in data.get("rows", {}).items():
        if not str(row).isdecimal():
            wrong.append(_problem("rows", row, "row_number"))
        wrong += [_problem(f"rows.{row}", name, sorted(fields)) for name in cells if name not in fields]
    wrong += [_problem("skip", row, "row_number") for row in data.get("skip", ()) if not str(row).isdecimal()]
    return wrong


def _problem(where: str, found: object, expected: object) -> Problem:
    return Problem(where, "roster.wrong_choice", {"found": str(found), "expected": expected})
