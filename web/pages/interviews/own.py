"""Her own question: who has read what was written about my interview? (N09)"""

from litestar import get
from litestar.di import NamedDependency

from infra import clock
from infra.language import gettext as _
from tenants.interviews import trail
from tenants.interviews.words import PURPOSE_NAMES
from tenants.people.words import ROLE_NAMES
from tenants.permissions import Permission
from web.door import Door, Page


@get("/me/interviews")
async def readers(door: NamedDependency[Door]) -> Page:
    door.actor.require(Permission.OWN_CASE)
    return door.page(
        "notes/readers.html",
        interviews=await trail.about_me(door.session, door.actor),
        zone=door.actor.time_zone,
        today=clock.today(door.actor.time_zone),
        role_names={one.value: _(words) for one, words in ROLE_NAMES.items()},
        purpose_names={one.value: _(words) for one, words in PURPOSE_NAMES.items()},
    )


ROUTES = [readers]
