"""
One transaction for one request, over before the first byte goes out.

Litestar ends a generator dependency after the handler's answer is made and
before it is sent. So a commit that fails is an honest 5xx, and whoever reads
"created" can rely on it. The price: a stream is read after the commit, and must
not use the session; gather what it needs before, or open a session of its own.

An answer of 400 or more that a handler returns (a form shown again, 422) rolls
back like one that is raised. For that the app, and every layer that sets an
`after_request` of its own, must name `roll_back_refusals` there.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Request, Response
from litestar.di import Provide

from infra.http.asgi import current_state, state

_REFUSED = "answer_refuses"

AnyRequest = Request[Any, Any, Any]
AnyResponse = Response[Any]
Begin = Callable[[AnyRequest], AbstractAsyncContextManager[Any]]


class _RolledBack(Exception):
    """Ends the transaction without a commit; nobody outside sees it."""


def transaction(begin: Begin) -> Provide:
    """
    A dependency that gives handlers what `begin(request)` opens.

    `begin` commits when its block ends well and rolls back on any exception,
    as a session maker's context does.
    """

    async def provide(request: AnyRequest) -> AsyncIterator[Any]:
        try:
            async with begin(request) as opened:
                yield opened
                if state(request.scope).get(_REFUSED):
                    raise _RolledBack
        except _RolledBack:
            return

    return Provide(provide)


async def roll_back_refusals(response: AnyResponse) -> AnyResponse:
    """An `after_request` hook. It is not given the request, so the shell must be around the app."""
    if (response.status_code or 200) >= 400:
        current_state()[_REFUSED] = True
    return response
