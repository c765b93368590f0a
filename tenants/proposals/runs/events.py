from enum import StrEnum


class Event(StrEnum):
    RUN_STARTED = "run.started"
    RUN_DONE = "run.done"
    RUN_FAILED = "run.failed"
    RUN_CANCELLED = "run.cancelled"
    WISH_MADE = "pair_wish.made"
    WISH_RELEASED = "pair_wish.released"
