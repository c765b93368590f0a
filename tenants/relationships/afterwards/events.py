from enum import StrEnum


class Event(StrEnum):
    AFTERWARDS_CHOSEN = "afterwards.chosen"
