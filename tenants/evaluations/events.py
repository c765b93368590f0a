from enum import StrEnum


class Event(StrEnum):
    ASKED = "evaluation.asked"
    REMINDED = "evaluation.reminded"
    CALL_ASKED = "evaluation.call_asked"
    ANSWERED = "evaluation.answered"
    RECORDED = "evaluation.recorded"
    CLOSED = "evaluation.closed"
    SETTING_CHANGED = "evaluation.setting_changed"
