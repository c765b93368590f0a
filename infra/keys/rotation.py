"""
New keys for old ones. Each step takes a few rows, commits and can be killed; whoever comes next goes on from there.

A new version of a tenant's key is for all that is sealed from then on. Three things then move, and each counts what
is left: tenants' keys beneath a new master key, subjects' keys beneath a new tenant's key, and values that were
sealed with the tenant's key itself. Records' keys lie beneath subjects' keys and stay as they are. Old versions open
what has not moved, and what a backup brings back.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, MetaData, Table, Uuid, func, select, text, update

from infra import logs
from infra.crypto import envelope, hierarchy
from infra.crypto.envelope import DataKey, Place
from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import KeySet, WrappedKey
from infra.db.context import Context
from infra.keys import store
from infra.keys.house import KeyHouse
from infra.keys.owners import KeyOwner
from infra.keys.store import StoredKey

log = logs.get("keys")
FIRST = UUID(int=0)
AT_ONCE = 100  # rows a step: what a killed process does a second time

_OF_REQUEST = text("SELECT version FROM key WHERE request = :request")
_TENANT_KEYS = text("""
    SELECT id, tenant, subject, record, version, wrapped, outer_id, made_at FROM key
    WHERE outer_id IS NULL AND (CAST(:tenant AS uuid) IS NULL OR tenant = :tenant) ORDER BY tenant, version DESC""")
_SUBJECT_KEYS = text("""
    SELECT id, tenant, subject, record, version, wrapped, outer_id, made_at FROM key
    WHERE outer_id = ANY (:outer) AND id > :after ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED""")
_REWRAP = text("UPDATE key SET wrapped = :wrapped, outer_id = :outer WHERE id = :id AND wrapped = :before")
_COUNT_BENEATH = text(
    "SELECT outer_id, count(*) AS beneath FROM key WHERE outer_id = ANY (:outer) GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of a tenant's table whose values are sealed with the tenant's own key, at (table, row's id, column)."""

    table: str
    column: str

    def rows(self) -> Table:
        return Table(
            self.table,
            MetaData(),
            Column("organisation_id", Uuid()),
            Column("id", Uuid()),
            Column(self.column, LargeBinary()),
        )


@dataclass(frozen=True, slots=True)
class Left:
    """What has not moved to the newest key above it."""

    tenant_keys: int = 0
    subject_keys: int = 0
    values: int = 0

    @property
    def total(self) -> int:
        return self.tenant_keys + self.subject_keys + self.values

    def __bool__(self) -> bool:
        return self.total > 0


class Step(NamedTuple):
    """How many rows were moved, and the last one that was looked at; None at the end."""

    moved: int
    last: UUID | None


async def tenant_keys(house: KeyHouse, tenant: UUID | None = None) -> list[StoredKey]:
    """All versions of one tenant's key, or of all, the newest first."""
    async with house.store.transaction() as connection:
        return [store.stored(row) for row in await connection.execute(_TENANT_KEYS, {"tenant": tenant})]


async def begin(house: KeyHouse, tenant: UUID, request: UUID) -> int:
    """
    A new version of the tenant's key, which seals from now on. The same request makes no second one.

    Raises:
        KeyDestroyed: the tenant was erased.
    """
    owner = KeyOwner(tenant)
    while True:
        async with house.store.transaction() as connection:
            made = await connection.scalar(_OF_REQUEST, {"request": request})
            newest = await store.newest(connection, owner)
        if made is not None:
            return int(made)
        version = newest.version + 1 if newest else 1
        _, wrapped = await hierarchy.make_key(house.provider, owner.context(), version=version)
        async with house.store.transaction() as connection:
            await store.add(connection, owner, wrapped, outer_id=None, request=request)


async def move_tenant_keys(house: KeyHouse, tenant: UUID | None = None) -> int:
    """Wrap tenants' keys with the newest master key. Returns how many were moved."""
    newest, moved = await house.provider.newest(), 0
    for key in await tenant_keys(house, tenant):
        if house.provider.master_of(key.wrapped) == newest:
            continue
        fresh = await hierarchy.rewrap_key(house.provider, key.as_wrapped, key.owner.context())
        async with house.store.transaction() as connection:
            values = {"id": key.id, "wrapped": fresh.wrapped, "outer": None, "before": key.wrapped}
            moved += (await connection.execute(_REWRAP, values)).rowcount
    return moved


async def move_subject_keys(
    house: KeyHouse, tenant: UUID, *, after: UUID = FIRST, limit: int = AT_ONCE
) -> Step:
    """Wrap some of the subjects' keys, in the order of their ids, with the newest of the tenant's."""
    opened = await _opened(house, tenant)
    if not opened:
        return Step(0, None)
    newest, older = opened[0], {key.id: key for key in opened[1:]}
    moved = 0
    async with house.store.transaction() as connection:
        asked = {"outer": list(older), "after": after, "limit": limit}
        rows = [store.stored(row) for row in await connection.execute(_SUBJECT_KEYS, asked)]
        for row in rows:
            with _or_told(row.id):
                fresh = await _moved(row, older[row.outer_id or FIRST], newest)
                values = {"id": row.id, "wrapped": fresh.wrapped, "outer": newest.id, "before": row.wrapped}
                moved += (await connection.execute(_REWRAP, values)).rowcount
    return Step(moved, rows[-1].id if rows else None)


async def move_values(
    house: KeyHouse, tenant: UUID, column: SealedColumn, *, after: UUID = FIRST, limit: int = AT_ONCE
) -> Step:
    """Seal some of the column's values, in the order of their rows' ids, with the newest of the tenant's keys."""
    opened = await _opened(house, tenant)
    if not opened:
        return Step(0, None)
    newest, older, rows = opened[0], {key.id: key for key in opened[1:]}, column.rows()
    sealed, moved = rows.c[column.column], 0
    async with house.database.tenant_session(Context(tenant)) as session:
        old = select(rows.c.id, sealed).where(_is_under(sealed, list(older)), rows.c.id > after)
        some = old.order_by(rows.c.id).limit(limit).with_for_update(skip_locked=True)
        found = (await session.execute(some)).all()
        for id, before in found:
            with _or_told(id):
                place = Place(tenant, column.table, id, column.column)
                plaintext = envelope.unseal(older[envelope.key_id(before)], place, before)
                fresh = envelope.seal(newest, place, plaintext)
                mine = (rows.c.organisation_id == tenant) & (rows.c.id == id)
                await session.execute(update(rows).where(mine).values({sealed: fresh}))
                moved += 1
    return Step(moved, found[-1].id if found else None)


async def move_all(
    house: KeyHouse,
    tenant: UUID,
    columns: Sequence[SealedColumn],
    *,
    tell: Callable[[int], None] = lambda _: None,
) -> int:
    """
    Whatever of this tenant lies beneath an older key, to the end. Returns how much was moved, and tells so after each step.

    What somebody else has in hand, or what does not open any more, is left behind; `left` counts it.
    """
    moved = await move_tenant_keys(house, tenant)
    ways = [partial(move_subject_keys, house, tenant)]
    ways += [partial(move_values, house, tenant, column) for column in columns]
    for way in ways:
        step = await way()
        while step.last is not None:
            moved += step.moved
            tell(moved)
            step = await way(after=step.last)
    return moved


async def left(house: KeyHouse, tenant: UUID, columns: Sequence[SealedColumn]) -> Left:
    """What a rotation has still to do for this tenant."""
    keys = await tenant_keys(house, tenant)
    if not keys:
        return Left()
    master, older = await house.provider.newest(), [key.id for key in keys[1:]]
    async with house.store.transaction() as connection:
        beneath = await connection.execute(_COUNT_BENEATH, {"outer": older})
        subjects = sum(row.beneath for row in beneath)
    values = 0
    async with house.database.tenant_session(Context(tenant)) as session:
        for column in columns:
            rows = column.rows()
            under = _is_under(rows.c[column.column], older)
            values += await session.scalar(select(func.count()).select_from(rows).where(under)) or 0
    old_masters = sum(house.provider.master_of(key.wrapped) != master for key in keys)
    return Left(old_masters, subjects, values)


async def _opened(house: KeyHouse, tenant: UUID) -> list[DataKey]:
    return [await house.open_tenant_key(key) for key in await tenant_keys(house, tenant)]


@contextmanager
def _or_told(row: UUID) -> Iterator[None]:
    """One row that does not open must not keep the others beneath an old key."""
    try:
        yield
    except TamperedCiphertext as tampered:
        log.critical("not moved", row=str(row), found=tampered.facts["found"])


async def _moved(row: StoredKey, before: DataKey, after: DataKey) -> WrappedKey:
    context = row.owner.context()
    key = await hierarchy.open_key(KeySet.under(before), row.as_wrapped, context)
    wrapped = await KeySet.under(after).wrap(key.key, row.as_wrapped.context(context))
    return WrappedKey(row.id, row.version, wrapped)


def _is_under(sealed: Column[bytes], keys: Sequence[UUID]) -> ColumnElement[bool]:
    """Whether a value was sealed with one of these keys: bytes 2 to 17 of an envelope are the id of its key."""
    return func.substring(sealed, 2, 16).in_([key.bytes for key in keys])
