"""
What people agree to, purpose by purpose, in texts that carry a version.

A changed text gets a new version; a consent names the version that was shown,
and the language in which it was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from infra.errors import Invalid, Problem
from infra.language import N_

VERSION = "2026-11"


class Purpose(StrEnum):
    TAKING_PART = "taking_part"
    MATCHING = "matching"
    LATER_CYCLES = "later_cycles"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """`text` is a gettext message id with the facts `organisation` and `programme`."""

    purpose: Purpose
    version: str
    title: str
    text: str
    is_obligatory: bool
    roles: frozenset[str]


_EVERYBODY = frozenset({"mentor", "mentee", "peer"})

TEXTS = (
    ConsentText(
        Purpose.TAKING_PART,
        VERSION,
        N_("Keep what I have written"),
        N_(
            "%(organisation)s may keep my answers while I take part in %(programme)s, and its coordinators may read them. I can see, correct and withdraw them at any time."
        ),
        True,
        _EVERYBODY,
    ),
    ConsentText(
        Purpose.MATCHING,
        VERSION,
        N_("Look for a match with my answers"),
        N_(
            "My topics, languages, working hours and experience may be compared with those of others, without my name. Somebody who may fit me sees why. She gets my name and how to reach me only at the step that the programme has told me."
        ),
        True,
        _EVERYBODY,
    ),
    ConsentText(  # K24: told at the interview too
        Purpose.LATER_CYCLES,
        VERSION,
        N_("Keep me for later mentees"),
        N_(
            "If nobody fits now, my answers may stay for people who come later. I know that I may not be matched."
        ),
        False,
        frozenset({"mentor", "peer"}),
    ),
    ConsentText(
        Purpose.NEWS,
        VERSION,
        N_("Send me news of events and courses"),
        N_("At most one e-mail a month, with a link in each to end it."),
        False,
        _EVERYBODY,
    ),
)


def asked_of(role: str) -> list[ConsentText]:
    """The consents that somebody in this role is asked for, the obligatory first."""
    return [text for text in TEXTS if role in text.roles]


def must_be_enough(given: Collection[str], role: str) -> list[ConsentText]:
    """
    The texts that were agreed to.

    Raises:
        Invalid: `consent_needed` for each obligatory one that was not, `not_a_choice` for what nobody asked.
    """
    asked = asked_of(role)
    problems = [
        Problem(f"consent_{text.purpose}", "consent_needed")
        for text in asked
        if text.is_obligatory and text.purpose not in given
    ]
    if set(given) - {text.purpose.value for text in asked}:
        problems.append(Problem("consents", "not_a_choice"))
    if problems:
        raise Invalid(*problems)
    return [text for text in asked if text.purpose in given]
