"""
A worker whose jobs do nothing but note when they began: `python -m tests.performance.nothing`.

What is left is what the outbox itself costs.
"""

import time

from infra.outbox.jobs import Job
from workers import runner
from workers.handling import Work, handles

BEGUN = "bench:begun"


class Nothing(Job, kind="bench.nothing"):
    number: int


@handles(Nothing, alone=True)
async def nothing(work: Work, job: Nothing) -> None:
    await work.ground.redis.hset(BEGUN, str(job.number), str(time.time()))  # type: ignore[misc]


if __name__ == "__main__":
    runner.work()
