"""The app behind /scim/v2."""

from typing import Any

from litestar import HttpMethod, Litestar, Request, Response, route
from litestar.di import NamedDependency
from litestar.middleware import DefineMiddleware
from scim2_server.handler import AsyncScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.service import ScimService

from api.door import ApiDoor, ApiDoorMaker, KnownCaller
from api.scim import resources
from api.scim.refusals import Refusals, dressed
from api.scim.storage import Storage
from infra.errors import LimitReached
from infra.ground import Ground
from infra.http.limits import Limiter
from infra.http.transactions import roll_back_refusals, transaction
from tenants.provisioning import actions

ROOT = "/scim/v2"
MAX_BODY = 2 * 1024 * 1024  # bytes; a group of twenty thousand is told in less
# Bytes of what is taken apart piece by piece before we can judge it: a search, and some three thousand operations.
MAX_QUESTION = 8 * 1024
MAX_PATCH = 256 * 1024
_METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE]


class TooLong(LimitReached):
    code = "too_large"


def create(ground: Ground) -> Litestar:
    """Wrap it with `infra.http.shell.wrap`, as the other doors."""
    maker = ApiDoorMaker(ground, Limiter(ground.redis))
    service = ScimService(resources.provider())

    @route(
        path=[ROOT, f"{ROOT}/{{rest:path}}"],
        http_method=_METHODS,
        include_in_schema=False,
        status_code=200,
        request_max_body_size=MAX_BODY,
        dependencies={"door": transaction(maker.open)},
    )
    async def scim(request: Request[Any, Any, Any], door: NamedDependency[ApiDoor]) -> Response[bytes]:
        body = await request.body()
        path = request.url.path.removeprefix(ROOT).rstrip("/") or "/"
        reads = request.method == "GET" or path.endswith("/.search")
        await actions.begin(door.session, door.actor, is_change=not reads)
        _must_be_short(request.method, body, request.url.query, reads=reads)
        asked = ScimRequest(
            method=request.method,
            base_url=ground.settings.web.url(request.url.hostname or "", ROOT),
            path=path,
            query=dict(request.query_params.items()),
            headers=list(request.headers.items()),
            body=body,
        )
        found = await AsyncScimHandler(service, Storage(door)).handle(asked)
        return dressed(int(found.status), found.body, found.headers)

    return Litestar(
        [scim],
        middleware=[DefineMiddleware(KnownCaller, ground=ground)],
        after_request=roll_back_refusals,
        logging_config=None,
        openapi_config=None,
        exception_handlers=Refusals(service).handlers(),
    )


def _must_be_short(method: str, body: bytes, query: str, *, reads: bool) -> None:
    """
    Raises:
        TooLong: a search or a PATCH that would take longer to read than anybody may take.
    """
    most = MAX_PATCH if method == "PATCH" else MAX_BODY
    if reads and len(body) + len(query) > MAX_QUESTION:
        raise TooLong(max_bytes=MAX_QUESTION)
    if len(body) > most or len(query) > MAX_QUESTION:
        raise TooLong(max_bytes=most)
