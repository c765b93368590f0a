"""The JSON door: every capability of the pages for programs, at /api/v1."""

import importlib
from typing import Any

from litestar import Litestar, Router
from litestar.config.compression import CompressionConfig
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from api.answers import codes, described
from api.door import ApiDoorMaker, KnownCaller, caller
from infra.ground import Ground
from infra.http.idempotency import Idempotency, RedisStore
from infra.http.limits import Limiter
from infra.http.paging import paging
from infra.http.problems import Problems
from infra.http.sentences import FIELD_SENTENCES
from infra.http.transactions import roll_back_refusals, transaction
from tenants import sentences, watchers

ROOMS = (
    "organisation",
    "people",
    "members",
    "passkeys",
    "me",
    "concerns",
    "tokens",
    "programmes",
    "furnishing",
    "questions",
    "topics",
    "terms",
    "set_up",
    "registrations",
    "statuses",
    "told",
    "earlier",
    "interviews",
    "appointments",
    "workshops",
    "workshop_attendance",
    "workshop_material",
    "guides",
    "imports",
    "runs",
    "previews",
    "wishes",
    "approvals",
    "searches",
    "proposals",
    "groups",
    "relationships",
    "meetings",
    "not_heard",
    "follow_ups",
    "agreements",
    "plans",
    "agreement_texts",
    "calendar_feeds",
    "evaluations",
    "afterwards",
    "caseloads",
    "outcomes",
    "advice",
    "figures",
    "opportunities",
    "networks",
    "newsletters",
    "desk",
    "deeds",
    "contacts",
    "conflicts",
    "templates",
    "letter_words",
    "audit",
    "privacy",
    "retention",
    "keys",
    "providers",
    "domains",
    "support",
)

WATCHERS = watchers.WATCHERS  # loaded, so that whatever a call changes is told to the rooms above


def create(ground: Ground) -> Litestar:
    """The ASGI app of the API. Wrap it with `infra.http.shell.wrap`."""
    maker = ApiDoorMaker(ground, Limiter(ground.redis))
    store = RedisStore(ground.redis, ground.keyring.derived("idempotency"))
    rooms = [route for room in ROOMS for route in _routes(room)]
    return Litestar(
        [
            Router(
                "/api/v1",
                route_handlers=rooms,
                dependencies={"door": transaction(maker.open), "paging": paging},
            )
        ],
        middleware=[
            DefineMiddleware(KnownCaller, ground=ground),
            DefineMiddleware(Idempotency, store=store, caller=caller),
        ],
        after_request=roll_back_refusals,
        logging_config=None,
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, minimum_size=600),
        exception_handlers=Problems(sentences.every()).handlers(),
        openapi_config=OpenAPIConfig(
            title="Mentorweave",
            version="1",
            description=codes({**FIELD_SENTENCES, **sentences.every()}),
            use_handler_docstrings=True,
            path="/api/v1/schema",
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"token": []}],
        ),
    )


def _routes(room: str) -> list[Any]:
    routes: list[Any] = importlib.import_module(f"api.{room}").ROUTES
    return described(room, routes)
