"""Errors of pages: the right status, and words that say what happened, what is safe and what to do next."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, cast
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException

from infra import language, logs
from infra.errors import HouseError, NotFound, StepUpNeeded
from infra.http import cookies
from infra.http.asgi import Receive, Scope, Send, state
from infra.http.correlation import correlation_id
from infra.http.csrf import FormNotOurs
from infra.http.headers import nonce
from infra.http.problems import status_of
from infra.http.sentences import DETAILS, TITLES
from infra.language import N_
from infra.language import gettext as _
from web import rendering
from web.keeping import KeepForm, SendAgain, is_said_to_be_ours
from web.rendering import View

VIEW = "door_view"
LANGUAGE = "language"  # the cookie of the language bar
MOST_BACK = 2_000  # characters; it goes along through three addresses, and a longer one is nobody's bookmark
log = logs.get("web")

AnyRequest = Request[Any, Any, Any]
Open = Callable[[AnyRequest], AbstractAsyncContextManager[Any]]

# What a status means to somebody who reads a page; the sentences of the API speak to programs.
PAGE_DETAILS = {
    400: N_("Go back, load the page again, and try once more."),
    403: N_("Your role does not include this. An owner of your organisation decides who has which role."),
    404: N_("The address may have a mistake in it, the page may have gone, or only others can see it."),
    405: N_("This address belongs to a button of another page and shows nothing by itself."),
    409: N_("Somebody has changed this since you last looked. Load the page again, and then decide."),
    415: N_("We could not read what was sent. Go back, load the page again, and try once more."),
    422: N_("Something that you sent does not fit. Go back, look at it once more, and send it again."),
    429: N_("Many requests came from you, or from your network. Wait a minute, and then try again."),
}


class PageErrors:
    """
    The exception handlers of the page door.

    `sentences` maps codes of the domain to their texts; `open_door` finds out who
    asks, for an address that has no page and so no door of its own.
    """

    def __init__(self, sentences: dict[str, str], open_door: Open | None = None) -> None:
        self._sentences = sentences
        self._open_door = open_door

    def handlers(self) -> dict[int | type[Exception], Any]:
        return {HouseError: self.of_house, HTTPException: self.of_http, Exception: self.of_bug}

    def of_house(self, request: AnyRequest, error: HouseError) -> Response[str]:
        if isinstance(error, StepUpNeeded):
            if request.method == "GET" or self._open_door is None:
                return _by_way_of(request, "/step-up")
            return KeepForm(request, self._open_door, _to_step_up)
        if isinstance(error, FormNotOurs) and self._open_door and is_said_to_be_ours(request):
            return SendAgain(request, self._open_door, lambda: self._refuse(request, error))
        return self._refuse(request, error)

    def _refuse(self, request: AnyRequest, error: HouseError) -> Response[str]:
        status = status_of(error)
        # That something is not there is said in the same words whatever it was; not where she knows that it was.
        sentence = self._sentences.get(error.code) if error.code != NotFound.code else None
        return answer(request, status, lede=_(sentence, **error.facts) if sentence else "")

    def of_http(self, request: AnyRequest, error: HTTPException) -> Response[str]:
        if isinstance(error, NotAuthorizedException):
            return _by_way_of(request, "/sign-in")
        if error.status_code >= 500:
            return self.of_bug(request, error)
        if self._open_door and isinstance(error, NotFoundException) and VIEW not in state(request.scope):
            return Nowhere(request, self._open_door)
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


class Nowhere(Response[str]):
    """
    There is no such page, said in the frame of whoever asks.

    It is made while it is sent, since only then there is time to wait for the database.
    """

    def __init__(self, request: AnyRequest, open_door: Open) -> None:
        super().__init__("", status_code=404, media_type="text/html")
        self._request = request
        self._open_door = open_door

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        return self._answer

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._request
        try:
            async with self._open_door(request) as door:
                state(request.scope)[VIEW] = door.view
            response = answer(request, 404)
        except NotAuthorizedException:
            response = _by_way_of(request, "/sign-in")
        except (HTTPException, HouseError):
            response = answer(request, 404)  # no organisation lives here, or its database does not answer
        await response.to_asgi_response(None, request)(scope, receive, send)


def _to_step_up(request: AnyRequest, back: str) -> Response[str]:
    return _by_way_of(request, "/step-up", back)


def _by_way_of(request: AnyRequest, door: str, back: str = "") -> Response[str]:
    """To a page where she proves who she is, which then leads `back`, or to where she was."""
    back = back or (_way_back(request) if request.method == "GET" else "")
    address = f"{door}?next={quote(back)}" if back else door
    if request.headers.get("hx-request"):
        # htmx would follow the redirect by itself and put the sign-in page into the place of a row.
        return Response("", status_code=200, headers={"hx-redirect": address})
    return Response("", status_code=303, headers={"location": address})


def _way_back(request: AnyRequest) -> str:
    """The page that was asked for, with what stood behind its question mark: views of a table are kept as addresses."""
    path, asked = request.url.path, request.url.query
    whole = f"{path}?{asked}" if asked else path
    if len(whole) > MOST_BACK:
        whole = path
    return whole if whole != "/" else ""


def answer(
    request: AnyRequest,
    status: int,
    *,
    heading: str = "",
    lede: str = "",
    href: str = "",
    label: str = "",
    reference: str = "",
) -> Response[str]:
    """A page that says what happened; without words of its own those of the status."""
    view = replace(_view(request), is_fragment=False, toast=None)
    is_staff = bool(view.person and view.sections)
    with language.use(view.language):
        home, home_label = _home(view)
        if status == 404 and not view.is_known:  # its start would be nowhere as well
            home, home_label = "", ""
            heading = heading or _("No organisation is at this address")
            lede = lede or _(
                "Look at the address once more: its first word names the organisation. Or open the link in an e-mail from it."
            )
        html = rendering.page(
            "error_app.html" if is_staff else "error.html",
            view,
            heading=heading or _(TITLES.get(status, TITLES[400])),
            lede=lede or _((DETAILS | PAGE_DETAILS).get(status, DETAILS[400])),
            href=href or home,
            label=label or home_label,
            reference=reference,
            finds_people=is_staff and status == 404 and "people" in view.sections,
        )
    return Response(html, status_code=status, media_type="text/html")


def _home(view: View) -> tuple[str, str]:
    """Where somebody goes on from here."""
    if view.person and "today" in view.sections:
        return "/c/today", _("Go to Today")
    if view.person and "admin" in view.sections:
        return "/a", _("Go to the administration")
    return ("/me", _("Go to your page")) if view.person else ("/", _("Go to the start"))


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
        is_known=False,
    )


def _chosen(request: AnyRequest) -> str:
    """Before any organisation is known: by the language bar, else as the browser asks."""
    chosen = (request.query_params.get("lang", ""), cookies.read(request.scope, LANGUAGE))
    known = language.installed()
    return next((code for code in chosen if code in known), "") or language.negotiate(
        request.headers.get("accept-language"), tuple(known)
    )
