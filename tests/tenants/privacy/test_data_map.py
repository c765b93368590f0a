"""Every column of every table says what it is for; planted faults show that the test would notice."""

from dataclasses import replace

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from tenants.mapping import Export, Kind, Rows, course, hers, hidden, house
from tenants.privacy import mapped, words
from tenants.tables import metadata


def test_map_has_no_fault() -> None:
    assert mapped.faults(metadata) == []


def test_every_column_is_classified() -> None:
    there = {
        f"{table}.{column}"
        for table in metadata.tables
        if table != "timetable"
        for column in metadata.tables[table].columns.keys()  # noqa: SIM118  (not a dict)
    }
    classified = {f"{one.name}.{column}" for one in mapped.tables().values() for column in one.columns}
    assert classified == there


def test_every_period_and_every_note_has_words() -> None:
    rules = {one.kept.rule for one in mapped.tables().values()} - {"days"}
    noted = {
        f"{one.name}.{name}"
        for one in mapped.tables().values()
        for name, column in one.columns.items()
        if column.export is Export.NOTED
    }
    assert (rules - set(words.KEPT), noted - set(words.NOTED)) == (set(), set())


def _grown() -> MetaData:
    made = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(made)
    return made


def test_new_column_is_found() -> None:
    grown = _grown()
    grown.tables["person"].append_column(Column("shoe_size", Text))
    assert mapped.faults(grown) == ["person.shoe_size: not classified"]


def test_new_table_is_found() -> None:
    grown = _grown()
    Table("diary", grown, Column("text", Text))
    assert mapped.faults(grown) == ["diary: no data map"]


def test_stale_table_is_found() -> None:
    one = replace(mapped.tables()["office"], name="building")
    assert mapped.faults(metadata, [*mapped.tables().values(), one]) == ["building: mapped, and not there"]


CONCERN = mapped.tables()["concern"]
PERSON = mapped.tables()["person"]
FAULTS = {
    "stale column": (
        replace(CONCERN, columns=CONCERN.columns | {"mood": course()}),
        "concern.mood: classified, and not there",
    ),
    "personal column that stays": (
        replace(PERSON, columns=PERSON.columns | {"phone": hidden(Kind.CONTACT)}),
        "person.phone: tells of her and stays",
    ),
    "personal column of nobody": (
        replace(CONCERN, rows=Rows.KEPT, columns={name: house() for name in CONCERN.columns} | {"text": hidden(Kind.CONFIDENTIAL)}),
        "concern.text: tells of somebody, and nothing is done about it",
    ),
    "emptied of nothing": (
        replace(CONCERN, rows=Rows.EMPTIED, columns={name: course() for name in CONCERN.columns}),
        "concern: its rows are emptied of nothing",
    ),
    "no way to her": (replace(CONCERN, hers=()), "concern: whose rows these are is not said"),
    "unlabelled": (
        replace(CONCERN, columns=CONCERN.columns | {"text": hers("")}),
        "concern.text: in her copy without a label, a title or a way to find it",
    ),
    "emptied in a row that goes": (
        replace(CONCERN, columns=CONCERN.columns | {"text": hers("x", empty="")}),
        "concern.text: is emptied in a row that goes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_fault_is_found(fault: str) -> None:
    changed, sentence = FAULTS[fault]
    listed = [changed if one.name == changed.name else one for one in mapped.tables().values()]
    assert sentence in mapped.faults(metadata, listed)
