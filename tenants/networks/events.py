"""What this room writes into the audit trail."""

from enum import StrEnum


class Event(StrEnum):
    MADE = "network.made"
    CHANGED = "network.changed"
    JOINED = "network.joined"
    LEFT = "network.left"
