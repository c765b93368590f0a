from enum import StrEnum


class Event(StrEnum):
    POOL_OPENED = "pool.opened"
