"""Keeping a pair together or apart in the next runs, and taking that back."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.language import gettext as _
from tenants.proposals.runs import actions
from web.door import Door, Page
from web.forms import within
from web.pages.matching.cycles import PATH


@post(PATH + "/wishes/{wish_id:uuid}/release")
async def release(door: NamedDependency[Door], wish_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    cycle_id = await actions.release(door.session, door.actor, wish_id)
    back = within(filled.text("back"), f"{PATH}/new?cycle={cycle_id}")
    return door.go(back, said=_("Released: the next run decides about this pair."))


ROUTES = [release]
