from enum import StrEnum


class Event(StrEnum):
    PLANNED = "workshop.planned"
    CHANGED = "workshop.changed"
    CANCELLED = "workshop.cancelled"
    INVITED = "workshop.invited"
    TAKEN_BACK = "workshop.invitations_taken_back"
    ANSWERED = "workshop.answered"
    MOVED_UP = "workshop.moved_up"
    ATTENDANCE_NOTED = "workshop.attendance_noted"
    ATTENDED = "workshop.attended"
    OPINION_GIVEN = "workshop.opinion_given"
