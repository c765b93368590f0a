"""From the matcher's arrays to rows that a coordinator can read: reasons with their facts, and totals."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from matcher import CRITERIA, GroupMatching, Matching, Unmatched
from tenants.pools.models import Side
from tenants.pools.queries import Card
from tenants.proposals.runs.criteria import MOST, UNIT, WEIGHED, Snapshot, quota_field
from tenants.proposals.runs.outcomes import Drafted, LeftOut
from workers.matching import aiming
from workers.matching.counting import waterfall
from workers.matching.encoding import Encoded, fold, grade_rank, spoken, wants
from workers.matching.weighing import in_use


def drafted(encoded: Encoded, snapshot: Snapshot, matching: Matching) -> list[Drafted]:
    """Every pair of the matching, in the order of the mentees' rows."""
    holders: dict[int, list[int]] = {}
    for i, j in zip(matching.mentee.tolist(), matching.mentor.tolist(), strict=True):
        holders.setdefault(j, []).append(i)
    found = []
    for at, (i, j) in enumerate(zip(matching.mentee.tolist(), matching.mentor.tolist(), strict=True)):
        points = dict(zip(CRITERIA, matching.contributions[at].tolist(), strict=True))
        mentee, mentor = encoded.mentees[i], encoded.mentors[j]
        found.append(
            Drafted(
                mentor.participation_id,
                mentee.participation_id,
                int(matching.score[at]),
                MOST,
                contributions(encoded, snapshot, points, i, j),
                list(alternatives(encoded, matching, holders, i)),
            )
        )
    return found


def contributions(
    encoded: Encoded, snapshot: Snapshot, points: Mapping[str, int], i: int, j: int
) -> list[dict[str, Any]]:
    """What each criterion gives a pair, and the facts that this rests on; nothing private among them."""
    facts = basis(encoded, snapshot, i, j)
    return [
        {
            "criterion": name,
            "points": points[name],
            "most": snapshot.points[name] * UNIT,
            "facts": facts.get(name, {}),
        }
        for name in WEIGHED
    ]


def basis(encoded: Encoded, snapshot: Snapshot, i: int, j: int) -> dict[str, dict[str, Any]]:
    """Facts by criterion. Wishes about gender and ways of meeting are nobody else's business and are not here."""
    mentee, mentor = encoded.mentees[i], encoded.mentors[j]
    offered = set(mentor.fields.get("topics_offered", ()))
    found: dict[str, dict[str, Any]] = {
        "topics": {
            "met": [topic for topic in wants(mentee) if topic in offered],
            "wanted": len(wants(mentee)),
        },
        "sector": {"same": same(mentee, mentor, "sector")},
        "organisation": {"same": same(mentee, mentor, "entity")},
        "region": {"same": same(mentee, mentor, "region")},
    }
    if best := best_language(mentee, mentor):
        found["languages"] = {"language": best[1], "level": best[0]}
    zones = encoded.pool.zones
    a, b = int(encoded.pool.mentees.zone[i]), int(encoded.pool.mentors.zone[j])
    if a >= 0 and b >= 0:
        found["overlap"] = {"hours": hours(zones[a].tolist(), zones[b].tolist())}
    if (gap := ahead(mentee, mentor, snapshot)) is not None:
        found["seniority"] = {"gap": gap, "measure": snapshot.criteria.measure}
    return found


def same(one: Card, other: Card, field: str) -> bool:
    return fold(one.fields.get(field)) == fold(other.fields.get(field)) != ""


def best_language(one: Card, other: Card) -> tuple[int, str] | None:
    """The language that both have at the highest level: (lower of both levels, code)."""
    levels = {str(row["code"]): int(row["level"]) for row in spoken(one)}
    shared = [
        (min(levels[code], int(row["level"])), code)
        for row in spoken(other)
        if (code := str(row["code"])) in levels
    ]
    return min(shared, key=lambda pair: (-pair[0], pair[1]), default=None)


def hours(one: Sequence[int], other: Sequence[int]) -> int:
    """Whole hours in which two working days overlap, over midnight too; rows of (offset, start, end)."""
    begin, end = one[1] - one[0], one[2] - one[0]
    begin_there, end_there = other[1] - other[0], other[2] - other[0]
    return (
        sum(
            max(0, min(end, end_there + day) - max(begin, begin_there + day))
            for day in (-2880, -1440, 0, 1440, 2880)
        )
        // 60
    )


def ahead(mentee: Card, mentor: Card, snapshot: Snapshot) -> int | None:
    """By how many years or grades the mentor is ahead; None where one has not said."""
    if snapshot.criteria.measure == "grade":
        one, other = grade_rank(mentee.fields.get("grade")), grade_rank(mentor.fields.get("grade"))
        return None if min(one, other) < 0 else other - one
    here, there = mentee.fields.get("experience_years"), mentor.fields.get("experience_years")
    return None if here is None or there is None else int(there) - int(here)


def alternatives(
    encoded: Encoded, matching: Matching, holders: Mapping[int, Sequence[int]], i: int
) -> Iterator[dict[str, Any]]:
    """The next best mentors of a mentee: what forcing each would cost the whole in points and people, and who has her places."""
    best = matching.next_best
    for mentor, score, margin, is_exact in zip(
        best.mentor[i].tolist(),
        best.score[i].tolist(),
        best.margin[i].tolist(),
        best.is_exact[i].tolist(),
        strict=True,
    ):
        if mentor < 0:
            continue
        there = holders.get(mentor, ())
        is_full = len(there) >= encoded.mentors[mentor].open_places
        price = aiming.price(matching, margin)
        yield {
            "participation_id": str(encoded.mentors[mentor].participation_id),
            "score": score,
            "margin": price.points if price else None,
            "is_exact": is_exact,
            "people": price.people if price else 0,
            "taken_by": [str(encoded.mentees[one].participation_id) for one in there] if is_full else [],
        }


def left_out(encoded: Encoded, matching: Matching | GroupMatching) -> list[LeftOut]:
    """Everybody without a partner, mentees first."""
    sides: tuple[tuple[Side, Sequence[Unmatched], Sequence[Card], Sequence[Card]], ...] = (
        (Side.MENTEE, matching.unmatched_mentees, encoded.mentees, encoded.mentors),
        (Side.MENTOR, matching.unmatched_mentors, encoded.mentors, encoded.mentees),
    )
    return [
        LeftOut(
            mine[one.person].participation_id,
            side,
            one.reason,
            {"unanswered": one.unanswered, "possible": one.possible, "others": len(theirs)},
            changes(one, theirs),
        )
        for side, people, mine, theirs in sides
        for one in people
    ]


def changes(one: Unmatched, theirs: Sequence[Card]) -> dict[str, Any]:
    """The smallest change, with the others under `more`; where none helps, more people must come."""
    listed = [
        {
            "what": change.what,
            "amount": change.amount,
            "people": change.people,
            "participation_id": str(theirs[change.person].participation_id) if change.person >= 0 else None,
            "score": change.score,
            "certain": change.certain,
        }
        for change in one.changes
    ]
    return {**listed[0], "more": listed[1:]} if listed else {"what": "people"}


def summary(
    encoded: Encoded, snapshot: Snapshot, matching: Matching | GroupMatching, *, kept: int, apart: int
) -> dict[str, Any]:
    """The run in numbers. Points are stored points; see `rules.of_hundred`."""
    scores = matching.score.tolist()
    return {
        "mentees": len(encoded.mentees),
        "mentors": len(encoded.mentors),
        "places": int(encoded.pool.mentors.capacity.sum()),
        "matched": len(scores),
        "pairs": matching.waterfall.pairs,
        "pairs_possible": matching.pairs_possible,
        "waterfall": waterfall(matching.waterfall.pairs, matching.waterfall.left, in_use(snapshot)),
        "total": matching.total,
        "bound": matching.bound,
        "most": MOST,
        "lowest": min(scores, default=0),
        "highest": max(scores, default=0),
        "kept_together": kept,
        "kept_apart": apart,
        "excluded": len(encoded.pool.exclusions),
        "quotas": quotas(encoded, snapshot, matching),
        "regions": groups(encoded, matching, "region"),
        "entities": groups(encoded, matching, "entity"),
    }


def quotas(encoded: Encoded, snapshot: Snapshot, matching: Matching | GroupMatching) -> list[dict[str, Any]]:
    """Each quota of the run, and how many of its pairs there are."""
    field = quota_field(snapshot.criteria)
    matched = {
        "mentee": [encoded.mentees[row] for row in matching.mentee.tolist()],
        "mentor": [encoded.mentors[row] for row in matching.mentor.tolist()],
    }
    return [
        {
            "by": one.by,
            "side": one.side,
            "of": one.of,
            "most": one.most,
            "used": sum(fold(card.fields.get(field)) == fold(one.of) for card in matched[one.side]),
        }
        for one in snapshot.criteria.quotas
    ]


def groups(encoded: Encoded, matching: Matching | GroupMatching, field: str) -> list[dict[str, Any]]:
    """Mentees, matches and points by a field of the mentee, the largest group first; "" for no answer."""
    return by_field(encoded, dict(zip(matching.mentee.tolist(), matching.score.tolist(), strict=True)), field)


def placed_by(encoded: Encoded, placed: Collection[int], field: str) -> list[dict[str, Any]]:
    """The same of peers, whose points are of two people at once and are not shared out."""
    return by_field(encoded, dict.fromkeys(placed, 0), field)


def by_field(encoded: Encoded, score: Mapping[int, int], field: str) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row, card in enumerate(encoded.mentees):
        name = str(card.fields.get(field) or "").strip()
        group = found.setdefault(fold(name), {"name": name, "mentees": 0, "matched": 0, "points": 0})
        group["mentees"] += 1
        group["matched"] += row in score
        group["points"] += score.get(row, 0)
    return sorted(found.values(), key=lambda group: (-group["mentees"], group["name"]))
