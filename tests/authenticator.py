"""
An authenticator in software: makes and shows passkeys as a browser would, and errs when a test asks it to.

    key = Authenticator("http://org1.localhost")
    await page.submit(credential=key.make(options))
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, CAN_SYNC, IS_SYNCED, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40
USUAL = PRESENT | VERIFIED


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    id: bytes
    key: Any
    host: str
    user: bytes
    count: int = 0


@dataclass
class Authenticator:
    """`counts`: it counts its uses, as security keys do; synced passkeys say 0."""

    origin: str
    kind: str = "ES256"
    counts: bool = True
    credentials: list[Credential] = field(default_factory=list)

    def make(self, options: dict[str, Any], *, flags: int = USUAL, host: str = "", **wrong: Any) -> str:
        """The answer to what a page asks of `navigator.credentials.create`, `wrong` where a test says so."""
        host = host or options["rp"]["id"]
        made = Credential(
            wrong.pop("id", os.urandom(32)),
            _key(self.kind),
            host,
            raw(options["user"]["id"]),
            int(self.counts),
        )
        self.credentials.append(made)
        public = wrong.pop("public_key", _cose(self.kind, made.key))
        attested = bytes(16) + len(made.id).to_bytes(2) + made.id + cbor2.dumps(public)
        data = self._data(host, flags | HAS_KEY, made.count) + attested
        statement = cbor2.dumps({"fmt": wrong.pop("fmt", "none"), "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], wrong)
        return self._credential(
            made,
            {"clientDataJSON": client, "attestationObject": statement},
            {"transports": ["internal"]} | wrong,
        )

    def show(
        self,
        options: dict[str, Any],
        *,
        credential: Credential | None = None,
        flags: int = USUAL,
        count: int | None = None,
        key: Any = None,
        **wrong: Any,
    ) -> str:
        """The answer to what a page asks of `navigator.credentials.get`."""
        chosen = credential or self.credentials[-1]
        chosen.count += self.counts
        data = self._data(wrong.pop("host", chosen.host), flags, chosen.count if count is None else count)
        client = self._client("webauthn.get", options["challenge"], wrong)
        signature = _sign(self.kind, key or chosen.key, data + sha256(client).digest())
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        user = wrong.pop("user", chosen.user)
        return self._credential(chosen, response, {"userHandle": text(user) if user else None} | wrong)

    def _client(self, kind: str, challenge: str, wrong: dict[str, Any]) -> bytes:
        told = {
            "type": wrong.pop("type", kind),
            "challenge": wrong.pop("challenge", challenge),
            "origin": wrong.pop("origin", self.origin),
            "crossOrigin": wrong.pop("cross_origin", False),
        }
        if "top_origin" in wrong:
            told["topOrigin"] = wrong.pop("top_origin")
        return json.dumps(told).encode()

    def _data(self, host: str, flags: int, count: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _credential(self, used: Credential, response: dict[str, bytes], more: dict[str, Any]) -> str:
        return json.dumps(
            {
                "id": text(used.id),
                "rawId": text(used.id),
                "type": "public-key",
                "response": {name: text(value) for name, value in response.items()} | more,
            }
        )


def host_of(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _key(kind: str) -> Any:
    if kind == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("RS256"):
        return rsa.generate_private_key(65_537, 1024 if kind == "RS256-1024" else 2048)
    return ec.generate_private_key(ec.SECP256R1())


def _cose(kind: str, key: Any) -> dict[int, Any]:
    """The public key as WebAuthn writes it (RFC 9053)."""
    public = key.public_key()
    if kind == "EdDSA":
        return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
    numbers = public.public_numbers()
    if kind.startswith("RS256"):
        return {1: 3, 3: -257, -1: numbers.n.to_bytes((public.key_size + 7) // 8), -2: numbers.e.to_bytes(3)}
    return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


def _sign(kind: str, key: Any, data: bytes) -> bytes:
    if kind == "EdDSA":
        return bytes(key.sign(data))
    if kind.startswith("RS256"):
        return bytes(key.sign(data, padding.PKCS1v15(), SHA256()))
    return bytes(key.sign(data, ec.ECDSA(SHA256())))
