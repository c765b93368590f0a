"""The key beneath which the organisation's confidential texts lie."""

from datetime import datetime

from litestar import get, post
from litestar.di import NamedDependency
from msgspec import Struct

from api.door import ApiDoor
from tenants.organisations import new_keys


class KeyView(Struct):
    """
    `version` is null while the key service does not answer, and 0 where nothing has been sealed yet.

    `left` counts older keys and texts that have still to move under the newest key.
    """

    version: int | None
    made_at: datetime | None
    left: int | None
    is_asked: bool


@get("/organisation/key", summary="Which key seals what is confidential, and how far the last change is")
async def state(door: NamedDependency[ApiDoor]) -> KeyView:
    return await _view(door)


@post("/organisation/key", status_code=202, summary="Ask for a new key; once a day")
async def ask(door: NamedDependency[ApiDoor]) -> KeyView:
    await new_keys.ask(door.session, door.actor)
    return await _view(door)


async def _view(door: ApiDoor) -> KeyView:
    key = await new_keys.state(door.session, door.actor, door.ground.keys)
    if not key.is_known:
        return KeyView(None, None, None, key.is_asked)
    return KeyView(key.version, key.made_at, key.left.total, key.is_asked)


ROUTES = [state, ask]
