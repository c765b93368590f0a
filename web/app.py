"""The page door: cookies, forms and HTML, in the reader's language."""

import importlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from infra.ground import Ground
from infra.http.csrf import Csrf
from infra.http.limits import Limiter
from infra.http.transactions import roll_back_refusals, transaction
from tenants import sentences, watchers
from web import assets
from web.door import Door, DoorMaker, keep_door, session_of
from web.errors import PageErrors

# Every module of `web.pages` that has routes. A page that is not here does not exist.
PAGES = (
    "start",
    "sign_in",
    "apply",
    "paper",
    "register",
    "me",
    "proposal",
    "group",
    "pair",
    "meeting",
    "meeting_settings",
    "terms",
    "about",
    "questions",
    "question",
    "topics",
    "not_heard",
    "settings",
    "address",
    "admin",
    "programmes",
    "set_up",
    "today",
    "task",
    "many",
    "hand_over",
    "case_log",
    "conflicts",
    "agenda",
    "pipeline",
    "people",
    "person",
    "answers",
    "appointments",
    "appointment",
    "invitation",
    "workshops",
    "workshop",
    "workshop_attendance",
    "workshop_inviting",
    "workshop_material",
    "workshop_invitation",
    "handbook",
    "guides",
    "interview_pack",
    "interviews",
    "leaving",
    "concern",
    "choices",
    "privacy",
    "own_data",
    "data_rights",
    "data_map",
    "imports",
    "matching",
    "pairs",
    "follow_up",
    "afterwards",
    "agreement",
    "plan",
    "notice",
    "memo",
    "case_agreement",
    "agreement_texts",
    "calendar_feed",
    "evaluation",
    "evaluations",
    "caseload",
    "outcomes",
    "figures",
    "opportunities",
    "own_opportunities",
    "unsubscribe",
    "networks",
    "own_networks",
    "newsletters",
    "news",
    "proposals",
    "groups",
    "outbox",
    "templates",
    "letter_words",
    "audit",
    "providers",
    "passkeys",
    "demands",
    "step_up",
    "begun_elsewhere",
    "domains",
    "support",
    "keys",
)

WATCHERS = watchers.WATCHERS  # loaded, so that whatever a page changes is told to the rooms above

MAX_BODY = 25 * 1024 * 1024  # bytes; a roster may have 20 MB


@get("/static/{name:str}", opt={"asset": True})
async def static(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """A built file, under a name that holds the digest of its content."""
    asset = assets.find(name, accepts_gzip="gzip" in request.headers.get("accept-encoding", ""))
    if asset is None:
        raise NotFoundException
    headers = {"vary": "accept-encoding"}
    if asset.encoding:
        headers["content-encoding"] = asset.encoding
    # Litestar writes the charset of text by itself.
    return Response(asset.body, media_type=asset.content_type.partition(";")[0], headers=headers)


def create(ground: Ground) -> Litestar:
    """The ASGI app of pages. Wrap it with `infra.http.shell.wrap`."""
    csrf = Csrf(ground.keyring.derived("csrf"), session_of)
    maker = DoorMaker(ground, csrf)

    @asynccontextmanager
    async def begin(request: Request[Any, Any, Any]) -> AsyncIterator[Door]:
        async with maker.open(request) as door:
            keep_door(request, door)
            yield door

    errors = PageErrors(sentences.every(), maker.open)
    return Litestar(
        [static, *(route for page in PAGES for route in _routes(page))],
        dependencies={"door": transaction(begin)},
        guards=[csrf.guard],
        after_request=roll_back_refusals,
        exception_handlers=errors.handlers(),
        request_max_body_size=MAX_BODY,
        openapi_config=None,
        logging_config=None,
        compression_config=CompressionConfig(
            backend="gzip",
            gzip_compress_level=5,
            minimum_size=600,
            exclude=["^/static/"],  # built with a gzip twin
        ),
        state=State({"limiter": Limiter(ground.redis), "ground": ground, "doors": maker}),
    )


def _routes(page: str) -> list[Any]:
    routes: list[Any] = importlib.import_module(f"web.pages.{page}").ROUTES
    return routes
