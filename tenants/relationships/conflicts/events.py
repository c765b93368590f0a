from enum import StrEnum


class Event(StrEnum):
    CONFLICT_OPENED = "conflict.opened"
    CONFLICT_READ = "conflict.read"
    CONFLICT_STEP_DONE = "conflict.step_done"
    CONFLICT_STEP_REOPENED = "conflict.step_reopened"
    CONFLICT_STEP_ADDED = "conflict.step_added"
    CONFLICT_STEP_MOVED = "conflict.step_moved"
    CONFLICT_HELPER_SET = "conflict.helper_set"
    CONFLICT_AGREED = "conflict.agreed"
    CONFLICT_SHARED = "conflict.shared"
    CONFLICT_HIDDEN = "conflict.hidden"
    CONFLICT_CLOSED = "conflict.closed"
