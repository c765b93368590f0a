from enum import StrEnum


class Event(StrEnum):
    REGISTRATION_BEGUN = "registration.begun"
    REGISTRATION_SENT = "registration.sent"
    REGISTRATION_RECORDED = "registration.recorded"  # by a coordinator, for somebody else
    CODE_WRONG = "registration.code_wrong"
    REGISTRATION_CONFIRMED = "registration.confirmed"
    REGISTRATION_EXPIRED = "registration.expired"
    STATUS_CHANGED = "participation.status_changed"
    STATUS_UNDONE = "participation.status_undone"
    INTERVIEW_HELD = "participation.interview_held"
    INTERVIEW_PLANNED = "participation.interview_planned"
    APPOINTMENT_MADE = "appointment.made"
    APPOINTMENT_ANSWERED = "appointment.answered"
    APPOINTMENT_MOVED = "appointment.moved"
    APPOINTMENT_CANCELLED = "appointment.cancelled"
    PROFILE_CHANGED = "participation.profile_changed"
    NOTE_CHANGED = "participation.note_changed"
    CONSENT_GIVEN = "consent.given"
    CONSENT_WITHDRAWN = "consent.withdrawn"
