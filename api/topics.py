"""The topics of a programme: all of them with how many have chosen each, one added, named anew, moved, offered no more."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from api.questions import Place
from tenants.programmes import topic_list
from tenants.programmes.models import Topic
from tenants.registration import answered

Name = Annotated[str, Meta(max_length=topic_list.MAX_NAME)]


class NewTopic(Struct, forbid_unknown_fields=True):
    """By language; the programme's first one must be there."""

    label: dict[str, Name]


class TopicName(NewTopic):
    """`version` as it was read."""

    version: int


class TopicOffer(Struct, forbid_unknown_fields=True):
    is_offered: bool


class OneTopic(Struct):
    """A code never means another topic, also when it is offered no more."""

    code: str
    label: dict[str, str]
    is_offered: bool
    version: int

    @classmethod
    def of(cls, row: Topic) -> "OneTopic":
        return cls(row.code, row.label, row.is_offered, row.version)


class ChosenTopic(OneTopic, kw_only=True):
    people: int


@get(
    "/programmes/{programme_id:uuid}/topics",
    summary="All topics of a programme, with how many have chosen each",
)
async def listed(door: NamedDependency[ApiDoor], programme_id: FromPath[UUID]) -> list[ChosenTopic]:
    every = await topic_list.every(door.session, door.actor, programme_id)
    chosen = await answered.topics(door.session, door.actor, programme_id)
    return [
        ChosenTopic(one.code, one.label, one.is_offered, one.version, people=chosen.get(one.code, 0))
        for one in every
    ]


@post("/programmes/{programme_id:uuid}/topics", summary="Let one topic more be chosen")
async def add(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[NewTopic]
) -> OneTopic:
    return OneTopic.of(await topic_list.add(door.session, door.actor, programme_id, label=data.label))


@put("/programmes/{programme_id:uuid}/topics/{code:str}", summary="Name a topic anew")
async def rename(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    code: FromPath[str],
    data: JSONBody[TopicName],
) -> OneTopic:
    """Whoever has chosen it reads the new name."""
    named = topic_list.rename(
        door.session, door.actor, programme_id, code, label=data.label, version=data.version
    )
    return OneTopic.of(await named)


@post(
    "/programmes/{programme_id:uuid}/topics/{code:str}/place",
    status_code=200,
    summary="Show a topic at another place",
)
async def place(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], code: FromPath[str], data: JSONBody[Place]
) -> OneTopic:
    return OneTopic.of(await topic_list.place(door.session, door.actor, programme_id, code, at=data.place))


@post(
    "/programmes/{programme_id:uuid}/topics/{code:str}/offer",
    status_code=200,
    summary="Offer a topic no more, or again",
)
async def offer(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    code: FromPath[str],
    data: JSONBody[TopicOffer],
) -> OneTopic:
    """Whoever has chosen it keeps it, and is matched by it."""
    offered = topic_list.offer(door.session, door.actor, programme_id, code, is_offered=data.is_offered)
    return OneTopic.of(await offered)


ROUTES = [listed, add, rename, place, offer]
