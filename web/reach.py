"""
How far support reaches, page by page. Whatever does not stand here is shut to it: each new page is.

What support may do at all is judged by the domain (`tenants.permissions.SUPPORT`); here it is kept away from pages
that are somebody's own, and from those where she proves who she is.
"""

from typing import Any

from litestar import Request

from tenants.actor import Actor, NotHerself

# Modules of `web.pages` that it may open, and whose forms it may send.
USES = frozenset(
    {
        "admin", "caseload", "matching", "outbox", "pairs", "people", "person", "pipeline", "programme",
        "programmes", "proposals", "task", "today",
    }
)  # fmt: skip
# Those that it may look at.
LOOKS = frozenset({"me", "pair", "proposal", "start"})
# Parts of the side bar that lead to these.
SECTIONS = frozenset({"today", "pipeline", "people", "matching", "pairs", "outbox", "admin"})
# The mark of a single page that support may use, beside these.
FOR_SUPPORT = "for_support"


def must_reach(actor: Actor, request: Request[Any, Any, Any]) -> None:
    """
    Raises:
        NotHerself: the actor is support, and this page is not for it.
    """
    handler: Any = request.scope.get("route_handler")
    if actor.support_id is None or handler is None or handler.opt.get(FOR_SUPPORT):
        return
    page = handler.fn.__module__.removeprefix("web.pages.").partition(".")[0]
    if page in USES or (page in LOOKS and request.method in ("GET", "HEAD")):
        return
    raise NotHerself
