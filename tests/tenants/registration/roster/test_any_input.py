"""Whatever stands in a file, a person gets rows or a named error, never a crash."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.errors import HouseError
from tenants.registration.roster import headers, reading, rejected, staging
from tenants.registration.roster.codes import CODES
from tenants.registration.roster.fields import Field
from tests.tenants.registration.roster.books import as_csv

HEADER = [field.value for field in Field]
COLUMNS = dict(enumerate(Field))
LIKELY = st.sampled_from(
    ["Mentor", "ana@example.org", "a at b.org", "=1+1", "EN/FR", "12/11/26", "GMT+3", "2-3", "٣", "²", "1e999", "0x10", "--1", "[]", "P-3",
     "mailto:", "<>", "@", "a@b", "English (", "; ;", "UTC+99:99", "31.02.2026", "99999999", "\x00", "\ud7ff", "🙂", "ß" * 50, "Ã¼", "?" * 9]
)  # fmt: skip
CELL = st.one_of(
    LIKELY,
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60),
    st.lists(LIKELY, max_size=4).map("; ".join),
    st.lists(LIKELY, max_size=3).map(" ".join),
)
SLOW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(st.lists(st.lists(CELL, min_size=len(HEADER), max_size=len(HEADER)), min_size=1, max_size=4))
def test_any_cells_are_staged_with_known_codes_and_facts(rows):
    table = [HEADER, *[["Ana", *row[1:]] for row in rows]]
    sheet = reading.read(
        as_csv([[cell.encode(errors="replace").decode() for cell in row] for row in table]), "a.csv"
    )
    staged = staging.stage(sheet, COLUMNS, topics_known=["Leadership"], units_known=["Sarajevo"])

    assert sum(staged.counts()[state] for state in ("ready", "assumed", "refused")) == sheet.row_count
    for row in staged.rows:
        for problem in row.problems:
            assert set(problem.facts) == set(CODES[problem.code].facts)
    assert rejected.as_csv(sheet, staged, lambda problems: problems[0].code)
    assert rejected.as_xlsx(sheet, staged, lambda problems: problems[0].code)


@SLOW
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_by_name(content):
    try:
        sheet = reading.read(content, "roster")
    except HouseError as error:
        assert error.code.startswith("roster.")
        return
    assert len(headers.suggest(sheet)) == len(sheet.headers)


@SLOW
@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_any_damage_to_a_workbook_is_read_or_refused_by_name(damage, at):
    from tests.tenants.registration.roster.books import as_xlsx

    whole = as_xlsx([["Full name", "E-mail", "Role"], ["Ana", "ana@example.org", "Mentor"]])
    at = at % len(whole)
    try:
        sheet = reading.read(whole[:at] + damage + whole[at + len(damage) :], "roster.xlsx")
    except HouseError as error:
        assert error.code.startswith("roster.")
        return
    assert sheet.cells


@SLOW
@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_by_name(text):
    try:
        sheet = reading.read(text.encode("utf-8", errors="replace"), "roster.csv")
    except HouseError as error:
        assert error.code.startswith("roster.")
        return
    assert all(any(cell.strip() for cell in cells) for _, cells in sheet.rows())
