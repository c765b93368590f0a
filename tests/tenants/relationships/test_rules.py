"""Rules of a relationship that need no database."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from tenants.relationships import rules

A, B, C = (UUID(int=number) for number in (1, 2, 3))
PARTY = UUID(int=9)


@pytest.mark.parametrize(
    ("party", "people", "never_again"),
    [
        (None, [("mentor", A), ("mentee", B)], [(A, B)]),
        (None, [("peer", A), ("peer", B)], [(A, B)]),  # C01
        (PARTY, [("mentor", A), ("mentee", B), ("mentee", C)], [(A, B), (A, C)]),
        (PARTY, [("peer", A), ("peer", B)], []),  # of a circle, who may meet anew
    ],
)
def test_who_are_not_proposed_to_each_other_again(party, people, never_again):  # K35
    case = SimpleNamespace(party_id=party)
    together = [SimpleNamespace(role=role, person_id=one) for role, one in people]
    assert rules.tried_together(case, together) == never_again


@pytest.mark.parametrize(
    ("role", "people", "goes_on"),
    [("mentor", 5, False), ("mentee", 3, True), ("mentee", 2, False), ("peer", 3, True), ("peer", 2, False)],
)
def test_what_goes_on_once_somebody_leaves(role, people, goes_on):
    assert rules.goes_on_without(role, people) is goes_on
