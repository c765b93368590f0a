"""Invitations to interviews: inviting, moving, taking a time that somebody proposes; and answering one's own."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from api.appointment_forms import (
    AppointmentView,
    Cancelling,
    Invitation,
    Invited,
    LetterText,
    Move,
    OwnAppointment,
    Rehearsed,
    Reply,
    Saying,
    Staying,
    TakenBack,
    Taking,
)
from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.permissions import Permission
from tenants.registration.appointments import actions, answering, arranging, queries
from tenants.reports import inviting


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
    door.actor.require(Permission.PEOPLE_READ)
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
