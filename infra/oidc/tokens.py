"""
Judging a token of a provider: every rule of OpenID Connect Core 1.0 (3.1.3.7), of Back-Channel Logout 1.0 (2.6) and
of RFC 8725, and a few that are stricter. What is not exactly as it should be is refused.
"""

import base64
import hmac
import json
import time
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256, sha512
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning

from infra.oidc.errors import TokenRefused, Wrong
from infra.oidc.provider import Key

LEEWAY_S = 60
ISSUED_WITHIN_S = 600
LARGEST = 16 * 1024
MOST_SUBJECT = 255
# A header that brings its own key, or says that something of it must be understood, is nobody's whom we know.
_REFUSED_HEADERS = frozenset({"jwk", "jku", "x5u", "x5c", "crit", "b64", "zip"})
_KINDS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP", "Ed25519": "OKP"}
_CURVES = {"ES256": "P-256", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What a token must say. `directory` is Entra's tenant, for issuers that serve many.

    `within_s` asks that the person has given her password, or the like, no longer ago than that.
    """

    issuer: str
    client_id: str
    algorithms: tuple[str, ...]
    nonce: str | None = None
    directory: str | None = None
    within_s: int | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    subject: str
    session: str | None
    email: str | None
    is_email_verified: bool
    name: str | None
    all: Mapping[str, Any]
    access_token: str | None = field(default=None, repr=False)

    def proved_at(self) -> datetime | None:
        """When the person gave her password, or the like, as the provider says; None where it does not, or says the future."""
        found = self.all.get("auth_time")
        if (
            isinstance(found, bool)
            or not isinstance(found, int | float)
            or not 0 <= found <= time.time() + LEEWAY_S
        ):
            return None
        return datetime.fromtimestamp(min(found, time.time()), UTC)


def key_id(raw: str) -> str | None:
    """The key that a token names, before anything of it is believed."""
    found = _part(raw.partition(".")[0]).get("kid")
    return found if isinstance(found, str) else None


def identity(
    raw: str,
    keys: Iterable[Key],
    expected: Expected,
    *,
    access_token: str | None = None,
    now: float | None = None,
) -> Claims:
    """
    The claims of an ID token.

    Raises:
        TokenRefused: and nothing in it may be believed.
    """
    moment = time.time() if now is None else now
    claims, algorithm = _signed(raw, keys, expected, types=("JWT",))
    _for_us(claims, expected)
    _in_time(claims, moment)
    if expected.nonce is None or not _same(claims.get("nonce"), expected.nonce):
        raise TokenRefused(Wrong.NONCE)
    if "at_hash" in claims and (
        access_token is None or not _same(claims["at_hash"], _half_hash(access_token, algorithm))
    ):
        raise TokenRefused(Wrong.ACCESS_TOKEN)
    if expected.directory is not None and not _same(claims.get("tid"), expected.directory):
        raise TokenRefused(Wrong.DIRECTORY)
    if expected.within_s is not None:
        at = _moment(claims, "auth_time", Wrong.TOO_LONG_AGO)
        if not moment - expected.within_s - LEEWAY_S <= at <= moment + LEEWAY_S:
            raise TokenRefused(Wrong.TOO_LONG_AGO)
    return Claims(
        subject=_subject(claims),
        session=_text(claims, "sid"),
        email=_text(claims, "email"),
        is_email_verified=claims.get("email_verified") is True,
        name=_text(claims, "name"),
        all=claims,
        access_token=access_token,
    )


def completed(known: Claims, told: Mapping[str, Any]) -> Claims:
    """
    What a token says, with what the provider tells about the same person besides (Core, 5.3.2).

    Raises:
        TokenRefused: this is about another one.
    """
    if not _same(told.get("sub"), known.subject):
        raise TokenRefused(Wrong.SUBJECT)
    return replace(
        known,
        email=_text(told, "email"),
        is_email_verified=told.get("email_verified") is True,
        name=known.name or _text(told, "name"),
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose sessions a provider has ended: of one subject, or one session of his, or both."""

    jti: str
    subject: str | None
    session: str | None


def logout(raw: str, keys: Iterable[Key], expected: Expected, *, now: float | None = None) -> Ended:
    """
    What a logout token says. That its `jti` comes once is for the caller to see to.

    Raises:
        TokenRefused: it is none.
    """
    claims, _algorithm = _signed(raw, keys, expected, types=("logout+jwt", "JWT"))
    _for_us(claims, expected)
    _in_time(claims, time.time() if now is None else now)
    events = claims.get("events")
    is_logout = isinstance(events, dict) and isinstance(events.get(LOGOUT_EVENT), dict)
    jti, session = _text(claims, "jti"), _text(claims, "sid")
    subject = _subject(claims) if "sub" in claims else None
    if not is_logout or "nonce" in claims or not jti or (session is None and subject is None):
        raise TokenRefused(Wrong.LOGOUT)
    return Ended(jti, subject, session)


def _signed(
    raw: str, keys: Iterable[Key], expected: Expected, *, types: tuple[str, ...]
) -> tuple[dict[str, Any], str]:
    """The claims of a token that one of the keys has signed, and how."""
    parts = raw.split(".") if isinstance(raw, str) and len(raw) <= LARGEST else []
    if len(parts) != 3 or not all(parts):
        raise TokenRefused(Wrong.FORM)
    header = _part(parts[0])
    algorithm, kind = header.get("alg"), header.get("typ", "JWT")
    if _REFUSED_HEADERS & set(header):
        raise TokenRefused(Wrong.HEADER)
    if not isinstance(kind, str) or kind.lower() not in {one.lower() for one in types}:
        raise TokenRefused(Wrong.TYPE)
    if not isinstance(algorithm, str) or algorithm not in expected.algorithms or algorithm not in _KINDS:
        raise TokenRefused(Wrong.ALGORITHM)
    key = _key(keys, header.get("kid"), algorithm)
    _decoded(parts[2])
    try:
        with warnings.catch_warnings():
            # RFC 9864 gives EdDSA another name; providers still use the old one.
            warnings.simplefilter("ignore", SecurityWarning)
            signed = jws.deserialize_compact(raw, key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError):
        raise TokenRefused(Wrong.SIGNATURE) from None
    if signed.payload != _decoded(parts[1]):
        raise TokenRefused(Wrong.FORM)
    return _part(parts[1]), algorithm


def _key(keys: Iterable[Key], named: object, algorithm: str) -> Key:
    """The one key that may have signed: a name is obligatory as soon as there is a choice."""
    fitting = [
        key
        for key in keys
        if key.key_type == _KINDS[algorithm]
        and key.get("alg", algorithm) == algorithm
        and (algorithm not in _CURVES or key.get("crv") == _CURVES[algorithm])
        and (named is None or key.kid == named)
    ]
    if len(fitting) != 1:
        raise TokenRefused(Wrong.KEY)
    return fitting[0]


def _for_us(claims: Mapping[str, Any], expected: Expected) -> None:
    if not _same(claims.get("iss"), expected.issuer):
        raise TokenRefused(Wrong.ISSUER)
    audience = claims.get("aud")
    if audience not in (expected.client_id, [expected.client_id]):
        raise TokenRefused(Wrong.AUDIENCE)
    if "azp" in claims and not _same(claims["azp"], expected.client_id):
        raise TokenRefused(Wrong.PARTY)


def _in_time(claims: Mapping[str, Any], now: float) -> None:
    if _moment(claims, "exp", Wrong.EXPIRED) + LEEWAY_S <= now:
        raise TokenRefused(Wrong.EXPIRED)
    if "nbf" in claims and _moment(claims, "nbf", Wrong.TOO_EARLY) - LEEWAY_S > now:
        raise TokenRefused(Wrong.TOO_EARLY)
    issued = _moment(claims, "iat", Wrong.ISSUED)
    if not now - ISSUED_WITHIN_S - LEEWAY_S <= issued <= now + LEEWAY_S:
        raise TokenRefused(Wrong.ISSUED)


def _moment(claims: Mapping[str, Any], name: str, wrong: Wrong) -> float:
    found = claims.get(name)
    # In Python, True is a number.
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 1e11:
        raise TokenRefused(wrong)
    return float(found)


def _subject(claims: Mapping[str, Any]) -> str:
    found = claims.get("sub")
    if not isinstance(found, str) or not found.isascii() or not 1 <= len(found) <= MOST_SUBJECT:
        raise TokenRefused(Wrong.SUBJECT)
    return found


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    found = claims.get(name)
    return found if isinstance(found, str) and found else None


def _same(found: object, expected: str) -> bool:
    return isinstance(found, str) and hmac.compare_digest(found.encode(), expected.encode())


def _half_hash(access_token: str, algorithm: str) -> str:
    # The left half of the hash that the signature uses (Core, 3.1.3.6); Ed25519 signs with SHA-512.
    hashed = (sha512 if algorithm in ("EdDSA", "Ed25519") else sha256)(access_token.encode()).digest()
    return base64.urlsafe_b64encode(hashed[: len(hashed) // 2]).decode().rstrip("=")


def _part(text: str) -> dict[str, Any]:
    """A part of a token as the one object that it can mean: no name comes twice, no number is none."""
    try:
        found = json.loads(_decoded(text), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise TokenRefused(Wrong.FORM) from None
    if not isinstance(found, dict):
        raise TokenRefused(Wrong.FORM)
    return found


def _decoded(text: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise TokenRefused(Wrong.FORM) from None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        raise TokenRefused(Wrong.FORM)
    return raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _no_number(_text: str) -> Any:
    raise ValueError("no number")
