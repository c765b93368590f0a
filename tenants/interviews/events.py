from enum import StrEnum


class Event(StrEnum):
    NOTE_BEGUN = "note.begun"
    NOTE_SEALED = "note.sealed"
    NOTE_CHANGED = "note.changed"
    NOTE_READ = "note.read"
    NOTE_KEPT_UNTIL = "note.kept_until"
    NOTE_DESTROYED = "note.destroyed"
    GRANT_GIVEN = "note.grant_given"
    GRANT_ENDED = "note.grant_ended"
    EMERGENCY_ASKED = "note.emergency_asked"
    EMERGENCY_OPENED = "note.emergency_opened"
    EMERGENCY_REFUSED = "note.emergency_refused"
    HAND_OVER_ASKED = "note.hand_over_asked"
    HANDED_OVER = "note.handed_over"
    HAND_OVER_REFUSED = "note.hand_over_refused"
    RELEASE_ASKED = "note.release_asked"
    RELEASE_AGREED = "note.release_agreed"
    RELEASE_TAKEN_BACK = "note.release_taken_back"
