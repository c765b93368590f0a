from enum import StrEnum


class Event(StrEnum):
    ROSTER_UPLOADED = "roster.uploaded"
    ROSTER_CHOSEN = "roster.chosen"  # how to read it, what its columns and values mean
    ROSTER_COMMIT_ASKED = "roster.commit_asked"
    ROSTER_COMMITTED = "roster.committed"
    ROSTER_FAILED = "roster.failed"
    ROSTER_REVERT_ASKED = "roster.revert_asked"
    ROSTER_REVERTED = "roster.reverted"
    ROSTER_DISCARDED = "roster.discarded"
