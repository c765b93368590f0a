from enum import StrEnum


class Event(StrEnum):
    PERSON_JOINED = "person.joined"
    PERSON_CHANGED = "person.changed"
    PERSON_LEFT = "person.left"
    PERSON_RETURNED = "person.returned"
    ROLE_GRANTED = "role.granted"
    ROLE_TAKEN = "role.taken"
