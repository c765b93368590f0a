"""
Problems and results as named arrays, and as `.npz` files of them: how a run leaves the platform and is checked elsewhere.

An array is named by its part and its field: `mentees.key`, `mentors.capacity`, `pool.zones`,
`criteria.topic_points`, `options.locked`, `matching.mentor`. Types and shapes are those of the
classes of the same names; a scalar is an array without dimensions. Nothing is pickled, so a
file can hold no program.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from matcher.columns import I32, Criteria, Mentees, Mentors, Pool, Quotas
from matcher.errors import InvalidColumn
from matcher.results import NO_CLAIM, Claim, Matching, NextBest, Waterfall
from matcher.structures.circles import Circle
from matcher.structures.circling import CircleMatching
from matcher.structures.group_results import GroupMatching
from matcher.structures.groups import Group
from matcher.structures.mutual_results import MutualMatching
from matcher.structures.proofs import OddSet, Proof

PROOF = (
    "mentee", "mentor", "score", "contributions", "locked", "margin", "mentee_price", "mentor_price",
    "mentee_quota_price", "mentor_quota_price", "total", "bound", "pairs_possible", "locked_pairs",
    "forbidden_pairs", "mentee_quota", "mentor_quota", "digest", "version", "margin_is_exact",
)  # fmt: skip
"""What a certificate rests on; reasons and next best are explanation, not proof, and are not kept."""

GROUP_PROOF = (
    "mentee", "mentor", "topic", "language", "score", "contributions", "total", "bound", "price", "price_bound",
    "least", "most", "pairs_possible", "locked_pairs", "forbidden_pairs", "apart_pairs",
    "mentee_quota", "mentor_quota", "digest", "version",
)  # fmt: skip

MUTUAL_PROOF = (
    "one", "other", "score", "contributions", "total", "bound", "pairs_possible", "locked_pairs", "forbidden_pairs",
    "digest", "version",
)  # fmt: skip

CIRCLE_PROOF = (
    "circle", "score", "contributions", "total", "bound", "sizes", "price", "pair_price", "least", "most",
    "pairs_possible", "forbidden_pairs", "digest", "version",
)  # fmt: skip

Arrays = dict[str, Any]


class Problem(NamedTuple):
    """All that `propose` is given. `locked` and `forbidden` are int32[k, 2]."""

    pool: Pool
    criteria: Criteria
    locked: I32
    forbidden: I32
    quotas: Quotas


def plain(pool: Pool, criteria: Criteria) -> Problem:
    """A problem without options."""
    none = np.zeros((0, 2), np.int32)
    return Problem(pool, criteria, none, none, Quotas(np.zeros(0, np.int32), np.zeros(0, np.int32)))


def arrays_of_pool(pool: Pool, criteria: Criteria) -> Arrays:
    arrays = named("mentees", pool.mentees._asdict()) | named("mentors", pool.mentors._asdict())
    arrays |= named("pool", {name: getattr(pool, name) for name in ("zones", "exclusions", "wishes")})
    return arrays | named("criteria", criteria._asdict())


def arrays_of_problem(problem: Problem) -> Arrays:
    options = {"locked": problem.locked, "forbidden": problem.forbidden}
    arrays = arrays_of_pool(problem.pool, problem.criteria) | named("options", options)
    return arrays | named("quotas", problem.quotas._asdict())


def arrays_of_proof(matching: Matching) -> Arrays:
    proof = named("matching", {name: getattr(matching, name) for name in PROOF})
    return proof | named("claim", matching.claim._asdict())


def pool_of(arrays: Mapping[str, Any]) -> tuple[Pool, Criteria]:
    """
    Raises:
        InvalidColumn: a column is missing, or there is one that nobody knows.
    """
    pool = Pool(
        Mentees(**part(arrays, "mentees", Mentees._fields)),
        Mentors(**part(arrays, "mentors", Mentors._fields)),
        **part(arrays, "pool", ("zones", "exclusions", "wishes")),
    )
    return pool, Criteria(**part(arrays, "criteria", Criteria._fields))


def problem_of(arrays: Mapping[str, Any]) -> Problem:
    """
    Raises:
        InvalidColumn: as `pool_of`.
    """
    pool, criteria = pool_of(arrays)
    return Problem(
        pool,
        criteria,
        **part(arrays, "options", ("locked", "forbidden")),
        quotas=Quotas(**part(arrays, "quotas", Quotas._fields)),
    )


def matching_of(arrays: Mapping[str, Any]) -> Matching:
    """
    The proof of a matching; its explanation comes back empty. Without a claim, as older files are, it claims its total;
    and a margin of theirs is what is lost at most.

    Raises:
        InvalidColumn: as `pool_of`.
    """
    none = np.zeros((0, 3), np.int32)
    has_claim = any(name.startswith("claim.") for name in arrays)
    if "matching.margin" in arrays and "matching.margin_is_exact" not in arrays:
        arrays = {**arrays, "matching.margin_is_exact": np.zeros(len(arrays["matching.margin"]), np.bool_)}
    return Matching(
        **part(arrays, "matching", PROOF),
        waterfall=Waterfall(0, ()),
        next_best=NextBest(none, none.astype(np.int16), none),
        unmatched_mentees=(),
        unmatched_mentors=(),
        claim=Claim(**part(arrays, "claim", Claim._fields)) if has_claim else NO_CLAIM,
    )


def arrays_of_groups(found: GroupMatching) -> Arrays:
    sizes = [len(group.mentees) for group in found.groups]
    table = np.array([(g.mentor, g.topic, g.language, g.value) for g in found.groups], np.int64).reshape(
        -1, 4
    )
    people = np.array([i for group in found.groups for i in group.mentees], np.int32)
    proof = {name: getattr(found, name) for name in GROUP_PROOF}
    return named("groups", proof | {"group": table, "size": np.array(sizes, np.int32), "member": people})


def groups_of(arrays: Mapping[str, Any]) -> GroupMatching:
    """
    Groups and their proof; the explanation comes back empty. Older files know no quotas.

    Raises:
        InvalidColumn: as `pool_of`.
    """
    nobody = {f"groups.{side}_quota": np.zeros(0, np.int32) for side in ("mentee", "mentor")}
    found = part({**nobody, **arrays}, "groups", (*GROUP_PROOF, "group", "size", "member"))
    table, sizes, people = found.pop("group"), found.pop("size"), found.pop("member")
    ends = np.cumsum(sizes)
    groups = tuple(
        Group(row[0], row[1], row[2], tuple(people[end - size : end].tolist()), row[3])
        for row, size, end in zip(table.tolist(), sizes.tolist(), ends.tolist(), strict=True)
    )
    return GroupMatching(
        groups=groups, **found, waterfall=Waterfall(0, ()), unmatched_mentees=(), unmatched_mentors=()
    )


def arrays_of_mutual(found: MutualMatching) -> Arrays:
    odd = found.proof.odd_sets
    proof = {name: getattr(found, name) for name in MUTUAL_PROOF} | {
        "price": found.proof.price,
        "odd_price": np.array([one.price for one in odd], np.int64),
        "odd_size": np.array([len(one.people) for one in odd], np.int64),
        "odd_people": np.array([i for one in odd for i in one.people.tolist()], np.int64),
    }
    return named("mutual", proof)


def mutual_of(arrays: Mapping[str, Any]) -> MutualMatching:
    """
    Pairs within one pool and their proof; the explanation comes back empty.

    Raises:
        InvalidColumn: as `pool_of`.
    """
    found = part(arrays, "mutual", (*MUTUAL_PROOF, "price", "odd_price", "odd_size", "odd_people"))
    price, prices, sizes, people = (
        found.pop(name) for name in ("price", "odd_price", "odd_size", "odd_people")
    )
    ends = np.cumsum(sizes)
    odd = tuple(
        OddSet(people[end - size : end], each)
        for each, size, end in zip(prices.tolist(), sizes.tolist(), ends.tolist(), strict=True)
    )
    return MutualMatching(**found, proof=Proof(price, odd), waterfall=Waterfall(0, ()), unmatched=())


def arrays_of_circles(found: CircleMatching) -> Arrays:
    return named("circles", {name: getattr(found, name) for name in CIRCLE_PROOF})


def circles_of(arrays: Mapping[str, Any]) -> CircleMatching:
    """
    Who sits together, with the proof; what else is told of each circle comes back empty.

    Raises:
        InvalidColumn: as `pool_of`.
    """
    found = part(arrays, "circles", CIRCLE_PROOF)
    numbers = range(int(found["circle"].max(initial=-1)) + 1)
    circles = tuple(
        Circle(tuple(np.flatnonzero(found["circle"] == number).tolist()), (), (), 0, 0, 0, 0)
        for number in numbers
    )
    sizes = tuple(found.pop("sizes").tolist())
    return CircleMatching(circles=circles, **found, sizes=sizes, waterfall=Waterfall(0, ()), unmatched=())


def write(path: Path, arrays: Arrays) -> None:
    """The file is complete or not there: it is written beside its place and moved."""
    draft = path.with_name(f"{path.name}.part")
    with draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    draft.replace(path)


def read(path: Path) -> Arrays:
    """
    Raises:
        InvalidColumn: this is no file of columns.
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as opened:  # numpy forgets to close what turns out to be none of its files
            found = np.load(opened, allow_pickle=False)
            if isinstance(found, np.ndarray):
                raise InvalidColumn(path.name, -1, "holds one array instead of named columns")
            return {name: found[name] for name in found.files}
    except InvalidColumn:
        raise
    except (zipfile.BadZipFile, ValueError, EOFError) as reason:
        raise InvalidColumn(path.name, -1, "is not an .npz file of columns") from reason


def named(where: str, fields: Mapping[str, Any]) -> Arrays:
    return {f"{where}.{name}": np.asarray(value) for name, value in fields.items()}


def part(arrays: Mapping[str, Any], where: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """The columns of one part, scalars as Python's own."""
    found = {name.partition(".")[2]: value for name, value in arrays.items() if name.startswith(f"{where}.")}
    for name in fields:
        if name not in found:
            raise InvalidColumn(f"{where}.{name}", -1, "is missing")
    for name in found:
        if name not in fields:
            raise InvalidColumn(f"{where}.{name}", -1, "is a column that nobody knows")
    return {name: value.item() if value.ndim == 0 else value for name, value in found.items()}
