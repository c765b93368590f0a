"""
A sign-in provider that speaks the real protocol over a real socket, and errs when a test asks it to.

It holds to code flow with PKCE, client secret and one use of each code, so that whoever leaves one out is refused.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import KeySet, RSAKey

CLIENT = "mentorweave"
SECRET = "s3cret-and-more"


@dataclass
class Provider:
    """`description`, `claims` and `answer` are merged into what it would say; `...` leaves something out."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    issuer: str = ""
    subject: str = "subject-1"
    person: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    refuses: str = ""
    userinfo: dict[str, Any] | None = (
        None  # what it tells who asks with the access token; None, if it has no such place
    )
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def reset(self) -> None:
        self.subject, self.person, self.description, self.claims, self.refuses = "subject-1", {}, {}, {}, ""
        self.userinfo = None
        self.asked.clear()

    def described(self) -> dict[str, Any]:
        made = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return _merged(made, self.description)

    def sign_in(self, address: str) -> str:
        """What a person does at the provider: the address to which it sends her back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256", asked
        assert {"state", "nonce", "code_challenge", "redirect_uri"} <= set(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        made = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "sid": "session-1",
        }  # fmt: skip
        return self.signed(_merged(made | self.person, self.claims))

    def signed(self, claims: dict[str, Any], *, kind: str = "JWT") -> str:
        header = {"alg": "RS256", "kid": self.key.kid, "typ": kind}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.key, algorithms=["RS256"])

    def logout_token(self, **changed: Any) -> str:
        now = int(time.time())
        made = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": secrets.token_hex(8),
            "sub": self.subject, "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }  # fmt: skip
        return self.signed(_merged(made, changed), kind="logout+jwt")

    def exchanged(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        if self.refuses:
            return 400, {"error": self.refuses}
        asked = self.codes.pop(form.get("code", ""), None)
        if authorization != _basic():
            return 401, {"error": "invalid_client"}
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_its = asked and asked["code_challenge"] == base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if not asked or not is_its or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self.token(asked)}


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            if self.path == "/realm/.well-known/openid-configuration":
                self._say(200, provider.described())
            elif self.path == "/realm/keys":
                self._say(200, KeySet([provider.key]).as_dict(private=False))
            elif self.path == "/realm/me" and provider.userinfo is not None:
                is_known = self.headers["authorization"] == "Bearer access"
                self._say(200 if is_known else 401, provider.userinfo if is_known else {})
            elif self.path.startswith("/realm/authorize?"):
                self.send_response(302)
                self.send_header("location", provider.sign_in(self.path))
                self.end_headers()
            elif self.path == "/away":
                self.send_response(302)
                self.send_header("location", provider.issuer + "/keys")
                self.end_headers()
            elif self.path.startswith("/large"):
                self._say(200, {"issuer": "x" * 100_000})
            elif self.path.startswith("/page"):
                self._send(200, b"<html>", "text/html")
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*provider.exchanged(form, self.headers.get("authorization", "")))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            self._send(status, json.dumps(said).encode(), "application/json")

        def _send(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_parts: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}/realm"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _merged(made: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (made | changed).items() if value is not ...}


def _basic() -> str:
    return "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
