from enum import StrEnum


class Event(StrEnum):
    CONTACT_NOTED = "contact.noted"
    CONTACT_CORRECTED = "contact.corrected"
    CONTACT_REMOVED = "contact.removed"
    PHASE_SET = "relationship.phase_set"
