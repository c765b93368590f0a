"""
A provider as it describes itself, and the keys with which it signs.

Both are kept for ten minutes in the process. Keys are asked for again when a token names one that is not among them, at
most every half minute, so that a provider may change its keys at any time and nobody can make us ask it without end.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from infra.oidc.errors import Mistake, ProviderWrong
from infra.oidc.fetching import get_json

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
KEPT_S = 600.0
ASKED_AGAIN_S = 30.0
LEAST_RSA = 2048  # bits
WAYS = ("client_secret_post", "client_secret_basic")
Key = RSAKey | ECKey | OKPKey


@dataclass(frozen=True, slots=True)
class Described:
    """What we use of a discovery document (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]
    ways: tuple[str, ...]  # in which a client may show its secret
    userinfo_endpoint: str | None
    names_itself: bool  # sends `iss` with its answer (RFC 9207)


@dataclass(slots=True)
class Provider:
    """One issuer. `may_be_private` is for the demo and tests alone."""

    issuer: str
    may_be_private: bool = False
    _described: Described | None = None
    _described_at: float = 0.0
    _keys: tuple[Key, ...] = field(default=())
    _keys_at: float = float("-inf")
    _ways: dict[str, str] = field(default_factory=dict)

    async def described(self) -> Described:
        """
        Raises:
            ProviderWrong: it cannot be reached or used.
        """
        if self._described is None or time.monotonic() - self._described_at > KEPT_S:
            address = self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            self._must_be_web(address)
            document = await get_json(address, may_be_private=self.may_be_private)
            self._described = self._read(document)
            self._described_at = time.monotonic()
        return self._described

    async def keys(self, *, wanting: str | None = None) -> tuple[Key, ...]:
        """
        The provider's signing keys; asked for anew if `wanting` is the id of one that is not among them.

        Raises:
            ProviderWrong: it cannot be reached, or has none.
        """
        age = time.monotonic() - self._keys_at
        is_missing = wanting is not None and all(key.kid != wanting for key in self._keys)
        if not self._keys or age > KEPT_S or (is_missing and age > ASKED_AGAIN_S):
            found = await get_json((await self.described()).jwks_uri, may_be_private=self.may_be_private)
            self._keys, self._keys_at = usable(found), time.monotonic()
        return self._keys

    def ways_of(self, client_id: str, described: Described) -> tuple[str, ...]:
        """The ways in which this client may show its secret; the one that was taken last time goes first."""
        known = self._ways.get(client_id)
        return tuple(sorted(described.ways, key=lambda way: way != known))

    def remember_way(self, client_id: str, way: str) -> None:
        self._ways[client_id] = way

    def _read(self, found: dict[str, Any]) -> Described:
        if found.get("issuer") != self.issuer:
            raise ProviderWrong(
                Mistake.OTHER_ISSUER, found=str(found.get("issuer"))[:200], expected=self.issuer
            )
        if "code" not in _texts(found, "response_types_supported", ["code"]):
            raise ProviderWrong(Mistake.NO_CODE_FLOW)
        if "S256" not in _texts(found, "code_challenge_methods_supported", ["S256"]):
            raise ProviderWrong(Mistake.NO_PKCE)
        offered = _texts(found, "id_token_signing_alg_values_supported", ["RS256"])
        algorithms = tuple(one for one in ALGORITHMS if one in offered)
        if not algorithms:
            raise ProviderWrong(Mistake.NO_ALGORITHM, found=", ".join(offered)[:200])
        ways = _texts(found, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return Described(
            issuer=self.issuer,
            authorization_endpoint=self._address(found, "authorization_endpoint"),
            token_endpoint=self._address(found, "token_endpoint"),
            jwks_uri=self._address(found, "jwks_uri"),
            algorithms=algorithms,
            # In a body, a secret needs no agreement on how its odd signs are written.
            ways=tuple(way for way in WAYS if way in ways) or WAYS[-1:],
            userinfo_endpoint=self._address(found, "userinfo_endpoint")
            if "userinfo_endpoint" in found
            else None,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, found: dict[str, Any], name: str) -> str:
        address = found.get(name)
        if not isinstance(address, str):
            raise ProviderWrong(Mistake.NO_CODE_FLOW, found=name)
        self._must_be_web(address)
        return address

    def _must_be_web(self, address: str) -> None:
        try:
            parts = urlsplit(address)
        except ValueError:
            raise ProviderWrong(Mistake.UNKNOWN_HOST, found=address[:200]) from None
        allowed = ("https", "http") if self.may_be_private else ("https",)
        if parts.scheme not in allowed or not parts.hostname or parts.username is not None:
            raise ProviderWrong(Mistake.NOT_HTTPS, found=address[:200])


def usable(document: dict[str, Any]) -> tuple[Key, ...]:
    """
    The keys of a JWK set that may sign for us: public, asymmetric, large enough, meant for signatures.

    Raises:
        ProviderWrong: there is none.
    """
    found: list[Key] = []
    listed = document.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict) or one.get("kty") not in ("RSA", "EC", "OKP"):
            continue  # a set may hold kinds that we do not know (RFC 7517, section 5)
        try:
            (key,) = KeySet.import_key_set({"keys": [one]}).keys
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey) and _may_sign(one) and _is_large(key):
            found.append(key)
    if not found:
        raise ProviderWrong(Mistake.NO_KEYS)
    return tuple(found)


def _may_sign(one: dict[str, Any]) -> bool:
    operations = one.get("key_ops")
    return one.get("use", "sig") == "sig" and (operations is None or "verify" in operations)


def _is_large(key: Key) -> bool:
    return not isinstance(key, RSAKey) or key.public_key.key_size >= LEAST_RSA


def _texts(found: dict[str, Any], name: str, default: list[str]) -> list[str]:
    value = found.get(name, default)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
