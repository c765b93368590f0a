"""Ending a task that works beside another."""

import asyncio
import contextlib
from typing import Any

AGAIN_S = 1.0


async def ended(task: "asyncio.Future[Any]") -> None:
    """
    Cancel a task and wait until it has ended; what else it ended with is raised here.

    Asked again while it goes on: before Python 3.12 `asyncio.wait_for`, which drivers use, swallows a
    cancellation that comes in the same moment as what it waits for. A loop then lives on, and whoever
    waits for it waits for ever.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=AGAIN_S)
    with contextlib.suppress(asyncio.CancelledError):
        task.result()
