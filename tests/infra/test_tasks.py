"""A task beside another ends when it is told, also when a driver swallows the first word."""

import asyncio

import pytest

from infra import tasks


async def test_a_swallowed_cancellation_is_said_again(monkeypatch):
    monkeypatch.setattr(tasks, "AGAIN_S", 0.01)
    heard = []

    async def deaf():
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                heard.append("word")
                if len(heard) == 3:
                    raise

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(tasks.ended(task), 30)
    assert task.cancelled() and len(heard) == 3


async def test_what_it_ended_with_is_told():
    async def broken():
        raise ValueError("broken")

    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    with pytest.raises(ValueError, match="broken"):
        await tasks.ended(task)
    done = asyncio.create_task(asyncio.sleep(0))
    await asyncio.sleep(0.01)
    await tasks.ended(done)
