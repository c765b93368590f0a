from enum import StrEnum


class Event(StrEnum):
    COPY_ASKED = "privacy.copy_asked"
    COPY_MADE = "privacy.copy_made"
    COPY_TAKEN = "privacy.copy_taken"
    ERASURE_ASKED = "privacy.erasure_asked"
    ERASURE_CANCELLED = "privacy.erasure_cancelled"
    ERASURE_BEGUN = "privacy.erasure_begun"
    ERASURE_DONE = "privacy.erasure_done"
    PERIOD_SET = "privacy.period_set"
