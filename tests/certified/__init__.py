"""A sign-in provider that the OpenID Foundation has certified (npm oidc-provider), as a process of its own."""

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin

import httpx
import pytest

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
PROGRAM = HERE / "provider.mjs"
MOST_STEPS = 12


def find() -> str | None:
    """Node, of the machine or of `make`, where the package is there as well."""
    node = shutil.which("node") or shutil.which("node", path=str(CHECKOUT / ".venv" / "node" / "bin"))
    return node if (CHECKOUT / "node_modules" / "oidc-provider").is_dir() else None


@dataclass
class Certified:
    """The provider, and what it was told. `told_of` are the logout tokens that it has sent to `ended_at`."""

    issuer: str
    process: "subprocess.Popen[str]"
    ended_at: str
    told_of: list[str] = field(default_factory=list)
    client: dict[str, Any] = field(default_factory=dict)

    def register(self, callback: str, *, way: str = "client_secret_post") -> None:
        """As an administrator enters us there."""
        self.client = {
            "client_id": "mentorweave", "redirect_uris": [callback], "token_endpoint_auth_method": way,
            "backchannel_logout_uri": self.ended_at, "backchannel_logout_session_required": True,
        }  # fmt: skip
        if way != "none":
            self.client["client_secret"] = "a secret, with: odd+signs%"
        self._tell(clients=[self.client])

    def rotate(self) -> None:
        """From now on it signs with another key."""
        self._tell(rotate=True)

    def _tell(self, **told: Any) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline(), "the provider has ended"


@dataclass
class Someone:
    """A person's browser at the provider; it keeps her session there."""

    provider: Certified
    name: str = "ana"
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)
    forms: list[str] = field(default_factory=list)  # kinds of forms that she was asked to fill in

    def go(self, address: str, *, refuses: bool = False) -> str:
        """Do what the provider asks, until it sends her somewhere else: that address."""
        with self._browser() as browser:
            response = browser.get(address)
            for _ in range(MOST_STEPS):
                if response.is_redirect:
                    address = urljoin(str(response.url), response.headers["location"])
                    if not address.startswith(self.provider.issuer):
                        return address
                    response = browser.get(address)
                    continue
                assert response.status_code == 200, response.text
                response = self._fill_in(browser, response, refuses=refuses)
        raise AssertionError("the provider asks without end")

    def sign_out(self) -> None:
        with self._browser() as browser:
            response = browser.get(f"{self.provider.issuer}/session/end")
            xsrf = re.search(r'name="xsrf" value="([^"]+)"', response.text)
            assert xsrf, response.text
            filled = {"xsrf": xsrf[1], "logout": "yes"}
            done = browser.post(f"{self.provider.issuer}/session/end/confirm", data=filled)
            assert done.is_redirect, done.text

    @contextmanager
    def _browser(self) -> Iterator[httpx.Client]:
        with httpx.Client(cookies=self.cookies, follow_redirects=False) as client:
            yield client
            self.cookies = client.cookies

    def _fill_in(self, browser: httpx.Client, response: httpx.Response, *, refuses: bool) -> httpx.Response:
        kind = re.search(r'name="prompt" value="(\w+)"', response.text)
        action = re.search(r'action="([^"]+)"', response.text)
        assert kind and action, response.text
        self.forms.append(kind[1])
        where = urljoin(str(response.url), action[1])
        if refuses:
            return browser.get(f"{where}/abort")
        return browser.post(where, data={"prompt": kind[1], "login": self.name, "password": "any"})


@pytest.fixture(scope="session")
def _certified() -> Iterator[Certified]:
    node = find()
    assert node, "tests with a certified provider are left out where there is none"
    told_of: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            told_of.append(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_parts: Any) -> None:
            """Nothing: a test's output is its result."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    process = subprocess.Popen(
        [node, str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin and process.stdout
    issuer = json.loads(process.stdout.readline())["issuer"]
    yield Certified(issuer, process, f"http://127.0.0.1:{server.server_port}/ended", told_of)
    process.stdin.close()
    process.wait(10)
    process.stdout.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def certified(_certified: Certified) -> Certified:
    """The provider, with nobody entered there."""
    _certified.told_of.clear()
    return _certified
