"""Much work in one transaction after another: what a batch has done stays, wherever the process dies in the next."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

Transactions = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Last = TypeVar("Last")


def within(session: AsyncSession) -> Transactions:
    """All batches in the transaction that is open already, for few rows."""
    return lambda: nullcontext(session)


async def in_batches(
    transactions: Transactions, take: Callable[[AsyncSession, Last | None], Awaitable[Last | None]]
) -> None:
    """
    Call `take(session, last)` in a new transaction each time, until it finds nothing more.

    It does what comes after `last`, what it returned before (None: from the beginning), and returns the last that it
    has seen, or None where there was nothing. Each batch has to be found by what is not done yet, so that whoever
    begins anew goes on where another was stopped.
    """
    last: Last | None = None
    while True:
        async with transactions() as session:
            last = await take(session, last)
        if last is None:
            return
