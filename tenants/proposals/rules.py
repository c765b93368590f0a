"""
The trial meeting as states (N07), and who may answer what, when.

    DRAFT -> OPEN (do you want to meet?) -> MEETING (contacts released) -> CONFIRMED
               `-> DECLINED, EXPIRED or WITHDRAWN <-'

Where a programme releases contact data with the proposal (K30) the first
question is skipped. Nobody is told who said no, or why.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from infra import clock
from infra.errors import Conflict, Invalid, LimitReached, Problem, WrongState
from tenants.programmes.models import ContactRelease, Programme
from tenants.proposals.models import AskedFor, Proposal, ProposalState

# How long letters of an approval wait in the outbox, so that it can be taken back.
UNDO = timedelta(minutes=10)
LIVE = frozenset({ProposalState.OPEN, ProposalState.MEETING})
IN_STATE = MappingProxyType({AskedFor.MEET: ProposalState.OPEN, AskedFor.GO_ON: ProposalState.MEETING})
WEEKEND = (5, 6)  # Saturday and Sunday; working days elsewhere come with the offices' calendars
WARN_AT = 0.9  # of the caseload (K28)
MAX_REASON = 2_000  # characters of what somebody writes beside her answer
ASK_AT = time(9)  # when the morning's question about a first meeting goes out, by the organisation's clock


class Days(NamedTuple):
    """How long two people have for their first meeting (K31), counted from the letter that tells how to reach each other."""

    to_set_a_date: int
    to_meet: int


class ProposalClosed(WrongState):
    """Answered after it was declined, withdrawn, expired or confirmed."""

    code = "proposal_closed"


class AnsweredAlready(Conflict):
    """She has answered herself: nobody else changes that."""

    code = "answered_already"


class NotApprovable(WrongState):
    code = "proposal_not_approvable"


class CaseloadFull(LimitReached):
    """K28: the coordinator's matches of the last twelve months reach the programme's limit."""

    code = "caseload_full"


class PairKnown(Conflict):
    """K35: the same pair is never proposed again."""

    code = "pair_known"


class NoPlaceLeft(Conflict):
    code = "no_place_left"


class UndoTooLate(WrongState):
    """A letter has gone already, or the ten minutes are over."""

    code = "approval_undo_too_late"


def first_state(programme: Programme) -> ProposalState:
    """Where an approved proposal begins: with the first question, or past it (see the decisions on K11)."""
    released = programme.contact_release == ContactRelease.WITH_PROPOSAL
    return ProposalState.MEETING if released else ProposalState.OPEN


def days_of(programme: Programme) -> Days:
    return Days(programme.date_days, programme.meet_days)


def promised(proposal: Proposal, programme: Programme) -> Days:
    """What it was sent with; a draft, or one from before this was kept, goes by its programme."""
    if proposal.date_days is None or proposal.meet_days is None:
        return days_of(programme)
    return Days(proposal.date_days, proposal.meet_days)


def must_be_answerable(proposal: Proposal, asked_for: AskedFor) -> None:
    """
    Raises:
        ProposalClosed: it has moved on from this question.
    """
    if proposal.state != IN_STATE[asked_for]:
        raise ProposalClosed(state=proposal.state)


def tidy_reason(reason: str | None) -> str | None:
    """
    Raises:
        Invalid: longer than anybody would read.
    """
    told = (reason or "").strip().replace("\0", "")
    if len(told) > MAX_REASON:
        raise Invalid(Problem("reason", "too_long", {"maximum": MAX_REASON}))
    return told or None


def must_be_meeting_day(proposal: Proposal, on: date, zone: str, *, is_coordinator: bool) -> None:
    """
    A first meeting lies between the proposal and the two months of K31; a coordinator may give more time.

    Raises:
        Invalid: it does not.
    """
    if proposal.sent_at is None or on < clock.local(proposal.sent_at, zone).date():
        raise Invalid(Problem("on", "meeting_day_early"))
    latest = proposal.meet_by or on
    if on > (latest + timedelta(days=366) if is_coordinator else latest):
        raise Invalid(Problem("on", "meeting_day_late"))


def after_working_days(begin: datetime, days: int, zone: str) -> datetime:
    """The end of the day that lies `days` working days after `begin`, in the reader's zone."""
    day = clock.local(begin, zone).date()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() not in WEEKEND
    return clock.instant(day + timedelta(days=1), datetime.min.time(), zone)


def last_day(end: datetime, zone: str) -> date:
    """The day on which one may still answer, of a time that ends with a midnight."""
    return clock.local(end - timedelta(seconds=1), zone).date()


def pair_key(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two people in the order in which the table of tried pairs keeps them."""
    return (one, other) if one < other else (other, one)


def _sending(proposal: Proposal) -> str:
    """Names one sending of a proposal: one that was taken back and sent again writes its letters anew."""
    moment = int(proposal.sent_at.timestamp() * 1000) if proposal.sent_at else 0
    return f"{proposal.id}:{moment}"


def told_about(proposal: Proposal) -> bool:
    """Whether both have been told for certain: nothing is seen while the approval can be taken back."""
    return proposal.sent_at is not None and clock.now() - proposal.sent_at >= UNDO


def go_on_letter(proposal: Proposal) -> str:
    """A new day for the first meeting asks anew."""
    return f"go_on.{proposal.first_meeting_on}" if proposal.first_meeting_on else "go_on"


def letter_key(proposal: Proposal, kind: str, participation_id: UUID) -> str:
    return f"proposal.{kind}:{_sending(proposal)}:{participation_id}"


def task_key(proposal: Proposal, kind: str) -> str:
    return f"proposal.{kind}:{_sending(proposal)}"


def job_key(proposal: Proposal, kind: str) -> str:
    return f"{kind}:{_sending(proposal)}"


def both_said(answers: Iterable[bool]) -> bool | None:
    """True once both said yes, False as soon as one said no, None while it is open."""
    said = list(answers)
    if not all(said):
        return False
    return True if len(said) == 2 else None
