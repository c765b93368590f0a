"""What this room writes into the audit trail."""

from enum import StrEnum


class Event(StrEnum):
    WRITTEN = "newsletter.written"
    HELD = "newsletter.held"
    TAKEN_BACK = "newsletter.taken_back"
    SENT = "newsletter.sent"
    DELETED = "newsletter.deleted"
    SHOWN = "newsletter.shown"
    PRESS_SET = "newsletter.press_set"
