"""The refused rows as a file to be mended and sent again, with a reason in the reader's language."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Literal

from infra.language import gettext as _
from tenants.registration.importing import words
from tenants.registration.importing.queries import ListedRow
from tenants.registration.models import RosterImport
from tenants.registration.roster import rejected
from tenants.registration.roster.choices import Choices
from tenants.registration.roster.fields import Field
from tenants.registration.roster.problems import Group, Problem, Severity
from tenants.registration.roster.rows import Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.staging import Staged

Form = Literal["csv", "xlsx"]
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file(found: RosterImport, rows: Sequence[ListedRow], form: Form) -> bytes:
    """The rows with all their cells as they came, the number of each in the file, and why it was refused."""
    read = found.reading.get("found", {})
    headers = read.get("headers") or []
    sheet = Sheet(
        filename=found.file_name,
        format=read.get("format") or "csv",
        cells=[list(headers)],
        header_row=1,
        delimiter=read.get("delimiter"),
    )
    staged = Staged([_row(row) for row in rows], (), Choices())
    write = rejected.as_xlsx if form == "xlsx" else rejected.as_csv
    return write(sheet, staged, _explain, row_header=_("Row"), reason_header=_("Reason"))


def name(found: RosterImport, form: Form) -> str:
    """people.xlsx -> people - refused.xlsx"""
    return f"{PurePath(found.file_name).stem} - {_('refused')}.{form}"


def _explain(problems: Sequence[Problem]) -> str:
    return words.reasons(problem.as_json() for problem in problems)


def _row(row: ListedRow) -> Row:
    return Row(row.row_number, row.cells, row.values, [_problem(one) for one in row.problems])


def _problem(one: dict[str, object]) -> Problem:
    facts = dict(one)
    facts["field"] = Field(str(one["field"])) if one["field"] else None
    facts["group"] = Group(str(one["group"]))
    facts["severity"] = Severity(str(one["severity"]))
    return Problem(**facts)  # type: ignore[arg-type]  # as `Problem.as_json` gave them
