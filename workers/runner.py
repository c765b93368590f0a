"""
The two kinds of worker process: one for letters, imports and what recurs, one for numbers.

One process runs all of its handlers on one event loop, so it stays small; more
processes, on more hosts, make it faster. A second signal ends it at once: what
it had in hand is taken up by another when its lease ends.
"""

import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import join_all

from infra import garbage, logs
from infra.db.floor import look
from infra.ground import Ground
from infra.settings import Settings
from workers import broker as queue

log = logs.get("workers")
POLL_MS = 100  # how long an idle worker sleeps: a fresh job begins within this time
# The supervisor kills after five seconds. Letters that are on their way shall arrive once, so what is in hand
# may end; what takes longer is given back then, and another worker begins it anew.
FINISH_MS = 3_000
STOP_MS = 1_500
ROOMS = (  # every module with handlers, but those of numbers
    "workers.letters",
    "workers.registration",
    "workers.imports",
    "workers.proposals",
    "workers.relationships",
    "workers.interviews",
    "workers.sweeps",
    "workers.audit",
    "workers.privacy",
    "workers.keys",
    "workers.domains",
    "workers.newsletters",
    "workers.gatherings",
)

NUMBERS = ("workers.matching",)


def load(rooms: Sequence[str]) -> None:
    """Import modules, which registers the handlers they hold."""
    for room in rooms:
        importlib.import_module(room)


def work(settings: Settings | None = None) -> None:
    """Run `mentorweave work` until a signal ends it."""
    _run(settings or Settings.read(), "work", ("work", "mail"), ROOMS, threads=8)


def match(settings: Settings | None = None) -> None:
    """Run `mentorweave match`: the numeric queue, with numpy and the matcher loaded at boot."""
    from workers.tiles import helping

    settings = settings or Settings.read()
    ready = threading.Event()

    def help_others(broker: RedisBroker, ground: Ground) -> None:
        if ground.settings.match.compiles_at_boot:
            threading.Thread(target=_compile, args=(ready,), name="compile", daemon=True).start()
        helping.serve(broker, ground, ready=ready)

    _run(settings, "match", ("match",), NUMBERS, threads=2, also=help_others)


def _compile(ready: threading.Event) -> None:
    """Beside the work: a small pool that comes meanwhile waits for nothing, a large one waits for this anyway."""
    from matcher.warming import warm_up, warm_up_structures

    begun = time.monotonic()
    warm_up()
    log.info("ready for large pools", seconds=round(time.monotonic() - begun, 1))
    ready.set()
    # Nobody shares out a run of groups, circles or peers, so nobody waits for this either.
    warm_up_structures()


def _run(
    settings: Settings,
    name: str,
    queues: tuple[str, ...],
    rooms: Sequence[str],
    *,
    threads: int,
    also: Callable[[RedisBroker, Ground], None] | None = None,
) -> None:
    logs.configure(name)
    look(settings.database)
    load(rooms)
    ground = Ground.open(settings)
    broker = queue.connect(settings.queue.redis_url)
    queue.serve(broker, ground, queues)
    if also is not None:
        also(broker, ground)
    worker = dramatiq.Worker(broker, queues=set(queues), worker_timeout=POLL_MS, worker_threads=threads)
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if stopped.is_set():
            os._exit(1)
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.start()
    garbage.spare_what_is_loaded()
    log.info("ready", queues=queues)
    stopped.wait()
    for thread in worker.workers:
        thread.stop()
    join_all(worker.workers, FINISH_MS)  # type: ignore[no-untyped-call]  # as the rest of dramatiq
    worker.stop(timeout=STOP_MS)
    broker.close()
    # A computation in a thread cannot be stopped, and Python would wait for it. Its job has been given back.
    sys.stderr.flush()
    os._exit(0)
