from enum import StrEnum


class Event(StrEnum):
    PROGRAMME_LAUNCHED = "programme.launched"
    PROGRAMME_OPENED = "programme.opened"
    PROGRAMME_CLOSED = "programme.closed"
    PROGRAMME_CHANGED = "programme.changed"
    TERMS_CHANGED = "programme.terms_changed"
    CYCLE_PLANNED = "cycle.planned"
    CYCLE_CHANGED = "cycle.changed"
    QUESTIONS_CHANGED = "questions.changed"
    SET_UP_CHANGED = "programme.set_up_changed"
    GUIDE_CHANGED = "guide.changed"
    TOPICS_CHANGED = "topics.changed"
    CRITERION_CHANGED = "criterion.changed"
    PROGRAMME_ROLE_GIVEN = "programme.role_given"
    PROGRAMME_ROLE_TAKEN = "programme.role_taken"
