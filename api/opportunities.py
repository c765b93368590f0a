"""The board of opportunities: coordinators post and decide, participants propose, are interested, and pass on."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.opportunities import actions, interests, queries, rules, seeing
from tenants.opportunities.models import Opportunity, OpportunityKind, OpportunityState
from tenants.opportunities.rules import Content

Title = Annotated[str, Meta(min_length=1, max_length=rules.MAX_TITLE)]
Words = Annotated[str, Meta(min_length=1, max_length=rules.MAX_WORDS)]
Line = Annotated[str, Meta(max_length=rules.MAX_LINE)]


class NewOpportunity(Struct, forbid_unknown_fields=True):
    """
    `url` begins with https; what only counts visitors is taken out of it. `place` is needed where `is_remote` is false.
    A proposal of a participant may leave out `programme_ids`: all of hers then.
    """

    kind: OpportunityKind
    title: Title
    words: Words
    language: str
    last_on: date
    place: Line = ""
    is_remote: bool = False
    url: Annotated[str, Meta(max_length=rules.MAX_URL)] = ""
    contact: Line = ""
    programme_ids: list[UUID] = []

    @property
    def content(self) -> Content:
        return Content(
            self.kind, self.title, self.words, self.language, self.last_on, self.place, self.is_remote, self.url,
            self.contact,
        )  # fmt: skip


class OpportunityChange(NewOpportunity, kw_only=True):
    """The whole of it. `version` is the one from which you change it."""

    version: int


class Declining(Struct, forbid_unknown_fields=True):
    """What whoever proposed it is told."""

    words: Words


class PassingOn(Struct, forbid_unknown_fields=True):
    """Somebody of a running relationship of yours."""

    person_id: UUID


class OpportunityLine(Struct):
    """`interested`: how many within your reach."""

    id: UUID
    kind: OpportunityKind
    state: OpportunityState
    title: str
    language: str
    last_on: date
    is_proposal: bool
    interested: int


class InterestedPerson(Struct):
    person_id: UUID
    participation_id: UUID
    full_name: str
    role: str


class OpportunityView(Struct):
    """`posted_by`: the name of the participant who proposed it; empty of what the organisation posted itself."""

    id: UUID
    kind: OpportunityKind
    state: OpportunityState
    title: str
    words: str
    language: str
    place: str | None
    is_remote: bool
    url: str | None
    last_on: date
    contact: str | None
    programme_ids: list[UUID]
    posted_by: str
    published_at: datetime | None
    answer: str | None
    version: int


class KeptOpportunity(Struct):
    opportunity: OpportunityView
    interested: list[InterestedPerson]


class SeenOpportunity(Struct):
    """`answer` is there for whoever proposed it. `partners`: to whom you can pass it on; true where you did."""

    opportunity: OpportunityView
    is_interested: bool
    partners: dict[str, bool]


class BoardLine(Struct):
    id: UUID
    kind: OpportunityKind
    title: str
    language: str
    place: str | None
    last_on: date
    is_interested: bool


@get("/opportunities", summary="Opportunities, the soonest last day first")
async def listed(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    in_state: Annotated[
        OpportunityState | None, QueryParameter(name="state", description="Only in this state.")
    ] = None,
    kind: Annotated[OpportunityKind | None, QueryParameter(description="Only of this kind.")] = None,
    programme_id: Annotated[UUID | None, QueryParameter(description="Only for this programme.")] = None,
) -> list[OpportunityLine]:
    rows = await queries.listed(
        door.session, door.actor, states=[in_state] if in_state else [], kind=kind or "", programme_id=programme_id,
        after=paging.after(tuple[date, UUID]), limit=paging.limit + 1,
    )  # fmt: skip
    page = cut(door.request.scope, paging, rows, lambda one: one.key)
    return [
        OpportunityLine(
            one.id, OpportunityKind(one.kind), OpportunityState(one.state), one.title, one.language, one.last_on,
            one.is_proposal, one.interested,
        )
        for one in page
    ]  # fmt: skip


@post("/opportunities", summary="Post an opportunity")
async def make(door: NamedDependency[ApiDoor], data: JSONBody[NewOpportunity]) -> KeptOpportunity:
    """It stands on the board of its programmes at once."""
    made = await actions.post(door.session, door.actor, data.content, programme_ids=data.programme_ids)
    return await _kept(door, made)


@get("/opportunities/{opportunity_id:uuid}", summary="One opportunity, and who is interested")
async def one(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> KeptOpportunity:
    return await _kept(door, await queries.access(door.session, door.actor, opportunity_id))


@put("/opportunities/{opportunity_id:uuid}", summary="Change an opportunity")
async def change(
    door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID], data: JSONBody[OpportunityChange]
) -> KeptOpportunity:
    changed = await actions.change(
        door.session, door.actor, opportunity_id, data.content, programme_ids=data.programme_ids, seen=data.version
    )  # fmt: skip
    return await _kept(door, changed)


@post("/opportunities/{opportunity_id:uuid}/publish", status_code=200, summary="Publish what was proposed")
async def publish(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> KeptOpportunity:
    return await _kept(door, await actions.publish(door.session, door.actor, opportunity_id))


@post("/opportunities/{opportunity_id:uuid}/decline", status_code=200, summary="Decline what was proposed")
async def decline(
    door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID], data: JSONBody[Declining]
) -> KeptOpportunity:
    return await _kept(
        door, await actions.decline(door.session, door.actor, opportunity_id, words=data.words)
    )


@post("/opportunities/{opportunity_id:uuid}/close", status_code=200, summary="Close before the last day")
async def close(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> KeptOpportunity:
    return await _kept(door, await actions.close(door.session, door.actor, opportunity_id))


@get("/me/opportunities", summary="What is open to you, the soonest last day first")
async def board(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    kind: Annotated[OpportunityKind | None, QueryParameter(description="Only of this kind.")] = None,
) -> list[BoardLine]:
    rows = await seeing.seen(
        door.session, door.actor, kind=kind or "", after=paging.after(tuple[date, UUID]), limit=paging.limit + 1
    )  # fmt: skip
    page = cut(door.request.scope, paging, rows, lambda row: (row[0].last_on, row[0].id))
    return [
        BoardLine(
            one.id, OpportunityKind(one.kind), one.title, one.language, one.place, one.last_on, is_interested
        )
        for one, is_interested in page
    ]


@post("/me/opportunities", summary="Propose an opportunity")
async def propose(door: NamedDependency[ApiDoor], data: JSONBody[NewOpportunity]) -> SeenOpportunity:
    """A coordinator publishes or declines it, and a letter says so."""
    made = await actions.propose(door.session, door.actor, data.content, programme_ids=data.programme_ids)
    return await _seen(door, made)


@get("/me/opportunities/{opportunity_id:uuid}", summary="One that is open to you, or that you posted")
async def see(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> SeenOpportunity:
    return await _seen(door, await seeing.see(door.session, door.actor, opportunity_id))


@get("/me/opportunities/{opportunity_id:uuid}/interested", summary="Who is interested in what you posted")
async def interested(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> list[str]:
    """Names, and nothing else of them."""
    return [one.full_name for one in await seeing.of_own(door.session, door.actor, opportunity_id)]


@put("/me/opportunities/{opportunity_id:uuid}/interest", summary="Say that you are interested")
async def say(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> SeenOpportunity:
    """Your coordinators see your name, and so does the participant who posted it."""
    return await _seen(door, await interests.say(door.session, door.actor, opportunity_id))


@delete("/me/opportunities/{opportunity_id:uuid}/interest", summary="Be interested no more")
async def take_back(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> None:
    await interests.take_back(door.session, door.actor, opportunity_id)


@post(
    "/me/opportunities/{opportunity_id:uuid}/pass-on", status_code=200, summary="Pass it on to your partner"
)
async def pass_on(
    door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID], data: JSONBody[PassingOn]
) -> SeenOpportunity:
    """One letter goes, in your name."""
    return await _seen(
        door, await interests.pass_on(door.session, door.actor, opportunity_id, data.person_id)
    )


@post("/me/opportunities/{opportunity_id:uuid}/withdraw", status_code=200, summary="Withdraw what you posted")
async def withdraw(door: NamedDependency[ApiDoor], opportunity_id: FromPath[UUID]) -> SeenOpportunity:
    return await _seen(door, await actions.withdraw(door.session, door.actor, opportunity_id))


async def _view(door: ApiDoor, one: Opportunity, answer: str | None) -> OpportunityView:
    await door.session.flush()
    return OpportunityView(
        one.id, OpportunityKind(one.kind), OpportunityState(one.state), one.title, one.words, one.language, one.place,
        one.is_remote, one.url, one.last_on, one.contact,
        [p.id for p in await queries.programmes_of(door.session, one.id)],
        await queries.poster(door.session, one), one.published_at, answer, one.version,
    )  # fmt: skip


async def _kept(door: ApiDoor, one: Opportunity) -> KeptOpportunity:
    view = await _view(door, one, one.answer)
    people = await queries.interested(door.session, door.actor, one.id)
    return KeptOpportunity(
        view, [InterestedPerson(p.person_id, p.participation_id, p.full_name, p.role) for p in people]
    )


async def _seen(door: ApiDoor, one: Opportunity) -> SeenOpportunity:
    is_hers = one.posted_by == door.actor.person_id
    partners = await interests.partners(door.session, door.actor, one.id)
    return SeenOpportunity(
        await _view(door, one, one.answer if is_hers else None),
        await seeing.is_interested(door.session, door.actor.require_person(), one.id),
        {str(her.person_id): her.is_told for her in partners},
    )


ROUTES = [
    listed, make, one, change, publish, decline, close, board, propose, see, interested, say, take_back, pass_on,
    withdraw,
]  # fmt: skip
