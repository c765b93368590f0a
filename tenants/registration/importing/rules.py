"""What may be done with an import in which state, and what its choices must be."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.registration.importing.own_questions import MARK
from tenants.registration.models import ImportState, RosterImport, RowState, Status
from tenants.registration.roster import encodings
from tenants.registration.roster.choices import Choices
from tenants.registration.roster.delimited import DELIMITERS
from tenants.registration.roster.fields import Field
from tenants.registration.roster.scanning import MOST_COLUMNS, MOST_ROWS
from tenants.registration.roster.writing import fold

KEPT = timedelta(days=30)  # the file and its rows, and the way back
CHANGEABLE = frozenset({ImportState.UPLOADED, ImportState.STAGED, ImportState.FAILED})
READY_ROWS = (RowState.READY, RowState.ASSUMED)
BUSY = frozenset({ImportState.UPLOADED, ImportState.COMMITTING, ImportState.REVERTING})


class ImportChanged(Conflict):
    """Somebody else has decided something about this import meanwhile. Facts: version, found."""

    code = "import.changed"


class ImportClosed(WrongState):
    """The import is no longer a preview. Facts: state."""

    code = "import.closed"


class FileOpen(Conflict):
    """A colleague has this very file open in this cycle, and the actor may not see her imports."""

    code = "import.file_open"


class ImportNotReady(WrongState):
    """It is still being read, or could not be. Facts: state."""

    code = "import.not_ready"


class NothingToImport(WrongState):
    code = "import.nothing"


class NotCommitted(WrongState):
    """There is nothing to take back. Facts: state."""

    code = "import.not_committed"


class TooLate(WrongState):
    """The time for taking back is over, and what was there before is forgotten."""

    code = "import.too_late"


class ConsentUnsaid(Invalid):
    code = "import.consent_unsaid"


@dataclass(frozen=True, slots=True)
class Commit:
    """
    What the coordinator said when she asked for the import.

    `status` is READY only with `interviews_held` where the programme wants interviews.
    """

    status: Status
    interviews_held: bool

    def as_json(self) -> dict[str, Any]:
        return {"status": self.status.value, "interviews_held": self.interviews_held}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Commit":
        return cls(Status(data["status"]), bool(data["interviews_held"]))


def must_be_changeable(found: RosterImport) -> None:
    """
    Raises:
        ImportClosed: it is being committed, or was.
    """
    if found.state not in CHANGEABLE:
        raise ImportClosed(state=found.state)


def must_be_version(found: RosterImport, version: int) -> None:
    """
    Raises:
        ImportChanged: decided on an older preview than the one that stands.
    """
    if found.version != version:
        raise ImportChanged(version=version, found=found.version)


def chosen_reading(given: Mapping[str, Any]) -> dict[str, Any]:
    """
    How a file shall be read, without what was left to us.

    Raises:
        Invalid: a sign, an encoding or a row that cannot be chosen.
    """
    problems = []
    if given.get("encoding") not in (None, "", *encodings.CHOICES):
        problems.append(Problem("encoding", "not_a_choice", {"expected": list(encodings.CHOICES)}))
    if given.get("delimiter") not in (None, "", *DELIMITERS):
        problems.append(Problem("delimiter", "not_a_choice", {"expected": list(DELIMITERS)}))
    row = given.get("header_row")
    if row is not None and (not isinstance(row, int) or not 0 <= row <= MOST_ROWS):
        problems.append(Problem("header_row", "not_a_row", {"maximum": MOST_ROWS}))
    if unknown := set(given) - {"sheet", "encoding", "delimiter", "header_row"}:
        problems += [Problem(name, "unknown_field") for name in sorted(unknown)]
    if problems:
        raise Invalid(*problems)
    return {name: value for name, value in given.items() if value not in (None, "")}


def chosen_columns(given: Mapping[str, str | None]) -> dict[str, str]:
    """
    Which column (from 0, as text) holds which field, without columns that are left out or answer a question.

    Raises:
        Invalid: no such column or field.
    """
    problems = []
    for at, name in given.items():
        if not at.isdecimal() or int(at) >= MOST_COLUMNS:
            problems.append(Problem(f"columns.{at}", "not_a_choice"))
        elif name and name not in set(Field) and not name.startswith(MARK):
            problems.append(
                Problem(f"columns.{at}", "not_a_choice", {"expected": [of.value for of in Field]})
            )
    if problems:
        raise Invalid(*problems)
    return {str(int(at)): name for at, name in given.items() if name and not name.startswith(MARK)}


def chosen_questions(given: Mapping[str, str | None], keys: Collection[str]) -> dict[str, str]:
    """
    Which column answers which of the programme's own questions, by its key; '' for one that is left out.

    Raises:
        Invalid: no such question, or one that another column answers.
    """
    found = {
        str(int(at)): (name or "").removeprefix(MARK)
        for at, name in given.items()
        if not name or name.startswith(MARK)
    }
    problems, taken = [], set()
    for at, key in found.items():
        if key and key not in keys:
            expected = [MARK + one for one in sorted(keys)]
            problems.append(Problem(f"columns.{at}", "not_a_choice", {"expected": expected}))
        elif key and key in taken:
            problems.append(Problem(f"columns.{at}", "roster.question_twice"))
        taken.add(key)
    if problems:
        raise Invalid(*problems)
    return found


def answering(found: RosterImport) -> dict[str, str]:
    """Which columns answer the programme's own questions, as far as is known: by their headers, or by what was said of them."""
    own = found.reading.get("found", {}).get("own", {}) | found.mapping.get("own", {})
    return {at: MARK + key for at, key in own.items() if key}


NEW_TOPICS = "new_topics"


def choices_of(data: Mapping[str, Any]) -> Choices:
    return Choices.from_json({name: value for name, value in data.items() if name != NEW_TOPICS})


def joined(choices: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """
    `choices` with `more` laid over them; None takes a single decision back.

    Raises:
        WrongChoice: something that cannot be chosen.
    """
    made: dict[str, Any] = {
        "date_order": more["date_order"] if "date_order" in more else choices.get("date_order"),
        "groups": _laid(choices.get("groups", {}), more.get("groups", {})),
        "readings": _nested(choices.get("readings", {}), more.get("readings", {}), fold),
        "rows": _nested(choices.get("rows", {}), more.get("rows", {}), str),
    }
    made["skip"] = sorted({int(row) for row in more.get("skip", choices.get("skip", ()))})
    new = more.get(NEW_TOPICS, choices.get(NEW_TOPICS, []))
    unknown = {name: value for name, value in more.items() if name not in made and name != NEW_TOPICS}
    read = choices_of(made | unknown).as_json()
    return read | {NEW_TOPICS: sorted({" ".join(str(one).split()) for one in new if str(one).strip()})}


def _laid(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**under, **over}
    return {name: value for name, value in merged.items() if value is not None}


def _nested(
    under: Mapping[str, Mapping[str, Any]], over: Mapping[Any, Mapping[str, Any]], key: Callable[[str], str]
) -> dict[str, dict[str, Any]]:
    made = {of: dict(table) for of, table in under.items()}
    for of, table in over.items():
        made[str(of)] = _laid(made.get(str(of), {}), {key(name): value for name, value in table.items()})
    return {of: table for of, table in made.items() if table}
