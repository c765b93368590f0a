"""
The facts in which the structures of mentoring differ: one table, so that no `if structure ==` stands elsewhere.

A *side* is a part that a participant registers for. `seniority_sign` is the
direction of "more experienced" from mentee to mentor: −1 for reverse
mentoring, where the learner is the more senior (U01), 0 where nobody leads.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tenants.programmes.models import Structure

MENTOR, MENTEE, PEER = "mentor", "mentee", "peer"


class Makes(StrEnum):
    """What a matching run makes of the people."""

    PAIRS = "pairs"  # a mentor and a mentee
    MUTUAL = "mutual"  # two peers, each mentor and mentee at once (C01)
    GROUPS = "groups"  # a mentor and several mentees on one topic (I07)
    CIRCLES = "circles"  # peers without a mentor (U01)


# More than two people: asked all together, and one relationship for all of them.
PARTIES = frozenset({Makes.GROUPS, Makes.CIRCLES})


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """What a registration form, a card and a match have to know about a structure."""

    sides: tuple[str, ...]
    giving: frozenset[str]  # sides that offer topics, and places
    learning: frozenset[str]  # sides that want topics
    seniority_sign: int
    places: int  # of one giving participant who names no number
    places_most: int
    has_agreement: bool = True
    has_lead: bool = True  # False: a circle's lead rotates
    makes: Makes = Makes.PAIRS
    sizes: tuple[int, int] | None = None  # least and most people of a party, its mentor not counted
    size_bounds: tuple[int, int] = (2, 2)  # within which a run may choose other sizes


def _two_sides(
    sign: int,
    places: int,
    most: int,
    *,
    agreement: bool = True,
    makes: Makes = Makes.PAIRS,
    sizes: tuple[int, int] | None = None,
    size_bounds: tuple[int, int] = (2, 2),
) -> StructureFacts:
    return StructureFacts(
        sides=(MENTEE, MENTOR),
        giving=frozenset({MENTOR}),
        learning=frozenset({MENTEE}),
        seniority_sign=sign,
        places=places,
        places_most=most,
        has_agreement=agreement,
        makes=makes,
        sizes=sizes,
        size_bounds=size_bounds,
    )


def _one_side(
    places: int,
    most: int,
    makes: Makes,
    sizes: tuple[int, int] | None = None,
    size_bounds: tuple[int, int] = (2, 2),
) -> StructureFacts:
    return StructureFacts(
        sides=(PEER,),
        giving=frozenset({PEER}),
        learning=frozenset({PEER}),
        seniority_sign=0,
        places=places,
        places_most=most,
        has_lead=False,
        makes=makes,
        sizes=sizes,
        size_bounds=size_bounds,
    )


FACTS = MappingProxyType(
    {
        Structure.ONE_TO_ONE: _two_sides(1, 1, 10),
        Structure.REVERSE: _two_sides(-1, 1, 10),
        Structure.GROUP: _two_sides(1, 5, 20, makes=Makes.GROUPS, sizes=(2, 5), size_bounds=(2, 10)),
        Structure.COFFEE: _two_sides(1, 3, 50, agreement=False),  # one talk each (U30)
        Structure.RECIPROCAL: _one_side(1, 5, Makes.MUTUAL),
        Structure.CIRCLE: _one_side(1, 5, Makes.CIRCLES, sizes=(4, 10), size_bounds=(3, 12)),
    }
)


def makes_parties(structure: str) -> bool:
    """Whether its people come together as groups or circles, not as pairs."""
    return FACTS[Structure(structure)].makes in PARTIES


def facts(structure: str) -> StructureFacts:
    return FACTS[Structure(structure)]


def role_of_question(asked_of: str, role: str) -> bool:
    """Whether a question for `asked_of` is put to somebody in `role`; a peer gives and learns, so she gets both."""
    return role == PEER or asked_of in ("everybody", role)
