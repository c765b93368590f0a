"""The preview in numbers, and its problems by the choice that mends them: kept with the import, so that a page counts nothing."""

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from tenants.registration.importing import becoming
from tenants.registration.importing.setting import Setting
from tenants.registration.models import RowState
from tenants.registration.roster.codes import DECISIONS, REFUSED
from tenants.registration.roster.fields import OBLIGATORY, Field
from tenants.registration.roster.problems import Group, Problem, Severity
from tenants.registration.roster.rows import Action, Row
from tenants.registration.roster.staging import FoundValue, ProblemGroup, Staged

MOST_VALUES = 60  # writings of one group that are kept; the others are found in the rows
_FIRST = 3  # rows shown of a group
_BY_READING = frozenset(code for code, meant in REFUSED.items() if meant.remedy == "choose_reading")


def state(row: Row) -> RowState:
    if row.is_refused:
        return RowState.REFUSED
    if row.action is Action.NONE:
        return RowState.SKIPPED
    return RowState.ASSUMED if row.problems else RowState.READY


def counts(staged: Staged, setting: Setting) -> dict[str, Any]:
    states = Counter(state(row) for row in staged.rows)
    actions = Counter(row.action for row in staged.rows)
    refused = [row for row in staged.rows if row.is_refused]
    mendable = [row for row in refused if _by_choice(row)]
    solving = {p.group for row in mendable for p in row.problems if p.severity is Severity.REFUSED}
    return {
        "all": len(staged.rows),
        "to_commit": states[RowState.READY] + states[RowState.ASSUMED],
        **{one.value: states[one] for one in (RowState.ASSUMED, RowState.REFUSED, RowState.SKIPPED)},
        "new": actions[Action.CREATE],
        "here": actions[Action.UPDATE] + actions[Action.KEEP],
        "sides": _sides(staged.commit(), setting),
        "by_choice": len(mendable),
        "one_by_one": len(refused) - len(mendable),
        "solving": sorted(solving),
        "groups": [_group(group) for group in staged.groups()],
    }


def _sides(rows: Iterable[Row], setting: Setting) -> dict[str, int]:
    return dict(Counter(role for row in rows for role in becoming.roles(row.value, setting)))


def _by_choice(row: Row) -> bool:
    """Whether choices about groups would make the row ready, without a look at the row itself."""
    if any(problem.group is Group.LEFT_OUT for problem in row.problems):
        return False
    return all(_is_mended_by_choice(p) for p in row.problems if p.severity is Severity.REFUSED)


def _is_mended_by_choice(problem: Problem) -> bool:
    if problem.code in _BY_READING:
        return True
    may = DECISIONS.get(problem.group, ())
    is_obligatory = problem.field in OBLIGATORY
    return (
        ("accept" in may and problem.suggestion is not None)
        or ("leave_out" in may and not is_obligatory)
        or ("cut" in may and problem.field not in (Field.EMAIL, Field.SUPERVISOR_EMAIL))
        or ("keep" in may and problem.code == "name_lost")
        or ("same" in may)
    )


def _group(group: ProblemGroup) -> dict[str, Any]:
    return {
        "group": group.group.value,
        "severity": group.severity.value,
        "rows": len(group.rows),
        "first": list(group.rows[:_FIRST]),
        "decisions": list(group.decisions),
        "decision": group.decision,
        "values_count": len(group.values),
        "values": [_value(value) for value in islice(group.values, MOST_VALUES)],
    }


def _value(value: FoundValue) -> dict[str, Any]:
    return {
        "field": value.field.value if value.field else None,
        "code": value.code,
        "found": value.found,
        "key": value.key,
        "suggestion": value.suggestion,
        "rows": len(value.rows),
        "first": value.rows[0],
        "facts": value.facts,
    }
