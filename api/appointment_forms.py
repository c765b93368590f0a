"""What the API is told of appointments, and what it tells."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import rules
from tenants.registration.appointments.queries import Invitee
from tenants.registration.appointments.rules import Details

Wall = Annotated[str, Meta(max_length=40)]
Word = Annotated[str, Meta(max_length=rules.MAX_WORD)]


class ProposedTime(Struct):
    """`wall_time` stands in `time_zone`, that of whoever proposes it; `at` is the instant."""

    at: datetime
    wall_time: str
    time_zone: str


class AppointmentView(Struct):
    """`version` changes with each time that is set and each answer; a change may name the one that it means."""

    id: UUID
    batch_id: UUID
    participation_id: UUID
    coordinator_id: UUID | None
    state: AppointmentState
    starts_at: datetime
    wall_time: str
    time_zone: str
    minutes: int
    place: str | None
    link: str | None
    language: str
    sequence: int
    version: str
    proposed: list[ProposedTime]
    word: str | None
    answered_at: datetime | None

    @classmethod
    def of(cls, one: Appointment) -> "AppointmentView":
        return cls(
            one.id, one.batch_id, one.participation_id, one.coordinator_id, AppointmentState(one.state), one.starts_at,
            one.wall_time, one.time_zone, one.minutes, one.place, one.link, one.language, one.sequence,
            rules.version_of(one), _proposed(one), one.word, one.answered_at,
        )  # fmt: skip


class OwnAppointment(Struct):
    """To be answered until it begins."""

    id: UUID
    participation_id: UUID
    state: AppointmentState
    starts_at: datetime
    minutes: int
    place: str | None
    link: str | None
    language: str
    proposed: list[ProposedTime]
    word: str | None

    @classmethod
    def of(cls, one: Appointment) -> "OwnAppointment":
        return cls(
            one.id, one.participation_id, AppointmentState(one.state), one.starts_at, one.minutes, one.place, one.link,
            one.language, _proposed(one), one.word,
        )  # fmt: skip


class Slot(Struct, forbid_unknown_fields=True):
    """A wall time such as 2026-11-26T10:00."""

    participation_id: UUID
    at: Wall


class Place(Struct, forbid_unknown_fields=True, kw_only=True):
    """A place, or the link of a call; one of them at least. `time_zone` is yours where none is named."""

    minutes: int = rules.USUAL_MINUTES
    place: str | None = None
    link: str | None = None
    language: str = ""
    time_zone: str | None = None

    def details(self) -> Details:
        return rules.details(self.minutes, self.place, self.link)


class Invitation(Place, forbid_unknown_fields=True, kw_only=True):
    """`language` is that of the talk; each in the language in which we write to her where none is named."""

    slots: Annotated[list[Slot], Meta(min_length=1, max_length=rules.MOST)]

    def walls(self) -> dict[UUID, str]:
        return {one.participation_id: one.at for one in self.slots}


class Staying(Struct):
    """Who is not invited; `code` says why."""

    participation_id: UUID
    code: str

    @classmethod
    def of(cls, one: Invitee) -> "Staying":
        return cls(one.participation_id, one.refusal.code if one.refusal else "")


class Invited(Struct):
    batch_id: UUID
    invited: list[AppointmentView]
    staying: list[Staying]


class LetterText(Struct):
    """The first of the letters, in the language of its reader, without the address behind its button."""

    language: str
    subject: str
    heading: str
    paragraphs: list[str]
    facts: list[tuple[str, str]]


class Rehearsed(Struct):
    invited: list[UUID]
    staying: list[Staying]
    letter: LetterText | None


class Move(Place, forbid_unknown_fields=True, kw_only=True):
    at: Wall
    version: str | None = None


class Taking(Struct, forbid_unknown_fields=True):
    """One of the times that she proposes."""

    at: Annotated[datetime, Meta(tz=True)]
    version: str | None = None


class Cancelling(Struct, forbid_unknown_fields=True):
    version: str | None = None


class TakenBack(Struct):
    """How many invitations were taken back, and how many could no longer be."""

    taken_back: int
    too_late: int


class Saying(StrEnum):
    COME = "come"
    OTHER = "other"
    CANNOT = "cannot"


class Reply(Struct, forbid_unknown_fields=True):
    """`times` are up to three wall times of yours, for "other" alone; your coordinator reads the `word`."""

    answer: Saying
    times: Annotated[list[Wall], Meta(max_length=rules.MOST_PROPOSED)] = []
    time_zone: str | None = None
    word: Word | None = None


def _proposed(one: Appointment) -> list[ProposedTime]:
    return [
        ProposedTime(datetime.fromisoformat(kept["at"]), kept["wall"], kept["zone"]) for kept in one.proposed
    ]
