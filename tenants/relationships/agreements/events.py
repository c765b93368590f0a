from enum import StrEnum


class Event(StrEnum):
    FILLED = "agreement.filled"
    SIGNED = "agreement.signed"
    IN_FORCE = "agreement.in_force"
    AMENDED = "agreement.amended"
    DROPPED = "agreement.dropped"
    REVIEW_ASKED = "agreement.review_asked"
    REVIEWED = "agreement.reviewed"
    SETTING_CHANGED = "agreement.setting_changed"
    TEXT_WRITTEN = "agreement_text.written"
    PLAN_CHANGED = "activity_plan.changed"
    GOAL_REACHED = "activity_plan.goal_reached"
    MEMO_READ = "memo.read"
    NOTICE_GIVEN = "notice.given"
    NOTICE_TAKEN_BACK = "notice.taken_back"
    NOTICE_DONE = "notice.done"
