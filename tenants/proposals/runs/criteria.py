"""
What a run weighs and what must hold: the programme's usual choice, or what a coordinator makes of it.

Weights are small numbers that pages show as words; `points` turns them into
shares of 100. A run keeps the whole as its snapshot.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Protocol

import msgspec

from infra.errors import Invalid, Problem
from tenants.programmes.structures import Makes, StructureFacts

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
QuotaBy = Literal["organisation", "office"]
QuotaSide = Literal["mentee", "mentor"]
Aim = Literal["points", "people", "lowest", "stable"]

AIMS = ("points", "people", "lowest", "stable")
"""What a run looks for, in the order in which pages list them; the first is the usual one."""

FURTHEST = 60
"""Years or grades by which two people can be apart."""


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    At most so many pairs for the people of one side who belong to `of`.

    `of` is an organisation as its people write it, or the id of an office. Every
    quota of a run is of one kind.
    """

    side: QuotaSide
    of: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    most: Annotated[int, msgspec.Meta(ge=0, le=2_000)]
    by: QuotaBy = "organisation"


class Criteria(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    `languages` is the least level of the best language in common (0 asks nothing), `overlap` the least
    hours of the working day in common, `topics` how many wanted topics the mentor must offer,
    `seniority` the least years (or grades) that she is ahead. `window` is what "a little more
    experienced" means, in the same unit. `aim` is what comes first: the most points in all; the most
    people, then points; the most people, then the highest lowest score, then points; or pairs in which no
    mentor and mentee would both rather have each other. `sizes` are the least and most people of a group (its
    mentor not counted) or circle, None for what is usual.
    """

    weights: dict[str, Weight]
    languages: Annotated[int, msgspec.Meta(ge=0, le=4)] = 0
    overlap: Annotated[int, msgspec.Meta(ge=0, le=9)] = 0
    topics: Annotated[int, msgspec.Meta(ge=0, le=5)] = 0
    organisation: Organisations = "any"
    supervisor: bool = True
    gender: bool = True
    mode: bool = True
    seniority: Annotated[int, msgspec.Meta(ge=-FURTHEST, le=FURTHEST)] | None = None
    measure: Literal["years", "grade"] = "years"
    window: tuple[int, int] = (3, 15)
    quotas: Annotated[list[Quota], msgspec.Meta(max_length=200)] = []
    aim: Aim = "points"
    sizes: tuple[int, int] | None = None


class Snapshot(msgspec.Struct, frozen=True):
    """All that a run needs besides the cards, as it stood at the start."""

    criteria: Criteria
    points: dict[str, int]
    seniority_sign: int
    meets_on: date
    """The day whose clock changes count for the hours in common."""
    group_sizes: tuple[int, int] | None = None
    """Least and most people of a group, its mentor not counted, or of a circle; None makes no such."""
    makes: Makes | None = None
    """None in runs that are older than circles."""

    @property
    def kind(self) -> Makes:
        return self.makes or (Makes.GROUPS if self.group_sizes else Makes.PAIRS)

    @property
    def unit(self) -> int:
        """Stored points for one of a hundred in one direction: where both are counted, each has half of them."""
        return UNIT // 2 if self.kind in (Makes.MUTUAL, Makes.CIRCLES) else UNIT


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
        Invalid: a field that cannot be used, an unknown criterion, nothing that weighs, quotas that cannot stand together.
    """
    try:
        criteria = msgspec.convert(msgspec.to_builtins(given), Criteria, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(Problem("criteria", "unusable", {"found": str(error)})) from error
    if unknown := set(criteria.weights) - set(WEIGHED):
        raise Invalid(*(Problem(f"weights.{name}", "not_a_choice") for name in sorted(unknown)))
    low, high = criteria.window
    if not -FURTHEST <= low <= high <= FURTHEST:
        raise Invalid(window_unusable())
    if not any(criteria.weights.values()):
        raise Invalid(Problem("weights", "nothing_weighs"))
    if wrong := list(_quota_problems(criteria)):
        raise Invalid(*wrong)
    return criteria


def window_unusable() -> Problem:
    return Problem("window", "window_unusable", {"least": -FURTHEST, "most": FURTHEST})


def _quota_problems(criteria: Criteria) -> Iterator[Problem]:
    kinds = {quota.by for quota in criteria.quotas}
    if len(kinds) > 1:
        yield Problem("quotas", "quota_one_kind")
    # The matcher knows one grouping of people: what it compares for the criterion is what it counts for the quota.
    if "office" in kinds and (criteria.organisation != "any" or criteria.weights.get("organisation")):
        yield Problem("quotas", "quota_office_with_organisations")
    seen = set()
    for number, quota in enumerate(criteria.quotas):
        key = (quota.side, folded(quota.of))
        if key in seen:
            yield Problem(f"quotas[{number}].of", "quota_twice", {"found": quota.of})
        seen.add(key)


def quota_field(criteria: Criteria) -> str:
    """The field of the cards by which this run groups people."""
    return "office" if any(quota.by == "office" for quota in criteria.quotas) else "entity"


def folded(name: str) -> str:
    """A name as it is compared: without case and doubled blanks."""
    return " ".join(name.casefold().split())


def without_whole(criteria: Criteria) -> Criteria:
    """What one pair alone is judged by: without what is about the whole of a run."""
    return msgspec.structs.replace(criteria, aim="points", quotas=[], sizes=None)


def must_count_somebody(criteria: Criteria, names: Collection[str]) -> None:
    """
    Raises:
        Invalid: a quota for an organisation or office of which nobody is in the pool; `names` are folded.
    """
    wrong = [
        Problem(f"quotas[{number}].of", "quota_of_nobody", {"found": quota.of})
        for number, quota in enumerate(criteria.quotas)
        if folded(quota.of) not in names
    ]
    if wrong:
        raise Invalid(*wrong)


def must_suit(criteria: Criteria, of: StructureFacts) -> None:
    """
    What a run of groups, of circles or of peers cannot keep.

    Raises:
        Invalid: quotas or an aim of which such a run knows nothing, or sizes out of bounds.
    """
    wrong = []
    if of.makes is not Makes.PAIRS and criteria.aim != "points":
        wrong.append(Problem("aim", "aim_not_here"))
    if of.makes in (Makes.MUTUAL, Makes.CIRCLES) and criteria.quotas:
        wrong.append(Problem("quotas", "quota_not_here"))
    if criteria.sizes is not None:
        least, most = criteria.sizes
        low, high = of.size_bounds
        if of.sizes is None:
            wrong.append(Problem("sizes", "not_a_choice"))
        elif not low <= least <= most <= high:
            wrong.append(Problem("sizes", "sizes_out_of_bounds", {"least": low, "most": high}))
    if wrong:
        raise Invalid(*wrong)


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
