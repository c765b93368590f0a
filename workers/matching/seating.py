"""From the matcher's groups, circles and pairs of peers to rows that a coordinator can read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from matcher import CRITERIA, CircleMatching, GroupMatching, MutualMatching, Unmatched
from tenants.pools.models import Side
from tenants.pools.queries import Card
from tenants.programmes.models import Structure
from tenants.programmes.structures import Makes
from tenants.proposals.runs.criteria import MOST, UNIT, WEIGHED, Snapshot
from tenants.proposals.runs.outcomes import Drafted, DraftedParty, LeftOut, Seated
from workers.matching import describing
from workers.matching.counting import waterfall
from workers.matching.encoding import Encoded, wants
from workers.matching.weighing import in_use

HALF_HOURS = 2
"""Slots of a circle's day that are an hour."""


def groups(encoded: Encoded, snapshot: Snapshot, found: GroupMatching) -> list[DraftedParty]:
    """Each mentor with her mentees; of topics, that of the group counts."""
    at = {row: place for place, row in enumerate(found.mentee.tolist())}
    made = []
    for group in found.groups:
        topic = encoded.topics[group.topic]
        seats = [Seated(encoded.mentors[group.mentor].participation_id, Side.MENTOR, 0, 0, [])]
        for row in group.mentees:
            points = dict(zip(CRITERIA, found.contributions[at[row]].tolist(), strict=True))
            rows = describing.contributions(encoded, snapshot, points, row, group.mentor)
            on_topic = next(one for one in rows if one["criterion"] == "topics")
            on_topic["facts"] = {"met": [topic], "group": len(group.mentees)}
            mentee = encoded.mentees[row].participation_id
            seats.append(Seated(mentee, Side.MENTEE, int(found.score[at[row]]), MOST, rows))
        facts = {"topics": [topic], "languages": [encoded.languages[group.language]]}
        made.append(DraftedParty(Structure.GROUP, found.least, int(group.value), facts, seats))
    return made


def circles(encoded: Encoded, snapshot: Snapshot, found: CircleMatching) -> list[DraftedParty]:
    """The peers of each circle, each with what she and all the others earn together."""
    return [
        circle(
            encoded, snapshot, one.people, found.score[list(one.people)].tolist(),
            found.contributions[list(one.people)].tolist(), one.languages, one.hours, found.least,
        )
        for one in found.circles
    ]  # fmt: skip


def circle(
    encoded: Encoded,
    snapshot: Snapshot,
    people: Sequence[int],
    score: Sequence[int],
    contributions: Sequence[Sequence[int]],
    languages: Iterable[int],
    hours: Sequence[int],
    least: int,
) -> DraftedParty:
    cards = [encoded.mentees[row] for row in people]
    others = len(people) - 1
    seats = []
    for at, card in enumerate(cards):
        points = dict(zip(CRITERIA, contributions[at], strict=True))
        told = exchanged(card, [one for one in cards if one is not card])
        rows = [
            {
                "criterion": name,
                "points": points[name],
                "most": snapshot.points[name] * UNIT * others,
                "facts": told if name == "topics" else {},
            }
            for name in WEIGHED
        ]
        seats.append(Seated(card.participation_id, Side.PEER, int(score[at]), MOST * others, rows))
    facts = {
        "languages": [encoded.languages[code] for code in languages],
        "hours": len(hours) // HALF_HOURS,
        "topics": shared_topics(cards),
    }
    return DraftedParty(Structure.CIRCLE, least, sum(int(one) for one in score) // 2, facts, seats)


def exchanged(card: Card, others: Sequence[Card]) -> dict[str, Any]:
    """What she can learn from the others of her circle, and what they can learn from her."""
    offered = {topic for one in others for topic in one.fields.get("topics_offered", ())}
    wanted = {topic for one in others for topic in wants(one)}
    return {
        "learns": [topic for topic in wants(card) if topic in offered],
        "gives": sorted(wanted & set(card.fields.get("topics_offered", ()))),
    }


def shared_topics(cards: Sequence[Card]) -> list[str]:
    """Topics that somebody of a circle wants and somebody else offers, those of most people first."""
    met: dict[str, int] = {}
    for card in cards:
        for topic in exchanged(card, [one for one in cards if one is not card])["learns"]:
            met[topic] = met.get(topic, 0) + 1
    return sorted(met, key=lambda topic: (-met[topic], topic))


def pairs(encoded: Encoded, snapshot: Snapshot, found: MutualMatching) -> list[Drafted]:
    """
    Two peers each. Neither is the mentor, so the one of the lower id stands in the mentor's place.

    Of topics, `met` are those that one wants and the other offers; `back` are those the other way round.
    """
    drafts = []
    for at, rows in enumerate(zip(found.one.tolist(), found.other.tolist(), strict=True)):
        one, other = sorted(rows, key=lambda row: encoded.mentees[row].participation_id)
        points = dict(zip(CRITERIA, found.contributions[at].tolist(), strict=True))
        parts = of_two(encoded, snapshot, points, one, other)
        drafts.append(
            Drafted(
                encoded.mentees[one].participation_id,
                encoded.mentees[other].participation_id,
                int(found.score[at]),
                MOST,
                parts,
                [],
            )
        )
    return drafts


def of_two(
    encoded: Encoded, snapshot: Snapshot, points: Mapping[str, int], one: int, other: int
) -> list[dict[str, Any]]:
    """What each criterion gives two peers, the first in the mentor's place, with the facts of both directions."""
    parts = describing.contributions(encoded, snapshot, points, other, one)
    topics = next(row for row in parts if row["criterion"] == "topics")
    offered = set(encoded.mentees[other].fields.get("topics_offered", ()))
    gap = next(row for row in parts if row["criterion"] == "seniority")["facts"]
    if "gap" in gap:
        gap["apart"] = abs(gap.pop("gap"))  # nobody leads, so nobody is ahead
    topics["facts"]["back"] = [topic for topic in wants(encoded.mentees[one]) if topic in offered]
    return parts


def told_of_groups(snapshot: Snapshot, found: GroupMatching) -> dict[str, Any]:
    """How many groups there are, of which sizes, and how near they are to what nothing can beat."""
    sizes = counted(len(group.mentees) for group in found.groups)
    return {
        "aim": snapshot.criteria.aim,
        "makes": Makes.GROUPS,
        "groups": len(found.groups),
        "group_sizes": sizes,
    }


def told_of_pairs(
    encoded: Encoded, snapshot: Snapshot, found: MutualMatching, *, kept: int, apart: int
) -> dict[str, Any]:
    placed = {*found.one.tolist(), *found.other.tolist()}
    scores = found.score.tolist()
    return _told_of_peers(encoded, snapshot, found, placed, scores) | {
        "makes": Makes.MUTUAL,
        "parted": len(scores),
        "kept_together": kept,
        "kept_apart": apart,
    }


def told_of_circles(
    encoded: Encoded, snapshot: Snapshot, found: CircleMatching, *, apart: int
) -> dict[str, Any]:
    """`lowest` and `highest` are what somebody has with another of her circle, on average."""
    placed = {row for one in found.circles for row in one.people}
    size = {row: len(one.people) for one in found.circles for row in one.people}
    means = [int(found.score[row]) // (size[row] - 1) for row in sorted(placed)]
    return _told_of_peers(encoded, snapshot, found, placed, means) | {
        "makes": Makes.CIRCLES,
        "groups": len(found.circles),
        "group_sizes": counted(len(one.people) for one in found.circles),
        "parted": sum(len(one.people) * (len(one.people) - 1) // 2 for one in found.circles),
        "kept_together": 0,
        "kept_apart": apart,
    }


def _told_of_peers(
    encoded: Encoded,
    snapshot: Snapshot,
    found: MutualMatching | CircleMatching,
    placed: set[int],
    scores: Sequence[int],
) -> dict[str, Any]:
    """
    What every result says, of peers: `mentees` are all people and `matched` those who are placed.

    `parted` are the pairs that the total is made of.
    """
    limits = waterfall(found.waterfall.pairs, found.waterfall.left, in_use(snapshot))
    return {
        "aim": snapshot.criteria.aim,
        "mentees": len(encoded.mentees),
        "mentors": 0,
        "places": len(encoded.mentees),
        "matched": len(placed),
        "pairs": found.waterfall.pairs,
        "pairs_possible": found.pairs_possible,
        "waterfall": limits,
        "total": found.total,
        "bound": found.bound,
        "most": MOST,
        "lowest": min(scores, default=0),
        "highest": max(scores, default=0),
        "excluded": len(encoded.pool.exclusions),
        "quotas": [],
        "regions": describing.placed_by(encoded, placed, "region"),
        "entities": describing.placed_by(encoded, placed, "entity"),
    }


def counted(sizes: Iterable[int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for size in sizes:
        found[str(size)] = found.get(str(size), 0) + 1
    return found


def left_out(encoded: Encoded, unmatched: Sequence[Unmatched]) -> list[LeftOut]:
    """Everybody of one pool who is left out. What would change it, one run cannot say: more people would."""
    return [
        LeftOut(
            encoded.mentees[one.person].participation_id,
            Side.PEER,
            one.reason,
            {"unanswered": one.unanswered, "possible": one.possible, "others": len(encoded.mentees) - 1},
            {"what": "people"},
        )
        for one in unmatched
    ]
