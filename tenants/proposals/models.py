"""Matching runs, proposals with two private answers each, and what may never be proposed again."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from infra.db.base import TenantRow, index, keys, one_of, refers, unique

_LISTED = ("organisation_id", "created_at", "id")  # the order of lists, and what their cursors carry
_NARROWED = ["cycle_id", "run_id", "mentor_id", "mentee_id"]


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ProposalState(StrEnum):
    DRAFT = "draft"  # a result of a run, seen by coordinators only
    OPEN = "open"  # sent: both are asked whether they want to meet
    MEETING = "meeting"  # both want to meet: contact data released, first meeting to be held
    CONFIRMED = "confirmed"  # both go on: the relationship has begun
    DECLINED = "declined"  # somebody said no; who is known to her coordinator only
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # taken back by a coordinator, or a person left


class AskedFor(StrEnum):
    MEET = "meet"  # do you want to meet?
    GO_ON = "go_on"  # after the first meeting: do you want to go on?


class WishKind(StrEnum):
    LOCK = "lock"
    FORBID = "forbid"


class MatchingRun(TenantRow):
    """
    One computation, with all that is needed to repeat it: criteria, digest of the inputs, version.

    `result` holds totals, the waterfall of constraints and the spread of scores;
    `certificate` the independent check and the seal over all of it; `inputs` the
    columns and prices, so that the check can be repeated when the cards are gone.
    `error` is a code, `result` then holds its facts.
    """

    __tablename__ = "matching_run"
    __table_args__ = keys(
        unique("number"),
        refers("pool_id", "pool"),
        refers("cycle_id", "cycle"),
        refers("started_by", "person"),
        one_of("state", RunState),
        index("cycle_id", "created_at"),
    )

    number: Mapped[int]
    pool_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    started_by: Mapped[UUID]
    state: Mapped[str] = mapped_column(default=RunState.WAITING)
    criteria: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    inputs_digest: Mapped[str | None]
    matcher_version: Mapped[str | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    certificate: Mapped[dict[str, Any]] = mapped_column(default=dict)
    inputs: Mapped[bytes | None] = mapped_column(deferred=True)
    error: Mapped[str | None]


class Proposal(TenantRow):
    """
    A suggested pair. Its id is random: both people's links carry it.

    `contributions` is [{"criterion": "topics", "points": 270, "most": 300, ...}] and
    adds up to `score` (N04); `alternatives` are the next best mentors with the price.
    """

    __tablename__ = "proposal"
    __table_args__ = keys(
        refers("run_id", "matching_run"),
        refers("pool_id", "pool"),
        refers("cycle_id", "cycle"),
        refers("mentor_id", "participation"),
        refers("mentee_id", "participation"),
        one_of("state", ProposalState),
        Index(
            "proposal_open_pair_key",
            "organisation_id",
            "mentor_id",
            "mentee_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'meeting', 'confirmed')"),
        ),
        index("run_id", "state"),
        index("mentor_id"),
        index("mentee_id"),
        # What lists filter by lies in them, so that a page is found without reading any other row.
        Index("proposal_listing_ix", *_LISTED, postgresql_include=["state", *_NARROWED]),
        Index(
            "proposal_cycle_ix",
            _LISTED[0],
            "cycle_id",
            *_LISTED[1:],
            postgresql_include=["state", *(name for name in _NARROWED if name != "cycle_id")],
        ),
        Index("proposal_state_ix", _LISTED[0], "state", *_LISTED[1:], postgresql_include=_NARROWED),
    )

    run_id: Mapped[UUID | None]
    pool_id: Mapped[UUID]
    cycle_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    mentee_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(default=ProposalState.DRAFT)
    score: Mapped[int]
    most: Mapped[int]
    contributions: Mapped[list[Any]]
    alternatives: Mapped[list[Any]] = mapped_column(default=list)
    approved_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    # What the programme promised when this was sent (K31): it may change its own days, and these stay.
    date_days: Mapped[int | None]
    meet_days: Mapped[int | None]
    meet_by: Mapped[date | None]
    first_meeting_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]

    @property
    def date_by(self) -> date | None:
        """Until when the two set a date for their first meeting (K31)."""
        if self.meet_by is None or self.meet_days is None or self.date_days is None:
            return None
        return self.meet_by - timedelta(days=self.meet_days - self.date_days)


class Unmatched(TenantRow):
    """Somebody whom a run left out: the binding reason, and the smallest change that would match her."""

    __tablename__ = "unmatched"
    __table_args__ = keys(
        unique("run_id", "participation_id"),
        refers("run_id", "matching_run", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
    )

    run_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    side: Mapped[str]
    reason: Mapped[str]
    facts: Mapped[dict[str, Any]]
    change: Mapped[dict[str, Any]]


class Answer(TenantRow):
    """What one person answered, in private (K33). Only coordinators of her own side read `reason`."""

    __tablename__ = "answer"
    __table_args__ = keys(
        unique("proposal_id", "participation_id", "asked_for"),
        refers("proposal_id", "proposal", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        one_of("asked_for", AskedFor),
    )

    proposal_id: Mapped[UUID]
    participation_id: Mapped[UUID]
    asked_for: Mapped[str]
    is_yes: Mapped[bool]
    reason: Mapped[str | None]


class Hold(TenantRow):
    """One place of a participation, kept while a proposal or a party is open (K11): nobody is proposed twice at once."""

    __tablename__ = "hold"
    __table_args__ = keys(
        unique("proposal_id", "participation_id"),
        unique("party_id", "participation_id"),
        refers("proposal_id", "proposal", on_delete="CASCADE"),
        refers("party_id", "party", on_delete="CASCADE"),
        refers("participation_id", "participation", on_delete="CASCADE"),
        CheckConstraint("(proposal_id IS NULL) <> (party_id IS NULL)", name="one"),
        index("participation_id"),
    )

    proposal_id: Mapped[UUID | None]
    party_id: Mapped[UUID | None]
    participation_id: Mapped[UUID]
    until: Mapped[datetime]


class NeverAgain(TenantRow):
    """Two people who have tried or declined: the pair is not proposed again (K35), in any cycle."""

    __tablename__ = "never_again"
    __table_args__ = keys(
        unique("one_id", "other_id"),
        refers("one_id", "person", on_delete="CASCADE"),
        refers("other_id", "person", on_delete="CASCADE"),
    )

    one_id: Mapped[UUID]  # the smaller of the two ids
    other_id: Mapped[UUID]


class PairWish(TenantRow):
    """A coordinator's wish for the next runs of a cycle: this pair in any case, or in no case."""

    __tablename__ = "pair_wish"
    __table_args__ = keys(
        unique("cycle_id", "mentor_id", "mentee_id"),
        refers("cycle_id", "cycle"),
        refers("mentor_id", "participation", on_delete="CASCADE"),
        refers("mentee_id", "participation", on_delete="CASCADE"),
        one_of("kind", WishKind),
    )

    cycle_id: Mapped[UUID]
    mentor_id: Mapped[UUID]
    mentee_id: Mapped[UUID]
    kind: Mapped[str]
    made_by: Mapped[UUID | None]
