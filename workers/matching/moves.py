"""What it would mean to move one person into another group or circle of a run: for a coordinator who changes it by hand."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from matcher import CRITERIA, CircleMatching, GroupMatching, Weighed, weigh_circle, weigh_group
from tenants.proposals.parties.changing import Sitting
from tenants.proposals.runs.criteria import MOST, UNIT, WEIGHED, Snapshot
from workers.matching.keeping import Kept
from workers.matching.seating import HALF_HOURS

MOST_TARGETS = 40
"""The best of more are told; a run of a thousand people has some hundred circles."""


def weigh(kept: Kept, snapshot: Snapshot, sittings: Sequence[Sitting], who: UUID) -> list[dict[str, Any]]:
    """
    One for each other party, what costs least first: `change` of the whole run in stored points, `faults` that
    forbid it, and what both parties would then be. Nothing where the run did not know her.
    """
    if who not in kept.mentees or not isinstance(kept.matching, CircleMatching | GroupMatching):
        return []
    row = {one: at for at, one in enumerate(kept.mentees)}
    home = next((one for one in sittings if who in one.people), None)
    before = _value(kept, snapshot, home, home.people, row) if home else None
    left = (
        _value(kept, snapshot, home, [one for one in home.people if one != who], row)
        if home and len(home.people) > 1
        else None
    )
    found = []
    for there in sittings:
        if there is home or not all(one in row for one in there.people):
            continue
        was = _value(kept, snapshot, there, there.people, row)
        now = _value(kept, snapshot, there, [*there.people, who], row)
        change = now.value - was.value
        faults = list(now.faults)
        told: dict[str, Any] = {
            "to": str(there.party_id),
            "into": _plain(snapshot, there, now, [*there.people, who]),
        }
        if home and before and left:
            change += left.value - before.value
            faults += [one for one in left.faults if one not in faults]
            told["out_of"] = _plain(snapshot, home, left, [one for one in home.people if one != who])
            told["from"] = str(home.party_id)
        elif home:
            faults.append("size")
        found.append({"change": change, "faults": faults, **told})
    return sorted(found, key=lambda one: (bool(one["faults"]), -one["change"], one["to"]))[:MOST_TARGETS]


def _value(
    kept: Kept, snapshot: Snapshot, sitting: Sitting, people: Sequence[UUID], row: Mapping[UUID, int]
) -> Weighed:
    least, most = snapshot.group_sizes or (0, 0)
    rows = [row[one] for one in people]
    found = kept.matching
    if isinstance(found, CircleMatching):
        return weigh_circle(
            kept.pool, kept.criteria, rows, least=least, most=most, forbidden=found.forbidden_pairs
        )
    mentor = kept.mentors.index(sitting.mentor) if sitting.mentor else -1
    group = next(one for one in found.groups if one.mentor == mentor)
    return weigh_group(
        kept.pool, kept.criteria, mentor, rows, topic=group.topic, language=group.language, least=least, most=most,
        forbidden=found.forbidden_pairs, apart=found.apart_pairs,
    )  # fmt: skip


def _plain(snapshot: Snapshot, sitting: Sitting, weighed: Weighed, people: Sequence[UUID]) -> dict[str, Any]:
    """What the party would be: as `changing.move` writes it down."""
    others = 1 if sitting.mentor else len(people) - 1
    return {
        "score": weighed.value,
        "languages": list(weighed.languages),
        "hours": len(weighed.hours) // HALF_HOURS,
        "seats": [
            {
                "id": str(one),
                "score": int(weighed.score[at]),
                "most": MOST * others,
                "contributions": [
                    {
                        "criterion": name,
                        "points": int(weighed.contributions[at][CRITERIA.index(name)]),
                        "most": snapshot.points[name] * UNIT * others,
                        "facts": {},
                    }
                    for name in WEIGHED
                ],
            }
            for at, one in enumerate(people)
        ],
    }
