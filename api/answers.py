"""
What every operation may answer beside its own success, told once for the whole description.

All of these are problems (RFC 9457). Which of them an operation can give follows
from its method: only a change meets a conflict.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.openapi import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, OpenAPIResponse, Operation, RequestBody
from msgspec import UNSET, Struct, UnsetType

from api.examples import EXAMPLES
from infra.http.problems import MEDIA_TYPE


class ProblemMember(Struct):
    """One thing that is wrong with a request: where, by JSON pointer or parameter, and what."""

    code: str
    detail: str
    facts: dict[str, Any]
    pointer: str | UnsetType = UNSET
    parameter: str | UnsetType = UNSET


class Problem(Struct):
    """Why a request was refused. `code` is for programs, `detail` for people, in the language of the request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: dict[str, Any] | UnsetType = UNSET
    errors: list[ProblemMember] | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


_ALWAYS = {
    404: "Something that the request names is not there, or may not be known of.",
    401: "No token, or one that is unknown, ended or expired.",
    403: "The token does not carry the permission that this needs.",
    422: "Something in the request cannot be used; `errors` says what and where.",
    429: "Too many calls; `Retry-After` says when there is room again.",
    503: "A server that we need does not answer; `Retry-After` says when to try again.",
}
_OF_BODIES = {
    400: "The body cannot be read.",
    408: "The rest of the body did not come in time.",
    413: "The body is too large.",
}
_OF_CHANGES = {
    409: "The state of things does not allow it, or the first request with this Idempotency-Key is still running."
}
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Shown(Example):
    """An example whose nulls are written: Litestar leaves out every null of a description."""

    def to_schema(self) -> dict[str, Any]:
        return {"summary": self.summary, "value": self.value}


@dataclass
class Told(Operation):
    """An operation with its example, on the request and on the answer of its success."""

    def __post_init__(self) -> None:
        sent, answered = EXAMPLES.get(self.operation_id or "", (None, None))
        if isinstance(self.request_body, RequestBody) and sent is not None:
            _show(self.request_body.content, sent)
        for status, response in (self.responses or {}).items():
            if status.startswith("2") and isinstance(response, OpenAPIResponse) and answered is not None:
                _show(response.content or {}, answered)


def _show(content: dict[str, OpenAPIMediaType], value: Any) -> None:
    for kind, told in content.items():
        if kind == "application/json":
            told.examples = {"example": Shown(summary="An example", value=value)}


def codes(sentences: Mapping[str, str]) -> str:
    """What every `code` of a problem means, for the head of the description."""
    rows = [f"- `{code}`: {sentence}" for code, sentence in sorted(sentences.items())]
    return "\n".join([INTRODUCTION, *rows])


INTRODUCTION = """Every capability of the pages, for programs. A token carries its organisation.

Lists come in pages: `limit` (200 at most), and the next one in `Link: rel="next"`. A change may carry an
`Idempotency-Key`, which is kept for a day. A refusal is a problem (RFC 9457): `code` is for programs, `detail` for
people, and each of `errors` names its place. These are the codes, with what they say in English:
"""


def described(room: str, handlers: Iterable[Any]) -> list[Any]:
    """The handlers of a room, with its tag, stable names of their operations, and all that they may answer."""
    made = []
    for handler in handlers:
        handler.tags = handler.tags or [room]
        handler.operation_id = handler.operation_id or f"{room}.{handler.fn.__name__}"
        handler.responses = _answers(handler) | dict(handler.responses or {})
        handler.operation_class = Told
        made.append(handler)
    return made


def _answers(handler: HTTPRouteHandler) -> dict[int, ResponseSpec]:
    told = dict(_ALWAYS)
    is_change = bool(_CHANGING & set(handler.http_methods))
    told |= _OF_CHANGES | _OF_BODIES if is_change else {400: _OF_BODIES[400]}
    return {
        status: ResponseSpec(Problem, generate_examples=False, description=said, media_type=MEDIA_TYPE)
        for status, said in sorted(told.items())
    }
