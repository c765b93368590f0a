"""
Her session has ended while she was writing: what she typed comes back in a form, and nothing is stored.

It is shown to the browser that has just sent it, and only if our own page sent it: another site must not be able to
put words into a form of ours.
"""

from typing import Any

from litestar import Request, Response

from infra.http import forms
from infra.http.asgi import Receive, Scope, Send, header
from infra.http.forms import Form
from infra.language import gettext as _
from tenants.interviews.words import SECTION_NAMES
from web import errors
from web.door import Door, Page


def typed_page(door: Door, filled: Form) -> Page:
    """For whoever is signed in no longer, or signed in anew in another tab."""
    names = [name for name in SECTION_NAMES if name in filled]
    return door.page(
        "interviews/lost.html",
        status=401,
        is_signed_in=door.actor.person_id is not None,
        action=door.request.url.path,
        sections=[(name, _(SECTION_NAMES[name]), filled[name]) for name in names],
        others=[
            (name, value) for name in filled if name not in SECTION_NAMES for value in filled.texts(name)
        ],
    )


class KeptTyped(Response[str]):
    """In place of "this form is not ours": the token was of a session that is over. Made while it is sent."""

    def __init__(self, request: Request[Any, Any, Any], error: Exception) -> None:
        super().__init__("", status_code=403, media_type="text/html")
        self._request = request

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._request
        response: Response[str] = errors.answer(request, 403)
        if header(request.scope, "sec-fetch-site") == "same-origin":
            filled = await forms.form(request)
            async with request.app.state.doors.open(request) as door:
                response = typed_page(door, filled)
        await response.to_asgi_response(None, request)(scope, receive, send)
