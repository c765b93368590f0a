from enum import StrEnum


class Event(StrEnum):
    PARTY_ANSWERED = "party.answered"  # that somebody answered; what she said is not told here
    PARTY_CONFIRMED = "party.confirmed"
    PARTY_CLOSED = "party.closed"
    PARTY_CHANGED = "party.changed"
