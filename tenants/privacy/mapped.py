"""
The whole map: every table and column, from the rooms' own `data_map.py`, and the faults of it.

Rooms are found by looking, not by naming them: a new room enters by having the file.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sqlalchemy import MetaData

import tenants
from tenants.mapping import PERSONAL, Erasing, Export, Rows, Table
from tenants.privacy import ground_map

PERSON = "person"
_FIRST = ("tenants.people", "tenants.registration", "tenants.proposals", "tenants.relationships")
_CHANGING = (Erasing.EMPTIED, Erasing.REPLACED)


@cache
def tables() -> Mapping[str, Table]:
    """Every table by its name, in the order of rooms."""
    found = [one for room in _rooms() for one in importlib.import_module(f"{room}.data_map").MAP]
    found += ground_map.MAP
    return {one.name: one for one in found}


def _rooms() -> list[str]:
    """What a reader of her copy looks for comes first."""
    found = [
        module.name
        for module in pkgutil.iter_modules(tenants.__path__, "tenants.")
        if module.ispkg and importlib.util.find_spec(f"{module.name}.data_map")
    ]
    return sorted(found, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))


def faults(metadata: MetaData, mapped: Iterable[Table] | None = None) -> list[str]:
    """What is not classified, what is classified and not there, and what contradicts itself; for engineers."""
    listed = list(tables().values() if mapped is None else mapped)
    known = {one.name: one for one in listed}
    there = {name: table for name, table in metadata.tables.items() if name not in ground_map.PLATFORM}
    found = [f"{name}: no data map" for name in sorted(set(there) - set(known))]
    found += [f"{name}: mapped, and not there" for name in sorted(set(known) - set(there))]
    found += [f"{one.name}: mapped twice" for one in listed if known[one.name] is not one]
    for name in sorted(set(there) & set(known)):
        columns = set(there[name].columns.keys())
        mapped_ones = known[name]
        found += [f"{name}.{one}: not classified" for one in sorted(columns - set(mapped_ones.columns))]
        found += [
            f"{name}.{one}: classified, and not there" for one in sorted(set(mapped_ones.columns) - columns)
        ]
        found += _contradictions(mapped_ones, known)
    return found


def _contradictions(one: Table, known: Mapping[str, Table]) -> Iterator[str]:
    if one.rows is not Rows.KEPT and not one.hers:
        yield f"{one.name}: whose rows these are is not said"
    if one.rows is Rows.EMPTIED and not any(one.erasing(name) in _CHANGING for name in one.columns):
        yield f"{one.name}: its rows are emptied of nothing"
    for link in one.hers:
        if link.column not in one.columns or link.to not in known:
            yield f"{one.name}: {link.column} leads nowhere"
    for name, column in one.columns.items():
        label = f"{one.name}.{name}"
        erasing = one.erasing(name)
        if column.export is Export.GIVEN and not (column.label and one.title and one.hers):
            yield f"{label}: in her copy without a label, a title or a way to find it"
        if (
            column.kind in PERSONAL
            and one.rows is Rows.EMPTIED
            and erasing is Erasing.STAYS
            and not _computed(label)
        ):
            yield f"{label}: tells of her and stays"
        if column.kind in PERSONAL and one.rows is Rows.KEPT and erasing is Erasing.STAYS and not column.why:
            yield f"{label}: tells of somebody, and nothing is done about it"
        if erasing is Erasing.EMPTIED and one.rows is Rows.DELETED:
            yield f"{label}: is emptied in a row that goes"


def _computed(label: str) -> bool:
    """Columns that the database makes from others, which are emptied."""
    return label == "person.search_key"
