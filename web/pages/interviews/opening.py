"""
A page with the words of a note.

It is made while it is sent: by then the transaction is over in which the reading was written down, and only then is
anything opened. So what a page shows stands in the trail, whatever happens to the page.
"""

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Request, Response

from infra import language, logs
from infra.crypto.errors import TamperedCiphertext, UnknownKey
from infra.errors import Unavailable
from infra.http.asgi import Receive, Scope, Send
from infra.http.problems import status_of
from infra.keys.errors import KeyDestroyed, KeyServiceUnavailable
from infra.language import gettext as _
from tenants.interviews import sealing
from tenants.interviews.sealing import Pass
from tenants.interviews.words import SENTENCES
from web import errors
from web.door import Door

log = logs.get("notes")
Make = Callable[[Mapping[str, str]], Response[str]]


class Opened(Response[str]):
    """`make` is given the words by section, and makes the page."""

    def __init__(self, door: Door, given: Pass, make: Make) -> None:
        super().__init__("", media_type="text/html")
        self._door = door
        self._given = given
        self._make = make

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._door
        request: Request[Any, Any, Any] = door.request
        try:
            words = await sealing.open_words(door.ground.keys, self._given)
        except (TamperedCiphertext, UnknownKey) as error:
            # What is stored was changed behind our back; the house of keys has told those who have to look.
            log.critical("note unreadable", note=str(self._given.note.id), why=error.code)
            response = _refusal(door, 500, TamperedCiphertext.code)
        except (KeyDestroyed, Unavailable) as error:
            log.warning("note not opened", note=str(self._given.note.id), why=error.code)
            response = _refusal(door, status_of(error), error.code)
        else:
            with language.use(door.view.language):
                response = self._make(words)
        await response.to_asgi_response(None, request)(scope, receive, send)


def _refusal(door: Door, status: int, code: str) -> Response[str]:
    with language.use(door.view.language):
        return errors.answer(
            door.request,
            status,
            heading=_("This note cannot be opened now"),
            lede=_(SENTENCES.get(code, SENTENCES[KeyServiceUnavailable.code])),
        )
