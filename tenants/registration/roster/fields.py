"""What a column of a roster may hold."""

from enum import StrEnum


class Field(StrEnum):
    FULL_NAME = "full_name"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    EMAIL = "email"
    ROLE = "role"
    ORGANISATION_UNIT = "organisation_unit"
    GRADE = "grade"
    GENDER = "gender"
    TIME_ZONE = "time_zone"
    LANGUAGES = "languages"
    TOPICS_OFFERED = "topics_offered"
    TOPICS_WANTED = "topics_wanted"
    MODE = "mode"
    CAPACITY = "capacity"
    EXPERIENCE_YEARS = "experience_years"
    MOTIVATION = "motivation"
    PHONE = "phone"
    SUPERVISOR_EMAIL = "supervisor_email"
    EXCLUSIONS = "exclusions"
    DATE = "date"
    REGION = "region"
    SECTOR = "sector"


# Without these a row cannot become a person of a programme. A given and a family name stand for a full name.
OBLIGATORY = frozenset({Field.FULL_NAME, Field.EMAIL, Field.ROLE})
# Matching cannot start without these; a row may come without them, and says so.
EXPECTED = (Field.LANGUAGES, Field.TIME_ZONE)

# Characters. Names and addresses: RFC 5321 allows 254 for an address; the rest is what a page can show.
LONGEST = {
    Field.FULL_NAME: 200,
    Field.GIVEN_NAME: 100,
    Field.FAMILY_NAME: 100,
    Field.EMAIL: 254,
    Field.SUPERVISOR_EMAIL: 254,
    Field.MOTIVATION: 4_000,
    Field.TOPICS_OFFERED: 2_000,
    Field.TOPICS_WANTED: 2_000,
    Field.LANGUAGES: 1_000,
    Field.EXCLUSIONS: 2_000,
}
LONGEST_OTHER = 200


def is_obligatory(field: Field) -> bool:
    return field in OBLIGATORY


def missing(fields: set[Field]) -> list[Field]:
    """The obligatory fields that no column gives, in the order of `Field`."""
    given = set(fields)
    if {Field.GIVEN_NAME, Field.FAMILY_NAME} <= given:
        given.add(Field.FULL_NAME)
    return [field for field in Field if field in OBLIGATORY and field not in given]
