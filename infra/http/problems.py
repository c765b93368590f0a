"""
Every error of the JSON doors as `application/problem+json` (RFC 9457), the router's and the bugs' too.

Litestar's own plugin swaps title and detail and leaves a 500 as plain JSON, so
this is ours. Words are made here, in the reader's language, from the code and
facts of the error; a door hands in the sentences of the domain's codes.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from infra import errors, logs
from infra.errors import HouseError
from infra.http import validation
from infra.http.arriving import BodyLate
from infra.http.correlation import correlation_id
from infra.http.sentences import DETAILS, FIELD_SENTENCES, TITLES
from infra.http.validation import Fault
from infra.language import gettext

MEDIA_TYPE = "application/problem+json"

# The one table of statuses. `LimitReached` has three: see `status_of`.
STATUSES: dict[type[HouseError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.WrongState: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.LimitReached: 429,
    errors.Unavailable: 503,
    errors.Damaged: 500,
}
CODES = {
    400: "malformed", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    413: "too_large", 415: "unsupported_media_type", 422: "invalid", 429: "limit_reached", 503: "unavailable",
}  # fmt: skip
RETRY_AFTER_S = 5

log = logs.get("http")

AnyRequest = Request[Any, Any, Any]
Handler = Callable[[AnyRequest, Any], Response[bytes]]


def status_of(error: HouseError) -> int:
    """A limit of size (`max_bytes` among its facts) is 413, one of the body's time 408, any other 429."""
    if isinstance(error, BodyLate):
        return 408
    if isinstance(error, errors.LimitReached) and "max_bytes" in error.facts:
        return 413
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 400)


class Problems:
    """
    The exception handlers of a door.

    `sentences` maps a domain code to its source text, marked with `N_`; facts
    stand in it as `%(name)s`.
    """

    def __init__(self, sentences: Mapping[str, str] | None = None) -> None:
        self._sentences = {**FIELD_SENTENCES, **(sentences or {})}

    def handlers(self) -> dict[int | type[Exception], Handler]:
        return {
            HouseError: self.of_house,
            HTTPException: self.of_http,
            RecursionError: self.of_unreadable,
            UnicodeDecodeError: self.of_unreadable,
            Exception: self.of_bug,
        }

    def of_house(self, request: AnyRequest, error: HouseError) -> Response[bytes]:
        status = status_of(error)
        if status == 404:
            # One body for whatever is not there and whatever may not be known of: a code or a fact would tell them apart.
            return answer(404, "not_found")
        faults = (
            [validation.of_problem(p) for p in error.problems] if isinstance(error, errors.Invalid) else []
        )
        return answer(
            status,
            error.code,
            detail=self._sentence(error.code, error.facts) or gettext(DETAILS[status]),
            facts=error.facts,
            errors=[self._member(fault) for fault in faults],
            headers=_retry_after(status, error.facts),
        )

    def of_http(self, request: AnyRequest, error: HTTPException) -> Response[bytes]:
        if error.status_code >= 500:
            return self.of_bug(request, error)
        if isinstance(error, ValidationException):
            members = [self._member(fault) for fault in validation.faults(error)]
            return answer(422, "invalid", errors=members)
        # Litestar's English detail may quote the request, so ours stands in its place.
        return answer(error.status_code, CODES.get(error.status_code, "error"), headers=error.headers)

    def of_unreadable(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        """
        A document nested deeper than its parser goes, or not in UTF-8: msgspec has no error of its own for either.

        Told to the log by its kind, should it have been our own doing.
        """
        log.warning("http.unreadable", error=type(error).__name__)
        return answer(400, CODES[400])

    def of_bug(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        # Several generator dependencies that end together raise a group; one error in it is just that error.
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            return self.of_any(request, error.exceptions[0])
        log.error("http.bug", exc_info=error)
        return answer(500, "internal", extra={"request_id": correlation_id(request.scope)})

    def of_any(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        if isinstance(error, HouseError):
            return self.of_house(request, error)
        if isinstance(error, HTTPException):
            return self.of_http(request, error)
        return self.of_bug(request, error)

    def _member(self, fault: Fault) -> dict[str, Any]:
        place = (
            {"pointer": fault.pointer}
            if fault.pointer is not None
            else {"parameter": fault.parameter, "in": fault.source}
        )
        detail = self._sentence(fault.code, fault.facts) or gettext(FIELD_SENTENCES["unusable"])
        return {**place, "code": fault.code, "facts": fault.facts, "detail": detail}

    def _sentence(self, code: str, facts: dict[str, Any]) -> str | None:
        if not (text := self._sentences.get(code)):
            return None
        try:
            return gettext(text, **facts)
        except (KeyError, ValueError, TypeError):
            # A sentence that names a fact which is not there must not turn a 4xx into a 500.
            log.exception("http.sentence", error_code=code)
            return None


def answer(
    status: int,
    code: str,
    *,
    detail: str | None = None,
    facts: Mapping[str, Any] | None = None,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> Response[bytes]:
    """One problem. `detail` is text in the reader's language already; without it the status has one."""
    body: dict[str, Any] = {
        "type": f"urn:problem-type:{code}",
        "title": gettext(TITLES.get(status, TITLES[400])),
        "status": status,
        "detail": detail or gettext(DETAILS.get(status, DETAILS[400])),
        "code": code,
    }
    if facts:
        body["facts"] = facts
    if errors:
        body["errors"] = errors
    return Response(
        msgspec.json.encode({**body, **(extra or {})}, enc_hook=str),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def _retry_after(status: int, facts: Mapping[str, Any]) -> dict[str, str]:
    if status == 503 or (status == 429 and "retry_after_s" in facts):
        return {"retry-after": str(facts.get("retry_after_s", RETRY_AFTER_S))}
    return {}
