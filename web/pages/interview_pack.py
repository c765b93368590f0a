"""The paper for an interview: made when somebody asks for it, and kept nowhere."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra.errors import NotFound
from tenants.registration.queries import access_participation
from tenants.reports.pack import pack
from web import query
from web.door import Door
from web.papers import paper


@get("/c/people/{person_id:uuid}/pack")
async def show(door: NamedDependency[Door], person_id: FromPath[UUID]) -> Response[bytes]:
    participation_id = query.uuid(door.request, "participation")
    if participation_id is None:
        raise NotFound(kind="participation")
    found = await access_participation(door.session, door.actor, participation_id)
    if found.person_id != person_id:
        raise NotFound(kind="participation", id=str(participation_id))
    spoken = query.one_of(door.request, "in", door.organisation.languages)
    sheet = await pack(door.session, door.actor, participation_id, spoken=spoken or None)
    return await paper(sheet, "interview")


ROUTES = [show]
