"""What can be written down of a contact, and where the dates of a case put it in its life."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from infra.errors import Forbidden, Invalid, Problem, WrongState
from tenants.relationships.contacts.models import Channel, Phase
from tenants.relationships.models import RelationshipState

MAX_WORDS = 6_000  # characters
MAX_SUBJECT = 150
LONG_AGO = timedelta(days=732)
BY_HAND = tuple(channel for channel in Channel if channel is not Channel.LETTER)

# Where each phase ends, as a part of the agreed time; a relationship of another length is as far on at the same part.
ENDS = (
    (Phase.INITIATION, Fraction(1, 6)),
    (Phase.CULTIVATION, Fraction(1, 2)),
    (Phase.MATURATION, Fraction(5, 6)),
)


class NotHerContact(Forbidden):
    """Somebody else has written it down."""

    code = "contact_not_hers"


class ContactSent(WrongState):
    """A letter says what was sent; it is neither rewritten nor removed."""

    code = "contact_sent"


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of a case when its phase is worked out."""

    state: str
    begun_on: date
    ends_on: date
    meetings_held: int


def phase(course: Course, today: date) -> Phase:
    """
    Where a case stands by its dates and what has happened.

    Before they have met once it is still beginning, however long ago it began.
    """
    if course.state == RelationshipState.ENDED:
        return Phase.REDEFINITION
    if not course.meetings_held:
        return Phase.INITIATION
    whole = max(1, (course.ends_on - course.begun_on).days)
    gone = Fraction((today - course.begun_on).days, whole)
    return next((phase for phase, end in ENDS if gone < end), Phase.SEPARATION)


def day(on: date, today: date) -> date:
    """
    Raises:
        Invalid: a day to come, or of another age.
    """
    if on > today:
        raise Invalid(Problem("on", "day_to_come"))
    if on < today - LONG_AGO:
        raise Invalid(Problem("on", "unusable"))
    return on


def channel(name: str) -> Channel:
    """
    Raises:
        Invalid: none by which somebody can be spoken to by hand.
    """
    found = next((one for one in BY_HAND if one == name), None)
    if found is None:
        raise Invalid(Problem("channel", "not_a_choice" if name else "missing"))
    return found


def words(field: str, text: str, most: int = MAX_WORDS) -> str:
    """
    Raises:
        Invalid: nothing, or too much.
    """
    told = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not told:
        raise Invalid(Problem(field, "missing"))
    if len(told) > most:
        raise Invalid(Problem(field, "too_long", {"maximum": most}))
    return told


def subject(field: str, text: str) -> str:
    """
    One line.

    Raises:
        Invalid: nothing, or too much.
    """
    return words(field, " ".join(text.split()), MAX_SUBJECT)
