"""Registering people on their behalf, and the participations that come of it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.registration import on_behalf, profiles, queries
from tenants.registration.models import Origin, ParticipantRole, Participation, Status
from tenants.registration.queries import Listed

Text = Annotated[str, Meta(max_length=4000)]


class SpokenChannel(StrEnum):
    """How the person gave her consents to whoever records them."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPER = "paper"


class NewRegistration(Struct, forbid_unknown_fields=True, kw_only=True):
    """
    `answers` are by question key: text, number, list of codes, or [{"code": "fr", "level": 3}] for languages.

    `consents` are the purposes that the person agreed to. With `is_confirmed`
    she has confirmed the registration too; else she gets a letter that asks her.
    """

    programme_id: UUID
    role: ParticipantRole
    full_name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(max_length=254)] | None = None
    language: Annotated[str, Meta(max_length=5)] = "en"
    answers: dict[str, Any] = {}
    consents: list[str] = []
    channel: SpokenChannel
    is_confirmed: bool = False
    cycle_id: UUID | None = None


class RegistrationView(Struct):
    """`participation_id` is null until the registration is confirmed."""

    id: UUID
    participation_id: UUID | None
    expires_at: datetime | None


class ListedParticipation(Struct):
    id: UUID
    person_id: UUID
    full_name: str
    email: str | None
    role: ParticipantRole
    status: Status
    status_at: datetime
    registered_on: date
    interview_on: datetime | None
    interviewed_on: date | None
    origin: Origin
    capacity: int
    mode: str
    topics_offered: list[str]
    topics_wanted: list[str]
    languages: list[Any]
    entity: str | None
    grade: str | None
    region: str | None
    office_id: UUID | None
    programme_id: UUID
    cycle_id: UUID

    @classmethod
    def of(cls, row: Listed) -> "ListedParticipation":
        return cls(**{field: getattr(row, field) for field in cls.__struct_fields__})


class ParticipationView(Struct):
    """`missing` are the keys of obligatory questions without an answer; `note` is the coordinators' own."""

    id: UUID
    person_id: UUID
    full_name: str
    role: ParticipantRole
    status: Status
    status_at: datetime
    registered_on: date
    interview_on: datetime | None
    interviewed_on: date | None
    programme_id: UUID
    cycle_id: UUID
    office_id: UUID | None
    answers: dict[str, Any]
    missing: list[str]
    note: str | None
    end_reason: str | None


class StatusCount(Struct):
    role: ParticipantRole
    status: Status
    count: int


class Answers(Struct, forbid_unknown_fields=True):
    answers: dict[str, Any]


class SpokenTo(Struct, forbid_unknown_fields=True):
    channel: SpokenChannel


@post("/registrations", summary="Register somebody who has asked you to")
async def register(door: NamedDependency[ApiDoor], data: JSONBody[NewRegistration]) -> RegistrationView:
    made, entered = await on_behalf.register(
        door.session,
        door.actor,
        programme_id=data.programme_id,
        role=data.role,
        full_name=data.full_name,
        email=data.email,
        language=data.language,
        given=data.answers,
        agreed=data.consents,
        channel=data.channel,
        is_confirmed=data.is_confirmed,
        cycle_id=data.cycle_id,
    )
    return RegistrationView(made.id, entered.id if entered else None, None if entered else made.expires_at)


@post(
    "/registrations/{registration_id:uuid}/confirm", status_code=200, summary="Record that she has confirmed"
)
async def confirm(
    door: NamedDependency[ApiDoor], registration_id: FromPath[UUID], data: JSONBody[SpokenTo]
) -> RegistrationView:
    entered = await on_behalf.confirm_by_phone(
        door.session, door.actor, registration_id, channel=data.channel
    )
    return RegistrationView(registration_id, entered.id, None)


@get("/participations", summary="Participations, by name")
async def participations(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
    programme_id: Annotated[UUID | None, QueryParameter(description="Only those of this programme.")] = None,
    person_id: Annotated[UUID | None, QueryParameter(description="Only those of this person.")] = None,
    status: Annotated[Status | None, QueryParameter(description="Only those with this status.")] = None,
    role: Annotated[ParticipantRole | None, QueryParameter(description="Only those in this role.")] = None,
    office_id: Annotated[UUID | None, QueryParameter(description="Only those of this office.")] = None,
    search: Annotated[
        str, QueryParameter(max_length=200, description="Beginnings of names or of an address.")
    ] = "",
) -> list[ListedParticipation]:
    rows = await queries.participations(
        door.session,
        door.actor,
        cycle_id=cycle_id,
        programme_id=programme_id,
        person_id=person_id,
        statuses=[status] if status else [],
        roles=[role] if role else [],
        office_id=office_id,
        search=search,
        after=paging.after(tuple[str, UUID]),
        limit=paging.limit + 1,
    )
    return [ListedParticipation.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/participations/counts", summary="How many there are by role and status")
async def counts(
    door: NamedDependency[ApiDoor],
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
    programme_id: Annotated[UUID | None, QueryParameter(description="Only those of this programme.")] = None,
) -> list[StatusCount]:
    found = await queries.counts(door.session, door.actor, cycle_id=cycle_id, programme_id=programme_id)
    return [
        StatusCount(ParticipantRole(role), Status(status), count)
        for (role, status), count in sorted(found.items())
    ]


@get("/participations/{participation_id:uuid}", summary="One participation and what it lacks")
async def participation(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID]
) -> ParticipationView:
    return await view(door, await queries.access_participation(door.session, door.actor, participation_id))


@patch("/participations/{participation_id:uuid}", summary="Change answers of a profile")
async def change(
    door: NamedDependency[ApiDoor], participation_id: FromPath[UUID], data: JSONBody[Answers]
) -> ParticipationView:
    return await view(
        door, await profiles.change_answers(door.session, door.actor, participation_id, data.answers)
    )


async def view(door: ApiDoor, found: Participation) -> ParticipationView:
    profile = await queries.profile_of(door.session, found)
    is_own = found.person_id == door.actor.person_id
    return ParticipationView(
        id=found.id,
        person_id=found.person_id,
        full_name=profile.person.full_name,
        role=ParticipantRole(found.role),
        status=Status(found.status),
        status_at=found.status_at,
        registered_on=found.registered_on,
        interview_on=found.interview_on,
        interviewed_on=found.interviewed_on,
        programme_id=found.programme_id,
        cycle_id=found.cycle_id,
        office_id=found.office_id,
        answers=profile.answers,
        missing=[question.key for question in profile.missing],
        note=None if is_own else found.note,
        end_reason=found.end_reason,
    )


ROUTES = [register, confirm, participations, counts, participation, change]
