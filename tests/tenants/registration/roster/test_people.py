"""Rows that are, or may be, the same person: in the file, and among those who are here."""

import pytest

from tests.tenants.registration.roster.books import HEADER, codes, staged

ANA = ("Ana Babić", "ana@example.org", "Mentor")


def actions(found):
    return [(row.number, row.state.value, row.action.value) for row in found.rows]


def test_same_person_twice_is_taken_together_with_both_roles():
    found = staged(ANA, ("BABIC Ana", "ana@example.org", "Mentee"))

    assert actions(found) == [(2, "assumed", "create"), (3, "assumed", "none")]
    assert found.rows[0].value["roles"] == ["mentor", "mentee"]
    assert found.rows[0].problems[0].facts == {"rows": [3], "differing": ["full_name", "roles"]}
    assert found.rows[1].problems[0].facts == {"row": 2}


@pytest.mark.parametrize(
    ("decision", "grade", "states"),
    [
        ("merge", "P3", ["assumed", "assumed"]),
        ("last", "P4", ["assumed", "assumed"]),
        ("first", "P3", ["ready", "refused"]),
    ],
)
def test_same_person_twice_by_choice(decision, grade, states):
    found = staged(
        (*ANA, "P3"), (*ANA, "P4"), header=(*HEADER, "Grade"), choices={"groups": {"same_person": decision}}
    )

    assert found.rows[0].value["grade"] == grade
    assert [row.state.value for row in found.rows] == states


def test_two_people_with_one_address_the_first_keeps_it():
    found = staged(ANA, ("Li Wei", "ANA@example.org", "Mentee"))
    neither = staged(
        ANA, ("Li Wei", "ana@example.org", "Mentee"), choices={"groups": {"shared_address": "none"}}
    )

    assert actions(found) == [(2, "assumed", "create"), (3, "refused", "none")]
    assert found.rows[1].problems[-1].facts == {"row": 2, "name": "Ana Babić"}
    assert [row.is_refused for row in neither.rows] == [True, True]


def test_same_name_with_same_telephone_is_perhaps_the_same_person():
    found = staged(
        (*ANA, "+387 61 123 456"),
        ("Babić Ana", "a.babic@example.net", "Mentor", "0038761123456"),
        ("Ana Babić", "ana.b@example.net", "Mentor", "+387 61 123456"),
        ("Ana Babić", "other@example.net", "Mentor", "+387 61 999 999"),
        header=(*HEADER, "Phone"),
    )

    assert [codes(row) for row in found.rows] == [[], [], [("assumed", "perhaps_same_person")], []]


@pytest.mark.parametrize(("decision", "action"), [("keep", "keep"), ("update", "update"), ("skip", "none")])
def test_people_who_are_here(decision, action):
    known = {"ana@example.org": {"full_name": "Ana Babic", "registered_on": "2026-10-02"}}

    found = staged(ANA, choices={"groups": {"already_here": decision}}, known_emails=known)

    assert actions(found) == [(2, "assumed", action)]
    assert found.rows[0].problems[0].facts == {
        "registered_on": "2026-10-02",
        "name": "Ana Babic",
        "decision": decision,
    }


def test_somebody_else_here_with_the_address_is_refused_until_said_to_be_the_same():
    known = {"ana@example.org": {"full_name": "Li Wei"}}

    assert codes(staged(ANA, known_emails=known).rows[0]) == [("refused", "address_taken")]
    same = staged(ANA, choices={"groups": {"address_taken": "same"}}, known_emails=known)
    assert actions(same) == [(2, "assumed", "keep")]


def test_exclusions_are_looked_up_in_the_file_and_the_organisation():
    found = staged(
        (*ANA, "ana@example.org; eva@example.org; li@example.org; nobody@example.org"),
        ("Eva Delić", "eva@example.org", "Mentee", ""),
        header=(*HEADER, "Exclusions"),
        known_emails={"li@example.org": {"full_name": "Li Wei"}},
    )

    assert [(p.code, p.facts) for p in found.rows[0].problems] == [
        ("excludes_self", {"address": "ana@example.org"}),
        ("exclusion_in_file", {"address": "eva@example.org", "row": 3, "name": "Eva Delić"}),
        ("exclusion_here", {"address": "li@example.org", "name": "Li Wei"}),
        ("exclusion_unknown", {"address": "nobody@example.org"}),
    ]
    assert found.rows[0].value["exclusions"] == ["eva@example.org", "li@example.org", "nobody@example.org"]


def test_address_is_free_when_the_row_above_is_left_out():
    found = staged(ANA, ("Li Wei", "ana@example.org", "Mentee"), choices={"skip": [2]})

    assert actions(found) == [(2, "refused", "none"), (3, "ready", "create")]
