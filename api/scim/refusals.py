"""Every refusal of the directory's door as a SCIM error (RFC 7644, section 3.12), in the language of the request."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from scim2_models import SCIMException
from scim2_server.service import ScimService

from infra import errors, logs
from infra.errors import HouseError
from infra.http.problems import status_of
from infra.http.sentences import DETAILS, FIELD_SENTENCES, TITLES
from infra.language import gettext
from tenants import sentences
from tenants.people.actions import LastOwner
from tenants.provisioning.groups import Stale

MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
log = logs.get("scim")

AnyRequest = Request[Any, Any, Any]


class Refusals:
    def __init__(self, service: ScimService) -> None:
        self._service = service
        self._sentences = {**FIELD_SENTENCES, **sentences.every()}

    def handlers(self) -> dict[int | type[Exception], Any]:
        return {
            SCIMException: self.of_scim,
            HouseError: self.of_house,
            HTTPException: self.of_http,
            RecursionError: self.of_unreadable,
            UnicodeDecodeError: self.of_unreadable,
            Exception: self.of_bug,
        }

    def of_scim(self, request: AnyRequest, error: SCIMException) -> Response[bytes]:
        found = self._service.error_response(error)
        return dressed(int(found.status), found.body, found.headers)

    def of_house(self, request: AnyRequest, error: HouseError) -> Response[bytes]:
        status, kind, headers = status_of(error), None, {}
        code, facts = error.code, error.facts
        if isinstance(error, Stale):
            status = 412
        elif isinstance(error, errors.Conflict):
            kind = "uniqueness"
        elif isinstance(error, LastOwner):
            status = 403
        elif isinstance(error, errors.Invalid):
            status, kind = 400, "invalidValue"
            if error.problems:
                code, facts = error.problems[0].code, error.problems[0].facts
        elif isinstance(error, errors.LimitReached | errors.Unavailable):
            headers = {"retry-after": str(facts.get("retry_after_s", 5))}
        detail = self._sentence(code, facts) if status != 404 else None
        if isinstance(error, errors.Invalid) and error.problems:
            detail = f"{error.problems[0].field}: {detail or gettext(TITLES[400])}"
        if isinstance(error, errors.Forbidden):
            detail = f"{detail or gettext(DETAILS[403])} ({facts.get('permission')})"
        return told(status, detail or gettext(DETAILS.get(status, DETAILS[400])), kind, headers)

    def of_http(self, request: AnyRequest, error: HTTPException) -> Response[bytes]:
        if error.status_code >= 500:
            return self.of_bug(request, error)
        detail = gettext(DETAILS.get(error.status_code, DETAILS[400]))
        return told(error.status_code, detail, headers=error.headers)

    def of_unreadable(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        log.warning("scim.unreadable", error=type(error).__name__)
        return told(400, gettext(DETAILS[400]), "invalidSyntax")

    def of_bug(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        # Dependencies that end together raise a group; one error in it is just that error.
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            inner = error.exceptions[0]
            handler = next((h for kind, h in self.handlers().items() if isinstance(inner, kind)), self.of_bug)  # type: ignore[arg-type]  # all keys are classes
            return handler(request, inner)
        log.error("scim.bug", exc_info=error)
        return told(500, gettext(DETAILS.get(500, DETAILS[400])))

    def _sentence(self, code: str, facts: dict[str, Any]) -> str | None:
        try:
            return gettext(self._sentences[code], **facts) if code in self._sentences else None
        except (KeyError, ValueError, TypeError):
            log.exception("scim.sentence", error_code=code)
            return None


def told(
    status: int, detail: str, kind: str | None = None, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    body = {"schemas": [ERROR], "status": str(status), "detail": detail}
    return dressed(status, {**body, "scimType": kind} if kind else body, headers or {})


def dressed(status: int, body: Any, headers: Mapping[str, str]) -> Response[bytes]:
    """An answer as the library made it, on the wire."""
    return Response(
        b"" if body is None else msgspec.json.encode(body),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={name: value for name, value in headers.items() if name.lower() != "content-type"},
    )
