"""
A file becomes a preview: read, mapped, staged, kept row by row. Nothing of it counts.

`source` and `known` ask the database, `read` and `stage` compute and know
nothing of it, `keep` and `fail` write. Between them the world may change; a
preview of an older version than the import's is thrown away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import ids
from infra.db import bulk
from infra.errors import HouseError
from tenants.people.models import Person
from tenants.registration.importing import becoming, memory, own_questions, queries, rules, setting, summary
from tenants.registration.importing.setting import Setting
from tenants.registration.importing.telling import Tell
from tenants.registration.models import ImportState, RosterImport, RosterRow
from tenants.registration.roster import headers, reading, staging
from tenants.registration.roster.fields import Field
from tenants.registration.roster.rows import Row
from tenants.registration.roster.sheet import Sheet
from tenants.registration.roster.values import contact


class Outdated(Exception):
    """A later decision has its own job; this one has nothing to do any more."""


@dataclass(frozen=True, slots=True)
class Source:
    """What a preview is made of."""

    import_id: UUID
    organisation_id: UUID
    version: int
    file_name: str
    content: bytes
    chosen: Mapping[str, Any]
    columns: Mapping[int, Field] | None
    own: Mapping[int, str]  # what was said of columns that answer the programme's own questions
    choices: Mapping[str, Any]
    setting: Setting


@dataclass(frozen=True, slots=True)
class Known:
    """What the organisation knows already: how such a file was read before, and who is here."""

    mapping: Mapping[str, str]
    choices: Mapping[str, Any]
    people: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Preview:
    found: dict[str, Any]
    columns: Mapping[int, Field]
    is_chosen: bool
    choices: dict[str, Any]
    counts: dict[str, Any]
    rows: list[Row]


async def source(session: AsyncSession, import_id: UUID, version: int) -> Source | None:
    """None where a later version has its own job, or the file has gone."""
    found = await queries.with_file(session, import_id)
    if found is None or found.file is None or not _is_meant(found, version):
        return None
    columns = found.mapping.get("columns") if found.mapping.get("is_chosen") else None
    return Source(
        import_id=found.id,
        organisation_id=found.organisation_id,
        version=version,
        file_name=found.file_name,
        content=found.file,
        chosen=found.reading.get("chosen", {}),
        columns={int(at): Field(of) for at, of in columns.items()} if columns is not None else None,
        own={int(at): key for at, key in found.mapping.get("own", {}).items()},
        choices=found.choices,
        setting=await setting.load(session, found),
    )


def _is_meant(found: RosterImport, version: int) -> bool:
    return found.state == ImportState.UPLOADED and found.version == version


def read(source: Source) -> Sheet:
    """
    Raises:
        HouseError: one of `roster.errors`, for the person who sent the file.
    """
    return reading.read(source.content, source.file_name, **source.chosen)


async def known(session: AsyncSession, source: Source, sheet: Sheet) -> Known:
    before = await queries.remembered(session, memory.fingerprint(sheet.headers))
    mapping = before.mapping if before else {}
    choices = source.choices or (before.choices if before else {})
    columns = source.columns or headers.columns_of(headers.suggest(sheet, mapping))
    people = await _people(session, source.setting, _addresses(sheet, columns, choices))
    return Known(mapping, choices, people)


def _addresses(sheet: Sheet, columns: Mapping[int, Field], choices: Mapping[str, Any]) -> set[str]:
    """Every address that a row may come to have, read or suggested, and those of people to keep apart."""
    texts = [
        cell
        for column, of in columns.items()
        if of in (Field.EMAIL, Field.EXCLUSIONS)
        for cell in sheet.column(column)
    ]
    texts += [text for cells in choices.get("rows", {}).values() for text in cells.values()]
    texts += [text for table in choices.get("readings", {}).values() for text in table.values()]
    found = set()
    for text in texts:
        for part in text.replace(",", ";").split(";") if "@" in text else (text,):
            one = contact.email(part.strip())
            found |= {one.value} | {finding.suggestion for finding in one.findings}
    return {address for address in found if address}


async def _people(session: AsyncSession, setting: Setting, addresses: set[str]) -> dict[str, dict[str, Any]]:
    """Who is here, by the address as the roster writes it; of people beyond the uploader's reach no name."""
    by_kept: dict[str, str] = {becoming.address(address): address for address in addresses}
    query = select(Person.email, Person.full_name, Person.office_id, Person.created_at)
    query = query.where(bulk.texts(Person.email, sorted(by_kept)))
    return {
        by_kept[email]: {
            "full_name": name if not setting.reach or office in setting.reach else "",
            "since": since.date().isoformat(),
        }
        for email, name, office, since in await session.execute(query)
        if email
    }


def stage(source: Source, sheet: Sheet, known: Known, seen: Callable[[int], None] | None = None) -> Preview:
    """
    Calls `seen` with the number of rows read so far.

    Raises:
        IncompleteMapping: no column for an obligatory field; `found` tells how the file was read.
    """
    suggested = headers.suggest(sheet, known.mapping)
    columns = source.columns if source.columns is not None else headers.columns_of(suggested)
    choices = rules.joined(known.choices, {})
    topics = [*source.setting.topics, *choices[rules.NEW_TOPICS]]
    staged = staging.stage(
        sheet,
        columns,
        rules.choices_of(choices),
        known.people,
        topics,
        source.setting.office_names,
        seen,
    )
    assumptions = [{"code": one.code, "facts": one.facts} for one in staged.assumptions]
    assumptions += own_questions.read(sheet, source.setting, columns, staged.rows, source.own, staged.choices)
    return Preview(
        found=described(source, sheet, known) | {"assumptions": assumptions},
        columns=columns,
        is_chosen=source.columns is not None,
        choices=choices,
        counts=summary.counts(staged, source.setting),
        rows=staged.rows,
    )


def described(source: Source, sheet: Sheet, known: Known) -> dict[str, Any]:
    """How the file was read, for the page that lets it be read otherwise."""
    suggested = headers.suggest(sheet, known.mapping)
    columns = source.columns if source.columns is not None else headers.columns_of(suggested)
    own = own_questions.meant(sheet.headers, source.setting.questions, columns, source.own)
    return {
        "own": {str(at): question.key for at, question in own.items()},
        "format": sheet.format,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "sheet": sheet.name,
        "sheets": [choice.name for choice in sheet.choices],
        "header_row": sheet.header_row,
        "headers": sheet.headers,
        "suggestions": [
            {
                "column": one.column,
                "field": one.field.value if one.field else None,
                "confidence": one.confidence,
                "why": one.why,
                "examples": list(one.examples),
            }
            for one in suggested
        ],
        "assumptions": [{"code": one.code, "facts": one.facts} for one in sheet.assumptions],
    }


async def keep(session: AsyncSession, source: Source, preview: Preview, tell: Tell) -> None:
    """
    Write the preview. Only rows that differ from the preview before are touched.

    The import itself is written last, so that whoever decides about it meanwhile does not wait.

    Raises:
        Outdated: somebody has; what was written here must be rolled back.
    """
    await session.execute(select(bulk.alone(source.import_id)))
    await _drop_others(session, source.import_id, [row.number for row in preview.rows])
    done = 0
    for part in bulk.batches(preview.rows):
        await _keep_rows(session, source, part)
        done += len(part)
        await tell("saving", done, len(preview.rows))
    await _set(
        session,
        source,
        state=ImportState.STAGED,
        error=None,
        reading={"chosen": dict(source.chosen), "found": bulk.storable(preview.found)},
        mapping={
            "columns": {str(at): of.value for at, of in preview.columns.items()},
            "own": {str(at): key for at, key in source.own.items()},
            "is_chosen": preview.is_chosen,
        },
        choices=bulk.storable(preview.choices),
        counts=bulk.storable(preview.counts),
    )


async def fail(
    session: AsyncSession, source: Source, error: HouseError, found: Mapping[str, Any] | None
) -> None:
    """
    Keep why the file could not be read, with its facts, and as much of it as was understood.

    Raises:
        Outdated: it is to be read otherwise already.
    """
    fault = {"code": error.code, "facts": bulk.storable(error.facts)}
    reading: dict[str, Any] = {"chosen": dict(source.chosen), "fault": fault}
    if found is not None:
        reading["found"] = bulk.storable(dict(found))
    await _set(session, source, state=ImportState.FAILED, error=error.code, reading=reading)


async def _set(session: AsyncSession, source: Source, **values: Any) -> None:
    done = await session.execute(
        update(RosterImport)
        .where(
            RosterImport.id == source.import_id,
            RosterImport.version == source.version,
            RosterImport.state == ImportState.UPLOADED,
        )
        .values(**values)
        .returning(RosterImport.id)
    )
    if done.first() is None:
        raise Outdated


async def _drop_others(session: AsyncSession, import_id: UUID, numbers: list[int]) -> None:
    await session.execute(
        delete(RosterRow).where(
            RosterRow.import_id == import_id, ~bulk.numbers(RosterRow.row_number, numbers)
        )
    )


async def _keep_rows(session: AsyncSession, source: Source, rows: Any) -> None:
    numbers = [row.number for row in rows]
    r = RosterRow
    query = select(r.row_number, r.id, r.state, r.cells, r.values, r.problems)
    query = query.where(r.import_id == source.import_id, bulk.numbers(r.row_number, numbers))
    kept = {row[0]: row for row in await session.execute(query)}
    new, changed = [], []
    for row in rows:
        values = _stored(row)
        before = kept.get(row.number)
        if before is None:
            new.append(values | {"import_id": source.import_id, "row_number": row.number})
        elif (before.state, before.cells, before.values, before.problems) != tuple(values.values()):
            changed.append({"id": before.id, **values})
    more = {"organisation_id": source.organisation_id, "person_is_new": False, "participation_ids": []}
    if new:
        await bulk.insert_rows(session, bulk.table(r), [{"id": ids.new(), **more, **row} for row in new])
    if changed:
        await bulk.update_rows(session, bulk.table(r), changed)


def _stored(row: Row) -> dict[str, Any]:
    return {
        "state": summary.state(row).value,
        "cells": bulk.storable(row.cells),
        "values": bulk.storable({**row.value, "action": row.action.value}),
        "problems": bulk.storable([problem.as_json() for problem in row.problems]),
    }
