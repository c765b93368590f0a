"""The handbook of both sides, and what introductory workshops go by."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from tenants.gatherings import material
from tenants.gatherings.models import Audience
from tenants.permissions import Permission

Spoken = Annotated[str, QueryParameter(description="A language; yours where none is named.")]


class Chapter(Struct):
    title: str
    text: list[str]
    points: list[str]


class Handbook(Struct):
    language: str
    title: str
    intro: str
    chapters: list[Chapter]


class ModuleStep(Struct):
    minutes: int
    words: str


class WorkshopModule(Struct):
    title: str
    aim: str
    minutes: int
    steps: list[ModuleStep]


class MaterialList(Struct):
    title: str
    points: list[str]


class Material(Struct):
    language: str
    title: str
    intro: str
    modules: list[WorkshopModule]
    lists: list[MaterialList]


@get("/me/handbook", summary="The handbook for mentors and mentees")
async def handbook(door: NamedDependency[ApiDoor], language: Spoken = "") -> Handbook:
    door.actor.require(Permission.OWN_CASE)
    spoken = material.nearest(language or door.actor.language)
    text = material.handbook(spoken)
    chapters = [Chapter(one["title"], one["text"], one["points"]) for one in text["chapters"]]
    return Handbook(spoken, text["title"], text["intro"], chapters)


@get("/workshop-material/{audience:str}", summary="What an introductory workshop goes by")
async def workshop_material(
    door: NamedDependency[ApiDoor], audience: FromPath[Audience], language: Spoken = ""
) -> Material:
    """For mentors, or for mentees; the page of a workshop prints it with the numbers of the network."""
    door.actor.require(Permission.PEOPLE_READ)
    spoken = material.nearest(language or door.actor.language)
    text = material.workshop(audience, spoken)
    modules = [
        WorkshopModule(one["title"], one["aim"], minutes, [ModuleStep(*step) for step in one["steps"]])
        for one, minutes in zip(text["modules"], material.minutes_of(text), strict=True)
    ]
    lists = [MaterialList(one["title"], one["points"]) for one in text["lists"]]
    return Material(spoken, text["title"], text["intro"], modules, lists)


ROUTES = [handbook, workshop_material]
