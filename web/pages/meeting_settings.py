"""How a programme watches whether its pairs meet."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import Invalid, Problem
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import telling
from tenants.relationships.keeping import settings
from tenants.relationships.keeping.settings import Watching
from web.door import Door, Page
from web.forms import refused
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/meetings"


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, FormState())


@post(PATH)
async def change(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        await settings.change(
            door.session, door.actor, programme_id,
            Watching(filled.text("is_watched") == "yes", **{name: _days(filled, name) for name in settings.BOUNDS}),
        )  # fmt: skip
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    return door.go(f"/a/programmes/{programme_id}/meetings", said=_("Saved."))


def _days(filled: Form, name: str) -> int:
    try:
        return int(filled.text(name))
    except ValueError as error:
        raise Invalid(Problem(name, "bad_format" if filled.text(name) else "missing")) from error


async def _page(door: Door, programme_id: UUID, form: FormState, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme: Any = await programmes.access_programme(door.session, door.actor, programme_id)
    return door.page(
        "programmes/meetings.html",
        status=status,
        form=form,
        programme_id=programme_id,
        slug=programme.slug,
        programme=telling.shown_in(programme, programme.name),
        watching=await settings.of_programme(door.session, programme_id),
    )


ROUTES = [show, change]
