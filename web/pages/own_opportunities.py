"""The board of opportunities as participants see it: what is open to them, what they propose, and what they pass on."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import ids, language
from infra.errors import Conflict, Invalid, LimitReached, NotFound, WrongState
from infra.http import paging
from infra.language import gettext as _
from infra.language import isolated
from tenants.opportunities import actions, interests, queries, rules, seeing
from tenants.opportunities.models import OpportunityKind, OpportunityState
from tenants.registration.telling import shown_in
from web import posting, query
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/opportunities"
ONE = PATH + "/{opportunity_id:uuid}"
AT_ONCE = 20  # a light page on a slow line


@get(PATH)
async def board(door: NamedDependency[Door]) -> Page:
    kind = query.one_of(door.request, "kind", OpportunityKind)
    rows = await seeing.seen(
        door.session,
        door.actor,
        kind=kind,
        after=query.after(door.request, tuple[date, UUID]),
        limit=AT_ONCE + 1,
    )
    page = rows[:AT_ONCE]
    await _around(door)
    last = page[-1][0] if page else None
    return door.page(
        "opportunities/board.html",
        rows=[
            (one, posting.kind_name(one.kind), language.direction(one.language), is_hers)
            for one, is_hers in page
        ],
        kind=kind,
        kinds=[("", _("All")), *posting.kinds()],
        next=door.view.with_query(after=paging.encode((last.last_on, last.id)))
        if last and len(rows) > AT_ONCE
        else "",
        posted=[
            (one, posting.state_name(one.state), posting.TAGS[OpportunityState(one.state)])
            for one in await seeing.posted(door.session, door.actor)
        ],
        may_propose=bool(await seeing.parts(door.session, door.actor)),
    )


@get(PATH + "/new")
async def new(door: NamedDependency[Door]) -> Page:
    return await _form(door, FormState({"language": door.language}))


@post(PATH)
async def propose(door: NamedDependency[Door]) -> Page:
    filled = await door.form()
    try:
        made = await actions.propose(
            door.session,
            door.actor,
            posting.content(filled),
            programme_ids=posting.ids_of(filled, "programmes"),
            once=posting.once(filled),
        )
    except Invalid as error:
        return await _form(door, refused(filled, error), status=422)
    except LimitReached as error:
        return door.go(PATH, said=said(error))
    return door.go(f"{PATH}/{made.id}", said=_("Thank you. A coordinator looks at it, and we write to you."))


@get(ONE)
async def look(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    try:
        one = await seeing.see(door.session, door.actor, opportunity_id)
    except NotFound:
        if await seeing.is_over(door.session, door.actor, opportunity_id):
            return door.go(PATH, said=said(rules.OpportunityNotOpen()))
        raise
    is_hers = one.is_proposal and one.posted_by == door.actor.person_id
    is_open = one.state == OpportunityState.OPEN and one.last_on >= await queries.today(door.session)
    await _around(door)
    context: dict[str, Any] = {
        "one": one,
        **posting.shown(one),
        "is_hers": is_hers,
        "is_open": is_open,
        "is_interested": await seeing.is_interested(door.session, door.require_person(), one.id),
        "poster": "" if is_hers else await queries.poster(door.session, one),
        "partners": await interests.partners(door.session, door.actor, one.id) if is_open else [],
        "interested": await seeing.of_own(door.session, door.actor, one.id) if is_hers else [],
        "may_withdraw": is_hers and one.state in (OpportunityState.OPEN, OpportunityState.PROPOSED),
    }
    return door.page("opportunities/seen.html", **context)


@post(ONE + "/interested")
async def interested(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    try:
        await interests.say(door.session, door.actor, opportunity_id)
    except WrongState as error:
        return door.go(f"{PATH}/{opportunity_id}", said=said(error))
    return door.go(f"{PATH}/{opportunity_id}", said=_("Noted: you are interested."))


@post(ONE + "/take-back")
async def take_back(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    await interests.take_back(door.session, door.actor, opportunity_id)
    return door.go(PATH, said=_("Taken back. Nobody sees your name there any more."))


@post(ONE + "/pass-on")
async def pass_on(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        person_id = UUID(filled.text("to"))
    except ValueError:
        raise NotFound(kind="person") from None
    here = f"{PATH}/{opportunity_id}"
    try:
        await interests.pass_on(door.session, door.actor, opportunity_id, person_id)
    except (Conflict, WrongState) as error:
        return door.go(here, said=said(error))
    return door.go(here, said=_("A letter tells her of it."))


@post(ONE + "/withdraw")
async def withdraw(door: NamedDependency[Door], opportunity_id: FromPath[UUID]) -> Page:
    try:
        await actions.withdraw(door.session, door.actor, opportunity_id)
    except WrongState as error:
        return door.go(f"{PATH}/{opportunity_id}", said=said(error))
    return door.go(PATH, said=_("It is withdrawn. Nobody else sees it any more."))


async def _form(door: Door, form: FormState, *, status: int = 200) -> Page:
    mine = await seeing.parts(door.session, door.actor)
    if not mine:
        return door.go(PATH, said=_("You can propose something while you take part in a programme."))
    await introduce(door, mine[0].programme)
    return door.page(
        "opportunities/propose.html",
        status=status,
        form=form,
        kinds=posting.kinds(),
        spoken=posting.spoken(door),
        offered=[
            (str(one.programme.id), isolated(shown_in(one.programme, one.programme.name))) for one in mine
        ],
        once=form.value("once") or ids.new(),
        first=(await queries.today(door.session)).isoformat(),
    )


async def _around(door: Door) -> None:
    mine = await seeing.parts(door.session, door.actor)
    if mine:
        await introduce(door, mine[0].programme)


ROUTES = [board, new, propose, look, interested, take_back, pass_on, withdraw]
