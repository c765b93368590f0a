"""What may be chosen at the end, by whom and for how long: pure."""

from datetime import timedelta

from infra.errors import Conflict, WrongState
from tenants.programmes.structures import facts
from tenants.registration.models import ParticipantRole
from tenants.relationships.afterwards.models import Choice

OPEN_FOR = timedelta(days=90)  # after the end; later her coordinator helps
PURPOSE = "afterwards"  # of the links in letters


class AfterwardsClosed(WrongState):
    """The time to choose is over, or something else has begun for her meanwhile."""

    code = "afterwards_closed"


class ChosenAlready(Conflict):
    """She has chosen herself, and nobody else changes that."""

    code = "afterwards_chosen"


class ChoiceNotHere(WrongState):
    """Only a mentee becomes a mentor, and only where there are mentors."""

    code = "afterwards_not_here"


def choices(role: str, structure: str) -> list[Choice]:
    """What somebody in this role may choose, in the order of the page."""
    may_lead = role == ParticipantRole.MENTEE and ParticipantRole.MENTOR in facts(structure).sides
    return [Choice.AGAIN, *([Choice.MENTOR] if may_lead else []), Choice.NEWS, Choice.LEAVE]
