"""
When a party begins, and what may be done with it.

    DRAFT -> OPEN (do you take part?) -> CONFIRMED
               `-> DECLINED or WITHDRAWN

It begins once everybody has answered, or the time is over, with those who said yes, if
they are at least as many as the run was asked for; a group also needs its mentor. Names of
the others are not told before, so that nobody can find out afterwards who said no.
"""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from infra import clock
from infra.errors import LimitReached, WrongState
from tenants.proposals.party_models import Party, PartyState
from tenants.proposals.rules import UNDO
from tenants.registration.models import ParticipantRole

LEAST_OF_ALL = 2  # with whom a coordinator may let a party begin, its mentor counted


class PartyClosed(WrongState):
    """Answered after it has begun, or come to nothing."""

    code = "party_closed"


class SeatGivenUp(WrongState):
    """Answered for somebody who has left, also where she has come back since."""

    code = "party_seat_given_up"


class PartyNotDraft(WrongState):
    """Moved, or approved, after it was sent."""

    code = "party_not_draft"


class TooFewYes(LimitReached):
    """Let it begin with nobody, or without its mentor."""

    code = "party_too_few"


class MoveRefused(WrongState):
    """Somebody cannot sit there: `limits` are what would not hold."""

    code = "party_move_refused"


class Seated(Protocol):
    """A seat as the question of the moment sees it."""

    @property
    def role(self) -> str: ...

    @property
    def is_yes(self) -> bool | None: ...


def verdict(seats: Iterable[Seated], least: int, *, is_over: bool = False) -> bool | None:
    """True once it begins, False once it cannot any more, None while answers are awaited."""
    all_of_them = list(seats)
    others = [one for one in all_of_them if one.role != ParticipantRole.MENTOR]
    mentors = [one for one in all_of_them if one.role == ParticipantRole.MENTOR]
    yes = sum(one.is_yes is True for one in others)
    silent = sum(one.is_yes is None for one in others)
    if yes + silent < least or any(one.is_yes is False for one in mentors):
        return False
    if not is_over and (silent or any(one.is_yes is None for one in mentors)):
        return None
    return yes >= least and all(one.is_yes for one in mentors)


def may_begin(seats: Iterable[Seated]) -> bool:
    """Whether a coordinator may let it begin with those who have said yes so far."""
    yes = [one for one in seats if one.is_yes]
    needs_mentor = any(one.role == ParticipantRole.MENTEE for one in yes)
    has_mentor = any(one.role == ParticipantRole.MENTOR for one in yes)
    return len(yes) >= LEAST_OF_ALL and (has_mentor or not needs_mentor)


def must_be_open(party: Party) -> None:
    if party.state != PartyState.OPEN:
        raise PartyClosed(state=party.state)


def must_be_draft(party: Party) -> None:
    if party.state != PartyState.DRAFT:
        raise PartyNotDraft(state=party.state)


def is_known(party: Party) -> bool:
    """Whether everybody has been told for certain: nothing is seen while the approval can be taken back."""
    return party.sent_at is not None and clock.now() - party.sent_at >= UNDO


def _sending(party: Party) -> str:
    """Names one sending: one that was taken back and sent again writes its letters anew."""
    moment = int(party.sent_at.timestamp() * 1000) if party.sent_at else 0
    return f"{party.id}:{moment}"


def letter_key(party: Party, kind: str, participation_id: UUID) -> str:
    return f"party.{kind}:{_sending(party)}:{participation_id}"


def task_key(party: Party, kind: str) -> str:
    return f"party.{kind}:{_sending(party)}"


def job_key(party: Party, kind: str) -> str:
    return f"{kind}:{_sending(party)}"
