"""What is kept, by whom, for how long, and whom to ask: in plain words, for everybody."""

from litestar import get
from litestar.di import NamedDependency

from tenants.identity.rules import LINKS_KEPT, SESSIONS_KEPT
from tenants.permissions import Permission
from web.door import Door, Page


@get("/privacy")
async def privacy(door: NamedDependency[Door]) -> Page:
    is_desk = door.actor.may(Permission.PEOPLE_READ)
    return door.page(
        "privacy/privacy.html",
        link_days=LINKS_KEPT.days,
        session_days=SESSIONS_KEPT.days,
        is_signed_in=door.actor.person_id is not None,
        is_desk=is_desk,
    )


ROUTES = [privacy]
