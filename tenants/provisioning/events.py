from enum import StrEnum


class Event(StrEnum):
    USER_ENTERED = "directory.user_entered"
    USER_ADOPTED = "directory.user_adopted"
    USER_CHANGED = "directory.user_changed"
    USER_REMOVED = "directory.user_removed"
    GROUP_ENTERED = "directory.group_entered"
    GROUP_CHANGED = "directory.group_changed"
    GROUP_REMOVED = "directory.group_removed"
