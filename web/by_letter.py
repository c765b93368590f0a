"""
Answering from a letter, without signing in: one door for every question that a letter asks.

The page of the link shows the question and changes nothing, however often it is opened; the answer is sent by its form. After it
comes an address that thanks and tells whoever is given the letter nothing (docs/decisions/0005-answering-from-a-letter.md).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from litestar import HttpMethod, post, route
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language
from infra.errors import HouseError, Invalid
from infra.http import cookies
from infra.http.forms import Form
from tenants.actor import Actor
from web.door import LANGUAGE, Door, Page
from web.forms import refused
from web.rendering import FormState

THANKS = "thanks"  # stands where a token does, and is too short for any


class Holder(Protocol):
    """Whoever holds a letter."""

    @property
    def actor(self) -> Actor: ...


Reader = TypeVar("Reader", bound=Holder)


@dataclass(frozen=True, slots=True)
class Asking:
    """How the page of a question is to be shown: its form as it was filled in, and where it goes."""

    action: str
    token: str
    form: FormState
    status: int = 200


@dataclass(frozen=True, slots=True)
class Question(Generic[Reader]):
    """
    One question under `path`. `read` says whose letter a token is, None once there is nothing to answer; `ask` shows the
    question; `take` takes the answer, raising `Invalid` at fields of the page, and may name what is thanked for.
    """

    path: str
    thanks: str
    closed: str
    read: Callable[[Door, str], Awaitable[Reader | None]]
    ask: Callable[[Door, Reader, Asking], Awaitable[Page]]
    take: Callable[[Door, Reader, Form], Awaitable[str]]


def routes(question: Question[Reader]) -> list[Any]:
    letter = question.path + "/{token:str}"

    @route(letter, http_method=[HttpMethod.GET, HttpMethod.HEAD])
    async def open_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
        """Shows the question and changes nothing: programs that check letters follow their links."""
        if token == THANKS:
            return door.page(question.thanks, state=door.request.query_params.get("as", ""))
        reader = await question.read(door, token)
        if reader is None:
            return door.page(question.closed, status=410)
        return await _asked(door, question, reader, token, FormState())

    @post(letter)
    async def answer_letter(door: NamedDependency[Door], token: FromPath[str]) -> Page:
        filled = await door.form()
        reader = await question.read(door, token)
        if reader is None:
            return door.page(question.closed, status=410)
        try:
            state = await question.take(door, reader, filled)
        except Invalid as error:
            return await _asked(door, question, reader, token, refused(filled, error), status=422)
        except HouseError:
            # Over while she read, or not hers any more: the same kind words for all of it.
            return door.page(question.closed, status=410)
        return door.go(f"{question.path}/{THANKS}" + (f"?as={state}" if state else ""))

    return [open_letter, answer_letter]


async def _asked(
    door: Door, question: Question[Reader], reader: Reader, token: str, form: FormState, *, status: int = 200
) -> Page:
    speak(door, reader.actor)
    with language.use(door.view.language):
        return await question.ask(door, reader, Asking(f"{question.path}/{token}", token, form, status))


def speak(door: Door, reader: Actor) -> None:
    """The page goes on in the language of the letter, unless another was chosen in this browser."""
    chosen = cookies.read(door.request.scope, LANGUAGE) or door.request.query_params.get("lang")
    if not chosen and reader.language in door.organisation.languages:
        door.show(language=reader.language)
