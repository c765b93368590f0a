"""
Statuses and what leads from one to the next (K08-K13), to the letter; and when a profile is complete.

    REGISTERED -> AWAITING INTERVIEW -> READY TO BE MATCHED -> IN A MENTOR RELATIONSHIP
                                                ^                      |
                                                `----------------------+-> NETWORK PARTICIPANT -> LEFT

Whoever has left, or only gets the news, may register anew.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from infra.errors import WrongState
from tenants.programmes.models import Question
from tenants.programmes.rules import questions_for
from tenants.programmes.structures import makes_parties
from tenants.registration.models import Mode, Status

_BETWEEN = re.compile(r"[\s().-]+")

UNDO = timedelta(minutes=10)
CONFIRM = "confirm"  # the purpose of the link and the code that confirm a registration
CODE_TRIES = 5  # wrong codes for one registration; the link goes on working

TRANSITIONS: Mapping[Status, frozenset[Status]] = MappingProxyType(
    {
        Status.REGISTERED: frozenset(
            {Status.AWAITING_INTERVIEW, Status.READY, Status.NETWORK_PARTICIPANT, Status.LEFT}
        ),
        Status.AWAITING_INTERVIEW: frozenset({Status.READY, Status.NETWORK_PARTICIPANT, Status.LEFT}),
        Status.READY: frozenset({Status.IN_RELATIONSHIP, Status.NETWORK_PARTICIPANT, Status.LEFT}),
        Status.IN_RELATIONSHIP: frozenset({Status.READY, Status.NETWORK_PARTICIPANT, Status.LEFT}),
        Status.NETWORK_PARTICIPANT: frozenset({Status.READY, Status.REGISTERED, Status.LEFT}),
        Status.LEFT: frozenset({Status.REGISTERED, Status.READY}),
    }
)
# What somebody may choose at the end of a relationship (K13).
END_CHOICES = frozenset({Status.READY, Status.NETWORK_PARTICIPANT, Status.LEFT})
# Who may come back by registering again.
REAPPLYING = frozenset({Status.LEFT, Status.NETWORK_PARTICIPANT})
# Who takes part: counted against the places of a programme, and matched where ready.
TAKING_PART = frozenset({Status.REGISTERED, Status.AWAITING_INTERVIEW, Status.READY, Status.IN_RELATIONSHIP})


class StatusNotReachable(WrongState):
    """This status does not follow from the present one."""

    code = "status_not_reachable"


class InterviewNotHeld(WrongState):
    code = "interview_not_held"


class ProfileIncomplete(WrongState):
    """Obligatory questions without an answer; `questions` are their keys."""

    code = "profile_incomplete"


class AppointmentStands(WrongState):
    """She was invited to a time already, by this coordinator or another."""

    code = "appointment_stands"


class UndoTooLate(WrongState):
    code = "status_undo_too_late"


class HasFacts(Protocol):
    """A participation, or whatever row has its fields."""

    role: str
    answers: dict[str, Any]


def must_lead_to(status: str, to: Status) -> None:
    """
    Raises:
        StatusNotReachable: the table has no such step.
    """
    if to not in TRANSITIONS[Status(status)]:
        raise StatusNotReachable(found=status, wanted=to.value)


def interview_task(participation_id: UUID, at: datetime) -> str:
    """The key of the task to hold an interview at its hour."""
    return f"interview.hold:{participation_id}:{at.isoformat()}"


def returned_task(participation_id: UUID, since: datetime) -> str:
    """The key of the task to read the answers of somebody who has come back, and is REGISTERED since."""
    return f"registration.returned:{participation_id}:{since.isoformat()}"


def missing_answers(questions: Sequence[Question], participation: HasFacts, person: Any) -> list[Question]:
    """The obligatory questions of this role that the profile does not answer (K05, K10)."""
    return [
        question
        for question in questions_for(questions, participation.role)
        if question.is_obligatory and answer_of(question, participation, person) in (None, "", [])
    ]


def answer_of(question: Question, participation: HasFacts, person: Any) -> Any:
    """What the profile says to a question, wherever it is kept."""
    if question.field is None:
        return participation.answers.get(question.key)
    if question.field in PERSON_FIELDS:
        return getattr(person, question.field)
    return getattr(participation, question.field)


def must_be_complete(questions: Sequence[Question], participation: HasFacts, person: Any) -> None:
    """
    Raises:
        ProfileIncomplete: with the keys of what is missing.
    """
    if missing := missing_answers(questions, participation, person):
        raise ProfileIncomplete(questions=[question.key for question in missing])


def differences(known: Any, said: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the facts said of a person, or of her part in a cycle, that are not what we know; an open one is none."""
    return {
        name: value
        for name, value in said.items()
        if (ours := getattr(known, name)) not in (None, "", [])
        and _folded(name, ours) != _folded(name, value)
    }


def _folded(name: str, value: Any) -> str:
    """A value as it is compared: without case and, in a telephone number, without what makes it readable."""
    if isinstance(value, list) and name != "topics_wanted":  # whose order is her ranking
        value = sorted(map(str, value))
    return _BETWEEN.sub("" if name == "phone" else " ", str(value)).casefold()


# Fields that an answer may fill: of the person herself, or of her part in this cycle.
PERSON_FIELDS = frozenset({"phone", "gender", "time_zone"})
PARTICIPATION_FIELDS = frozenset(
    {
        "capacity", "mode", "topics_offered", "topics_wanted", "languages", "entity", "sector", "grade", "region",
        "experience_years", "gender_wish", "supervisor_email", "excluded_emails", "motivation", "office_id",
    }
)  # fmt: skip


def usual_mode(structure: str) -> Mode:
    """How somebody meets who was not asked: whoever registers for groups or circles would not be alone there."""
    return Mode.BOTH if makes_parties(structure) else Mode.INDIVIDUAL
