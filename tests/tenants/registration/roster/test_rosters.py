"""The five rosters that coordinators sent: every row that is wrong is accounted for, by number and by reason."""  # bad roster rows

import pytest

from tenants.registration.roster.rows import Row
from tenants.registration.roster.staging import Staged
from tests.tenants.registration.roster.books import roster, stage

INTER_AGENCY_REFUSED = {
    55: "number_out_of_range",  # -3 years
    78: "address_of_another_row",
    85: "too_long",
    145: "formula_as_name",
    228: "too_long",
    237: "email_wrong",
    249: "email_wrong",
    280: "address_of_another_row",
    420: "address_of_another_row",
    456: "formula_as_name",
    464: "address_of_another_row",
    478: "address_of_another_row",
    507: "too_long",
    643: "address_of_another_row",
    646: "number_out_of_range",  # room for -1 mentees
    657: "too_long",
}
INTER_AGENCY_ASSUMED = {
    14: ["exclusion_in_file"],
    77: ["date_other_form"],
    97: ["spaces_removed"],
    102: ["exclusion_in_file"],
    115: ["exclusion_in_file"],
    130: ["exclusion_in_file"],
    211: ["capacity_zero"],
    220: ["languages_read_as"],
    294: ["role_read_as", "capacity_ignored", "role_doubtful"],
    308: ["spaces_removed"],
    315: ["languages_read_as"],
    326: ["spaces_removed"],
    356: ["languages_read_as"],
    371: ["number_in_words"],
    403: ["exclusion_in_file"],
    421: ["date_from_serial"],
    431: ["date_from_serial"],
    457: ["number_range"],
    494: ["role_read_as"],
    534: ["time_zone_from_offset"],
    542: ["role_read_as"],
    560: ["exclusion_in_file"],
    613: ["languages_read_as"],
}


def refused(staged: Staged) -> dict[int, str]:
    return {row.number: _first_refusal(row) for row in staged.rows if row.is_refused}


def assumed(staged: Staged) -> dict[int, list[str]]:
    return {
        row.number: [p.code for p in row.problems]
        for row in staged.rows
        if row.problems and not row.is_refused
    }


def _first_refusal(row: Row) -> str:
    return next(problem.code for problem in row.problems if problem.severity.value == "refused")


def value(staged: Staged, number: int, field: str) -> object:
    return next(row.value[field] for row in staged.rows if row.number == number)


def test_inter_agency_accounts_for_all_39_bad_rows():
    sheet = roster("inter-agency-2026.xlsx")
    staged = stage(sheet)

    assert (sheet.format, sheet.name, sheet.header_row) == ("xlsx", "Answers", 3)
    assert staged.counts() == {"ready": 620, "assumed": 24, "refused": 16, "all": 660, "to_commit": 644}
    assert refused(staged) == INTER_AGENCY_REFUSED
    # Row 4 is not bad itself: it is the first of seven with one address, and keeps it.
    assert assumed(staged) == {4: ["address_also_in"]} | INTER_AGENCY_ASSUMED
    assert len(INTER_AGENCY_REFUSED) + len(INTER_AGENCY_ASSUMED) == 39


def test_inter_agency_reads_the_mendable_rows_as_they_were_meant():
    staged = stage(roster("inter-agency-2026.xlsx"))

    assert value(staged, 77, "date") == "2026-05-13"
    assert value(staged, 97, "full_name") == "Ing. Florencia Sotelo"
    assert value(staged, 220, "languages") == [{"code": "en", "level": None}, {"code": "fr", "level": None}]
    assert value(staged, 371, "experience_years") == 10
    assert value(staged, 421, "date") == "2023-07-16"
    assert value(staged, 457, "capacity") == 2
    assert value(staged, 494, "roles") == ["mentor", "mentee"]
    assert value(staged, 534, "time_zone") == "Asia/Kathmandu"


def test_inter_agency_problem_says_row_column_header_found_and_suggestion():
    staged = stage(roster("inter-agency-2026.xlsx"))
    row = next(row for row in staged.rows if row.number == 237)

    assert [problem.as_json() for problem in row.problems] == [
        {
            "row": 237,
            "column": "B",
            "header": "E-mail",
            "field": "email",
            "code": "email_wrong",
            "group": "emails",
            "severity": "refused",
            "found": "p700140 at example.org",
            "suggestion": "p700140@example.org",
            "facts": {},
        }
    ]


def test_mentor_network_accounts_for_its_10_bad_rows_and_the_lost_letters():
    sheet = roster("mentor-network.csv")
    staged = stage(sheet)
    lost = {number for number, code in refused(staged).items() if code == "name_lost"}

    assert (sheet.encoding, sheet.delimiter) == ("windows-1252", ";")
    assert staged.counts() == {"ready": 101, "assumed": 9, "refused": 30, "all": 140, "to_commit": 110}
    assert {n: c for n, c in refused(staged).items() if n not in lost} == {
        37: "formula_as_name",
        48: "address_of_another_row",
        66: "too_long",
        136: "address_of_another_row",
    }
    assert {6} < lost  # the tenth: forty thousand letters in a row whose name is lost as well
    assert "too_long" in [p.code for row in staged.rows if row.number == 6 for p in row.problems]
    assert len(lost) == 26
    assert assumed(staged) == {
        2: ["address_also_in"],
        11: ["letters_lost"],
        31: ["time_zone_from_offset"],
        57: ["exclusion_in_file"],
        60: ["date_from_serial"],
        68: ["number_in_words"],
        70: ["letters_lost"],
        85: ["letters_lost"],
        92: ["capacity_ignored"],
    }


def test_mentor_network_keeps_lost_names_when_the_coordinator_says_so():
    staged = stage(roster("mentor-network.csv"), {"groups": {"lost_letters": "keep"}})

    assert staged.counts()["refused"] == 5  # the four above, and row 6 with its forty thousand letters
    assert value(staged, 5, "full_name") == "??"


def test_solidarite_accounts_for_its_6_bad_rows():
    staged = stage(roster("solidarite.csv"))

    assert staged.counts() == {"ready": 119, "assumed": 2, "refused": 4, "all": 125, "to_commit": 121}
    assert refused(staged) == {53: "too_long", 82: "too_long", 89: "missing", 92: "number_out_of_range"}
    assert assumed(staged) == {44: ["exclusion_in_file"], 58: ["spaces_removed"]}
    assert sum(row.value["roles"] == ["mentor", "mentee"] for row in staged.rows) == 89


def test_chapter_pilot_is_ready_as_it_stands():
    assert stage(roster("chapter-pilot.xlsx")).counts() == {
        "ready": 13,
        "assumed": 0,
        "refused": 0,
        "all": 13,
        "to_commit": 13,
    }


def test_large_accounts_for_its_106_bad_rows():
    staged = stage(roster("large.csv"))
    by_code: dict[str, int] = {}
    for code in refused(staged).values():
        by_code[code] = by_code.get(code, 0) + 1
    said = assumed(staged)

    assert staged.counts() == {"ready": 9892, "assumed": 45, "refused": 63, "all": 10_000, "to_commit": 9937}
    assert by_code == {
        "address_of_another_row": 14,
        "formula_as_name": 11,
        "too_long": 9,
        "email_wrong": 9,
        "unknown_time_zone": 7,  # on Mars
        "number_out_of_range": 6,
        "not_a_number": 3,  # 'many'
        "missing": 2,
        "unknown_language": 1,
        "date_impossible": 1,  # 31 February
    }
    # Row 2 keeps the address that fourteen others use; row 2360 has two spaces in a name by nobody's purpose.
    assert said.pop(2) == ["address_also_in"]
    assert said.pop(2360) == ["spaces_removed"]
    assert len(said) + len(refused(staged)) == 106


@pytest.mark.parametrize(
    "name",
    ["inter-agency-2026.xlsx", "mentor-network.csv", "solidarite.csv", "chapter-pilot.xlsx", "large.csv"],
)
def test_no_row_is_lost(name):
    sheet = roster(name)
    staged = stage(sheet)

    assert [row.number for row in staged.rows] == [number for number, _ in sheet.rows()]
    assert [row.cells for row in staged.rows] == [cells for _, cells in sheet.rows()]
    assert all(row.problems for row in staged.rows if row.state.value != "ready")
