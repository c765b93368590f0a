"""Which rows are one person's: from her own row on, along the links of the map, table by table."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, MetaData, Table, Text, cast, column, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db import bulk
from tenants.mapping import By, Link
from tenants.mapping import Table as Mapped
from tenants.people.models import Person
from tenants.privacy.mapped import PERSON, tables

PATIENCE_MS = 120_000


@dataclass(frozen=True, slots=True)
class Hers:
    """A person, and the ids of her rows by table, as far as other tables refer to them."""

    id: UUID
    full_name: str
    email: str | None
    metadata: MetaData
    ids: dict[str, list[UUID]] = field(default_factory=dict)

    def table(self, name: str) -> Table:
        return self.metadata.tables[name]

    def rows(self, mapped: Mapped) -> ColumnElement[bool]:
        """The condition that holds for her rows of a table."""
        found = [self._along(self.table(mapped.name), link) for link in mapped.hers]
        return or_(*found) if found else false()

    def all_ids(self) -> list[str]:
        """Every id by which something of another may name her, as text."""
        return [str(one) for found in self.ids.values() for one in found]

    def _along(self, table: Table, link: Link) -> ColumnElement[bool]:
        found = table.c[link.column]
        match link.by:
            case By.ADDRESS:
                return found == self.email if self.email else false()
            case By.ADDRESS_DIGEST:
                # As `tenants.identity.guessing` makes it.
                return found == hashlib.sha256((self.email or "").encode()).digest()
            case By.VALUES:
                return names_one(found, [str(one) for one in self.ids.get(link.to, [])])
            case By.ID:
                return bulk.any_of(found, self.ids.get(link.to, []))


def names_one(found: Any, values: list[str]) -> ColumnElement[bool]:
    """Whether one of the values of a JSON object is among `values`."""
    if not values:
        return false()
    each = func.jsonb_each_text(found).table_valued(column("key", Text), column("value", Text))
    return select(1).select_from(each).where(bulk.texts(cast(each.c.value, Text), values)).exists()


async def find(session: AsyncSession, metadata: MetaData, person: Person) -> Hers:
    """`metadata` knows every table of the house; whoever has loaded all of them hands it in. For workers: it may take long."""
    # Where something names her is found by reading whole tables of the organisation; nobody waits for it.
    await session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE_MS}"))
    found = Hers(person.id, person.full_name, person.email, metadata, {PERSON: [person.id]})
    for mapped in _inner(tables()):
        if mapped.name != PERSON:
            query = select(found.table(mapped.name).c.id).where(found.rows(mapped))
            found.ids[mapped.name] = list((await session.execute(query)).scalars())
    return found


def _inner(mapped: Mapping[str, Mapped]) -> Iterator[Mapped]:
    """Tables that others refer to, each after those which it refers to."""
    wanted = {link.to for one in mapped.values() for link in one.hers}
    done: set[str] = set()

    def after(name: str) -> Iterator[Mapped]:
        if name in done:
            return
        done.add(name)
        for link in mapped[name].hers:
            if link.to != name:
                yield from after(link.to)
        yield mapped[name]

    for name in sorted(wanted):
        yield from after(name)
