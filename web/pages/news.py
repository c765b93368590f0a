"""The public page of a programme's newsletters: the newest first, nobody's name, and whom the press may ask."""

from datetime import datetime
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock, language
from infra.http import paging
from infra.language import isolated
from tenants.newsletters import queries, rules
from tenants.newsletters.models import Issue
from tenants.programmes import queries as programmes
from tenants.registration.telling import shown_in
from web import query
from web.door import Door, Page
from web.pages.programme import introduce

PATH = "/r/{slug:str}/news"
AT_ONCE = 20


@get(PATH)
async def show(door: NamedDependency[Door], slug: FromPath[str]) -> Page:
    programme = await programmes.open_by_slug(door.session, slug)
    rows = await queries.public(
        door.session, programme.id, after=query.after(door.request, tuple[datetime, UUID]), limit=AT_ONCE + 1
    )
    page = rows[:AT_ONCE]
    await introduce(door, programme)
    last = page[-1] if page else None
    return door.page(
        "newsletters/news.html",
        slug=slug,
        name=isolated(shown_in(programme, programme.name)),
        rows=[(one, *_told(door, one), _day(door, one)) for one in page],
        press=await queries.press(door.session, programme.id),
        next=door.view.with_query(after=paging.encode((last.due_at, last.id)))
        if last and len(rows) > AT_ONCE
        else "",
    )


@get(PATH + "/{newsletter_id:uuid}")
async def read(door: NamedDependency[Door], slug: FromPath[str], newsletter_id: FromPath[UUID]) -> Page:
    programme = await programmes.open_by_slug(door.session, slug)
    one = await queries.public_one(door.session, programme.id, newsletter_id)
    await introduce(door, programme)
    spoken, words = _told(door, one)
    return door.page(
        "newsletters/read.html",
        slug=slug,
        spoken=spoken,
        direction=language.direction(spoken),
        words=words,
        hint_at=0,
        day=_day(door, one),
        press=await queries.press(door.session, programme.id),
    )


def _told(door: Door, one: Issue) -> tuple[str, rules.Words]:
    """In the reader's language, else in the first of the organisation's in which it was written."""
    spoken = rules.spoken(one.texts, door.language, door.organisation.languages)
    return spoken, rules.read(one.texts, spoken)


def _day(door: Door, one: Issue) -> str:
    assert one.due_at is not None
    return language.day(clock.local(one.due_at, door.organisation.time_zone).date())


ROUTES = [show, read]
