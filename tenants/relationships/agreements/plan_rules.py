"""An activity plan as a tree: goals, their milestones, and what is done for them; and the changes of it (K57)."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from infra.errors import Conflict, Invalid, NotFound, Problem

MAX_TEXT = 500
MOST_GOALS = 5
MOST_PARTS = 12  # milestones of a goal, activities of a milestone
AHEAD = timedelta(days=366 * 5)

Plan = dict[str, Any]
Item = dict[str, Any]


class PlanChanged(Conflict):
    """The item is not what she had before her: another one has changed or removed it."""

    code = "plan_changed_meanwhile"


class Kind(StrEnum):
    GOAL = "goal"
    MILESTONE = "milestone"
    ACTIVITY = "activity"


class Deed(StrEnum):
    ADD = "add"  # below `item`; a goal below nothing
    CHANGE = "change"
    REMOVE = "remove"
    DONE = "done"  # of a goal: reached
    UNDONE = "undone"
    REVIEW = "review"  # looked at together, and nothing changed


BELOW = {None: Kind.GOAL, Kind.GOAL: Kind.MILESTONE, Kind.MILESTONE: Kind.ACTIVITY}
_LISTS = {Kind.GOAL: "goals", Kind.MILESTONE: "milestones", Kind.ACTIVITY: "activities"}


@dataclass(frozen=True, slots=True)
class Change:
    """`seen` is the text that the item had before her, where she changes or removes it."""

    deed: Deed
    item: str = ""
    text: str = ""
    by: date | None = None
    seen: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    item: Item
    kind: Kind
    among: list[Item]


def changed(before: Mapping[str, Any], change: Change, today: date) -> tuple[Plan, dict[str, Any]]:
    """
    The plan after a change, and what the change was, in words that stay when the item goes.

    Raises:
        NotFound: no such item. PlanChanged: it is not what she had before her.
        Invalid: no text, too long a one, a day that nobody plans, or too many items.
    """
    plan: Plan = {"goals": deepcopy(list(before.get("goals", [])))}
    told = {"deed": change.deed.value}
    if change.deed is Deed.REVIEW:
        return plan, told
    if change.deed is Deed.ADD:
        made, kind = _add(plan, change, today)
        return plan, told | {"item": made["id"], "kind": kind.value, "text": made["text"]}
    place = _find(plan, change.item)
    item = place.item
    told |= {"item": item["id"], "kind": place.kind.value, "text": item["text"]}
    if change.deed in (Deed.CHANGE, Deed.REMOVE) and change.seen and change.seen != item["text"]:
        raise PlanChanged(text=item["text"])
    if change.deed is Deed.CHANGE:
        item["text"] = _text(change.text)
        item["by"] = _day(change.by, today, item.get("by"))
        told["text"] = item["text"]
    elif change.deed is Deed.REMOVE:
        place.among.remove(item)
    else:
        item["done_on"] = today.isoformat() if change.deed is Deed.DONE else None
    return plan, told


def items(plan: Mapping[str, Any]) -> Iterator[tuple[Kind, Item]]:
    """All of them, each before what is below it."""
    for kind, item, _among in _walk(plan.get("goals", []), Kind.GOAL):
        yield kind, item


def _add(plan: Plan, change: Change, today: date) -> tuple[Item, Kind]:
    above = _find(plan, change.item) if change.item else None
    kind = BELOW.get(above.kind if above else None)
    if kind is None:
        raise NotFound(kind="plan_item", id=change.item)
    among = above.item[_LISTS[kind]] if above else plan["goals"]
    most = MOST_PARTS if above else MOST_GOALS
    if len(among) >= most:
        raise Invalid(Problem("text", "plan_full", {"maximum": most}))
    made: Item = {
        "id": uuid4().hex[:12],
        "text": _text(change.text),
        "by": _day(change.by, today, None),
        "done_on": None,
    }
    below = BELOW.get(kind)
    if below:
        made[_LISTS[below]] = []
    among.append(made)
    return made, kind


def _find(plan: Plan, item_id: str) -> _Place:
    for kind, item, among in _walk(plan["goals"], Kind.GOAL):
        if item["id"] == item_id:
            return _Place(item, kind, among)
    raise NotFound(kind="plan_item", id=item_id[:40])


def _walk(among: list[Item], kind: Kind) -> Iterator[tuple[Kind, Item, list[Item]]]:
    for item in among:
        yield kind, item, among
        below = BELOW.get(kind)
        if below:
            yield from _walk(item.get(_LISTS[below], []), below)


def _text(text: str) -> str:
    told = " ".join(text.replace("\0", "").split())
    if not told:
        raise Invalid(Problem("text", "missing"))
    if len(told) > MAX_TEXT:
        raise Invalid(Problem("text", "too_long", {"maximum": MAX_TEXT}))
    return told


def _day(by: date | None, today: date, before: str | None) -> str | None:
    """A day that stood there before may be over."""
    if by is None:
        return None
    if by.isoformat() != before and not today <= by <= today + AHEAD:
        raise Invalid(Problem("by", "plan_day"))
    return by.isoformat()
