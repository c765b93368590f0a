"""Questions that a programme takes up from those we have thought through, or leaves out."""

from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import WrongState
from infra.language import gettext as _
from tenants.programmes import stock
from web.door import Door, Page
from web.refusals import said

ONE = "/a/programmes/{programme_id:uuid}"


@post(ONE + "/questions/more")
async def take_up(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    await stock.take_up(door.session, door.actor, programme_id, key=filled.text("key"))
    return door.go(
        f"/a/programmes/{programme_id}#questions", said=_("It is asked from now on, as an optional question.")
    )


@post(ONE + "/questions/less")
async def leave_out(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    back = f"/a/programmes/{programme_id}#questions"
    try:
        await stock.leave_out(door.session, door.actor, programme_id, key=filled.text("key"))
    except WrongState as error:
        return door.go(back, said=said(error))
    return door.go(back, said=_("It is asked no more. Answers that were given stay."))


ROUTES = [take_up, leave_out]
