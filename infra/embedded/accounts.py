"""
A sign-in provider for trying things out (OpenID Connect): whoever opens it picks the person who she wants to be.

It lives beside the mail catcher's inbox, below `/accounts`, and knows what stands in its folder: `key.json`, the key
that it signs with, and `known.json`, the programs that may ask and the people. The key is made by whoever lays that
folder out, and what signs is loaded with the first sign-in, so that at rest this weighs nothing.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from infra.embedded.inbox_pages import page
from infra.embedded.speaking import Answer, Request

PATH = "/accounts"
CODE_LASTS_S = 60
TOKEN_LASTS_S = 300
WANTED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
PUBLIC = ("kty", "n", "e", "kid", "use", "alg")


def lay_out(folder: Path, *, clients: list[dict[str, str]], people: list[dict[str, str]]) -> None:
    """
    Write down who may ask (`client_id`, `secret`, `redirect_uri`) and who is known (`subject`, `name`, `email`).

    The key stays as it is if there is one.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / "key.json").exists():
        from joserfc.jwk import RSAKey

        key = RSAKey.generate_key(2048, {"kid": "sample", "use": "sig", "alg": "RS256"})
        _write(folder / "key.json", key.as_dict(private=True))
    _write(folder / "known.json", {"clients": clients, "people": people})


def _write(path: Path, content: Any) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1))
    draft.replace(path)


@dataclass
class Accounts:
    folder: Path
    issuer: str
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, request: Request) -> Answer:
        if not (self.folder / "known.json").exists():
            return Answer(404, "No accounts were made here.")
        answering = {
            ("GET", "/.well-known/openid-configuration"): lambda: _json(200, self._described()),
            ("GET", "/keys"): lambda: _json(200, {"keys": [{name: self._key()[name] for name in PUBLIC}]}),
            ("GET", "/sign-in"): lambda: self._ask(request.asked),
            ("GET", "/as"): lambda: self._lead_back(request.asked),
            ("POST", "/token"): lambda: self._exchange(request),
        }.get((request.method, request.path.removeprefix(PATH)))
        return answering() if answering else Answer(404, "There is no such page.")

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/sign-in",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _ask(self, asked: dict[str, str]) -> Answer:
        """The people to choose from. Links, since a form that ends at another site is stopped by browsers."""
        if not self._may_ask(asked):
            return Answer(400, page("Sample accounts", "<p>Nobody here knows who sends you.</p>"))
        wanted = {name: asked[name] for name in WANTED}
        hint = asked.get("login_hint", "")
        people = sorted(self._known()["people"], key=lambda one: hint not in (one["email"], one["subject"]))
        rows = "".join(_row(one, wanted) for one in people)
        body = (
            "<p>These accounts stand in for those of a real organisation. There is no password: choose who you are.</p>"
            "<table><caption hidden>Accounts</caption>"
            "<thead><tr><th scope=col>Name</th><th scope=col>E-mail</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
        return Answer(200, page("Sample accounts", body))

    def _lead_back(self, asked: dict[str, str]) -> Answer:
        person = self._person(asked.get("subject", ""))
        if not self._may_ask(asked) or person is None:
            return Answer(400, page("Sample accounts", "<p>Nobody here knows who sends you.</p>"))
        self._forget_old_codes()
        code = secrets.token_urlsafe(24)
        self._codes[code] = asked | {"until": str(time.time() + CODE_LASTS_S)}
        back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return Answer(303, headers={"Location": f"{asked['redirect_uri']}?{back}"})

    def _exchange(self, request: Request) -> Answer:
        asked = self._codes.pop(request.form.get("code", ""), None)
        if not self._is_client(request):
            return _json(401, {"error": "invalid_client"})
        digest = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or float(asked["until"]) < time.time()
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != request.form.get("redirect_uri")
        ):
            return _json(400, {"error": "invalid_grant"})
        person = self._person(asked["subject"])
        if person is None:
            return _json(400, {"error": "invalid_grant"})
        token = self._signed(asked, person)
        return _json(
            200, {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token}
        )

    def _signed(self, asked: dict[str, str], person: dict[str, str]) -> str:
        from joserfc import jws
        from joserfc.jwk import RSAKey

        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "sub": person["subject"], "nonce": asked["nonce"],
            "iat": now, "auth_time": now, "exp": now + TOKEN_LASTS_S, "sid": secrets.token_hex(8),
            "name": person["name"], "email": person["email"], "email_verified": True,
        }  # fmt: skip
        key = RSAKey.import_key(self._key())
        header = {"alg": "RS256", "kid": self._key()["kid"], "typ": "JWT"}
        return jws.serialize_compact(header, json.dumps(claims).encode(), key, algorithms=["RS256"])

    def _may_ask(self, asked: dict[str, str]) -> bool:
        """Whether everything is there, and the way back is the one that was entered."""
        if any(not asked.get(name) for name in WANTED):
            return False
        client = self._client(asked["client_id"])
        return client is not None and client["redirect_uri"] == asked["redirect_uri"]

    def _is_client(self, request: Request) -> bool:
        name, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
        kind, _, packed = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                name, _, secret = base64.b64decode(packed).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return False
        client = self._client(name)
        return client is not None and hmac.compare_digest(client["secret"].encode(), secret.encode())

    def _forget_old_codes(self) -> None:
        now = time.time()
        self._codes = {code: asked for code, asked in self._codes.items() if float(asked["until"]) >= now}

    def _client(self, name: str) -> dict[str, str] | None:
        return next((one for one in self._known()["clients"] if one["client_id"] == name), None)

    def _person(self, subject: str) -> dict[str, str] | None:
        return next((one for one in self._known()["people"] if one["subject"] == subject), None)

    def _known(self) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = json.loads((self.folder / "known.json").read_text())
        return found

    def _key(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "key.json").read_text())
        return found


def _row(one: dict[str, str], wanted: dict[str, str]) -> str:
    address = f"{PATH}/as?{urlencode(wanted | {'subject': one['subject']})}"
    return (
        f'<tr><td><a href="{escape(address, quote=True)}"><bdi>{escape(one["name"])}</bdi></a></td>'
        f"<td>{escape(one['email'])}</td></tr>"
    )


def _json(status: int, said: dict[str, Any]) -> Answer:
    return Answer(status, json.dumps(said), "application/json")
