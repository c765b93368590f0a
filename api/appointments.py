"""Invitations to interviews: inviting, moving, taking a time that somebody proposes; and answering one's own."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import actions, answering, arranging, queries, rules
from tenants.registration.appointments.queries import Invitee
from tenants.registration.appointments.rules import Details
from tenants.reports import inviting

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


@get("/appointments", summary="Interviews to come, by their hour")
async def appointments(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    since: Annotated[date | None, QueryParameter(description="From this day on, in your time zone.")] = None,
) -> list[AppointmentView]:
    """Of the people whom you work with; without those that were held or cancelled."""
    rows = await queries.listed(
        door.session,
        door.actor,
        since=since,
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.starts_at, row.id))
    return [AppointmentView.of(row) for row in page]


@get("/appointments/{appointment_id:uuid}", summary="One interview with what she says to it")
async def appointment(door: NamedDependency[ApiDoor], appointment_id: FromPath[UUID]) -> AppointmentView:
    found = await queries.access(door.session, door.actor, appointment_id)
    return AppointmentView.of(found.appointment)


@post("/appointments/rehearsal", status_code=200, summary="See what inviting would do, and the letter")
async def rehearse(door: NamedDependency[ApiDoor], data: JSONBody[Invitation]) -> Rehearsed:
    """Nothing is changed, and nobody is written to."""
    found = await inviting.rehearse(
        door.session,
        door.actor,
        data.walls(),
        zone=data.time_zone or door.actor.time_zone,
        details=data.details(),
        language=data.language,
        web=door.ground.settings.web,
        links=door.ground.links,
    )
    text = found.letter
    letter = (
        LetterText(found.language, text.subject, text.heading, text.paragraphs, text.facts) if text else None
    )
    return Rehearsed(sorted(found.invited), [Staying.of(one) for one in found.staying], letter)


@post("/appointments", summary="Invite people to interviews")
async def invite(door: NamedDependency[ApiDoor], data: JSONBody[Invitation]) -> Invited:
    """
    Each gets a letter with an entry for her calendar, ten minutes later; until then all can be taken back together.

    Whoever is registered now awaits an interview. A time that cannot be used refuses all of them; who cannot be
    invited stays, with the reason.
    """
    found = await arranging.arrange(
        door.session,
        door.actor,
        data.walls(),
        zone=data.time_zone or door.actor.time_zone,
        details=data.details(),
        language=data.language,
    )
    return Invited(
        found.batch_id,
        [AppointmentView.of(one) for one in found.made.values()],
        [Staying.of(one) for one in found.staying],
    )


@post("/appointments/batches/{batch_id:uuid}/undo", status_code=200, summary="Take invitations back")
async def undo(door: NamedDependency[ApiDoor], batch_id: FromPath[UUID]) -> TakenBack:
    """All that were made together, within ten minutes; nobody hears of them."""
    return TakenBack(*await arranging.take_back(door.session, door.actor, batch_id))


@post("/appointments/{appointment_id:uuid}/move", status_code=200, summary="Offer another time or place")
async def move(
    door: NamedDependency[ApiDoor], appointment_id: FromPath[UUID], data: JSONBody[Move]
) -> AppointmentView:
    """She is asked anew, and the entry in her calendar keeps its UID."""
    return AppointmentView.of(
        await actions.move(
            door.session,
            door.actor,
            appointment_id,
            wall=data.at,
            zone=data.time_zone or door.actor.time_zone,
            details=data.details(),
            language=data.language,
            version=data.version,
        )
    )


@post("/appointments/{appointment_id:uuid}/accept", status_code=200, summary="Take a time that she proposes")
async def accept(
    door: NamedDependency[ApiDoor], appointment_id: FromPath[UUID], data: JSONBody[Taking]
) -> AppointmentView:
    return AppointmentView.of(
        await actions.accept(door.session, door.actor, appointment_id, at=data.at, version=data.version)
    )


@post("/appointments/{appointment_id:uuid}/cancel", status_code=200, summary="Cancel an interview")
async def cancel(
    door: NamedDependency[ApiDoor], appointment_id: FromPath[UUID], data: JSONBody[Cancelling]
) -> AppointmentView:
    """She is told, unless the invitation has not left yet."""
    return AppointmentView.of(
        await actions.cancel(door.session, door.actor, appointment_id, version=data.version)
    )


@get("/me/appointments", summary="Interviews to which you are invited")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnAppointment]:
    return [OwnAppointment.of(one) for one in await queries.own(door.session, door.actor)]


@post("/me/appointments/{appointment_id:uuid}/answer", status_code=200, summary="Answer an invitation")
async def answer(
    door: NamedDependency[ApiDoor], appointment_id: FromPath[UUID], data: JSONBody[Reply]
) -> OwnAppointment:
    """Your latest answer counts, until the interview begins."""
    match data.answer:
        case Saying.COME:
            found = await answering.confirm(door.session, door.actor, appointment_id, word=data.word)
        case Saying.OTHER:
            found = await answering.propose(
                door.session,
                door.actor,
                appointment_id,
                walls=data.times,
                zone=data.time_zone or door.actor.time_zone,
                word=data.word,
            )
        case Saying.CANNOT:
            found = await answering.decline(door.session, door.actor, appointment_id, word=data.word)
    return OwnAppointment.of(found)


def _proposed(one: Appointment) -> list[ProposedTime]:
    return [
        ProposedTime(datetime.fromisoformat(kept["at"]), kept["wall"], kept["zone"]) for kept in one.proposed
    ]


ROUTES = [
    appointments,
    appointment,
    rehearse,
    invite,
    undo,
    move,
    accept,
    cancel,
    own,
    answer,
]
