"""
From cards to columns of codes: the only place that knows both.

Codes are given in the order of sorted values and rows in the order of card ids,
so that the same cards make the same columns on every machine.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from matcher import SAME_REGION, TOPIC_WORDS, Mentees, Mentors, Pool, Quotas
from tenants.pools.models import Side
from tenants.pools.queries import Card
from tenants.proposals.runs.criteria import Quota

WANTED_MOST = 5
TOPICS_MOST = 64 * TOPIC_WORDS - WANTED_MOST
"""The last codes are kept for wanted topics that nobody offers: one for each rank."""
WORKING_DAY = (9 * 60, 18 * 60)
"""Minutes of local time in which people can usually meet; the form does not ask for more."""
MODES = {"individual": 0, "group": 1, "both": 2}
GENDERS = {"woman": 0, "man": 1, "other": 2}
LEVEL_MOST = 4
YEARS_MOST = 99

# The UN's grades and those next to them, from junior to senior; the step within a grade does not count.
_LADDERS = {"G": 0, "GS": 0, "SB": 2, "FS": 3, "NO": 7, "NPO": 7, "P": 7, "D": 13, "ASG": 16, "USG": 17}
_GRADE = re.compile(r"\s*([A-Z]+?)[\s.-]*([0-9]|[A-E](?![A-Z]))?\b", re.IGNORECASE)

Codes = Mapping[Any, int]


@dataclass(frozen=True, slots=True)
class Encoded:
    """The columns, and whose row is whose: participation ids by row, with the card behind each."""

    pool: Pool
    mentees: Sequence[Card]
    mentors: Sequence[Card]
    topics: Sequence[str]
    sectors: Sequence[str]
    mentee_row: Mapping[UUID, int]
    mentor_row: Mapping[UUID, int]
    organisation: Codes
    languages: Sequence[str] = ()

    def quotas(self, asked: Iterable[Quota]) -> Quotas | None:
        """Upper bounds by organisation, -1 where there is none; what nobody belongs to is left out."""
        columns = {side: np.full(len(self.organisation), -1, np.int32) for side in Side}
        is_any = False
        for one in asked:
            if (code := self.organisation.get(fold(one.of))) is not None:
                columns[Side(one.side)][code], is_any = one.most, True
        return Quotas(columns[Side.MENTEE], columns[Side.MENTOR]) if is_any else None

    def both_ways(self, pairs: Iterable[tuple[UUID, UUID]]) -> list[tuple[int, int]]:
        """The same of one pool, where either of the two may stand first; each pair once."""
        return sorted({(min(row), max(row)) for row in self.rows(pairs)})

    def rows(self, pairs: Iterable[tuple[UUID, UUID]]) -> list[tuple[int, int]]:
        """(mentee, mentor) as rows; pairs of which one is not in the pool now are left out."""
        return [
            (self.mentee_row[mentee], self.mentor_row[mentor])
            for mentee, mentor in pairs
            if mentee in self.mentee_row and mentor in self.mentor_row
        ]


def encode(
    cards: Sequence[Card], never: Iterable[tuple[UUID, UUID]], meets_on: date, *, grouped_by: str = "entity"
) -> Encoded:
    """
    Columns of all cards, of peers on both sides; `never` are pairs of participations that have tried or declined.

    `grouped_by` is the field behind the matcher's organisations: the organisation, or the office where quotas are by office.
    """
    mentees = [card for card in cards if card.side != Side.MENTOR]
    mentors = [card for card in cards if card.side != Side.MENTEE]
    topics = known_topics(mentees, mentors)
    sectors = sorted(folded(mentees, "sector") & folded(mentors, "sector"))
    zones = zone_rows(cards, meets_on)
    shared = _Shared(cards, topics, sectors, zones, grouped_by)
    mentee_row = {card.participation_id: row for row, card in enumerate(mentees)}
    mentor_row = {card.participation_id: row for row, card in enumerate(mentors)}
    tried = [(mentee_row[e], mentor_row[m]) for e, m in never if e in mentee_row and m in mentor_row]
    pool = Pool(
        mentees=Mentees(
            **shared.columns(mentees),
            wanted=shared.wanted(mentees),
            region_wish=np.full(len(mentees), SAME_REGION, np.int8),
        ),
        mentors=Mentors(
            **shared.columns(mentors),
            offered=shared.offered(mentors),
            capacity=np.array([card.open_places for card in mentors], np.int32),
        ),
        zones=np.array(sorted(set(zones.values())), np.int16).reshape(-1, 3),
        exclusions=pair_array(tried + excluded(mentees, mentors)),
        wishes=np.zeros((0, 3), np.int32),
    )
    return Encoded(
        pool,
        mentees,
        mentors,
        topics,
        sectors,
        mentee_row,
        mentor_row,
        shared.organisation,
        sorted(shared.language),
    )


class _Shared:
    """The lists that codes point into, the same for both sides."""

    def __init__(
        self,
        cards: Sequence[Card],
        topics: Sequence[str],
        sectors: Sequence[str],
        zones: Mapping[str, tuple[int, int, int]],
        grouped_by: str,
    ) -> None:
        self.grouped_by = grouped_by
        self.topic = {code: at for at, code in enumerate(topics)}
        self.sector = {name: at for at, name in enumerate(sectors)}
        rows = sorted(set(zones.values()))
        self.zone = {name: rows.index(row) for name, row in zones.items()}
        self.organisation = _codes(folded(cards, grouped_by))
        self.region = _codes(folded(cards, "region"))
        self.language = _codes({str(one["code"]) for card in cards for one in spoken(card)})
        self.person = _codes({card.fields["person"] for card in cards})
        self.address = {
            card.fields["address"]: self.person[card.fields["person"]]
            for card in cards
            if "address" in card.fields
        }

    def columns(self, cards: Sequence[Card]) -> dict[str, Any]:
        """The columns that both sides have."""
        fields = [card.fields for card in cards]
        supervisors = [[self.address.get(f.get("supervisor"), -1)] for f in fields]
        return {
            "key": np.array([card.card_id.int & (1 << 64) - 1 for card in cards], np.uint64),
            "person": np.array([self.person[f["person"]] for f in fields], np.int32),
            "supervisors": np.array(supervisors, np.int32).reshape(len(cards), 1),
            "organisation": np.array(
                [self.organisation.get(fold(f.get(self.grouped_by)), -1) for f in fields], np.int32
            ),
            "unit": np.full(len(cards), -1, np.int32),
            "languages": self.languages(cards),
            "zone": np.array([self.zone.get(f.get("time_zone", ""), -1) for f in fields], np.int16),
            "sector": np.array([self.sector.get(fold(f.get("sector")), -1) for f in fields], np.int16),
            "experience": np.array([years(f.get("experience_years")) for f in fields], np.int16),
            "grade": np.array([grade_rank(f.get("grade")) for f in fields], np.int16),
            "mode": np.array([MODES.get(f.get("mode", ""), -1) for f in fields], np.int8),
            "region": np.array([self.region.get(fold(f.get("region")), -1) for f in fields], np.int16),
            "gender": np.array([GENDERS.get(f.get("gender", ""), -1) for f in fields], np.int8),
            "gender_wish": np.array([GENDERS.get(f.get("gender_wish", ""), -1) for f in fields], np.int8),
        }

    def languages(self, cards: Sequence[Card]) -> NDArray[np.uint8]:
        levels = np.zeros((len(cards), len(self.language)), np.uint8)
        for row, card in enumerate(cards):
            for one in spoken(card):
                column = self.language[str(one["code"])]
                levels[row, column] = max(levels[row, column], min(max(int(one["level"]), 0), LEVEL_MOST))
        return levels

    def wanted(self, mentees: Sequence[Card]) -> NDArray[np.int16]:
        rows = np.full((len(mentees), WANTED_MOST), -1, np.int16)
        for row, card in enumerate(mentees):
            for rank, topic in enumerate(wants(card)):
                rows[row, rank] = self.topic.get(topic, TOPICS_MOST + rank)
        return rows

    def offered(self, mentors: Sequence[Card]) -> NDArray[np.uint64]:
        words = [[0] * TOPIC_WORDS for _ in mentors]
        for row, card in enumerate(mentors):
            for topic in card.fields.get("topics_offered", ()):
                if (code := self.topic.get(topic)) is not None:
                    words[row][code >> 6] |= 1 << (code & 63)
        return np.array(words, np.uint64).reshape(len(mentors), TOPIC_WORDS)


def known_topics(mentees: Sequence[Card], mentors: Sequence[Card]) -> list[str]:
    """Topics that are wanted and offered; should there be more than codes, the most wanted."""
    offers = {topic for card in mentors for topic in card.fields.get("topics_offered", ())}
    counted: dict[str, int] = {}
    for card in mentees:
        for topic in wants(card):
            if topic in offers:
                counted[topic] = counted.get(topic, 0) + 1
    return sorted(sorted(counted, key=lambda topic: (-counted[topic], topic))[:TOPICS_MOST])


def wants(card: Card) -> list[str]:
    """The topics that she wants, the most important first, none twice."""
    return list(dict.fromkeys(card.fields.get("topics_wanted", ())))[:WANTED_MOST]


def spoken(card: Card) -> list[dict[str, Any]]:
    return [one for one in card.fields.get("languages", ()) if "code" in one and "level" in one]


def excluded(mentees: Sequence[Card], mentors: Sequence[Card]) -> list[tuple[int, int]]:
    """Pairs of which one has named the other's address."""
    found = []
    for people, others, is_mentee in ((mentees, mentors, True), (mentors, mentees, False)):
        named = [(row, one) for row, card in enumerate(people) for one in card.fields.get("excluded", ())]
        at = rows_at({address for _, address in named}, others)
        for row, address in named:
            found += [(row, other) if is_mentee else (other, row) for other in at.get(address, ())]
    return found


def mentees_apart(mentees: Sequence[Card], *, is_supervision_apart: bool) -> list[tuple[int, int]]:
    """Mentees of whom one has named the other's address, or is the other's supervisor: never in one group."""
    named = [(row, one) for row, card in enumerate(mentees) for one in card.fields.get("excluded", ())]
    if is_supervision_apart:
        named += [
            (row, one)
            for row, card in enumerate(mentees)
            if (one := card.fields.get("supervisor")) is not None
        ]
    at = rows_at({address for _, address in named}, mentees)
    found = {
        (min(row, other), max(row, other))
        for row, address in named
        for other in at.get(address, ())
        if other != row
    }
    return sorted(found)


def rows_at(addresses: Container[str], people: Sequence[Card]) -> dict[str, list[int]]:
    """Who of these people has each of some addresses: few are named, so not everybody is looked up."""
    found: dict[str, list[int]] = {}
    for row, card in enumerate(people):
        if (address := card.fields.get("address", "")) in addresses:
            found.setdefault(address, []).append(row)
    return found


def pair_array(pairs: Iterable[tuple[int, int]]) -> NDArray[np.int32]:
    return np.array(sorted(set(pairs)), np.int32).reshape(-1, 2)


def zone_rows(cards: Sequence[Card], day: date) -> dict[str, tuple[int, int, int]]:
    """Offset on that day and working day of each time zone that has a name we know."""
    noon = datetime.combine(day, time(12), UTC)
    found = {}
    for name in sorted({card.fields.get("time_zone", "") for card in cards} - {""}):
        try:
            offset = noon.astimezone(ZoneInfo(name)).utcoffset()
        except (ZoneInfoNotFoundError, ValueError):
            continue
        minutes = int(offset.total_seconds() // 60) if offset else 0
        found[name] = (round(minutes / 15) * 15, *WORKING_DAY)
    return found


def years(value: Any) -> int:
    return -1 if value is None else min(max(int(value), 0), YEARS_MOST)


def grade_rank(text: str | None) -> int:
    """How senior a grade is, -1 where it is none that we know: G7 < P1 (and NOA) < D1."""
    if not text or not (found := _GRADE.match(text)):
        return -1
    ladder, step = found[1].upper(), (found[2] or "0").upper()
    if ladder not in _LADDERS:
        return -1
    return _LADDERS[ladder] + (int(step) if step.isdigit() else ord(step) - ord("A") + 1)


def fold(value: str | None) -> str:
    return " ".join((value or "").casefold().split())


def folded(cards: Sequence[Card], field: str) -> set[str]:
    return {fold(card.fields.get(field)) for card in cards} - {""}


def _codes(values: Iterable[str]) -> Codes:
    return {value: code for code, value in enumerate(sorted(values))}
