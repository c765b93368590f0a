"""The built assets, pages made of every component, a small server that sends them with the real policy, and a browser."""

import secrets
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, sync_playwright

from infra.http.headers import PAGE_POLICY
from tests.chromium import ARGUMENTS, chromium_path
from tests.web.words import WORDS
from web import assets, rendering
from web.rendering import Contact, FormState, Toast, View, page, wants_fragment

__all__ = ["chromium_path"]

TEMPLATES = Path(__file__).parent / "templates"


def view(code: str = "en", **facts: object) -> View:
    words = WORDS[code]
    known = {
        "language": code,
        "organisation": "Miljacka Institute",
        "nonce": secrets.token_urlsafe(16),
        "csrf": "csrf-of-this-session",
        "path": "/desk",
        "programme": words["people"],
        "cycle": "2026–27",
        "person": words["mentor"],
        "role": words["person"],
        "counts": {"today": 15, "outbox": 3},
        "contact": Contact(words["peer"], "+387 33 555 014"),
    }
    return View(**(known | facts))


def contents(code: str, *, wrong: bool = False) -> dict[str, object]:
    """What the components' pages are filled with."""
    words = WORDS[code]
    names = (words["mentor"], words["mentee"], words["peer"], words["other"])
    points = [
        (words["topics"], 27, 30),
        (words["work"], 20, 20),
        (words["language"], 15, 15),
        (words["hours"], 10, 15),
    ]
    criteria = [{"label": n, "points": p, "most": m, "basis": words["basis"]} for n, p, m in points]
    criteria.append({"label": words["place"], "points": 12, "most": 20, "basis": words["basis"]})
    errors = {"mail": words["missing"]} if wrong else {}
    return {
        "w": words,
        "form": FormState({"name": words["mentor"], "when": ["e"]}, errors),
        "points": criteria,
        "criteria": criteria[:4],
        "week": [
            {"count": 3, "name": words["late"], "href": "/desk?d=late", "is_late": True},
            {"count": 6, "name": words["mon"], "date": "23", "href": "/desk?d=23", "is_today": True},
            {"count": 2, "name": words["tue"], "date": "24", "href": "/desk?d=24"},
            {"count": 0, "name": words["mon"], "date": "30", "href": "/desk?d=30"},
        ],
        "steps": [
            {"label": words["all"], "left": 528, "taken": 0},
            {"label": words["language"], "left": 412, "taken": 116},
            {"label": words["hours"], "left": 171, "taken": 241},
            {"label": words["topics"], "left": 171, "taken": 0},
        ],
        "offices": [{"label": words["place"], "value": 38}, {"label": "Mostar", "value": 41}, {"label": "Tuzla", "value": 58}],
        "stages": [{"label": words["registered"], "value": 31}, {"label": words["interview"], "value": 24}, {"label": words["checkup"], "value": 110}],
        "scores": [{"label": f"{names[0]} · {names[at % 4]}", "value": score} for at, score in enumerate((91, 89, 88, 84, 84, 82, 81, 79, 74, 68, 61))],
    }  # fmt: skip


class Site:
    """A server on this machine with the components' pages, and a note of what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.sent: list[tuple[str, dict[str, list[str]]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, address: str, headers: dict[str, str]) -> tuple[int, str, str]:
        parts = urlsplit(address)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        code = query.get("l", "en")
        seen = view(
            code,
            query=parts.query,
            is_fragment=wants_fragment(headers),
            toast=Toast(WORDS[code]["moved"], "/undo", WORDS[code]["left"]) if "toast" in query else None,
            has_shortcuts="quiet" not in query,
            hue=int(query["hue"]) if "hue" in query else None,
        )
        template = "question.html" if parts.path == "/question" else "desk.html"
        wrong = "wrong" in query
        return 422 if wrong else 200, page(template, seen, **contents(code, wrong=wrong)), seen.nonce

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Nothing: a test's output is its result."""

            def do_GET(self) -> None:
                site.asked.append(self.path)
                if self.path.startswith(assets.PREFIX):
                    found = assets.find(self.path.removeprefix(assets.PREFIX), accepts_gzip=True)
                    coding = {"content-encoding": found.encoding} if found.encoding else {}
                    self._send(
                        200,
                        found.body,
                        {"content-type": found.content_type, "cache-control": assets.FOREVER} | coding,
                    )
                elif self.path.startswith("/options"):
                    self._send(
                        200,
                        b'[{"id": "7", "text": "Vesna Markovi\\u0107"}]',
                        {"content-type": "application/json"},
                    )
                elif self.path.startswith("/stream"):
                    self._send(
                        200,
                        b"data: <p id='phase'>Phase 2</p>\n\nevent: say\ndata: Phase 2 begins\n\n",
                        {"content-type": "text/event-stream"},
                    )
                else:
                    self._page(self.path)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                site.sent.append((self.path, parse_qs(body)))
                if self.path == "/draft":
                    self._send(200, b"Draft saved 10:31", {"content-type": "text/plain"})
                else:
                    self._page("/desk?wrong=1" if self.path == "/desk" else "/desk?toast=1")

            def _page(self, address: str) -> None:
                status, html, nonce = site.answer(address, {n.lower(): v for n, v in self.headers.items()})
                policy = PAGE_POLICY.format(nonce=nonce)
                self._send(
                    status,
                    html.encode(),
                    {"content-type": "text/html; charset=utf-8", "content-security-policy": policy},
                )

            def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in (headers | {"content-length": str(len(body))}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        return Handler


@pytest.fixture(scope="session")
def built() -> dict[str, str]:
    return assets.build()


@pytest.fixture
def components(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, object]]:
    """Lets `page` find the components' pages as well."""
    both = ChoiceLoader([FileSystemLoader(rendering.TEMPLATES), FileSystemLoader(TEMPLATES)])
    monkeypatch.setattr(rendering.ENVIRONMENT, "loader", both)
    return contents


@pytest.fixture
def site(built: dict[str, str], components: Callable[..., dict[str, object]]) -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium_path), args=ARGUMENTS)
        yield started
        started.close()
