"""
Vault's transit engine: keys that derive, versions, rewrap, min_decryption_version; tokens and AppRole.

Paths, statuses and words are those of the real one (API documentation of transit and AppRole; error texts of
sdk/helper/keysutil/policy.go and vault/request_handling.go).
"""

import base64
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.infra.keys.doubles.serving import Answer, Double

DENIED: Answer = (403, {"errors": ["permission denied"]})
SEALED: Answer = (503, {"errors": ["Vault is sealed"]})


@dataclass
class TransitKey:
    derived: bool = True
    versions: list[bytes] = field(default_factory=lambda: [os.urandom(32)])
    min_decryption_version: int = 1


class Refused(Exception):
    """400 with one of Vault's sentences."""


class VaultDouble(Double):
    def __init__(self) -> None:
        super().__init__()
        self.keys = {"mentorweave": TransitKey()}
        self.tokens = {"s.first"}
        self.role = {"role_id": "the-role", "secret_id": "the-secret"}
        self.namespaces: set[str | None] = set()
        # Older ones answer a change of a key with nothing at all, today's with what the key is then.
        self.says_little = False

    @property
    def url(self) -> str:
        return f"vault+http://127.0.0.1:{self.port}/transit/mentorweave"

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.asked.append(f"{method} {path}")
        self.namespaces.add(headers.get("x-vault-namespace"))
        given = json.loads(body) if body else {}
        if (method, path) == ("POST", "/v1/auth/approle/login"):
            return self._login(given)
        if headers.get("x-vault-token") not in self.tokens:
            return DENIED
        found = re.fullmatch(r"/v1/transit/(keys|encrypt|decrypt|rewrap)/([^/]+)(?:/(rotate|config))?", path)
        if found is None or found[2] not in self.keys:
            return (
                (404, {"errors": []}) if method == "GET" else (400, {"errors": ["encryption key not found"]})
            )
        try:
            return self._transit(found[1], self.keys[found[2]], found[3], given)
        except Refused as refused:
            return 400, {"errors": [str(refused)]}

    def _login(self, given: dict[str, Any]) -> Answer:
        if given != self.role:
            return 400, {"errors": ["invalid role or secret ID"]}
        token = f"s.{os.urandom(12).hex()}"
        self.tokens.add(token)
        return 200, {"auth": {"client_token": token, "lease_duration": 1200, "renewable": True}}

    def _transit(self, what: str, key: TransitKey, more: str | None, given: dict[str, Any]) -> Answer:
        if more == "rotate":
            key.versions.append(os.urandom(32))
        elif more == "config":
            _forbid(key, given["min_decryption_version"])
        if what == "keys":
            return (204, None) if more and self.says_little else (200, {"data": _described(key)})
        if what == "encrypt":
            return 200, {"data": {"ciphertext": _sealed(key, base64.b64decode(given["plaintext"]), given)}}
        plaintext = _opened(key, given["ciphertext"], given)
        if what == "rewrap":
            return 200, {"data": {"ciphertext": _sealed(key, plaintext, given)}}
        return 200, {"data": {"plaintext": base64.b64encode(plaintext).decode()}}


def _described(key: TransitKey) -> dict[str, Any]:
    return {
        "type": "aes256-gcm96",
        "derived": key.derived,
        "latest_version": len(key.versions),
        "min_decryption_version": key.min_decryption_version,
        "keys": {str(number): 1_795_000_000 for number, _ in enumerate(key.versions, 1)},
    }


def _forbid(key: TransitKey, version: int) -> None:
    if version > len(key.versions):
        raise Refused(
            f"cannot set min decryption version of {version}, latest key version is {len(key.versions)}"
        )
    key.min_decryption_version = version


def _cipher(key: TransitKey, version: int, given: dict[str, Any]) -> AESGCM:
    if not key.derived:
        return AESGCM(key.versions[version - 1])
    if not given.get("context"):
        raise Refused(
            "missing 'context' for key derivation; the key was created using a derived key, which means additional, "
            "per-request information must be included in order to perform operations with the key"
        )
    context = base64.b64decode(given["context"])
    return AESGCM(HKDF(SHA256(), 32, None, context).derive(key.versions[version - 1]))


def _sealed(key: TransitKey, plaintext: bytes, given: dict[str, Any]) -> str:
    nonce, version = os.urandom(12), len(key.versions)
    raw = nonce + _cipher(key, version, given).encrypt(nonce, plaintext, None)
    return f"vault:v{version}:{base64.b64encode(raw).decode()}"


def _opened(key: TransitKey, ciphertext: str, given: dict[str, Any]) -> bytes:
    found = re.fullmatch(r"vault:v(\d+):(.+)", ciphertext)
    if found is None:
        raise Refused("invalid ciphertext: no prefix")
    version = int(found[1])
    if version > len(key.versions):
        raise Refused("invalid ciphertext: version is too new")
    if version < key.min_decryption_version:
        raise Refused("ciphertext or signature version is disallowed by policy (too old)")
    try:
        raw = base64.b64decode(found[2], validate=True)
        return _cipher(key, version, given).decrypt(raw[:12], raw[12:], None)
    except (InvalidTag, ValueError):
        raise Refused("invalid ciphertext: unable to decrypt") from None
