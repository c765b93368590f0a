"""The front door: a visitor sees what is open, everybody else goes where she works."""

from litestar import get
from litestar.di import NamedDependency

from tenants.programmes import queries as programmes
from tenants.programmes.rules import text_in
from web.door import Door, Page
from web.pages.sign_in import home


@get("/")
async def start(door: NamedDependency[Door]) -> Page:
    if door.actor.person_id is not None:
        return door.go(home(door.actor.permissions))
    found = await programmes.open_programmes(door.session)
    offered = [
        {
            "slug": one.slug,
            "name": text_in(one.name, door.language, one.languages),
            "summary": text_in(one.summary, door.language, one.languages),
        }
        for one in found
    ]
    return door.page("start/start.html", programmes=offered)


ROUTES = [start]
