"""Rows together: choices, duplicates, people who are here, groups."""

import json

import pytest

from tenants.registration.roster.choices import Choices, WrongChoice
from tenants.registration.roster.codes import CODES
from tenants.registration.roster.fields import Field
from tests.tenants.registration.roster.books import HEADER, codes, one, roster, stage, staged

ANA = ("Ana Babić", "ana@example.org", "Mentor")
DATED = (*HEADER, "Date")


def test_row_as_json_has_every_field():
    found = one("Languages", "English (fluent)").as_json()

    assert found == {
        "row": 2,
        "state": "ready",
        "action": "create",
        "value": {
            "full_name": "Ana Babić",
            "email": "ana@example.org",
            "organisation_unit": None,
            "grade": None,
            "gender": None,
            "time_zone": None,
            "languages": [{"code": "en", "level": "fluent"}],
            "topics_offered": [],
            "topics_wanted": [],
            "mode": None,
            "capacity": None,
            "experience_years": None,
            "motivation": None,
            "phone": None,
            "supervisor_email": None,
            "exclusions": [],
            "date": None,
            "region": None,
            "sector": None,
            "roles": ["mentor", "mentee"],
            "phone_e164": None,
        },
        "problems": [],
    }
    assert json.loads(json.dumps(found)) == found


def test_forty_thousand_letters_are_a_problem_of_their_row():  # 40,000-character cell
    row = one("Motivation", "x" * 40_000)

    assert codes(row) == [("refused", "too_long")]
    assert row.problems[0].facts == {"length": 40_000, "limit": 4_000}
    assert len(row.problems[0].found) == 80
    assert row.cells[3] == "x" * 40_000


def test_too_long_is_cut_or_left_out_by_choice():
    cut = one("Motivation", "x" * 40_000, {"groups": {"too_long": "cut"}})
    left = one("Motivation", "x" * 40_000, {"groups": {"too_long": "leave_out"}})

    assert (len(cut.value["motivation"]), codes(cut)) == (4_000, [("assumed", "cut")])
    assert (left.value["motivation"], codes(left)) == (None, [("assumed", "left_out")])


def test_missing_obligatory_cells_are_each_named():
    row = staged(("", "", "", "x"), header=(*HEADER, "Sector")).rows[0]

    assert [(p.code, p.field, p.column) for p in row.problems] == [
        ("missing", Field.FULL_NAME, "A"),
        ("missing", Field.EMAIL, "B"),
        ("missing", Field.ROLE, "C"),
    ]


def test_correction_of_one_cell_is_read_like_the_cell():
    choices = {"rows": {"2": {"email": " ANA@example.org"}}}

    found = staged(("Ana", "ana at example.org", "Mentor"), choices=choices).rows[0]

    assert (found.value["email"], found.state.value) == ("ana@example.org", "assumed")


def test_suggested_addresses_are_taken_only_when_accepted():
    row = ("Ana", "ana at example.org", "Mentor")

    assert staged(row).rows[0].is_refused
    accepted = staged(row, choices={"groups": {"emails": "accept"}}).rows[0]
    assert (accepted.value["email"], codes(accepted)) == (
        "ana@example.org",
        [("assumed", "suggestion_taken")],
    )


def test_one_reading_answers_every_row_and_keeps_the_level():
    choices = {"readings": {"languages": {"BCMS": "Bosnian; Croatian"}}}

    row = one("Languages", "English (fluent); bcms (native)", choices)

    assert row.value["languages"] == [
        {"code": "en", "level": "fluent"},
        {"code": "bs", "level": "native"},
        {"code": "hr", "level": "native"},
    ]
    assert codes(row) == [("assumed", "read_by_choice")]


def test_reading_of_nothing_leaves_the_value_out():
    row = one("Time zone", "Mars/Olympus", {"readings": {"time_zone": {"mars olympus": ""}}})

    assert (row.value["time_zone"], codes(row)) == (None, [("assumed", "left_out")])


def test_unknown_office_is_read_as_another_or_made():
    known = {"units_known": ["Sarajevo", "Tuzla"]}

    assert codes(one("Office", "Zenica", **known)) == [("refused", "unknown_unit")]
    moved = one("Office", "Zenica", {"readings": {"organisation_unit": {"zenica": "Sarajevo"}}}, **known)
    made = one("Office", "Zenica", {"groups": {"units": "create"}}, **known)
    assert (moved.value["organisation_unit"], made.value["organisation_unit"]) == ("Sarajevo", "Zenica")


def test_dates_that_can_be_read_two_ways_are_said_until_chosen():
    rows = [(*ANA, "04/07/2026"), ("Eva", "eva@example.org", "Mentor", "05/06/2026")]

    unasked = staged(*rows, header=DATED)
    chosen = staged(*rows, header=DATED, choices={"date_order": "mdy"})

    assert [codes(row) for row in unasked.rows] == [[("assumed", "date_two_ways")]] * 2
    assert [row.value["date"] for row in chosen.rows] == ["2026-04-07", "2026-05-06"]
    assert [row.problems for row in chosen.rows] == [[], []]
    assert [(a.code, a.facts) for a in unasked.assumptions] == [
        ("dates_read_as", {"column": "D", "order": "dmy", "is_certain": False})
    ]


def test_own_address_as_supervisor_is_left_empty():
    row = one("Supervisor", "ana@example.org")

    assert (row.value["supervisor_email"], codes(row)) == (None, [("assumed", "own_supervisor")])


def test_number_of_mentees_of_a_mentee_means_nothing():
    row = one("Capacity", "99", role="Mentee")

    assert (row.value["capacity"], codes(row)) == (None, [("assumed", "capacity_ignored")])


def test_empty_languages_are_said_where_the_file_has_the_column():
    assert codes(one("Languages", "")) == [("assumed", "expected_missing")]
    assert codes(one("Sector", "")) == []


def test_halves_of_a_name_are_joined():
    found = staged(
        ("Ana", "Babić", "ana@example.org", "Mentor"), header=("First name", "Surname", "E-mail", "Role")
    )

    assert (found.rows[0].value["full_name"], codes(found.rows[0])) == (
        "Ana Babić",
        [("assumed", "name_joined")],
    )


def test_rows_left_out_by_choice_are_handed_back():
    found = staged(ANA, choices={"skip": [2]})

    assert (codes(found.rows[0]), list(found.commit())) == ([("refused", "row_left_out")], [])


def test_sign_of_fractions_is_said():
    found = staged((*ANA, "7,5"), header=(*HEADER, "Years of experience"))

    assert [(a.code, a.facts) for a in found.assumptions] == [
        ("decimals_read_as", {"column": "D", "sign": ","})
    ]


def test_changing_a_row_changes_no_other():
    rows = [(f"Ana {name}", f"{name}@example.org", "Both", "English (fluent)") for name in ("One", "Two")]
    first, second = staged(*rows, header=(*HEADER, "Languages")).rows

    first.value["languages"][0]["level"] = "basic"
    first.value["roles"].append("x")

    assert (second.value["languages"], second.value["roles"]) == (
        [{"code": "en", "level": "fluent"}],
        ["mentor", "mentee"],
    )


def test_groups_gather_rows_by_what_mends_them():
    rows = [
        (f"Ana {name}", f"a{name}@example.org".lower(), "Mentor", "BCMS")
        for name in ("Babić", "Delić", "Softić")
    ]
    found = staged(*rows, ("Eva", "eva@example.org", "Mentor", "Klingon"), header=(*HEADER, "Languages"))

    (group,) = found.groups()

    assert (group.group, group.severity, group.rows, group.decisions) == (
        "languages", "refused", (2, 3, 4, 5), ("ask", "leave_out")
    )  # fmt: skip
    assert [(v.found, v.key, v.suggestion, v.rows) for v in group.values] == [
        ("BCMS", "bcms", "bs", (2, 3, 4)),
        ("Klingon", "klingon", None, (5,)),
    ]


def test_decided_group_stays_in_sight():
    found = staged(
        (*ANA, "Mars"), header=(*HEADER, "Time zone"), choices={"groups": {"time_zones": "leave_out"}}
    )

    (group,) = found.groups()

    assert (group.group, group.severity, group.decision) == ("time_zones", "assumed", "leave_out")


def test_choices_survive_json_and_give_the_same_result():
    data = {
        "date_order": "dmy",
        "readings": {"languages": {"bcms": "Bosnian"}},
        "groups": {"emails": "accept", "same_person": "last"},
        "rows": {"55": {"experience_years": "3"}},
        "skip": [4],
    }
    sheet = roster("inter-agency-2026.xlsx")

    assert Choices.from_json(json.loads(json.dumps(Choices.from_json(data).as_json()))) == Choices.from_json(
        data
    )
    assert [row.as_json() for row in stage(sheet, data).rows] == [
        row.as_json() for row in stage(sheet, data).rows
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"date_order": "ymd"},
        {"groups": {"emails": "guess"}},
        {"groups": {"nonsense": "ask"}},
        {"readings": {"nonsense": {}}},
        {"rows": {"x": {}}},
        {"rows": {"2": {"nonsense": ""}}},
        {"skip": ["x"]},
    ],
)
def test_choice_that_does_not_exist_is_refused(wrong):
    with pytest.raises(WrongChoice) as refusal:
        Choices.from_json(wrong)

    assert len(refusal.value.problems) == 1


@pytest.mark.parametrize(
    "name", ["inter-agency-2026.xlsx", "mentor-network.csv", "solidarite.csv", "large.csv"]
)
def test_every_problem_of_the_rosters_has_its_code_with_its_facts(name):
    for row in stage(roster(name)).rows:
        for problem in row.problems:
            assert set(problem.facts) == set(CODES[problem.code].facts), problem.code
