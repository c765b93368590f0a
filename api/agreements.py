"""Agreements: one's own, filled in and signed with others, and those of one's cases; as JSON and as PDF."""

import asyncio
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct, field

from api.door import ApiDoor
from infra.language import current
from infra.typesetting.columns import Sheet, pdf
from tenants.relationships.agreements import actions, printing, queries
from tenants.relationships.agreements.models import AgreementState, Form
from tenants.relationships.agreements.queries import Shown
from tenants.relationships.agreements.rules import Content


class Points(Struct):
    """One section of a text."""

    code: str
    title: str
    points: list[str]


class SignatureView(Struct):
    """Who has signed, in which language, and the digest of the very words."""

    participation_id: UUID
    language: str
    digest: str
    signed_at: datetime


class AgreementView(Struct):
    """
    The draft if there is one, else what is in force. `digest` is of the text in `language` with what is filled in: send
    it to sign. `revision` is what a change names as seen.
    """

    relationship_id: UUID
    number: int
    form: Form
    state: AgreementState
    revision: int
    ways: list[str]
    frequency: str
    aims: str
    purposes: list[str]
    other_purposes: str
    expectations: dict[str, str]
    edited_by: UUID | None
    edited_at: datetime | None
    signed_at: datetime | None
    review_on: date | None
    signatures: list[SignatureView]
    language: str
    title: str
    intro: str
    sections: list[Points]
    digest: str

    @classmethod
    def of(cls, shown: Shown) -> "AgreementView":
        one, told, body = shown.agreement, shown.content, shown.text.body
        return cls(
            shown.relationship.id, shown.number, Form(shown.text.form), AgreementState(shown.state), shown.revision,
            list(told.ways), told.frequency, told.aims, list(told.purposes), told.other_purposes,
            {str(whose): text for whose, text in told.expectations.items()},
            one.edited_by if one else None, one.edited_at if one else None, one.signed_at if one else None,
            one.review_on if one else None,
            [
                SignatureView(each.participation_id, each.text.language, each.signature.digest, each.signature.signed_at)
                for each in shown.signed
            ],
            shown.text.language, body["title"], body["intro"],
            [Points(each["code"], each["title"], list(each["points"])) for each in body["sections"]], shown.digest,
        )  # fmt: skip


class Filling(Struct, forbid_unknown_fields=True):
    """
    All that is filled in; what is left out is emptied. `expectations` are by participation, and `revision` is the one
    that you had before you (0 for the first): if somebody has written since, the answer is 409.
    """

    revision: int
    ways: list[str] = field(default_factory=list)
    frequency: str = ""
    aims: str = ""
    purposes: list[str] = field(default_factory=list)
    other_purposes: str = ""
    expectations: dict[UUID, str] = field(default_factory=dict)


class Sign(Struct, forbid_unknown_fields=True):
    """The language and the digest of what you have read."""

    language: str
    digest: str


Version = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=10_000, description="An earlier version, as it was signed; the one of now if left out."
    ),
]
_PDF = {200: ResponseSpec(bytes, media_type="application/pdf", description="A tagged PDF (PDF/UA-1).")}


@get(
    "/me/pairs/{relationship_id:uuid}/agreement",
    summary="The agreement of one of your pairs, in your language",
)
async def own(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], version: Version = None
) -> AgreementView:
    return await _own(door, relationship_id, version)


@put("/me/pairs/{relationship_id:uuid}/agreement", summary="Fill in the agreement, together with the others")
async def fill(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Filling]
) -> AgreementView:
    """At most four purposes. Who has signed before has signed something else, so her signature falls away."""
    content = Content(
        tuple(data.ways),
        data.frequency,
        data.aims,
        tuple(data.purposes),
        data.other_purposes,
        data.expectations,
    )
    await actions.fill(door.session, door.actor, relationship_id, content, seen=data.revision)
    return await _own(door, relationship_id)


@post("/me/pairs/{relationship_id:uuid}/agreement/sign", status_code=200, summary="Sign the agreement")
async def sign(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], data: JSONBody[Sign]
) -> AgreementView:
    """It holds once all have signed. 409 if it has changed since you read it."""
    await actions.sign(door.session, door.actor, relationship_id, language=data.language, digest=data.digest)
    return await _own(door, relationship_id)


@post(
    "/me/pairs/{relationship_id:uuid}/agreement/amend",
    status_code=200,
    summary="Begin a new version of the agreement",
)
async def amend(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> AgreementView:
    """The one of now holds until all have signed the new one."""
    await actions.amend(door.session, door.actor, relationship_id)
    return await _own(door, relationship_id)


@post("/me/pairs/{relationship_id:uuid}/agreement/drop", status_code=200, summary="Give a new version up")
async def drop(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> AgreementView:
    await actions.drop(door.session, door.actor, relationship_id)
    return await _own(door, relationship_id)


@post(
    "/me/pairs/{relationship_id:uuid}/agreement/review",
    status_code=200,
    summary="Say that you have looked at the agreement and keep it",
)
async def review(door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID]) -> AgreementView:
    await actions.review(door.session, door.actor, relationship_id)
    return await _own(door, relationship_id)


@get("/me/pairs/{relationship_id:uuid}/agreement.pdf", summary="Agreement and plan as a file", responses=_PDF)
async def own_pdf(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], version: Version = None
) -> Response[bytes]:
    """In your language, beside that of the others where it is another."""
    shown = await queries.own(door.session, door.actor, relationship_id, current(), version)
    return await _file(await printing.document(door.session, shown, current()))


@get("/relationships/{relationship_id:uuid}/agreement", summary="The agreement of one of your cases")
async def of_case(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], version: Version = None
) -> AgreementView:
    found = await queries.of_case(door.session, door.actor, relationship_id, current(), version)
    return AgreementView.of(found)


@get(
    "/relationships/{relationship_id:uuid}/agreement.pdf",
    summary="Agreement and plan of a case as a file",
    responses=_PDF,
)
async def case_pdf(
    door: NamedDependency[ApiDoor], relationship_id: FromPath[UUID], version: Version = None
) -> Response[bytes]:
    shown = await queries.of_case(door.session, door.actor, relationship_id, current(), version)
    return await _file(await printing.document(door.session, shown, current()))


async def _own(door: ApiDoor, relationship_id: UUID, version: int | None = None) -> AgreementView:
    await door.session.flush()
    return AgreementView.of(await queries.own(door.session, door.actor, relationship_id, current(), version))


async def _file(sheet: Sheet) -> Response[bytes]:
    return Response(await asyncio.to_thread(pdf, sheet), media_type="application/pdf")


ROUTES = [own, fill, sign, amend, drop, review, own_pdf, of_case, case_pdf]
