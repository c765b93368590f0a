"""What this room writes into the audit trail."""

from enum import StrEnum


class Event(StrEnum):
    PROPOSED = "opportunity.proposed"
    PUBLISHED = "opportunity.published"
    CHANGED = "opportunity.changed"
    DECLINED = "opportunity.declined"
    CLOSED = "opportunity.closed"
    WITHDRAWN = "opportunity.withdrawn"
    INTERESTED = "opportunity.interested"
    NOT_INTERESTED = "opportunity.not_interested"
    PASSED_ON = "opportunity.passed_on"
