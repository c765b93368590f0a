"""A provider's keys and tokens, right in every respect until a test says otherwise."""

import base64
import hmac
import json
import time
import warnings
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from infra.oidc.provider import ALGORITHMS, usable
from infra.oidc.tokens import Expected

ISSUER = "https://login.example.org/tenant"
CLIENT = "client-1"
NONCE = "n" * 43
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"})
PUBLIC = usable(KeySet([RSA, EC, OKP]).as_dict(private=False))
SIGNERS = {"RS256": RSA, "PS256": RSA, "ES256": EC, "Ed25519": OKP, "EdDSA": OKP}
EXPECTED = Expected(ISSUER, CLIENT, ALGORITHMS, NONCE)


def claims(**changed: Any) -> dict[str, Any]:
    """Those of a right token; a value of `...` leaves one out."""
    now = int(time.time())
    made = {
        "iss": ISSUER, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 300, "nonce": NONCE,
        "email": "wanjiru@example.org", "email_verified": True, "name": "Wanjiru Kamau",
    }  # fmt: skip
    return {name: value for name, value in (made | changed).items() if value is not ...}


def token(
    payload: Any = None, *, key: Any = None, header: dict[str, Any] | None = None, algorithm: str = "RS256"
) -> str:
    given = {"alg": algorithm, "kid": SIGNERS.get(algorithm, RSA).kid, "typ": "JWT"} | (header or {})
    given = {name: value for name, value in given.items() if value is not ...}
    body = (
        payload
        if isinstance(payload, bytes)
        else json.dumps(payload if payload is not None else claims()).encode()
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # providers still say EdDSA
        return jws.serialize_compact(given, body, key or SIGNERS[algorithm], algorithms=[given["alg"]])


def unsigned(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def by_secret(payload: dict[str, Any]) -> str:
    """A token under HS256 with the provider's public key for the secret: what a verifier that mixes kinds falls for."""
    raw = unsigned({"alg": "HS256", "kid": "rsa", "typ": "JWT"}, payload)
    secret = RSA.as_pem(private=False)
    mac = hmac.new(secret, raw.rstrip(".").encode(), sha256).digest()
    return raw.rstrip(".") + "." + base64.urlsafe_b64encode(mac).decode().rstrip("=")
