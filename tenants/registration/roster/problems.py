"""What is wrong with, or was assumed about, one cell: a code with facts, and the group that one choice mends."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from tenants.registration.roster.fields import Field
from tenants.registration.roster.writing import short


class Severity(StrEnum):
    REFUSED = "refused"  # the row cannot be taken as it stands
    ASSUMED = "assumed"  # the row is taken, and this is how it was read


class Group(StrEnum):
    """Rows with a problem of one group are shown together, and one choice answers them all."""

    EMAILS = "emails"
    NAMES = "names"
    ROLES = "roles"
    MISSING = "missing"
    TIME_ZONES = "time_zones"
    LANGUAGES = "languages"
    DATES_TWO_WAYS = "dates_two_ways"
    DATES = "dates"
    NUMBERS = "numbers"
    UNITS = "units"
    TOPICS = "topics"
    WORDS = "words"  # gender, mode: a word we do not know
    ANSWERS = "answers"  # to a programme's own question
    PHONES = "phones"
    TOO_LONG = "too_long"
    FORMULAS = "formulas"
    LOST_LETTERS = "lost_letters"
    WRITING = "writing"  # spaces, case, signs
    SAME_PERSON = "same_person"  # twice in the file
    SHARED_ADDRESS = "shared_address"  # several people in the file with one address
    ALREADY_HERE = "already_here"
    ADDRESS_TAKEN = "address_taken"  # somebody else in the organisation has this address
    EXCLUSIONS = "exclusions"
    LEFT_OUT = "left_out"  # rows that the coordinator left out


# Where a choice about a field belongs, so that a decided group stays in sight and can be decided anew.
GROUP_OF = {
    Field.FULL_NAME: Group.NAMES,
    Field.GIVEN_NAME: Group.NAMES,
    Field.FAMILY_NAME: Group.NAMES,
    Field.EMAIL: Group.EMAILS,
    Field.SUPERVISOR_EMAIL: Group.EMAILS,
    Field.ROLE: Group.ROLES,
    Field.MODE: Group.WORDS,
    Field.GENDER: Group.WORDS,
    Field.TIME_ZONE: Group.TIME_ZONES,
    Field.LANGUAGES: Group.LANGUAGES,
    Field.TOPICS_OFFERED: Group.TOPICS,
    Field.TOPICS_WANTED: Group.TOPICS,
    Field.ORGANISATION_UNIT: Group.UNITS,
    Field.CAPACITY: Group.NUMBERS,
    Field.EXPERIENCE_YEARS: Group.NUMBERS,
    Field.DATE: Group.DATES,
    Field.PHONE: Group.PHONES,
    Field.EXCLUSIONS: Group.EXCLUSIONS,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing about one value, before it is known where the value stands.

    `facts` are those that `codes.CODES` promises for the code. `suggestion` is
    text that the cell could hold instead.
    """

    code: str
    group: Group
    severity: Severity
    found: str
    suggestion: str | None = None
    facts: dict[str, Any] = field(default_factory=dict, hash=False)


class Read(NamedTuple):
    """A value as JSON can hold it (None where there is none), and what to say about it."""

    value: Any
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding where it stands. `column` is the letter in the file, None where the whole row is meant."""

    row: int
    column: str | None
    header: str | None
    field: Field | None
    code: str
    group: Group
    severity: Severity
    found: str
    suggestion: str | None
    facts: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "column": self.column,
            "header": self.header,
            "field": self.field.value if self.field else None,
            "code": self.code,
            "group": self.group.value,
            "severity": self.severity.value,
            "found": self.found,
            "suggestion": self.suggestion,
            "facts": self.facts,
        }


def refused(code: str, group: Group, found: str, suggestion: str | None = None, **facts: Any) -> Finding:
    return Finding(code, group, Severity.REFUSED, short(found), suggestion, facts)


def assumed(code: str, group: Group, found: str, **facts: Any) -> Finding:
    return Finding(code, group, Severity.ASSUMED, short(found), None, facts)
