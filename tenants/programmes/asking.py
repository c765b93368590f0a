"""Questions that registration forms start with. A programme keeps its own copy and may change it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from infra.language import N_
from tenants.programmes.models import AskedOf, QuestionKind


@dataclass(frozen=True, slots=True)
class Asking:
    """A question before it has been said in the programme's languages; texts are gettext's message ids."""

    key: str
    kind: QuestionKind
    label: str
    hint: str = ""
    field: str | None = None
    asked_of: AskedOf = AskedOf.EVERYBODY
    is_obligatory: bool = True
    options: tuple[tuple[str, str], ...] = ()

    def optional(self) -> "Asking":
        return replace(self, is_obligatory=False)


OFFICE = Asking(
    "office",
    QuestionKind.CHOICE,
    N_("Which office is near you?"),
    N_("A coordinator of this office talks with you."),
    "office_id",
)
PHONE = Asking(
    "phone",
    QuestionKind.TEXT,
    N_("On which telephone number can we reach you?"),
    N_("With the country code, for example +45 70 12 34 56."),
    "phone",
)
MOBILE = Asking(  # K30
    "mobile",
    QuestionKind.TEXT,
    N_("On which mobile number can somebody reach you?"),
    N_("If it is another one. Whoever you are to meet gets it, with your telephone and e-mail."),
    is_obligatory=False,
)
ADDRESS = Asking(  # K30
    "address",
    QuestionKind.TEXT,
    N_("What is your address?"),
    N_("Whoever you are to meet gets it, so that you find a place that is near both of you."),
    is_obligatory=False,
)
LANGUAGES = Asking(
    "languages",
    QuestionKind.LANGUAGES,
    N_("Which languages do you speak?"),
    N_("You and your match need at least one language in common."),
    "languages",
)
TIME_ZONE = Asking(
    "time_zone",
    QuestionKind.TIME_ZONE,
    N_("Which city has the same time as you?"),
    N_("We look for people whose days overlap with yours, and show you all times as your clock does."),
    "time_zone",
)
OFFERED = Asking(
    "topics_offered",
    QuestionKind.TOPICS_OFFERED,
    N_("Which topics can you cover?"),
    N_("Choose all that you can speak about from your own experience."),
    "topics_offered",
    AskedOf.MENTOR,
)
WANTED = Asking(
    "topics_wanted",
    QuestionKind.TOPICS_WANTED,
    N_("What would you like support with?"),
    N_("Choose up to five, the most important first. It counts most when we look for a mentor."),
    "topics_wanted",
    AskedOf.MENTEE,
)
CAPACITY = Asking(
    "capacity",
    QuestionKind.NUMBER,
    N_("How many mentees can you take?"),
    N_("Most mentors begin with one. A pair meets about once a month."),
    "capacity",
    AskedOf.MENTOR,
)
MODE = Asking(
    "mode",
    QuestionKind.CHOICE,
    N_("Would you like to meet in a pair or in a group?"),
    N_("A group has one mentor and at most five mentees, and meets at least once a quarter."),
    "mode",
    options=(
        ("individual", N_("In a pair")),
        ("group", N_("In a group")),
        ("both", N_("Either is fine")),
    ),
)
EXPERIENCE = Asking(
    "experience_years",
    QuestionKind.NUMBER,
    N_("How many years have you worked?"),
    N_("All your work counts, paid or not. A rough number will do."),
    "experience_years",
)
GENDER = Asking(
    "gender",
    QuestionKind.CHOICE,
    N_("What is your gender?"),
    "",
    "gender",
    options=(("woman", N_("Woman")), ("man", N_("Man")), ("other", N_("Another, or I prefer not to say"))),
)
GENDER_WISH = Asking(
    "gender_wish",
    QuestionKind.CHOICE,
    N_("Do you have a wish about whom you meet?"),
    "",
    "gender_wish",
    is_obligatory=False,
    options=(("any", N_("No, anybody")), ("woman", N_("A woman")), ("man", N_("A man"))),
)
ENTITY = Asking(
    "entity",
    QuestionKind.TEXT,
    N_("Which organisation do you work for?"),
    N_("Its usual short name will do."),
    "entity",
)
GRADE = Asking(
    "grade",
    QuestionKind.TEXT,
    N_("What is your grade or level?"),
    N_("For example P3, NOC or G6."),
    "grade",
)
SECTOR = Asking(
    "sector",
    QuestionKind.TEXT,
    N_("What is your line of work?"),
    N_("The work that you do now, or that you did before."),
    "sector",
    is_obligatory=False,
)
SUPERVISOR = Asking(
    "supervisor_email",
    QuestionKind.TEXT,
    N_("What is the e-mail address of your supervisor?"),
    N_("We never write to it. We use it only so that you are not matched within your own line."),
    "supervisor_email",
    is_obligatory=False,
)
EXCLUDED = Asking(
    "excluded_emails",
    QuestionKind.TEXT,
    N_("Is there anybody with whom we should not match you?"),
    N_("E-mail addresses, with commas between them. Only your coordinators see them."),
    "excluded_emails",
    is_obligatory=False,
)
MOTIVATION = Asking(
    "motivation",
    QuestionKind.LONG_TEXT,
    N_("Why would you like to take part?"),
    N_("A few sentences are enough. Your coordinators read them."),
    "motivation",
)
SOURCE = Asking(  # K06
    "source",
    QuestionKind.CHOICE,
    N_("Where did you learn of the mentor network?"),
    "",
    is_obligatory=False,
    options=(
        ("friend", N_("From a friend or somebody in my family")),
        ("participant", N_("From a mentor or a mentee")),
        ("workplace", N_("At work or at school")),
        ("event", N_("At an event")),
        ("online", N_("On the internet")),
        ("other", N_("Somewhere else")),
    ),
)
CONDITIONS_MENTEE = Asking(  # I21
    "conditions_mentee",
    QuestionKind.CHOICES,
    N_("What do you bring as a mentee?"),
    N_("The programme asks for all three."),
    asked_of=AskedOf.MENTEE,
    options=(
        ("learning", N_("I want to learn")),
        ("sharing", N_("I am willing to share my experience")),
        ("guidance", N_("I am willing to take advice")),
    ),
)
CONDITIONS_MENTOR = Asking(  # I21
    "conditions_mentor",
    QuestionKind.CHOICES,
    N_("What do you bring as a mentor?"),
    N_("The programme asks for all three."),
    asked_of=AskedOf.MENTOR,
    options=(
        ("knowledge", N_("I am willing to share what I know")),
        ("time", N_("I have time to support somebody")),
        ("openness", N_("I look for what we have in common, and for solutions that we find together")),
    ),
)
# Where everybody is mentor and mentee at once, no question speaks of one of the two (C10): label and hint.
_TO_PEERS = {
    WANTED.key: (
        WANTED.label,
        N_("Choose up to five, the most important first. It counts most when we look for your peers."),
    ),
    CAPACITY.key: (
        N_("How many pairs or circles can you be in at once?"),
        N_("One is usual. It meets about once a month."),
    ),
    CONDITIONS_MENTEE.key: (N_("What do you bring when you learn from others?"), CONDITIONS_MENTEE.hint),
    CONDITIONS_MENTOR.key: (N_("What do you bring when others learn from you?"), CONDITIONS_MENTOR.hint),
}


def for_peers(questions: Iterable[Asking]) -> tuple[Asking, ...]:
    """The same in their words. How one would like to meet is left out: the programme has settled it."""
    asked = {one.key: one for one in questions if one.key != MODE.key}
    told = {key: _TO_PEERS.get(key, (one.label, one.hint)) for key, one in asked.items()}
    return tuple(replace(one, label=told[key][0], hint=told[key][1]) for key, one in asked.items())
