"""What may be filled in, what is signed, and which deed each state of an agreement allows."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from infra.errors import Conflict, Invalid, Problem, WrongState
from tenants.relationships.agreements.models import Agreement, AgreementState

WAYS = ("text_messages", "email", "telephone", "video")
PURPOSES = (
    "learning_support", "education", "internship", "job", "qualified_job", "social_network", "professional_network",
    "job_market", "listener", "confidence", "other",
)  # fmt: skip
OTHER = "other"
MOST_PURPOSES = 4  # K56
MAX_FREQUENCY = 200
MAX_TEXT = 2_000
MAX_OTHER = 500


class NoAgreement(WrongState):
    """In this structure people just meet."""

    code = "agreement_none"


class AgreementClosed(WrongState):
    """Its state does not allow this."""

    code = "agreement_closed"


class AgreementUnfinished(WrongState):
    """Nobody signs what has not been filled in."""

    code = "agreement_unfinished"


class TextOutdated(WrongState):
    """What was read is not what stands there now."""

    code = "agreement_outdated"


class ChangedMeanwhile(Conflict):
    """Somebody else has changed it since the form was opened."""

    code = "agreement_changed_meanwhile"


class Deed(StrEnum):
    FILL = "fill"
    SIGN = "sign"
    DROP = "drop"
    AMEND = "amend"
    REVIEW = "review"


# What may be done in each state; whatever does not stand here is refused.
DEEDS: Mapping[AgreementState, frozenset[Deed]] = {
    AgreementState.DRAFT: frozenset({Deed.FILL, Deed.SIGN, Deed.DROP}),
    AgreementState.IN_FORCE: frozenset({Deed.AMEND, Deed.REVIEW}),
    AgreementState.REPLACED: frozenset(),
    AgreementState.DROPPED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What the people fill in. `expectations` are by participation."""

    ways: tuple[str, ...] = ()
    frequency: str = ""
    aims: str = ""
    purposes: tuple[str, ...] = ()
    other_purposes: str = ""
    expectations: Mapping[UUID, str] = field(default_factory=dict)


def allowed(agreement: Agreement | None, deed: Deed) -> Agreement:
    """
    The agreement, if its state allows this.

    Raises:
        AgreementClosed: there is none, or its state does not allow this.
    """
    state = agreement.state if agreement else ""
    if agreement is None or deed not in DEEDS[AgreementState(agreement.state)]:
        raise AgreementClosed(state=state, deed=deed.value)
    return agreement


def tidied(given: Content, people: Sequence[UUID]) -> Content:
    """
    The same without white space around it. Lines beside "other" tick it.

    Raises:
        Invalid: more than four purposes, a choice that there is not, or a text that is too long.
    """
    problems = []
    other = _tidy(given.other_purposes)
    purposes = set(given.purposes) | ({OTHER} if other else set())
    if unknown := purposes - set(PURPOSES):
        problems.append(Problem("purposes", "not_a_choice", {"found": sorted(unknown)[0][:40]}))
    elif len(purposes) > MOST_PURPOSES:
        problems.append(
            Problem("purposes", "agreement_purposes", {"maximum": MOST_PURPOSES, "found": len(purposes)})
        )
    if OTHER in purposes and not other:
        problems.append(Problem("other_purposes", "missing"))
    if set(given.ways) - set(WAYS):
        problems.append(Problem("ways", "not_a_choice"))
    if set(given.expectations) - set(people):
        problems.append(Problem("expectations", "not_a_choice"))
    frequency, aims = _tidy(given.frequency), _tidy(given.aims)
    expectations = {one: _tidy(given.expectations.get(one, "")) for one in people}
    lengths = [
        ("frequency", frequency, MAX_FREQUENCY),
        ("aims", aims, MAX_TEXT),
        ("other_purposes", other, MAX_OTHER),
    ]
    lengths += [(f"expectations.{one}", text, MAX_TEXT) for one, text in expectations.items()]
    problems += [
        Problem(name, "too_long", {"maximum": most}) for name, text, most in lengths if len(text) > most
    ]
    if problems:
        raise Invalid(*problems)
    return Content(
        tuple(one for one in WAYS if one in given.ways),
        frequency,
        aims,
        tuple(one for one in PURPOSES if one in purposes),
        other,
        {one: text for one, text in expectations.items() if text},
    )


def must_be_finished(content: Content) -> None:
    """
    Raises:
        AgreementUnfinished: it does not say what it is for, or how they are in touch.
    """
    if not is_finished(content):
        raise AgreementUnfinished


def is_finished(content: Content) -> bool:
    return bool(content.purposes and content.ways and content.frequency)


def _tidy(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def digest(body: Mapping[str, Any], content: Content, *, number: int, salt: str) -> str:
    """
    SHA-256 over the very words that somebody signs: the text in her language, and what was filled in.

    Names are no part of it: they are those of the people who sign, and may change.
    """
    told = {
        "text": dict(body),
        "number": number,
        "ways": list(content.ways),
        "frequency": content.frequency,
        "aims": content.aims,
        "purposes": list(content.purposes),
        "other_purposes": content.other_purposes,
        "expectations": sorted([str(one), text] for one, text in content.expectations.items()),
        "salt": salt,
    }
    return sealed(told)


def sealed(told: Any) -> str:
    raw = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
