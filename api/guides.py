"""Guides of interviews, and the paper that a coordinator brings to one."""

import asyncio
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import Response, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.uploads import attachment
from infra.typesetting.columns import pdf
from tenants.programmes import guides
from tenants.programmes.guide_starters import SECTIONS
from tenants.programmes.guides import Guide, Question
from tenants.registration.models import ParticipantRole
from tenants.reports import pack as packs

Section = StrEnum("Section", {name: name for name in SECTIONS})  # type: ignore[misc]  # one table says which there are
Text = Annotated[str, Meta(max_length=guides.MAX_TEXT)]


class GuideQuestion(Struct, forbid_unknown_fields=True):
    """`key` is made for one that is new; a hidden one is kept and not asked. The text is by language."""

    section: Section
    text: dict[str, Text]
    key: str = ""
    is_hidden: bool = False


class GuideView(Struct):
    """`version` 0 are the questions that every programme begins with."""

    programme_id: UUID
    role: ParticipantRole
    version: int
    questions: list[GuideQuestion]

    @classmethod
    def of(cls, found: Guide) -> "GuideView":
        asked = [
            GuideQuestion(Section(one.section), one.text, one.key, one.is_hidden) for one in found.questions
        ]
        return cls(found.programme_id, ParticipantRole(found.role), found.version, asked)


class GuideChange(Struct, forbid_unknown_fields=True):
    """All questions of the role, in the order in which each section asks them; `version` as it was read."""

    version: int
    questions: Annotated[list[GuideQuestion], Meta(min_length=1, max_length=guides.MOST)]


@get("/programmes/{programme_id:uuid}/guides/{role:str}", summary="The guide of interviews with one role")
async def guide(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], role: FromPath[str]
) -> GuideView:
    return GuideView.of(await guides.guide(door.session, door.actor, programme_id, role))


@put("/programmes/{programme_id:uuid}/guides/{role:str}", summary="Change a guide as a whole")
async def change(
    door: NamedDependency[ApiDoor],
    programme_id: FromPath[UUID],
    role: FromPath[str],
    data: JSONBody[GuideChange],
) -> GuideView:
    """The next interview is led by it. Sections keep their order."""
    asked = [Question(one.section.value, one.text, one.key, one.is_hidden) for one in data.questions]
    return GuideView.of(
        await guides.save(door.session, door.actor, programme_id, role, asked, version=data.version)
    )


_PDF = {200: ResponseSpec(bytes, media_type="application/pdf", description="A tagged PDF (PDF/UA-1).")}


@get(
    "/participations/{participation_id:uuid}/interview-pack",
    summary="The paper for an interview",
    responses=_PDF,
)
async def pack(
    door: NamedDependency[ApiDoor],
    participation_id: FromPath[UUID],
    language: Annotated[
        str | None, QueryParameter(description="That of the talk where none is named.")
    ] = None,
) -> Response[bytes]:
    """Guide, profile, what the programme is about, whom to reach, agreement and activity plan; nothing confidential."""
    sheet = await packs.pack(door.session, door.actor, participation_id, spoken=language)
    made = await asyncio.to_thread(pdf, sheet)
    headers = {"content-disposition": attachment("interview.pdf")}
    return Response(made, media_type="application/pdf", headers=headers)


ROUTES = [guide, change, pack]
