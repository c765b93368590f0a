"""A registration form on paper, for places without a network, and the short address at which it is typed in later (N14)."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from infra.language import gettext as _
from tenants.programmes import queries as programmes
from tenants.programmes.models import QuestionKind
from tenants.programmes.rules import questions_for
from tenants.registration import consents, forms
from tenants.registration.telling import shown_in
from tenants.registration.words import ROLE_NAMES
from web import asking
from web.door import Door, Page
from web.pages.programme import introduce

LINES = {"long_text": 3}  # how many lines of writing an answer gets; all others have one


@get("/p/{slug:str}/paper")
async def paper(door: NamedDependency[Door], slug: FromPath[str]) -> Page:
    found = await programmes.open_by_slug(door.session, slug)
    form = await forms.of_programme(door.session, found.id)
    roles = forms.sides(found)
    role = door.request.query_params.get("role", roles[0])
    if role not in roles:
        raise NotFoundException
    await introduce(door, found)
    questions = [q for q in questions_for(form.questions, role) if q.field != "office_id" or form.offices]
    return door.page(
        "apply/paper.html",
        name=shown_in(found, found.name),
        role=_(ROLE_NAMES[role]),
        others=[(one, _(ROLE_NAMES[one])) for one in roles if one != role],
        # Lines stand beside each other and boxes take the whole width; mixed, they would leave holes.
        asked=sorted(
            (_line(asking.shown(form, one)) for one in questions), key=lambda one: bool(one["boxes"])
        ),
        consents=consents.asked_of(role),
        address=f"{door.request.url.netloc}/r/{found.slug}.{role}",
    )


def _line(one: asking.Shown) -> dict[str, Any]:
    """How a question stands on paper: boxes to tick, or lines to write on."""
    boxes = [option[1] for option in one.options]
    if one.kind == QuestionKind.TIME_ZONE:
        boxes = []  # hundreds of them; the name of the town says it
    return {
        "label": one.label,
        "hint": one.hint,
        "is_obligatory": one.is_obligatory,
        "boxes": boxes,
        "levels": [label for _level, label in one.levels],
        "is_ranked": one.kind == QuestionKind.TOPICS_WANTED,
        "lines": 0 if boxes else LINES.get(one.kind, 1),
    }


@get("/r/{slug:str}")
async def typed_in(door: NamedDependency[Door], slug: FromPath[str]) -> Page:
    """The code of a form, its programme and after a dot its role, leads whoever may register people to its questions."""
    door.require_person()
    name, _dot, role = slug.partition(".")
    found = await programmes.open_by_slug(door.session, name)
    roles = forms.sides(found)
    if (role := role or roles[0]) not in roles:
        raise NotFoundException
    return door.go(f"/c/register?programme={found.slug}&role={role}")


ROUTES = [paper, typed_in]
