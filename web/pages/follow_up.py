"""How it goes, in a few sentences: the page behind a follow-up's letter."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, WrongState
from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.relationships import following, queries
from tenants.relationships.models import RelationshipState
from web.door import Door, Page
from web.forms import refused
from web.pages.programme import introduce
from web.refusals import said
from web.rendering import FormState

PATH = "/me/follow-up/{follow_up_id:uuid}"


@get(PATH)
async def show(door: NamedDependency[Door], follow_up_id: FromPath[UUID]) -> Page:
    return await _page(door, follow_up_id, None)


@post(PATH)
async def reply(door: NamedDependency[Door], follow_up_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await following.reply(
            door.session, door.actor, follow_up_id, goals=filled.text("goals"), news=filled.text("news")
        )
    except Invalid as error:
        return await _page(door, follow_up_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"/me/follow-up/{follow_up_id}", said=said(error))
    return door.go(f"/me/follow-up/{follow_up_id}", said=_("Thank you. Your coordinator reads it."))


async def _page(door: Door, follow_up_id: UUID, form: FormState | None, *, status: int = 200) -> Page:
    asked, relationship = await following.own(door.session, door.actor, follow_up_id)
    await introduce(door, await programmes.own_programme(door.session, relationship.programme_id))
    people = await queries.people(door.session, relationship)
    return door.page(
        "follow_up/follow_up.html",
        status=status,
        form=form or FormState({"goals": asked.goals, "news": asked.news}),
        asked=asked,
        relationship=relationship,
        names=[one.full_name for one in people if one.participation_id != asked.participation_id],
        is_running=relationship.state == RelationshipState.RUNNING,
        most=following.MAX_REPLY,
        today=clock.today(door.actor.time_zone),
    )


ROUTES = [show, reply]
