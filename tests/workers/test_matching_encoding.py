"""Cards as columns: codes that do not depend on order, answers that are missing, and lists that are too long."""

import random
from datetime import date
from uuid import UUID

import numpy as np
import pytest

from matcher import certify, explain, propose
from tenants.pools.queries import Card
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs.criteria import Snapshot
from workers.matching import describing
from workers.matching.encoding import TOPICS_MOST, encode, grade_rank, wants, zone_rows
from workers.matching.weighing import tables

DAY = date(2026, 12, 1)


def card(number: int, side: str, places: int = 1, **fields) -> Card:
    return Card(UUID(int=number), UUID(int=number + 10_000), side, places, {"person": f"p{number}", **fields})


def snapshot(**given) -> Snapshot:
    weights = given.pop("weights", dict.fromkeys(choosing.WEIGHED, 3))
    chosen = choosing.read({"weights": weights, **given})
    return Snapshot(chosen, choosing.points(chosen.weights), 1, DAY)


def crowd(seed: int) -> list[Card]:
    rng = random.Random(seed)
    cards = []
    for number in range(40):
        side = rng.choice(("mentee", "mentor"))
        fields = {
            "topics_offered": rng.sample("abcdefgh", 3),
            "topics_wanted": rng.sample("abcdefgh", rng.randrange(0, 6)),
            "languages": [
                {"code": code, "level": rng.randrange(1, 5)} for code in rng.sample(("en", "fr", "ar"), 2)
            ],
            "time_zone": rng.choice(("Europe/Paris", "Asia/Kathmandu", "America/La_Paz", "Nowhere/At_All")),
            "sector": rng.choice(("law", "Law ", "health", "mining")),
            "entity": rng.choice(("UNDP", "undp", "WHO")),
            "region": rng.choice(("Africa", "Europe")),
            "experience_years": rng.randrange(0, 30),
            "grade": rng.choice(("P3", "G6", "D1", "junior")),
            "mode": rng.choice(("individual", "group", "both")),
            "gender": rng.choice(("woman", "man")),
            "gender_wish": rng.choice(("any", "woman")),
            "address": f"a{number}",
            "supervisor": f"a{rng.randrange(60)}",
            "excluded": [f"a{rng.randrange(40)}"],
        }
        for name in rng.sample(sorted(fields), 3):
            del fields[name]
        cards.append(card(number + 1, side, rng.randrange(1, 4), **fields))
    return cards


@pytest.mark.parametrize("seed", range(15))
def test_any_cards_match_and_facts_agree_with_the_numbers(seed):
    cards = crowd(seed)
    encoded = encode(cards, [], DAY)
    chosen = snapshot(overlap=seed % 3, languages=seed % 2, seniority=None)
    criteria = tables(chosen, len(encoded.sectors))
    matching = propose(encoded.pool, criteria)
    assert certify(encoded.pool, criteria, matching).ok
    for pair in describing.drafted(encoded, chosen, matching):
        assert sum(row["points"] for row in pair.contributions) == pair.score
        by_name = {row["criterion"]: row for row in pair.contributions}
        full = {name: row["points"] == row["most"] for name, row in by_name.items()}
        assert full["sector"] == by_name["sector"]["facts"]["same"]
        assert full["region"] == by_name["region"]["facts"]["same"]
        assert (by_name["topics"]["points"] > 0) == bool(by_name["topics"]["facts"]["met"])
        hours = by_name["overlap"]["facts"].get("hours", 0)
        assert by_name["overlap"]["points"] == by_name["overlap"]["most"] * min(hours, 6) // 6
        assert (by_name["languages"]["points"] > 0) == ("language" in by_name["languages"]["facts"])


def test_order_of_cards_changes_nothing():
    cards = crowd(99)
    shuffled = random.Random(1).sample(cards, len(cards))
    one = encode(cards, [], DAY)
    other = encode(sorted(shuffled, key=lambda c: c.card_id), [], DAY)
    for here, there in zip(one.pool.mentees, other.pool.mentees, strict=True):
        assert np.array_equal(here, there)
    for here, there in zip(one.pool.mentors, other.pool.mentors, strict=True):
        assert np.array_equal(here, there)


def test_more_topics_than_codes_keep_ranks_and_the_most_wanted():
    offered = [f"t{number:03}" for number in range(400)]
    cards = [card(1, "mentor", topics_offered=offered)]
    cards += [
        card(number + 2, "mentee", topics_wanted=[topic, "nobody offers this"])
        for number, topic in enumerate(offered)
    ]
    cards += [card(900, "mentee", topics_wanted=["t399", "t399", "x", "t000"])]
    encoded = encode(cards, [], DAY)
    assert len(encoded.topics) == TOPICS_MOST
    assert "t399" in encoded.topics
    assert encoded.pool.mentees.wanted.max() < 256
    assert wants(cards[-1]) == ["t399", "x", "t000"]
    told = explain(encoded.pool, tables(snapshot(), 0), len(encoded.mentees) - 1, 0)
    assert told.contributions["topics"] > 0


def test_empty_pool_and_one_side():
    for cards in ([], [card(1, "mentee", topics_wanted=["a"])], [card(1, "mentor")]):
        encoded = encode(cards, [], DAY)
        matching = propose(encoded.pool, tables(snapshot(), 0))
        assert len(matching.mentee) == 0
        assert len(describing.left_out(encoded, matching)) == len(cards)
        assert all(one.change["what"] for one in describing.left_out(encoded, matching))


def test_one_person_on_both_sides_never_meets_herself():
    encoded = encode(
        [card(1, "mentee"), Card(UUID(int=2), UUID(int=3), "mentor", 1, {"person": "p1"})], [], DAY
    )
    told = explain(encoded.pool, tables(snapshot(), 0), 0, 0)
    assert "person" in told.failed


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("G3", "G7"),
        ("G7", "P1"),
        ("P3", "P4"),
        ("NOA", "NOC"),
        ("P5", "D1"),
        ("D2", "ASG"),
        ("p-3", "P 4"),
        ("FS4", "FS5"),
    ],
)
def test_grades_are_in_order(lower, higher):
    assert 0 <= grade_rank(lower) < grade_rank(higher)


@pytest.mark.parametrize("text", [None, "", "chief", "junior", "42", "X9"])
def test_unknown_grades_say_nothing(text):
    assert grade_rank(text) == -1


def test_zones_follow_the_day():
    cards = [card(1, "mentee", time_zone="Europe/Paris"), card(2, "mentor", time_zone="Not/A_Zone")]
    assert zone_rows(cards, date(2026, 12, 1)) == {"Europe/Paris": (60, 540, 1080)}
    assert zone_rows(cards, date(2026, 7, 1)) == {"Europe/Paris": (120, 540, 1080)}
