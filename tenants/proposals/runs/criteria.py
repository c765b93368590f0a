"""
What a run weighs and what must hold: the programme's usual choice, or what a coordinator makes of it.

Weights are small numbers that pages show as words; `points` turns them into
shares of 100. A run keeps the whole as its snapshot.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Protocol

import msgspec

from infra.errors import Invalid, Problem

WEIGHED = (
    "topics",
    "languages",
    "overlap",
    "sector",
    "organisation",
    "seniority",
    "mode",
    "region",
    "gender",
)
"""Every criterion that can earn points, in the order in which pages list them."""

UNIT = 200
"""Stored points for one point of a hundred: every share of a criterion comes out whole (see the matcher's tables)."""

MOST = 100 * UNIT

Weight = Annotated[int, msgspec.Meta(ge=0, le=10)]
Organisations = Literal["any", "same", "other"]


class Criteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    `languages` is the least level of the best language in common (0 asks nothing), `overlap` the least
    hours of the working day in common, `topics` how many wanted topics the mentor must offer,
    `seniority` the least years (or grades) that she is ahead. `window` is what "a little more
    experienced" means, in the same unit.
    """

    weights: dict[str, Weight]
    languages: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    overlap: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    topics: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    organisation: Organisations = "any"
    supervisor: bool = True
    gender: bool = True
    mode: bool = True
    seniority: Annotated[int, msgspec.Meta(ge=-60, le=60)] | None = None
    measure: Literal["years", "grade"] = "years"
    window: tuple[int, int] = (3, 15)


class Snapshot(msgspec.Struct, frozen=True):
    """All that a run needs besides the cards, as it stood at the start."""

    criteria: Criteria
    points: dict[str, int]
    seniority_sign: int
    meets_on: date
    """The day whose clock changes count for the hours in common."""


class Choice(Protocol):
    """A row of a programme's usual criteria."""

    name: str
    weight: int
    setting: dict[str, Any]


def of_programme(choices: Iterable[Choice]) -> Criteria:
    """A programme's usual weights and constraints; what it does not name weighs nothing and asks nothing."""
    by_name = {choice.name: choice for choice in choices}
    settings: dict[str, Mapping[str, Any]] = {name: choice.setting for name, choice in by_name.items()}

    def of(name: str, key: str, default: Any) -> Any:
        return settings.get(name, {}).get(key, default)

    low, high = of("seniority", "window", (3, 15))
    rule = {"cross": "other", "same": "same"}.get(of("organisation", "rule", ""), "any")
    return Criteria(
        weights={name: by_name[name].weight if name in by_name else 0 for name in WEIGHED},
        languages=of("languages", "minimum", 0),
        overlap=of("overlap", "minimum_hours", 0),
        topics=of("topics", "minimum", 0),
        organisation="other" if rule == "other" else "same" if rule == "same" else "any",
        supervisor=of("supervisor", "must_hold", True),
        gender=of("gender", "must_hold", True),
        mode=of("mode", "must_hold", False),
        seniority=of("seniority", "minimum", None),
        measure="grade" if of("seniority", "measure", "years") == "grade" else "years",
        window=(low, high),
    )


def read(given: Mapping[str, Any]) -> Criteria:
    """
    Criteria as a door was given them.

    Raises:
        Invalid: a field that cannot be used, an unknown criterion, nothing that weighs.
    """
    try:
        criteria = msgspec.convert(given, Criteria, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(Problem("criteria", "unusable", {"found": str(error)})) from error
    if unknown := set(criteria.weights) - set(WEIGHED):
        raise Invalid(*(Problem(f"weights.{name}", "not_a_choice") for name in sorted(unknown)))
    low, high = criteria.window
    if not -60 <= low <= high <= 60:
        raise Invalid(Problem("window", "unusable"))
    if not any(criteria.weights.values()):
        raise Invalid(Problem("weights", "nothing_weighs"))
    return criteria


def points(weights: Mapping[str, int]) -> dict[str, int]:
    """A hundred points shared out by weight, the largest remainders rounded up, the earlier criterion first."""
    total = sum(weights.get(name, 0) for name in WEIGHED)
    if total == 0:
        return dict.fromkeys(WEIGHED, 0)
    return shared_out({name: weights.get(name, 0) for name in WEIGHED}, 100)


def shared_out(parts: Mapping[str, int], whole: int) -> dict[str, int]:
    """`whole` as integers in proportion to `parts`, by largest remainder; ties go to the earlier part."""
    total = sum(parts.values())
    if total == 0:
        return dict.fromkeys(parts, 0)
    exact = {name: divmod(part * whole, total) for name, part in parts.items()}
    left = whole - sum(quotient for quotient, _ in exact.values())
    order = sorted(exact, key=lambda name: -exact[name][1])
    up = set(order[:left])
    return {name: quotient + (name in up) for name, (quotient, _) in exact.items()}


def plain(snapshot: Snapshot) -> dict[str, Any]:
    """As the run's row keeps it and gives it back."""
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(snapshot))
    return built


def of_run(kept: Mapping[str, Any]) -> Snapshot:
    return msgspec.convert(kept, Snapshot)
