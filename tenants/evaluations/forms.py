"""
The evaluation form of K59 to K69: one set of questions for both roles, with the same options, so that answers compare.

A question's words depend on who reads it; its code and the codes of its options never do.
"""

from dataclasses import dataclass
from enum import StrEnum

from infra.language import N_
from tenants.evaluations.models import Wording
from tenants.registration.models import ParticipantRole

OTHER = "other"
BEGUN = "begun"  # among answers that were sent: the first part of new ones
FIRST_PART = frozenset({"ended", "why", "often", "how"})  # a page for a slow phone holds half of the form
MAX_COMMENT = 5_000
MAX_OTHER = 500


class Kind(StrEnum):
    ONE = "one"
    MANY = "many"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """`options` are (code, gettext message id). `only_if` names the question and option without which it is not asked."""

    code: str
    words: str
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    only_if: tuple[str, str] | None = None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(code for code, _words in self.options)

    @property
    def other(self) -> str:
        """The field for the words behind "Other"; empty where there is none."""
        return f"{self.code}_{OTHER}" if OTHER in self.codes else ""


_WHY = (
    ("goals_reached", N_("The goals are reached")),
    ("year_over", N_("The agreed year is over")),
    ("no_more_to_contribute", N_("The relationship has no more to contribute")),
    ("no_longer_meet", N_("We no longer meet, or have lost contact")),
    ("aspirations_differ", N_("We expected different things of it")),
    ("hard_to_understand", N_("We found it hard to understand one another")),
    ("became_friends", N_("We have become friends, and meet as friends now")),
    (
        "situation_changed",
        N_(
            "Life has changed for one of us: a move, new work or studies, a birth, a separation, or something else"
        ),
    ),
    (OTHER, N_("Something else")),
)
_OFTEN = (
    ("monthly", N_("Once a month or more")),
    ("less", N_("Less than once a month")),
    ("never", N_("Never")),
)
_HOW = (
    ("in_person", N_("In person")),
    ("remote", N_("By e-mail, telephone, text message or social media")),
)
_MENTOR_BENEFIT = (
    ("aware_of_barriers", N_("I know more about the barriers and challenges that my mentee may face")),
    ("wider_network", N_("I have widened my network to women of another background than mine")),
    ("helped", N_("I have helped another woman to take good steps")),
    ("learned", N_("I have learned, and have grown as a mentor")),
    ("positive", N_("It was a good experience on the whole")),
    (OTHER, N_("Something else")),
)
_MENTEE_BENEFIT = (
    ("aware_of_barriers", N_("I know more about the barriers and challenges that I may face")),
    ("wider_network", N_("I have widened my network to women of another background than mine")),
    ("helped", N_("I have taken good steps, with another woman beside me")),
    ("learned", N_("I have learned, and have grown as a mentee")),
    ("positive", N_("It was a good experience on the whole")),
    (OTHER, N_("Something else")),
)
_NETWORK = (
    ("a_great_deal", N_("Yes, a great deal")),
    ("some", N_("Yes, to some extent")),
    ("not_much", N_("No, not much")),
    ("not_at_all", N_("No, not at all")),
    ("dont_know", N_("I do not know")),
)
_SATISFIED = (
    ("very_satisfied", N_("Very satisfied")),
    ("satisfied", N_("Satisfied")),
    ("neutral", N_("Neither satisfied nor dissatisfied")),
    ("dissatisfied", N_("Dissatisfied")),
    ("very_dissatisfied", N_("Very dissatisfied")),
    ("dont_know", N_("I do not know")),
)
_RELATIONSHIP = (
    ("very_good", N_("Very good")),
    ("good", N_("Good")),
    ("neutral", N_("Neither good nor bad")),
    ("bad", N_("Bad")),
    ("dont_know", N_("I do not know")),
)

_MENTOR_GOES_ON = (("yes", N_("Yes")), ("no", N_("No, I go on working with my mentee")))
_MENTEE_GOES_ON = (("yes", N_("Yes")), ("no", N_("No, I go on working with my mentor")))
_PEER_GOES_ON = (("yes", N_("Yes")), ("no", N_("No, we go on working together")))
_PEER_BENEFIT = (
    ("aware_of_barriers", N_("I know more about the barriers and challenges that others may face")),
    ("wider_network", N_("I have widened my network to women of another background than mine")),
    ("helped", N_("I have helped another woman to take good steps")),
    ("learned", N_("I have learned, and have grown")),
    ("positive", N_("It was a good experience on the whole")),
    (OTHER, N_("Something else")),
)

_MENTOR_CONTACT = N_("How often have you been in contact with your mentee?")
_MENTEE_CONTACT = N_("How often have you been in contact with your mentor?")
_PEER_CONTACT = N_("How often have you been in contact with one another?")
_MENTOR_BENEFITED = N_("What has being a mentor given you?")
_MENTEE_BENEFITED = N_("What has being a mentee given you?")
_PEER_BENEFITED = N_("What has taking part given you?")


def questions(role: str, wording: str, *, benefit_many: bool) -> tuple[Question, ...]:
    """The form for one role, in the order in which it is asked."""
    contact = {
        ParticipantRole.MENTOR: _MENTOR_CONTACT,
        ParticipantRole.MENTEE: _MENTEE_CONTACT,
        ParticipantRole.PEER: _PEER_CONTACT,
    }[ParticipantRole(role)]
    spoken_to = ParticipantRole(role)
    if spoken_to is ParticipantRole.MENTEE and wording == Wording.PRINTED:
        spoken_to = ParticipantRole.MENTOR  # K69: all but the question about contact
    goes_on, benefited, benefit = {
        ParticipantRole.MENTOR: (_MENTOR_GOES_ON, _MENTOR_BENEFITED, _MENTOR_BENEFIT),
        ParticipantRole.MENTEE: (_MENTEE_GOES_ON, _MENTEE_BENEFITED, _MENTEE_BENEFIT),
        ParticipantRole.PEER: (_PEER_GOES_ON, _PEER_BENEFITED, _PEER_BENEFIT),
    }[spoken_to]
    return (
        Question("ended", N_("Has your mentoring come to its end?"), Kind.ONE, goes_on),
        Question("why", N_("Why has it ended?"), Kind.MANY, _WHY, only_if=("ended", "yes")),
        Question("often", contact, Kind.ONE, _OFTEN),
        Question("how", N_("In which form did you have contact most?"), Kind.ONE, _HOW),
        Question("benefit", benefited, Kind.MANY if benefit_many else Kind.ONE, benefit),
        Question("network", N_("Have you widened your network?"), Kind.ONE, _NETWORK),
        Question(
            "satisfied", N_("How satisfied are you with our guidance and follow-up?"), Kind.ONE, _SATISFIED
        ),
        Question("relationship", N_("How would you describe the relationship?"), Kind.ONE, _RELATIONSHIP),
        Question("comment", N_("Is there anything else that you want to tell us?"), Kind.TEXT),
    )
