"""What comes next for the people of a relationship that has ended: their own choice, or what a coordinator was told."""

from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from tenants.programmes import queries as programmes
from tenants.registration.models import Participation
from tenants.relationships.afterwards import actions, rules
from tenants.relationships.afterwards.models import Afterwards, Choice


class NewChoice(Struct, forbid_unknown_fields=True):
    choice: Choice


class OwnChoice(Struct):
    """`choices`: what you may choose, while it `is_open`."""

    id: UUID
    relationship_id: UUID
    choice: Choice | None
    chosen_at: datetime | None
    open_until: datetime
    is_open: bool
    choices: list[Choice]


class ChoiceOf(Struct):
    """`is_noted`: a coordinator wrote down what she was told."""

    participation_id: UUID
    full_name: str
    choice: Choice | None
    chosen_at: datetime | None
    is_noted: bool


@get("/me/next", summary="What you are asked after the end of your mentoring")
async def own(door: NamedDependency[ApiDoor]) -> list[OwnChoice]:
    return [await _own(door, *row) for row in await actions.own_all(door.session, door.actor)]


@post("/me/next/{afterwards_id:uuid}", status_code=200, summary="Choose what comes next for you")
async def choose(
    door: NamedDependency[ApiDoor], afterwards_id: FromPath[UUID], data: JSONBody[NewChoice]
) -> OwnChoice:
    """Done at once: you are matched again, register as a mentor, stay for news alone, or leave."""
    await actions.choose(door.session, door.actor, afterwards_id, data.choice)
    await door.session.flush()
    return await _own(door, *await actions.own(door.session, door.actor, afterwards_id))


@get("/relationships/{relationship_id:uuid}/next", summary="What each of a case would like after its end")
async def of_case(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> list[ChoiceOf]:
    return await _of_case(door, relationship_id)


@post(
    "/relationships/{relationship_id:uuid}/next/{participation_id:uuid}",
    status_code=200,
    summary="Note what one of them has told you",
)
async def note(
    door: NamedDependency[ApiDoor],
    relationship_id: FromPath[UUID],
    participation_id: FromPath[UUID],
    data: JSONBody[NewChoice],
) -> list[ChoiceOf]:
    await actions.note(door.session, door.actor, relationship_id, participation_id, data.choice)
    await door.session.flush()
    return await _of_case(door, relationship_id)


async def _own(door: ApiDoor, asked: Afterwards, mine: Participation) -> OwnChoice:
    programme = await programmes.own_programme(door.session, mine.programme_id)
    return OwnChoice(
        asked.id, asked.relationship_id, Choice(asked.choice) if asked.choice else None, asked.chosen_at,
        asked.open_until, await actions.is_open(door.session, asked, mine),
        rules.choices(mine.role, programme.structure),
    )  # fmt: skip


async def _of_case(door: ApiDoor, relationship_id: UUID) -> list[ChoiceOf]:
    rows = await actions.of_case(door.session, door.actor, relationship_id)
    return [
        ChoiceOf(
            one.participation_id, name, Choice(one.choice) if one.choice else None, one.chosen_at,
            one.noted_by is not None,
        )
        for one, name, _role, _office in rows
    ]  # fmt: skip


ROUTES = [own, choose, of_case, note]
