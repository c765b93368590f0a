"""
The peer: the same messages through Dramatiq as it comes, without an outbox. `python -m tests.performance.bare`.

It promises nothing about a transaction and forgets what a killed worker had in
hand for a minute; it says what the queue itself could do here.
"""

import os
import sys
import threading
import time

import dramatiq
from dramatiq.brokers.redis import RedisBroker

MESSAGES = 3_000
THREADS = 8


def main() -> None:
    broker = RedisBroker(url=os.environ["BARE_URL"])  # type: ignore[no-untyped-call]
    left = threading.Semaphore(0)

    @dramatiq.actor(broker=broker)
    def nothing(number: int) -> None:
        left.release()

    begun = time.perf_counter()
    for number in range(MESSAGES):
        nothing.send(number)
    worker = dramatiq.Worker(broker, worker_threads=THREADS)
    worker.start()
    for _ in range(MESSAGES):
        left.acquire()
    sys.stdout.write(str(MESSAGES / (time.perf_counter() - begun)))
    worker.stop()


if __name__ == "__main__":
    main()
