"""Workshops: planning them, inviting, who comes, who came, what they say of it; and one's own."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from api.door import ApiDoor
from api.workshop_forms import (
    Attendance,
    Attended,
    CameAlong,
    CancelledWorkshop,
    ChangedWorkshop,
    Coming,
    GuestAnswered,
    GuestView,
    InvitationsBack,
    NewWorkshop,
    OpinionForm,
    OpinionResults,
    OwnWorkshop,
    PaperOpinion,
    WorkshopAnswer,
    WorkshopInvitation,
    WorkshopInvited,
    WorkshopLetter,
    WorkshopLook,
    WorkshopView,
)
from infra.http.paging import Paging, cut
from tenants.gatherings import actions, answering, attending, guests, inviting, opinions, queries
from tenants.gatherings.models import GatheringKind, GuestState, Workshop
from tenants.reports import guests as rehearsing

_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


@get("/workshops", summary="Workshops to come, or those that are over")
async def workshops(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    is_over: Annotated[bool, QueryParameter(description="Those that are held, cancelled or past.")] = False,
    held_from: Annotated[
        datetime | None, QueryParameter(description="Only those that took place then or later.")
    ] = None,
    held_before: Annotated[
        datetime | None, QueryParameter(description="Only those that took place before.")
    ] = None,
    kind: Annotated[GatheringKind | None, QueryParameter(description="Only those of this kind.")] = None,
) -> list[WorkshopView]:
    """To come by their hour; over, the newest first."""
    rows = await queries.listed(
        door.session,
        door.actor,
        is_over=is_over,
        held=(held_from or _EVER[0], held_before or _EVER[1]) if held_from or held_before else None,
        kind=kind or "",
        after=paging.after(tuple[datetime, UUID]),
        limit=paging.limit + 1,
    )
    page = cut(door.request.scope, paging, rows, lambda row: (row.workshop.starts_at, row.workshop.id))
    return [WorkshopView.of(row.workshop, row.counts) for row in page]


@get("/workshops/{workshop_id:uuid}", summary="One workshop with how many come")
async def workshop(door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID]) -> WorkshopView:
    return await _view(door, await queries.access(door.session, door.actor, workshop_id))


@post("/workshops", summary="Plan a workshop")
async def plan(door: NamedDependency[ApiDoor], data: JSONBody[NewWorkshop]) -> WorkshopView:
    """Nobody is invited by that."""
    made = await actions.plan(
        door.session,
        door.actor,
        data.cycle_id,
        data.asked(door.actor.time_zone),
        office_id=data.office_id,
    )
    return await _view(door, made)


@put("/workshops/{workshop_id:uuid}", summary="Change a workshop")
async def change(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[ChangedWorkshop]
) -> WorkshopView:
    """Another time or place is told to everybody who was told of it, ten minutes later; places stay."""
    asked = data.asked(door.actor.time_zone)
    found = await actions.change(door.session, door.actor, workshop_id, asked, version=data.version)
    return await _view(door, found)


@post("/workshops/{workshop_id:uuid}/cancel", status_code=200, summary="Cancel a workshop")
async def cancel(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[CancelledWorkshop]
) -> WorkshopView:
    """Whoever was told of it is told at once, and the entry leaves her calendar."""
    found = await actions.cancel(door.session, door.actor, workshop_id, version=data.version)
    return await _view(door, found)


@post("/workshops/{workshop_id:uuid}/rehearsal", status_code=200, summary="See whom inviting would reach")
async def rehearse(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[WorkshopInvitation]
) -> WorkshopLook:
    """Nothing is changed, and nobody is written to."""
    found = await rehearsing.rehearse(
        door.session,
        door.actor,
        workshop_id,
        data.whom,
        web=door.ground.settings.web,
        links=door.ground.links,
    )
    text = found.letter
    letter = (
        WorkshopLetter(found.language, text.subject, text.heading, text.paragraphs, text.facts)
        if text
        else None
    )
    return WorkshopLook.of(found.look, letter)


@post("/workshops/{workshop_id:uuid}/invitations", summary="Invite the people of a cycle, or some by name")
async def invite(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[WorkshopInvitation]
) -> WorkshopInvited:
    """The letters leave ten minutes later; until then all can be taken back together."""
    sent = await inviting.invite(door.session, door.actor, workshop_id, data.whom)
    return WorkshopInvited(sent.batch_id, sent.number)


@post("/workshops/batches/{batch_id:uuid}/undo", status_code=200, summary="Take invitations back")
async def undo(door: NamedDependency[ApiDoor], batch_id: FromPath[UUID]) -> InvitationsBack:
    """All that were sent together, within ten minutes; whoever has answered already stays."""
    return InvitationsBack(*await inviting.take_back(door.session, door.actor, batch_id))


@get("/workshops/{workshop_id:uuid}/guests", summary="The guests of a workshop, by name")
async def listed_guests(
    door: NamedDependency[ApiDoor],
    workshop_id: FromPath[UUID],
    paging: NamedDependency[Paging],
    standing: Annotated[GuestState | None, QueryParameter(description="Only these.")] = None,
) -> list[GuestView]:
    rows = await guests.listed(
        door.session,
        door.actor,
        workshop_id,
        states=[standing] if standing else (),
        after=paging.after(tuple[str, UUID]),
        limit=paging.limit + 1,
    )
    return [GuestView.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@post(
    "/workshops/{workshop_id:uuid}/guests/{guest_id:uuid}/answer", status_code=200, summary="Note an answer"
)
async def note_answer(
    door: NamedDependency[ApiDoor],
    workshop_id: FromPath[UUID],
    guest_id: FromPath[UUID],
    data: JSONBody[WorkshopAnswer],
) -> GuestAnswered:
    """What a guest has said on the telephone."""
    guest = await answering.note(
        door.session, door.actor, workshop_id, guest_id, comes=data.answer == Coming.COME
    )
    return GuestAnswered(guest.id, GuestState(guest.state))


@post("/workshops/{workshop_id:uuid}/attendance", status_code=200, summary="Note who was there")
async def attend(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[Attendance]
) -> Attended:
    """With that it was held; whoever was there is asked how it was, ten minutes later."""
    there = await attending.attend(
        door.session, door.actor, workshop_id, came=set(data.came), of={*data.came, *data.stayed_away}
    )
    return Attended(there)


@post("/workshops/{workshop_id:uuid}/guests", summary="Note that somebody came without an invitation")
async def add(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[CameAlong]
) -> GuestAnswered:
    guest = await attending.add(door.session, door.actor, workshop_id, data.participation_id)
    return GuestAnswered(guest.id, GuestState(guest.state))


@get("/workshops/{workshop_id:uuid}/opinions", summary="What guests say of a workshop")
async def results(door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID]) -> OpinionResults:
    """Nobody's name stands beside an answer."""
    return OpinionResults.of(await opinions.results(door.session, door.actor, workshop_id))


@post("/workshops/{workshop_id:uuid}/opinions", status_code=200, summary="Type in a form from paper")
async def note_opinion(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[PaperOpinion]
) -> OpinionResults:
    await opinions.note(door.session, door.actor, workshop_id, data.role, data.said())
    return OpinionResults.of(await opinions.results(door.session, door.actor, workshop_id))


@get("/me/workshops", summary="Workshops to which you are invited, or of which you may say how they were")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnWorkshop]:
    return [OwnWorkshop.of(one) for one in await queries.own(door.session, door.actor)]


@post("/me/workshops/{workshop_id:uuid}/answer", status_code=200, summary="Say whether you come")
async def answer(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[WorkshopAnswer]
) -> GuestAnswered:
    """Your latest answer counts, until it begins. Where all places are taken you wait for one."""
    comes = data.answer == Coming.COME
    guest = await answering.answer(door.session, door.actor, workshop_id, comes=comes)
    return GuestAnswered(guest.id, GuestState(guest.state))


@post("/me/workshops/{workshop_id:uuid}/opinion", status_code=204, summary="Say how a workshop was")
async def say(
    door: NamedDependency[ApiDoor], workshop_id: FromPath[UUID], data: JSONBody[OpinionForm]
) -> None:
    """Once, and without your name."""
    await opinions.say(door.session, door.actor, workshop_id, data.said())


async def _view(door: ApiDoor, one: Workshop) -> WorkshopView:
    return WorkshopView.of(one, (await queries.counts(door.session, [one.id]))[one.id])


ROUTES = [
    workshops,
    workshop,
    plan,
    change,
    cancel,
    rehearse,
    invite,
    undo,
    listed_guests,
    note_answer,
    attend,
    add,
    results,
    note_opinion,
    own,
    answer,
    say,
]
