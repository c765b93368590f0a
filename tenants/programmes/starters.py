"""
Starting points for a programme: texts, questions, topics and criteria that somebody else has thought through.

They are copied when the programme is launched, in each of its languages; from
then on they are the programme's own and may be changed freely.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from infra.language import N_, SOURCE, installed, translations
from tenants.programmes import asking
from tenants.programmes.asking import Asking
from tenants.programmes.models import ContactRelease, Focus, Structure
from tenants.programmes.topics import EVERY, GENERAL


class StarterName(StrEnum):
    MENTOR_NETWORK = "mentor_network"
    INTER_AGENCY = "inter_agency"
    CHAPTER = "chapter"
    POLITICAL = "political"
    ENTREPRENEURSHIP = "entrepreneurship"


@dataclass(frozen=True, slots=True)
class Starter:
    """`criteria` are the weight (0 to 10) and the setting of each criterion or constraint, by name."""

    structure: Structure
    focus: tuple[Focus, ...]
    title: str
    summary: str
    topics: tuple[str, ...]
    questions: tuple[Asking, ...]
    criteria: dict[str, tuple[int, dict[str, Any]]]
    contact_release: ContactRelease
    wants_interview: bool
    eligibility: dict[str, Any] = field(default_factory=dict)
    places: int | None = None
    # K39, K41, K42: after three and nine months, and when the term is over. The two weeks of K36 lie before the match.
    check_up_days: tuple[int, ...] = (91, 274, 366)
    term_months: int = 12


# The weight is what the page calls "a lot" (8), "some" (4), "a little" (2) and "not" (0).
_CRITERIA: dict[str, tuple[int, dict[str, Any]]] = {
    "topics": (10, {}),
    "languages": (4, {"minimum": 2}),  # at least working knowledge of one language in common
    "overlap": (3, {"minimum_hours": 1}),
    "sector": (4, {}),
    "organisation": (0, {}),
    "seniority": (4, {"window": [3, 15]}),  # "a little more experienced", years
    "mode": (2, {"must_hold": True}),
    "region": (2, {}),
    "gender": (0, {"must_hold": True}),
    "supervisor": (0, {"must_hold": True}),
    "exclusion": (0, {"must_hold": True}),
}

STARTERS: dict[StarterName, Starter] = {
    StarterName.MENTOR_NETWORK: Starter(
        Structure.ONE_TO_ONE,
        (Focus.CAREER, Focus.NETWORKING, Focus.TRANSITION),
        N_("Mentor network"),
        N_(
            "You meet a woman who knows the way that you want to go. For a year you talk at least once a month, about work, education, and how things are done here. It is free, and a coordinator is there for both of you."
        ),
        GENERAL,
        (
            asking.OFFICE.optional(),
            asking.PHONE,
            asking.MOBILE,
            asking.ADDRESS,
            asking.LANGUAGES,
            asking.TIME_ZONE,
            asking.OFFERED,
            asking.WANTED,
            asking.CAPACITY,
            asking.SECTOR,
            asking.SOURCE,
            # Motivation, experience and whom not to meet are asked in the talk (K17, K18): a short form is finished.
        ),
        # The mentee's needs drive, and similarities count more than differences (K27).
        _CRITERIA | {"sector": (8, {}), "region": (4, {}), "overlap": (0, {})},
        ContactRelease.WITH_PROPOSAL,  # K30
        True,  # K14
    ),
    StarterName.INTER_AGENCY: Starter(
        Structure.ONE_TO_ONE,
        (Focus.CAREER, Focus.SKILLS, Focus.NETWORKING),
        N_("Inter-agency mentoring"),
        N_(
            "You meet a colleague from another organisation who has done what you want to do. You see the reasons for the match, meet once without any promise, and then each of you decides alone."
        ),
        EVERY,
        (
            asking.ENTITY,
            asking.GRADE,
            asking.GENDER,
            asking.LANGUAGES,
            asking.TIME_ZONE,
            asking.OFFERED,
            asking.WANTED,
            asking.CAPACITY,
            asking.MODE,
            asking.EXPERIENCE,
            asking.GENDER_WISH,
            asking.SUPERVISOR,
            asking.EXCLUDED,
            asking.MOTIVATION.optional(),
        ),
        # An inter-agency network is there to meet people from elsewhere (U11).
        _CRITERIA | {"organisation": (0, {"rule": "cross"})},
        ContactRelease.AFTER_BOTH_YES,
        False,
    ),
    StarterName.CHAPTER: Starter(
        Structure.ONE_TO_ONE,
        (Focus.CAREER, Focus.SKILLS),
        N_("Chapter mentoring"),
        N_(
            "You start small and personal: a few pairs who meet once a month for a year, in your own language where that can be. Mentors are women and men."
        ),
        EVERY,
        (
            asking.LANGUAGES,
            asking.TIME_ZONE,
            asking.OFFERED,
            asking.WANTED,
            asking.CAPACITY,
            asking.EXPERIENCE,
            asking.SECTOR,
            asking.CONDITIONS_MENTEE,
            asking.CONDITIONS_MENTOR,
            asking.MOTIVATION.optional(),
        ),
        _CRITERIA | {"sector": (6, {})},
        ContactRelease.AFTER_BOTH_YES,
        True,
    ),
    # K79: a term that ends with an election, for everybody at once.
    StarterName.POLITICAL: Starter(
        Structure.ONE_TO_ONE,
        (Focus.SKILLS, Focus.NETWORKING, Focus.JOB_EXPOSURE),
        N_("Political mentoring"),
        N_(
            "You meet somebody who holds a political office. Until the election you see how decisions are made, go along to meetings, and find out whether you want to stand yourself."
        ),
        (
            "political_participation",
            "public_speaking",
            "leadership",
            "networking",
            "negotiation",
            "programme_planning",
            "budgeting_finance",
            "gender_justice",
            "human_rights_law",
            "work_life_balance",
        ),
        (
            asking.PHONE,
            asking.MOBILE,
            asking.ADDRESS,
            asking.LANGUAGES,
            asking.TIME_ZONE,
            asking.OFFERED,
            asking.WANTED,
            asking.CAPACITY,
            asking.SOURCE,
            asking.MOTIVATION.optional(),
        ),
        # Both live where they want to be elected; what they have worked on before says little.
        _CRITERIA | {"region": (8, {}), "sector": (0, {}), "overlap": (0, {}), "seniority": (0, {})},
        ContactRelease.WITH_PROPOSAL,
        True,
        check_up_days=(91, 246),
        term_months=8,
    ),
    StarterName.ENTREPRENEURSHIP: Starter(
        Structure.ONE_TO_ONE,
        (Focus.SKILLS, Focus.NETWORKING, Focus.CAREER),
        N_("Mentoring for entrepreneurs"),
        N_(
            "You have a business, or a plan for one. For a year you talk with somebody who has built her own or his own, about customers, money and the next step. Women and men take part."
        ),
        (
            "entrepreneurship",
            "budgeting_finance",
            "negotiation",
            "leadership",
            "networking",
            "digital_technology",
            "artificial_intelligence",
            "public_speaking",
            "procurement",
            "project_management",
            "work_life_balance",
        ),
        (
            asking.LANGUAGES,
            asking.TIME_ZONE,
            asking.OFFERED,
            asking.WANTED,
            asking.CAPACITY,
            asking.MODE,
            asking.EXPERIENCE,
            asking.SECTOR,
            asking.MOTIVATION.optional(),
        ),
        _CRITERIA | {"sector": (8, {}), "region": (3, {})},
        ContactRelease.AFTER_BOTH_YES,
        True,
    ),
}


def said(message: str, languages: Sequence[str]) -> dict[str, str]:
    """
    A text in each of the languages that has it.

    One that is not translated yet is left out rather than kept in English, so
    that the fallback chain decides, and the coverage of languages tells the truth.
    """
    if not message:
        return {}
    found = {}
    for code in languages:
        if code not in installed():
            continue
        text = translations(code).gettext(message)
        if code == SOURCE or text != message:
            found[code] = text
    return found or {SOURCE: message}
