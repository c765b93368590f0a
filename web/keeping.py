"""
A form that somebody has sent, and who she is has to be asked first: kept, and shown to her again afterwards.

It is done while the answer is sent, in a transaction of its own: that of the request has been rolled back.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Request, Response

from infra.http import cookies
from infra.http.asgi import Receive, Scope, Send
from tenants.identity import kept_forms
from web.door import Door

KEPT = "kept"  # what opens the form that this browser has kept
ON = "/step-up/on"  # where it is shown again

AnyRequest = Request[Any, Any, Any]
Open = Callable[[AnyRequest], AbstractAsyncContextManager[Door]]


class KeepForm(Response[str]):
    """Leads to `door`, and from there to the form as it was sent."""

    def __init__(
        self, request: AnyRequest, open_door: Open, way: Callable[[AnyRequest, str], Response[str]]
    ) -> None:
        super().__init__("", status_code=303, media_type="text/html")
        self._request = request
        self._open_door = open_door
        self._way = way

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._request
        async with self._open_door(request) as door:
            is_kept = await _keep(door)
        response = self._way(request, ON if is_kept else "")
        await response.to_asgi_response(None, request)(scope, receive, send)


async def _keep(door: Door) -> bool:
    """Files are not kept: nothing that is confidential is uploaded."""
    if door.actor.person_id is None:
        return False  # her session has ended in the meantime
    filled = await door.form()
    asked = door.request.url
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    fields = [(name, text) for name in filled for text in filled.texts(name)]
    opener = await kept_forms.keep(door.session, door.actor, path, fields)
    if opener is None:
        return False
    cookies.write(door.request.scope, KEPT, opener, max_age_s=int(kept_forms.LASTS.total_seconds()))
    return True
