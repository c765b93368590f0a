"""What a batch has done stays; whoever begins anew finds the rest."""

from contextlib import asynccontextmanager

import pytest

from infra.db.batches import in_batches, within


async def test_each_batch_is_kept_before_the_next_begins():
    left, kept = [3, 1, 2], []

    @asynccontextmanager
    async def transactions():
        mine = []
        yield mine
        kept.extend(mine)
        for one in mine:
            left.remove(one)

    async def take(session, last):
        rest = sorted(one for one in left if last is None or one > last)
        if rest[:1] == [3]:
            raise ConnectionError
        session.extend(rest[:1])
        return rest[0] if rest else None

    with pytest.raises(ConnectionError):
        await in_batches(transactions, take)
    assert (kept, left) == ([1, 2], [3])


async def test_few_rows_share_the_transaction_that_is_open():
    seen = []

    async def twice(session, last):
        seen.append((session, last))
        return {None: "a", "a": "b"}.get(last)

    session = object()
    await in_batches(within(session), twice)
    assert seen == [(session, None), (session, "a"), (session, "b")]
