"""Data rights: what is kept of people, what somebody agreed to, copies of her data, deletions and their proofs."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from infra.language import gettext
from tenants.mapping import Erasing, Export, Kind, Purpose, Rows
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.privacy import asking, consenting, copies, queries, telling
from tenants.privacy.consenting import Agreed
from tenants.privacy.mapped import tables
from tenants.privacy.models import CopyState, Erasure, ErasureState, PersonalCopy
from tenants.privacy.queries import Proof
from tenants.registration import agreeing
from tenants.registration.consents import Purpose as ConsentPurpose
from tenants.registration.models import Channel


class MappedColumn(Struct):
    """`why`: for what tells of somebody and is kept all the same."""

    name: str
    kind: Kind
    export: Export
    erasing: Erasing
    why: str


class MappedTable(Struct):
    """`kept` is a sentence; `rows` what a deletion does to somebody's rows."""

    name: str
    title: str
    purpose: Purpose
    kept: str
    rows: Rows
    columns: list[MappedColumn]


class ConsentLine(Struct):
    text_version: str
    language: str
    channel: Channel
    given_at: datetime
    withdrawn_at: datetime | None
    withdrawn_channel: Channel | None
    recorded_by: str | None


class ConsentView(Struct):
    """`text` as it is asked today, in your language; `log` what was said to it, the newest first."""

    purpose: ConsentPurpose
    title: str
    text: str
    version: str
    stands: bool
    log: list[ConsentLine]

    @classmethod
    def of(cls, one: Agreed) -> "ConsentView":
        log = [
            ConsentLine(
                said.version, said.language, Channel(said.channel), said.given_at, said.withdrawn_at,
                Channel(said.withdrawn_channel) if said.withdrawn_channel else None, said.recorded_by,
            )
            for said in one.log
        ]  # fmt: skip
        return cls(one.purpose, one.title, one.text, one.version, one.stands, log)


class Changeable(StrEnum):
    """What can be said yes or no to by itself. Without `taking_part` nothing may be kept: leave, or ask for the deletion."""

    MATCHING = "matching"
    LATER_CYCLES = "later_cycles"
    NEWS = "news"


class Spoken(StrEnum):
    """How somebody has told you."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPER = "paper"


class Saying(Struct, forbid_unknown_fields=True):
    agrees: bool


class SayingFor(Struct, forbid_unknown_fields=True):
    agrees: bool
    channel: Spoken


class CopyView(Struct):
    """The files are downloaded by the person herself, on her page; a token never gets them."""

    id: UUID
    state: CopyState
    created_at: datetime
    made_at: datetime | None
    expires_at: datetime
    page: str

    @classmethod
    async def of(cls, door: ApiDoor, one: PersonalCopy) -> "CopyView":
        host = await organisations.primary_host(door.session)
        page = door.ground.settings.web.url(host, "/me/privacy")
        return cls(one.id, CopyState(one.state), one.created_at, one.made_at, one.expires_at, page)


class ErasureView(Struct):
    """`number` is that of the proof, which stays when everything else has gone."""

    id: UUID
    person_id: UUID
    number: str
    state: ErasureState
    due_at: datetime

    @classmethod
    def of(cls, one: Erasure) -> "ErasureView":
        return cls(one.id, one.person_id, one.number, ErasureState(one.state), one.due_at)


class ProofView(Struct):
    """`counts` are rows by table and by what became of them. It names nobody."""

    number: str
    state: ErasureState
    asked_at: datetime
    was_own_wish: bool
    due_at: datetime
    finished_at: datetime | None
    cancelled_at: datetime | None
    counts: dict[str, int]

    @classmethod
    def of(cls, one: Proof) -> "ProofView":
        return cls(
            one.number, ErasureState(one.state), one.asked_at, one.was_own_wish, one.due_at, one.finished_at,
            one.cancelled_at, one.counts,
        )  # fmt: skip


@get(
    "/data-map",
    summary="What is kept of people: every table and column, with purpose, period, copy and deletion",
)
async def data_map(door: NamedDependency[ApiDoor]) -> list[MappedTable]:
    door.actor.require(Permission.PRIVACY_READ)
    return [
        MappedTable(
            one.name, gettext(one.title) if one.title else "", one.purpose, telling.kept(one.kept), one.rows,
            [
                MappedColumn(name, column.kind, column.export, one.erasing(name), gettext(column.why) if column.why else "")
                for name, column in one.columns.items()
            ],
        )
        for one in tables().values()
    ]  # fmt: skip


@get("/me/consents", summary="What you agreed to, when and how")
async def my_consents(door: NamedDependency[ApiDoor]) -> list[ConsentView]:
    found = await consenting.of_person(door.session, door.actor, door.actor.require_person())
    return [ConsentView.of(one) for one in found]


@post("/me/consents/{purpose:str}", status_code=200, summary="Agree to something, or take it back")
async def say(
    door: NamedDependency[ApiDoor], purpose: FromPath[Changeable], data: JSONBody[Saying]
) -> list[ConsentView]:
    """It counts from this moment: without `matching` nobody is looked for."""
    person_id = door.actor.require_herself()
    wanted = consenting.changeable(purpose)
    if data.agrees:
        await agreeing.give(door.session, door.actor, person_id, wanted)
    else:
        await agreeing.take_back(door.session, door.actor, person_id, wanted)
    await door.session.flush()
    return [ConsentView.of(one) for one in await consenting.of_person(door.session, door.actor, person_id)]


@get("/people/{person_id:uuid}/consents", summary="What somebody agreed to, when and how")
async def consents(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> list[ConsentView]:
    found = await consenting.of_person(door.session, door.actor, person_id)
    return [ConsentView.of(one) for one in found]


@post(
    "/people/{person_id:uuid}/consents/{purpose:str}",
    status_code=200,
    summary="Write down what somebody said",
)
async def say_for(
    door: NamedDependency[ApiDoor],
    person_id: FromPath[UUID],
    purpose: FromPath[Changeable],
    data: JSONBody[SayingFor],
) -> list[ConsentView]:
    """The log keeps who wrote it down, and how it was said."""
    wanted, channel = consenting.changeable(purpose), Channel(data.channel)
    if data.agrees:
        await agreeing.give(door.session, door.actor, person_id, wanted, channel=channel)
    else:
        await agreeing.take_back(door.session, door.actor, person_id, wanted, channel=channel)
    await door.session.flush()
    return [ConsentView.of(one) for one in await consenting.of_person(door.session, door.actor, person_id)]


@get("/me/copies", summary="Copies of your data that you asked for")
async def my_copies(door: NamedDependency[ApiDoor]) -> list[CopyView]:
    found = await queries.copies(door.session, door.actor, door.actor.require_person())
    return [await CopyView.of(door, one) for one in found]


@post("/me/copies", status_code=202, summary="Ask for a copy of your data")
async def ask_copy(door: NamedDependency[ApiDoor]) -> CopyView:
    """You get an e-mail when it is there, and download it on your page."""
    return await CopyView.of(door, await copies.ask(door.session, door.actor, door.actor.require_person()))


@post("/people/{person_id:uuid}/copies", status_code=202, summary="Ask for a copy for somebody")
async def ask_copy_for(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> CopyView:
    """She gets the e-mail, and nobody but she can open the copy."""
    return await CopyView.of(door, await copies.ask(door.session, door.actor, person_id))


@get("/me/erasure", summary="The deletion of your data, if it was asked for")
async def my_erasure(door: NamedDependency[ApiDoor]) -> ErasureView | None:
    found = await queries.erasure_of(door.session, door.actor, door.actor.require_person())
    return ErasureView.of(found) if found else None


@post("/me/erasure", status_code=202, summary="Ask for the deletion of your data")
async def erase_me(door: NamedDependency[ApiDoor]) -> ErasureView:
    """Seven days later it is done and cannot be undone. Until then `/erasures/{id}/cancel` takes it back."""
    return ErasureView.of(await asking.ask(door.session, door.actor, door.actor.require_person()))


@post("/people/{person_id:uuid}/erasure", status_code=202, summary="Ask for the deletion of somebody's data")
async def erase(door: NamedDependency[ApiDoor], person_id: FromPath[UUID]) -> ErasureView:
    """She is told, and she or you can take it back for seven days. Asked twice, it is one."""
    return ErasureView.of(await asking.ask(door.session, door.actor, person_id))


@post("/erasures/{erasure_id:uuid}/cancel", status_code=200, summary="Take a deletion back")
async def cancel(door: NamedDependency[ApiDoor], erasure_id: FromPath[UUID]) -> ErasureView:
    """As long as it waits for its day. What somebody asked for herself only she takes back."""
    return ErasureView.of(await asking.keep(door.session, door.actor, erasure_id))


@get("/erasures", summary="Proofs of deletions, the newest first")
async def proofs(door: NamedDependency[ApiDoor], paging: NamedDependency[Paging]) -> list[ProofView]:
    rows = await queries.proofs(
        door.session, door.actor, after=paging.after(tuple[datetime, UUID]), limit=paging.limit + 1
    )
    return [ProofView.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.key)]


@get("/erasures/by-number/{number:str}", summary="The proof of one deletion, by its number")
async def proof(
    door: NamedDependency[ApiDoor],
    number: Annotated[FromPath[str], Meta(max_length=40)],
) -> ProofView:
    """The number stands in the last letter to whoever was deleted."""
    return ProofView.of(await queries.proof(door.session, door.actor, number))


ROUTES = [
    data_map, my_consents, say, consents, say_for, my_copies, ask_copy, ask_copy_for, my_erasure, erase_me, erase,
    cancel, proofs, proof,
]  # fmt: skip
