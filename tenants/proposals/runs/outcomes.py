"""What a numeric worker hands back: plain rows and facts, without a name in them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Drafted:
    """A pair of the best matching. `contributions` add up to `score`, in stored points."""

    mentor_id: UUID
    mentee_id: UUID
    score: int
    most: int
    contributions: list[dict[str, Any]]
    alternatives: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Seated:
    """One person of a group or circle. `contributions` add up to `score`, in stored points."""

    participation_id: UUID
    role: str
    score: int
    most: int
    contributions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class DraftedParty:
    """A group or circle; `least` people have to say yes, `facts` are what all of them have."""

    structure: str
    least: int
    score: int
    facts: dict[str, Any]
    seats: list[Seated]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody without a partner: the reason that binds, and the smallest change first."""

    participation_id: UUID
    side: str
    reason: str
    facts: dict[str, Any]
    change: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    inputs_digest: str
    version: str
    result: dict[str, Any]
    certificate: dict[str, Any]
    inputs: bytes
    proposals: list[Drafted]
    parties: list[DraftedParty]
    unmatched: list[LeftOut]
