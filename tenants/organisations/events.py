from enum import StrEnum


class Event(StrEnum):
    ORGANISATION_FOUNDED = "organisation.founded"
    ORGANISATION_CHANGED = "organisation.changed"
    HOST_ADDED = "organisation.host_added"
    OFFICE_OPENED = "office.opened"
    OFFICE_CHANGED = "office.changed"
