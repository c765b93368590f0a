"""Errors of pages: the right status, and words that say what happened, what is safe and what to do next."""

from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException

from infra import language, logs
from infra.errors import HouseError
from infra.http import cookies
from infra.http.asgi import state
from infra.http.correlation import correlation_id
from infra.http.headers import nonce
from infra.http.problems import status_of
from infra.http.sentences import DETAILS, TITLES
from infra.language import gettext as _
from web import rendering
from web.rendering import View

VIEW = "door_view"
LANGUAGE = "language"  # the cookie of the language bar
log = logs.get("web")

AnyRequest = Request[Any, Any, Any]


class PageErrors:
    """The exception handlers of the page door. `sentences` maps codes of the domain to their texts."""

    def __init__(self, sentences: dict[str, str]) -> None:
        self._sentences = sentences

    def handlers(self) -> dict[int | type[Exception], Any]:
        return {HouseError: self.of_house, HTTPException: self.of_http, Exception: self.of_bug}

    def of_house(self, request: AnyRequest, error: HouseError) -> Response[str]:
        status = status_of(error)
        sentence = self._sentences.get(error.code) if status != 404 else None
        return answer(request, status, lede=_(sentence, **error.facts) if sentence else "")

    def of_http(self, request: AnyRequest, error: HTTPException) -> Response[str]:
        if isinstance(error, NotAuthorizedException):
            return _to_sign_in(request)
        if error.status_code >= 500:
            return self.of_bug(request, error)
        return answer(request, error.status_code)

    def of_bug(self, request: AnyRequest, error: Exception) -> Response[str]:
        # Generator dependencies that end together raise a group; one error in it is just that error.
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            inner = error.exceptions[0]
            if isinstance(inner, HouseError):
                return self.of_house(request, inner)
            if isinstance(inner, HTTPException):
                return self.of_http(request, inner)
            return self.of_bug(request, inner)
        log.error("web.bug", exc_info=error)
        return answer(request, 500, reference=correlation_id(request.scope) or "")


def _to_sign_in(request: AnyRequest) -> Response[str]:
    path = request.url.path
    back = f"?next={quote(path)}" if request.method == "GET" and path != "/" else ""
    address = f"/sign-in{back}"
    if request.headers.get("hx-request"):
        # htmx would follow the redirect by itself and put the sign-in page into the place of a row.
        return Response("", status_code=200, headers={"hx-redirect": address})
    return Response("", status_code=303, headers={"location": address})


def answer(
    request: AnyRequest,
    status: int,
    *,
    heading: str = "",
    lede: str = "",
    href: str = "/",
    label: str = "",
    reference: str = "",
) -> Response[str]:
    """A page that says what happened; without words of its own those of the status."""
    view = replace(_view(request), is_fragment=False, toast=None)
    with language.use(view.language):
        html = rendering.page(
            "error.html",
            view,
            heading=heading or _(TITLES.get(status, TITLES[400])),
            lede=lede or _(DETAILS.get(status, DETAILS[400])),
            href=href,
            label=label or _("Go to the start"),
            reference=reference,
        )
    return Response(html, status_code=status, media_type="text/html")


def _view(request: AnyRequest) -> View:
    """The view of the page that failed, or a bare one where the door did not open."""
    if known := state(request.scope).get(VIEW):
        return cast("View", known)
    return View(
        language=_chosen(request),
        organisation="Mentorweave",
        nonce=nonce(request.scope),
        csrf="",
        path=request.url.path,
        concern="",
    )


def _chosen(request: AnyRequest) -> str:
    """Before any organisation is known: by the language bar, else as the browser asks."""
    chosen = (request.query_params.get("lang", ""), cookies.read(request.scope, LANGUAGE))
    known = language.installed()
    return next((code for code in chosen if code in known), "") or language.negotiate(
        request.headers.get("accept-language"), tuple(known)
    )
