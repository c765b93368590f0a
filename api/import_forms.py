"""What goes in and comes out at the door of imports."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from litestar.datastructures import UploadFile
from msgspec import Struct, field

from tenants.registration.importing import rules, words
from tenants.registration.importing.queries import ListedRow, Past
from tenants.registration.models import RosterImport

_WRITTEN = ("all", "to_commit", "assumed", "refused", "skipped", "new", "here", "imported", "people", "updated",
            "ready", "participations", "left")  # fmt: skip


class PastImport(Struct):
    id: UUID
    file_name: str
    state: str
    created_at: datetime
    committed_at: datetime | None
    uploaded_by: str
    cycle: str
    rows: int | None
    imported: int | None


class Fault(Struct):
    """Why the file could not be read."""

    code: str
    detail: str
    facts: dict[str, Any]


class GroupView(Struct):
    """Rows that one decision mends. `decisions` are what `groups` in a PATCH may say."""

    group: str
    severity: str
    rows: int
    decisions: list[str]
    decision: str | None
    values: list[dict[str, Any]]


class RowInUse(Struct):
    row: int
    name: str | None
    reasons: list[str]


class ImportView(Struct):
    """
    `reading` says how the file was read, `columns` which column (from 0) holds which field, or `own:` and the key of the
    programme's own question that it answers.
    """

    id: UUID
    cycle_id: UUID
    file_name: str
    file_digest: str
    state: str
    version: int
    created_at: datetime
    committed_at: datetime | None
    counts: dict[str, int]
    reading: dict[str, Any]
    columns: dict[str, str]
    choices: dict[str, Any]
    groups: list[GroupView]
    fault: Fault | None
    in_use: list[RowInUse]


class ProblemView(Struct):
    """What is wrong with a cell, or how it was read; `detail` says it in the language of Accept-Language."""

    column: str | None
    header: str | None
    field: str | None
    code: str
    group: str
    severity: str
    found: str
    suggestion: str | None
    detail: str
    facts: dict[str, Any]


class RowView(Struct):
    row: int
    state: str
    cells: list[str]
    values: dict[str, Any]
    problems: list[ProblemView]
    person_id: UUID | None


class Upload(Struct):
    file: UploadFile
    cycle_id: UUID


class Reading(Struct, forbid_unknown_fields=True):
    """What is left out is guessed."""

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None


class Decisions(Struct, forbid_unknown_fields=True):
    """
    What is left out stays as it is. In `groups`, `readings` and `rows` null takes one decision back;
    `reading` and `columns` replace what was said of them, and come alone. A column holds a field, or answers the
    programme's own question whose key stands behind `own:`; null leaves it out.
    """

    version: int
    reading: Reading | None = None
    columns: dict[str, str | None] | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    groups: dict[str, str | None] = field(default_factory=dict)
    readings: dict[str, dict[str, str | None]] = field(default_factory=dict)
    rows: dict[str, dict[str, str | None]] = field(default_factory=dict)
    skip: list[int] | None = None
    new_topics: list[str] | None = None

    def choices(self) -> dict[str, Any]:
        made: dict[str, Any] = {"groups": self.groups, "readings": self.readings, "rows": self.rows}
        more = {"date_order": self.date_order, "skip": self.skip, "new_topics": self.new_topics}
        return made | {name: value for name, value in more.items() if value is not None}


class CommitAsked(Struct, forbid_unknown_fields=True):
    """`status` ready wants `interviews_held` where the programme wants interviews."""

    version: int
    have_agreed: bool
    status: Literal["registered", "ready"] = "registered"
    interviews_held: bool = False


def past(row: Past) -> PastImport:
    return PastImport(
        row.id, row.file_name, row.state, row.created_at, row.committed_at, row.uploaded_by, row.cycle, row.rows,
        row.imported,
    )  # fmt: skip


def view(found: RosterImport) -> ImportView:
    fault = found.reading.get("fault") if found.error else None
    counts = found.counts
    return ImportView(
        id=found.id,
        cycle_id=found.cycle_id,
        file_name=found.file_name,
        file_digest=found.file_digest,
        state=found.state,
        version=found.version,
        created_at=found.created_at,
        committed_at=found.committed_at,
        counts={name: counts[name] for name in _WRITTEN if name in counts},
        reading=found.reading.get("found", {}),
        columns=rules.answering(found) | found.mapping.get("columns", {}),
        choices=found.choices,
        groups=[_group(group) for group in counts.get("groups", ())],
        fault=Fault(fault["code"], words.sentence(fault["code"]), fault["facts"]) if fault else None,
        in_use=[RowInUse(**row) for row in counts.get("in_use", {}).get("rows", ())],
    )


def _group(one: dict[str, Any]) -> GroupView:
    return GroupView(**{name: one[name] for name in GroupView.__struct_fields__})


def row(found: ListedRow) -> RowView:
    problems = [
        ProblemView(
            **{name: value for name, value in one.items() if name != "row"}, detail=words.problem(one)
        )
        for one in found.problems
    ]
    return RowView(found.row_number, found.state, found.cells, found.values, problems, found.person_id)
