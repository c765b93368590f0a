"""What the API is told of workshops, and what it tells."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from tenants.gatherings import rules
from tenants.gatherings.guests import ListedGuest
from tenants.gatherings.inviting import MOST_NAMED, Look, Whom
from tenants.gatherings.letters import title_of
from tenants.gatherings.models import Audience, GatheringKind, GuestState, Workshop, WorkshopState
from tenants.gatherings.opinions import Results, Said
from tenants.gatherings.queries import Counts, Seen
from tenants.gatherings.rules import Asked
from tenants.registration.models import ParticipantRole, Status

Wall = Annotated[str, Meta(max_length=40)]
Words = Annotated[str, Meta(max_length=rules.MAX_SAID)]


class GuestCounts(Struct):
    invited: int
    coming: int
    waiting: int
    no_answer: int
    came: int

    @classmethod
    def of(cls, one: Counts) -> "GuestCounts":
        no_answer = one.states.get(GuestState.ASKED, 0)
        return cls(one.invited, one.coming, one.waiting, no_answer, one.came)


class WorkshopView(Struct):
    """`title` and `words` are per language. A change may name the `version` that it means."""

    id: UUID
    programme_id: UUID
    cycle_id: UUID
    office_id: UUID | None
    kind: GatheringKind
    audience: Audience
    state: WorkshopState
    title: dict[str, str]
    words: dict[str, str]
    starts_at: datetime
    wall_time: str
    time_zone: str
    minutes: int
    place: str | None
    link: str | None
    language: str
    places: int | None
    sequence: int
    version: int
    guests: GuestCounts

    @classmethod
    def of(cls, one: Workshop, counts: Counts) -> "WorkshopView":
        return cls(
            one.id, one.programme_id, one.cycle_id, one.office_id, GatheringKind(one.kind), Audience(one.audience),
            WorkshopState(one.state), one.title, one.words, one.starts_at, one.wall_time, one.time_zone, one.minutes,
            one.place, one.link, one.language, one.places, one.sequence, one.version, GuestCounts.of(counts),
        )  # fmt: skip


class WorkshopPlan(Struct, forbid_unknown_fields=True, kw_only=True):
    """`at` is a wall time such as 2026-12-07T10:00, of your zone where none is named. A place or a link is needed."""

    kind: GatheringKind
    audience: Audience
    title: dict[str, str]
    words: dict[str, str] = {}
    at: Wall
    time_zone: str | None = None
    minutes: int = rules.USUAL_MINUTES
    place: str | None = None
    link: str | None = None
    language: str = ""
    places: int | None = None

    def asked(self, zone: str) -> Asked:
        return Asked(
            self.kind, self.audience, self.title, self.words, self.at, self.time_zone or zone, self.minutes,
            self.place, self.link, self.language, self.places,
        )  # fmt: skip


class NewWorkshop(WorkshopPlan, forbid_unknown_fields=True, kw_only=True):
    """With an office it is for the people of that office alone."""

    cycle_id: UUID
    office_id: UUID | None = None


class ChangedWorkshop(WorkshopPlan, forbid_unknown_fields=True, kw_only=True):
    version: int | None = None


class CancelledWorkshop(Struct, forbid_unknown_fields=True):
    version: int | None = None


class WorkshopInvitation(Struct, forbid_unknown_fields=True):
    """
    People of these statuses; without any, everybody who takes part. Or `people`, by their participations: anybody of the
    programme, in either role.
    """

    statuses: list[Status] = []
    people: Annotated[list[UUID], Meta(max_length=MOST_NAMED)] = []

    @property
    def whom(self) -> Whom:
        return Whom(self.statuses, self.people)


class WorkshopInvitee(Struct):
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: ParticipantRole
    status: Status
    can_be_written_to: bool


class WorkshopLetter(Struct):
    """The letter of the first of them, in her language, without the address behind its button."""

    language: str
    subject: str
    heading: str
    paragraphs: list[str]
    facts: list[tuple[str, str]]


class WorkshopLook(Struct):
    """`first` are the first by name. `staying` counts who is not invited: "invited" already, "left", or by status."""

    number: int
    without_email: int
    first: list[WorkshopInvitee]
    staying: dict[str, int]
    letter: WorkshopLetter | None

    @classmethod
    def of(cls, look: Look, letter: WorkshopLetter | None) -> "WorkshopLook":
        first = [
            WorkshopInvitee(
                one.participation_id, one.person_id, one.full_name, ParticipantRole(one.role), Status(one.status),
                one.can_be_written_to,
            )
            for one in look.first
        ]  # fmt: skip
        return cls(look.number, look.without_email, first, dict(look.staying), letter)


class WorkshopInvited(Struct):
    batch_id: UUID
    number: int


class InvitationsBack(Struct):
    """How many invitations were taken back, and how many could no longer be."""

    taken_back: int
    too_late: int


class GuestView(Struct):
    """`came` is null as long as nobody has noted it."""

    id: UUID
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: ParticipantRole
    state: GuestState
    answered_at: datetime | None
    came: bool | None

    @classmethod
    def of(cls, one: ListedGuest) -> "GuestView":
        return cls(
            one.id, one.participation_id, one.person_id, one.full_name, ParticipantRole(one.role),
            GuestState(one.state), one.answered_at, one.came,
        )  # fmt: skip


class Coming(StrEnum):
    COME = "come"
    CANNOT = "cannot"


class WorkshopAnswer(Struct, forbid_unknown_fields=True):
    answer: Coming


class GuestAnswered(Struct):
    """`waiting` where all places were taken."""

    id: UUID
    state: GuestState


class Attendance(Struct, forbid_unknown_fields=True):
    """Guests by their ids. Of whom neither list speaks nothing changes."""

    came: Annotated[list[UUID], Meta(max_length=2_000)] = []
    stayed_away: Annotated[list[UUID], Meta(max_length=2_000)] = []


class Attended(Struct):
    """How many were there in all."""

    came: int


class CameAlong(Struct, forbid_unknown_fields=True):
    participation_id: UUID


class OpinionForm(Struct, forbid_unknown_fields=True):
    """`useful` goes from 1, not at all, to 5, very much."""

    useful: Annotated[int, Meta(ge=1, le=5)]
    will_use: Words | None = None
    missing: Words | None = None

    def said(self) -> Said:
        return Said(self.useful, self.will_use, self.missing)


class PaperOpinion(OpinionForm, forbid_unknown_fields=True, kw_only=True):
    role: ParticipantRole


class OpinionResults(Struct):
    """How often each step was chosen. Empty but for the number before three have answered, `by_role` before five of each role have."""

    answers: int
    came: int
    useful: dict[int, int]
    by_role: dict[str, dict[int, int]]
    will_use: list[str]
    missing: list[str]

    @classmethod
    def of(cls, one: Results) -> "OpinionResults":
        return cls(
            one.number, one.came, dict(one.useful), {role: dict(steps) for role, steps in one.by_role.items()},
            list(one.will_use), list(one.missing),
        )  # fmt: skip


class OwnWorkshop(Struct):
    """`may_say` where it is over, you were there, and have not told yet how it was."""

    id: UUID
    title: str
    starts_at: datetime
    minutes: int
    place: str | None
    link: str | None
    language: str
    state: GuestState
    may_say: bool

    @classmethod
    def of(cls, one: Seen) -> "OwnWorkshop":
        found = one.workshop
        return cls(
            found.id, title_of(one), found.starts_at, found.minutes, found.place, found.link, found.language,
            GuestState(one.guest.state), rules.may_say(found, one.guest),
        )  # fmt: skip
