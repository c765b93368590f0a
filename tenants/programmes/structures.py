"""
The facts in which the structures of mentoring differ: one table, so that no `if structure ==` stands elsewhere.

A *side* is a part that a participant registers for. `seniority_sign` is the
direction of "more experienced" from mentee to mentor: −1 for reverse
mentoring, where the learner is the more senior (U01), 0 where nobody leads.
"""

from dataclasses import dataclass
from types import MappingProxyType

from infra.errors import Invalid, Problem
from tenants.programmes.models import Structure

MENTOR, MENTEE, PEER = "mentor", "mentee", "peer"


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
    group_sizes: tuple[int, int] | None = None  # least and most mentees of one mentor, on one topic (I07)


def _two_sides(
    sign: int, places: int, most: int, *, agreement: bool = True, group_sizes: tuple[int, int] | None = None
) -> StructureFacts:
    return StructureFacts(
        sides=(MENTEE, MENTOR),
        giving=frozenset({MENTOR}),
        learning=frozenset({MENTEE}),
        seniority_sign=sign,
        places=places,
        places_most=most,
        has_agreement=agreement,
        group_sizes=group_sizes,
    )


def _one_side(places: int, most: int) -> StructureFacts:
    return StructureFacts(
        sides=(PEER,),
        giving=frozenset({PEER}),
        learning=frozenset({PEER}),
        seniority_sign=0,
        places=places,
        places_most=most,
        has_lead=False,
    )


FACTS = MappingProxyType(
    {
        Structure.ONE_TO_ONE: _two_sides(1, 1, 10),
        Structure.REVERSE: _two_sides(-1, 1, 10),
        Structure.GROUP: _two_sides(1, 5, 20, group_sizes=(2, 5)),
        Structure.COFFEE: _two_sides(1, 3, 50, agreement=False),  # one talk each (U30)
        Structure.RECIPROCAL: _one_side(1, 5),  # both sides in one person (C01)
        Structure.CIRCLE: _one_side(1, 5),
    }
)


def facts(structure: str) -> StructureFacts:
    return FACTS[Structure(structure)]


def must_be_matched(structure: Structure | None) -> None:
    """
    What a new programme may be: a structure whose people runs can bring together; None leaves it to the starter.

    Raises:
        Invalid: everybody would be on one side, which no run matches so far.
    """
    if structure is not None and len(facts(structure).sides) != 2:
        raise Invalid(Problem("structure", "not_a_choice"))


def role_of_question(asked_of: str, role: str) -> bool:
    """Whether a question for `asked_of` is put to somebody in `role`; a peer gives and learns, so she gets both."""
    return role == PEER or asked_of in ("everybody", role)
