"""What is said of a programme: its name and summary in each language, what it is for, and in which languages."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import Invalid
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.programmes import about, queries
from tenants.programmes.about import AboutChanged
from tenants.programmes.models import Programme
from tenants.programmes.words import FOCUS_NAMES
from tenants.registration.telling import shown_in
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState

PATH = "/a/programmes/{programme_id:uuid}/about"


@get(PATH)
async def show(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    return await _page(door, programme_id, None)


@post(PATH)
async def change(door: NamedDependency[Door], programme_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    here = f"/a/programmes/{programme_id}/about"
    programme = await queries.access_programme(door.session, door.actor, programme_id)
    try:
        await about.change(
            door.session,
            door.actor,
            programme_id,
            _given(door, programme, filled),
            seen=filled.text("version"),
        )
    except AboutChanged as error:
        return door.go(here, said=said(error))
    except Invalid as error:
        return await _page(door, programme_id, refused(filled, error), status=422)
    return door.go(here, said=_("Saved."))


def _given(door: Door, programme: Programme, filled: Form) -> dict[str, Any]:
    """Languages that are new stand behind those that were there: the first one is what others fall back to."""
    chosen = filled.texts("languages")
    kept = [code for code in programme.languages if code in chosen]
    return {
        "languages": [*kept, *(code for code in chosen if code not in kept)],
        "focus": filled.texts("focus"),
    } | {
        field: {code: filled.text(f"{field}.{code}") for code in _spoken(door, programme)}
        for field in about.MOST
    }


def _spoken(door: Door, programme: Programme) -> list[str]:
    """The programme's languages first, then those in which it could be offered as well."""
    return list(dict.fromkeys([*programme.languages, *door.organisation.languages]))


async def _page(door: Door, programme_id: UUID, form: FormState | None, *, status: int = 200) -> Page:
    door.actor.require(Permission.PROGRAMME_CHANGE)
    programme: Any = await queries.access_programme(door.session, door.actor, programme_id)
    spoken = _spoken(door, programme)
    now = {
        "languages": programme.languages,
        "focus": programme.focus,
        "version": about.version(programme),
    } | {
        f"{field}.{code}": getattr(programme, field).get(code, "") for field in about.MOST for code in spoken
    }
    names = {code: language.language_name(code) for code in spoken}
    return door.page(
        "programmes/about.html",
        status=status,
        form=form or FormState(now),
        programme=programme,
        name=shown_in(programme, programme.name),
        spoken=[
            (
                code,
                _("Name in %(language)s", language=names[code]),
                _("Summary in %(language)s", language=names[code]),
            )
            for code in spoken
        ],
        offered=list(names.items()),
        focus=[(one.value, _(words)) for one, words in FOCUS_NAMES.items()],
        most=about.MOST,
    )


ROUTES = [show, change]
