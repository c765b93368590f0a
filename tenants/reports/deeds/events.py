from enum import StrEnum


class Event(StrEnum):
    DEED_DONE = "deed.done"
    DEED_UNDONE = "deed.undone"
