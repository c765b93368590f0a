from enum import StrEnum


class Event(StrEnum):
    ASKED = "evaluation.asked"
    REMINDED = "evaluation.reminded"
    CALL_ASKED = "evaluation.call_asked"
    ANSWERED = "evaluation.answered"
    RECORDED = "evaluation.recorded"
    CLOSED = "evaluation.closed"
    INDICATORS_CHANGED = "indicators.changed"
    OUTCOMES_ANSWERED = "outcomes.answered"
    SETTING_CHANGED = "evaluation.setting_changed"
