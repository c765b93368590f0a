"""
A form that somebody has sent, and who she is has to be asked first: kept, and shown to her again afterwards.

It is done while the answer is sent, in a transaction of its own: that of the request has been rolled back.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Request, Response

from infra.http import cookies
from infra.http.asgi import Receive, Scope, Send, header
from tenants.identity import kept_forms
from web.door import Door

KEPT = "kept"  # what opens the form that this browser has kept
ON = "/step-up/on"  # where it is shown again
LONG = 60  # characters; what is longer was written rather than chosen

AnyRequest = Request[Any, Any, Any]
Open = Callable[[AnyRequest], AbstractAsyncContextManager[Door]]


class SendAgain(Response[str]):
    """
    In place of "this form is not ours", for whoever is still signed in: the form as it was sent, to be sent once more.

    Its token was of a session that has a new secret since: she has proved who she is, or signed in anew, in another tab.
    Another site must not put words into a form of ours, so that only what the browser itself calls ours comes here.
    """

    def __init__(self, request: AnyRequest, open_door: Open, otherwise: Callable[[], Response[str]]) -> None:
        super().__init__("", status_code=403, media_type="text/html")
        self._request = request
        self._open_door = open_door
        self._otherwise = otherwise

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._request
        async with self._open_door(request) as door:
            if door.actor.person_id is None:
                response = self._otherwise()
            else:
                path, fields = await _sent(door)
                written = [text for _name, text in fields if len(text) > LONG or "\n" in text]
                response = door.page(
                    "step_up/old.html", status=403, path=path, fields=fields, written=written
                )
        await response.to_asgi_response(None, request)(scope, receive, send)


def is_said_to_be_ours(request: AnyRequest) -> bool:
    """Whether the browser says itself that our own page sent it; files are not sent again."""
    kind = header(request.scope, "content-type") or ""
    return header(request.scope, "sec-fetch-site") == "same-origin" and "urlencoded" in kind


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
    path, fields = await _sent(door)
    opener = await kept_forms.keep(door.session, door.actor, path, fields)
    if opener is None:
        return False
    cookies.write(door.request.scope, KEPT, opener, max_age_s=int(kept_forms.LASTS.total_seconds()))
    return True


async def _sent(door: Door) -> tuple[str, list[tuple[str, str]]]:
    """Where the form was on the way to, and its fields."""
    filled = await door.form()
    asked = door.request.url
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    return path, [(name, text) for name in filled for text in filled.texts(name)]
