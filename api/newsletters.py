"""Newsletters: written language by language, sent once to those who want news, and shown on a public page."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from api.door import ApiDoor
from infra.http.paging import Paging, cut
from tenants.newsletters import actions, queries, rules
from tenants.newsletters.models import Issue, IssueState
from tenants.newsletters.rules import Section, Words


class SectionText(Struct, forbid_unknown_fields=True):
    """`url` begins with https; it may be empty."""

    heading: Annotated[str, Meta(max_length=rules.MAX_HEADING)]
    text: Annotated[str, Meta(max_length=rules.MAX_TEXT)]
    url: Annotated[str, Meta(max_length=rules.MAX_URL)] = ""


class IssueText(Struct, forbid_unknown_fields=True):
    subject: Annotated[str, Meta(max_length=rules.MAX_SUBJECT)]
    sections: Annotated[list[SectionText], Meta(max_length=rules.MAX_SECTIONS)]

    @property
    def words(self) -> Words:
        return Words(self.subject, tuple(Section(one.heading, one.text, one.url) for one in self.sections))


class NewIssue(Struct, forbid_unknown_fields=True):
    """`texts` by language. `is_public`: also on the page of its programmes, once it has gone."""

    texts: dict[str, IssueText]
    programme_ids: list[UUID]
    is_public: bool = False


class IssueChange(NewIssue, kw_only=True):
    """Languages that are left out stay as they are. `version` is the one from which you change it."""

    version: int


class Sending(Struct, forbid_unknown_fields=True):
    """`version` is the one that you have looked at."""

    version: int


class Showing(Struct, forbid_unknown_fields=True):
    is_public: bool


class PressLine(Struct, forbid_unknown_fields=True):
    """Whom the press may ask; empty is nobody."""

    press: Annotated[str, Meta(max_length=rules.MAX_PRESS)]


class IssueView(Struct):
    """`due_at`: when it goes, or has gone; until then it can be taken back. `readers`: how many letters were written."""

    id: UUID
    state: IssueState
    texts: dict[str, IssueText]
    programme_ids: list[UUID]
    is_public: bool
    created_at: datetime
    due_at: datetime | None
    readers: int | None
    version: int


class AudienceView(Struct):
    """Who would get it now, by language; `lately` are left out since they had one within the month."""

    number: int
    languages: dict[str, int]
    lately: int


@get("/newsletters", summary="Newsletters, the newest first")
async def listed(door: NamedDependency[ApiDoor], paging: NamedDependency[Paging]) -> list[IssueView]:
    rows = await queries.listed(
        door.session, door.actor, after=paging.after(tuple[datetime, UUID]), limit=paging.limit + 1
    )
    page = cut(door.request.scope, paging, rows, lambda one: (one.created_at, one.id))
    return [await _view(door, one) for one in page]


@post("/newsletters", summary="Write a newsletter")
async def begin(door: NamedDependency[ApiDoor], data: JSONBody[NewIssue]) -> IssueView:
    """It goes to nobody yet."""
    made = await actions.begin(
        door.session, door.actor, texts={code: one.words for code, one in data.texts.items()},
        programme_ids=data.programme_ids, is_public=data.is_public,
    )  # fmt: skip
    return await _view(door, made)


@get("/newsletters/{newsletter_id:uuid}", summary="One newsletter")
async def one(door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID]) -> IssueView:
    return await _view(door, await queries.access(door.session, door.actor, newsletter_id))


@put("/newsletters/{newsletter_id:uuid}", summary="Write on at a draft")
async def write(
    door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID], data: JSONBody[IssueChange]
) -> IssueView:
    written = await actions.write(
        door.session, door.actor, newsletter_id, texts={code: one.words for code, one in data.texts.items()},
        programme_ids=data.programme_ids, is_public=data.is_public, seen=data.version,
    )  # fmt: skip
    return await _view(door, written)


@delete("/newsletters/{newsletter_id:uuid}", summary="Delete a draft")
async def throw_away(door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID]) -> None:
    await actions.throw_away(door.session, door.actor, newsletter_id)


@get("/newsletters/{newsletter_id:uuid}/audience", summary="Who would get it now")
async def audience(door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID]) -> AudienceView:
    found = await queries.access(door.session, door.actor, newsletter_id)
    chosen = [programme.id for programme in await queries.programmes_of(door.session, found.id)]
    who = await queries.audience(door.session, door.actor, chosen, found.id)
    return AudienceView(who.number, who.languages, who.lately)


@post("/newsletters/{newsletter_id:uuid}/send", status_code=200, summary="Send it in ten minutes")
async def send(
    door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID], data: JSONBody[Sending]
) -> IssueView:
    """Sent twice, it goes once."""
    return await _view(door, await actions.send(door.session, door.actor, newsletter_id, seen=data.version))


@post("/newsletters/{newsletter_id:uuid}/undo", status_code=200, summary="Take it back before it goes")
async def undo(door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID]) -> IssueView:
    return await _view(door, await actions.take_back(door.session, door.actor, newsletter_id))


@put("/newsletters/{newsletter_id:uuid}/shown", summary="Put it on the public page, or take it from there")
async def show(
    door: NamedDependency[ApiDoor], newsletter_id: FromPath[UUID], data: JSONBody[Showing]
) -> IssueView:
    shown = await actions.show(door.session, door.actor, newsletter_id, is_public=data.is_public)
    return await _view(door, shown)


@put("/programmes/{programme_id:uuid}/press", summary="Say whom the press may ask")
async def set_press(
    door: NamedDependency[ApiDoor], programme_id: FromPath[UUID], data: JSONBody[PressLine]
) -> PressLine:
    return PressLine(await actions.set_press(door.session, door.actor, programme_id, data.press))


async def _view(door: ApiDoor, found: Issue) -> IssueView:
    await door.session.flush()
    texts = {}
    for code in found.texts:
        words = rules.read(found.texts, code)
        sections = [SectionText(each.heading, each.text, each.url) for each in words.sections]
        texts[code] = IssueText(words.subject, sections)
    return IssueView(
        found.id, IssueState(found.state), texts,
        [programme.id for programme in await queries.programmes_of(door.session, found.id)], found.is_public,
        found.created_at, found.due_at, found.readers, found.version,
    )  # fmt: skip


ROUTES = [listed, begin, one, write, throw_away, audience, send, undo, show, set_press]
