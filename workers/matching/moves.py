"""
What it would mean to move one person into another group or circle of a run, or to add somebody who came later: for a
coordinator who changes it by hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matcher import (
    CRITERIA,
    CircleMatching,
    Criteria,
    GroupMatching,
    Pool,
    Weighed,
    weigh_circle,
    weigh_group,
)
from tenants.pools.queries import Card
from tenants.proposals.parties.changing import Sitting
from tenants.proposals.runs.criteria import MOST, UNIT, WEIGHED, Snapshot, quota_field
from tenants.proposals.runs.inputs import Pairs as Apart
from workers.matching.encoding import encode, mentees_apart
from workers.matching.keeping import Kept
from workers.matching.seating import HALF_HOURS
from workers.matching.weighing import tables

Pairs = Any  # of rows, as the matcher takes them: an array, or a list of pairs

MOST_TARGETS = 40
"""The best of more are told; a run of a thousand people has some hundred circles."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What moves are weighed in: columns, whose row is whose, and (topic, language) of each mentor's group, none of circles."""

    pool: Pool
    criteria: Criteria
    row: Mapping[UUID, int]
    mentor_row: Mapping[UUID, int]
    forbidden: Pairs
    apart: Pairs = ()
    groups: Mapping[UUID, tuple[int, int]] | None = None

    def holds(self, sitting: Sitting) -> bool:
        """Whether all of them are known here: whoever can be matched no more has no row."""
        is_led = self.groups is None or sitting.mentor in self.groups
        return is_led and all(one in self.row for one in sitting.people)


def as_it_ran(kept: Kept) -> Scene | None:
    """The run's own inputs; None of a run of pairs."""
    found = kept.matching
    row = {one: at for at, one in enumerate(kept.mentees)}
    mentors = {one: at for at, one in enumerate(kept.mentors)}
    if isinstance(found, CircleMatching):
        return Scene(kept.pool, kept.criteria, row, mentors, found.forbidden_pairs)
    if not isinstance(found, GroupMatching):
        return None
    groups = {kept.mentors[one.mentor]: (one.topic, one.language) for one in found.groups}
    return Scene(kept.pool, kept.criteria, row, mentors, found.forbidden_pairs, found.apart_pairs, groups)


def as_it_stands(
    cards: Sequence[Card], never: Apart, apart: Apart, snapshot: Snapshot, sittings: Sequence[Sitting]
) -> Scene:
    """The cards of now, for somebody who came after the run."""
    chosen = snapshot.criteria
    encoded = encode(cards, never, snapshot.meets_on, grouped_by=quota_field(chosen))
    criteria = tables(snapshot, len(encoded.sectors))
    rows = encoded.mentee_row, encoded.mentor_row
    if not any(one.mentor for one in sittings):
        return Scene(encoded.pool, criteria, *rows, encoded.both_ways(apart))
    groups = {
        one.mentor: (encoded.topics.index(one.topic), encoded.languages.index(one.language))
        for one in sittings
        if one.mentor in encoded.mentor_row
        and one.topic in encoded.topics
        and one.language in encoded.languages
    }
    mentees = mentees_apart(encoded.mentees, is_supervision_apart=chosen.supervisor)
    known = {one: codes for one, codes in groups.items() if one is not None}
    return Scene(encoded.pool, criteria, *rows, encoded.rows(apart), mentees, known)


def weigh(scene: Scene, snapshot: Snapshot, sittings: Sequence[Sitting], who: UUID) -> list[dict[str, Any]]:
    """
    One for each other party, what costs least first: `change` of the whole run in stored points, `faults` that
    forbid it, and what both parties would then be. Nothing where she cannot be matched.
    """
    if who not in scene.row:
        return []
    home = next((one for one in sittings if who in one.people), None)
    if home is not None and not scene.holds(home):
        return []
    before = _value(scene, snapshot, home, home.people) if home else None
    left = (
        _value(scene, snapshot, home, [one for one in home.people if one != who])
        if home and len(home.people) > 1
        else None
    )
    found = []
    for there in sittings:
        if there is home or not scene.holds(there):
            continue
        was = _value(scene, snapshot, there, there.people)
        now = _value(scene, snapshot, there, [*there.people, who])
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


def _value(scene: Scene, snapshot: Snapshot, sitting: Sitting, people: Sequence[UUID]) -> Weighed:
    least, most = snapshot.group_sizes or (0, 0)
    rows = [scene.row[one] for one in people]
    if scene.groups is None or sitting.mentor is None:
        return weigh_circle(
            scene.pool, scene.criteria, rows, least=least, most=most, forbidden=scene.forbidden
        )
    topic, language = scene.groups[sitting.mentor]
    return weigh_group(
        scene.pool, scene.criteria, scene.mentor_row[sitting.mentor], rows, topic=topic, language=language,
        least=least, most=most, forbidden=scene.forbidden, apart=scene.apart,
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
