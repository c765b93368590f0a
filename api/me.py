"""Whoever holds the token: her own facts, her address, the letters that she gets, her meetings for a calendar."""

from datetime import datetime
from uuid import UUID

from litestar import Response, get, patch, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Struct, UnsetType

from api.door import ApiDoor
from infra.calendar import MEDIA_TYPE, Event, write
from infra.language import gettext
from tenants.identity import own_address
from tenants.notifications import choices
from tenants.notifications.choices import Choice
from tenants.organisations import queries as organisations
from tenants.people import queries
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration import leaving, profiles
from tenants.registration import queries as registrations
from tenants.registration.models import ParticipantRole, Participation, Status
from tenants.relationships import calendar, returning
from tenants.reports import calendars, outbox


class Me(Struct):
    id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str


class MyChange(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is; null empties the telephone."""

    full_name: str | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET


class NewAddress(Struct, forbid_unknown_fields=True):
    email: str


class AddressAsked(Struct):
    """Nothing has changed yet: a letter has gone to the address, whose link confirms it until `expires_at`."""

    email: str
    expires_at: datetime


class LetterChoice(Struct):
    """
    `may_drop`: false for letters that go to everybody whom they concern. `is_asked_for`: comes to nobody but those who have
    asked for it.
    """

    kind: str
    title: str
    may_drop: bool
    is_wanted: bool
    is_asked_for: bool

    @classmethod
    def of(cls, one: Choice) -> "LetterChoice":
        return cls(one.kind, gettext(one.title), one.may_drop, one.is_wanted, one.is_asked_for)


class LettersOff(Struct, forbid_unknown_fields=True):
    """
    `off`: the kinds to do without; all others come. `on`: of those that come to who asks for them, the ones that you want;
    left out, they stay as they are.
    """

    off: list[str]
    on: list[str] | UnsetType = UNSET


@get("/me", summary="Your own facts")
async def me(door: NamedDependency[ApiDoor]) -> Me:
    door.actor.require(Permission.OWN_CASE)
    return _me(await queries.access_person(door.session, door.actor, door.actor.require_person()))


@patch("/me", summary="Change your own facts")
async def change(door: NamedDependency[ApiDoor], data: JSONBody[MyChange]) -> Me:
    """The address has a road of its own: `POST /me/address`."""
    door.actor.require(Permission.OWN_CASE)
    facts = {field: getattr(data, field) for field in data.__struct_fields__}
    named = {field: value for field, value in facts.items() if value is not UNSET}
    return _me(await profiles.change_contact(door.session, door.actor, door.actor.require_person(), **named))


@post("/me/address", status_code=202, summary="Ask to be reached at another e-mail address")
async def ask_address(door: NamedDependency[ApiDoor], data: JSONBody[NewAddress]) -> AddressAsked:
    """Confirmed by the link in the letter to the new address; the old one is told then, and all sessions end."""
    asked = await own_address.ask(door.session, door.actor, email=data.email)
    return AddressAsked(asked.email, asked.expires_at)


@get("/me/letters", summary="Which letters you may get, and which you do without")
async def letters(door: NamedDependency[ApiDoor]) -> list[LetterChoice]:
    return [LetterChoice.of(one) for one in await outbox.choices(door.session, door.actor)]


@put("/me/letters", summary="Choose which letters to do without")
async def choose_letters(door: NamedDependency[ApiDoor], data: JSONBody[LettersOff]) -> list[LetterChoice]:
    outbox.kinds()
    on = None if data.on is UNSET else data.on
    await choices.choose(door.session, door.actor, off=data.off, on=on)
    await door.session.flush()
    return [LetterChoice.of(one) for one in await outbox.choices(door.session, door.actor)]


class OwnParticipation(Struct):
    """`may_return`: whether you could take part again now, with your answers as they are."""

    id: UUID
    programme_id: UUID
    cycle_id: UUID
    role: ParticipantRole
    status: Status
    status_at: datetime
    may_return: bool


@get("/me/participations", summary="What you take part in, and what you have left")
async def taking_part(door: NamedDependency[ApiDoor]) -> list[OwnParticipation]:
    door.actor.require(Permission.OWN_CASE)
    found = [one.participation for one in await registrations.own(door.session, door.actor)]
    return [await _part(door, one) for one in [*found, *await leaving.left_by(door.session, door.actor)]]


@post("/me/participations/{participation_id:uuid}/leave", status_code=200, summary="Leave a programme")
async def leave(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> OwnParticipation:
    """
    At any time, and without a reason. Open proposals are withdrawn, and who was proposed is never told why.

    The coordinator of a running pair talks with the other one and then closes it.
    """
    return await _part(door, await leaving.leave(door.session, door.actor, participation_id))


@post("/me/participations/{participation_id:uuid}/return", status_code=200, summary="Take part again")
async def come_back(door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]) -> OwnParticipation:
    """While the cycle takes registrations and has room, or a pair of yours is not closed yet; later by registering anew."""
    return await _part(door, await returning.come_back(door.session, door.actor, participation_id))


async def _part(door: ApiDoor, one: Participation) -> OwnParticipation:
    return OwnParticipation(
        one.id, one.programme_id, one.cycle_id, ParticipantRole(one.role), Status(one.status), one.status_at,
        await returning.may_return(door.session, one),
    )  # fmt: skip


_ICS = {200: ResponseSpec(str, media_type="text/calendar", description="An iCalendar object (RFC 5545).")}


@get("/me/calendar.ics", summary="Your agreed meetings and your workshops for a calendar", responses=_ICS)
async def meetings(door: NamedDependency[ApiDoor]) -> Response[bytes]:
    """
    Times in the zone in which they were agreed, with its rules. A meeting keeps its UID; one that was moved has a higher
    SEQUENCE, and one that was cancelled says so. A workshop is there once you have a place; where you wait for one, as TENTATIVE.
    """
    return _file(await calendars.own(door.session, door.actor, pages=await _pages(door)), "PUBLISH")


@get(
    "/me/meetings/{meeting_id:uuid}/calendar.ics", summary="One agreed meeting for a calendar", responses=_ICS
)
async def meeting(door: NamedDependency[ApiDoor], meeting_id: FromPath[UUID]) -> Response[bytes]:
    found = await calendar.one(door.session, door.actor, meeting_id, pages=await _pages(door))
    return _file(found, "CANCEL" if len(found) == 1 and found[0].is_cancelled else "PUBLISH")


async def _pages(door: ApiDoor) -> str:
    return door.ground.settings.web.url(await organisations.primary_host(door.session), "")


def _file(events: list[Event], method: str) -> Response[bytes]:
    return Response(write(events, method=method).encode(), media_type=MEDIA_TYPE)


def _me(found: Person) -> Me:
    return Me(found.id, found.full_name, found.email, found.phone, found.language, found.time_zone)


ROUTES = [
    me, change, ask_address, letters, choose_letters, taking_part, leave, come_back, meetings, meeting,
]  # fmt: skip
