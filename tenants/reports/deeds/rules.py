"""Who is left out when one thing is done to many, and for how long it can be taken back."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from infra.errors import WrongState
from tenants.notifications.rules import UNDO

MOST = 100  # ticked at once: as many as fit on two pages
KEPT = timedelta(days=1)
HELD = UNDO  # letters wait for as long as they can be taken back

__all__ = ["HELD", "KEPT", "MOST", "UNDO"]


class Of(StrEnum):
    """What was ticked."""

    PEOPLE = "people"
    PARTS = "parts"  # people in the pipeline
    CASES = "cases"
    TASKS = "tasks"


class NoAddress(WrongState):
    code = "no_address_known"


class HasLeft(WrongState):
    code = "has_left"


class NothingOpen(WrongState):
    """Nobody waits for anything from her."""

    code = "nothing_open"


class RemindedToday(WrongState):
    code = "reminded_today"


class NoCheckUpDue(WrongState):
    code = "no_check_up_due"


class NoColleagueThere(WrongState):
    """None of those chosen works in an office of it."""

    code = "no_colleague_there"


class HersAlready(WrongState):
    code = "hers_already"


class DeedOver(WrongState):
    """The ten minutes are over, or it was taken back already."""

    code = "deed_over"


class NobodyToDo(WrongState):
    """Everybody who was ticked is left out."""

    code = "nobody_to_do"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    What was ticked on a page; of cases, whom of their people is meant ("" for all).

    `once` is the id of the form: what comes twice from the same one is done once.
    """

    of: Of
    ids: tuple[UUID, ...]
    role: str = ""
    once: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """
    One of those who were ticked, as the preview shows it; with a `refusal` it is left out.

    `names` are its people, `roles` theirs. Of a person `person_id`, of a case and its people `relationship_id`, of a task `task_id`
    is set; `kind` is that of a task.
    """

    names: tuple[str, ...]
    roles: tuple[str, ...] = ()
    language: str = ""
    person_id: UUID | None = None
    relationship_id: UUID | None = None
    task_id: UUID | None = None
    kind: str = ""
    refusal: WrongState | None = None

    def without(self, refusal: WrongState | None) -> "Row":
        return replace(self, refusal=self.refusal or refusal)


def going(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.refusal is None]


def by_language(rows: list[Row]) -> dict[str, int]:
    """How many of those who get a letter get it in which language, the most first."""
    found: dict[str, int] = {}
    for row in going(rows):
        found[row.language] = found.get(row.language, 0) + 1
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
