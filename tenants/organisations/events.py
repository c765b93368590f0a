from enum import StrEnum


class Event(StrEnum):
    ORGANISATION_FOUNDED = "organisation.founded"
    ORGANISATION_CHANGED = "organisation.changed"
    HOST_ADDED = "organisation.host_added"
    KEY_ASKED = "organisation.key_asked"
    KEY_RENEWED = "organisation.key_renewed"
    OFFICE_OPENED = "office.opened"
    OFFICE_CHANGED = "office.changed"
