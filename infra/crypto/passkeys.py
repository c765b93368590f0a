"""
Passkeys (WebAuthn, level 3): what a browser is asked, and judging what its authenticator answers.

The package `webauthn` checks signatures and the form of answers; it is loaded with the first answer. What it leaves to us is
here too: the site must be the top of its window, the key one that we can use, and the count is for the caller to compare,
since a wrong one is no proof of a wrong key.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from infra.errors import Forbidden

ALGORITHMS = (-8, -7, -257)  # Ed25519, ES256, RS256 (COSE); others are nobody's default
RSA_BITS = 2048
TIMEOUT_MS = 5 * 60 * 1000
CHALLENGE = 32  # bytes; WebAuthn asks for 16 at least
LARGEST = 16 * 1024
LONGEST_ID = 1023  # bytes (WebAuthn, 4: credential ID)
TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "hybrid", "internal", "cable"})

T = TypeVar("T")


class PasskeyRefused(Forbidden):
    """What a browser brought proves nothing."""

    code = "passkey_refused"


@dataclass(frozen=True, slots=True)
class Site:
    """Where passkeys open: `host` is their relying party, `origin` its address as browsers write it."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Known:
    """A passkey that is there already."""

    credential_id: bytes
    transports: list[str]


@dataclass(frozen=True, slots=True)
class Made:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    is_synced: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """Which passkey an answer says it comes from, and whose it is; believed only once the answer has been judged."""

    credential_id: bytes
    user: bytes | None


@dataclass(frozen=True, slots=True)
class Shown:
    sign_count: int
    is_synced: bool


def to_make(
    site: Site, challenge: bytes, *, user: bytes, name: str, title: str, known: Iterable[Known]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is given, bytes in base64url."""
    return {
        "rp": {"id": site.host, "name": site.name},
        "user": {"id": encode(user), "name": name, "displayName": title},
        "challenge": encode(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in ALGORITHMS],
        "timeout": TIMEOUT_MS,
        "excludeCredentials": [_named(one) for one in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


def to_show(site: Site, challenge: bytes, *, known: Iterable[Known] = ()) -> dict[str, Any]:
    """What `navigator.credentials.get` is given; without `known` the browser offers all that it has for the site."""
    return {
        "challenge": encode(challenge),
        "rpId": site.host,
        "timeout": TIMEOUT_MS,
        "allowCredentials": [_named(one) for one in known],
        "userVerification": "required",
    }


def made(raw: str, site: Site, challenge: bytes) -> Made:
    """
    Judge the answer to `to_make`.

    Raises:
        PasskeyRefused
    """
    import webauthn
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    answer = _read(raw)
    found = _judged(
        lambda: webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=[COSEAlgorithmIdentifier(alg) for alg in ALGORITHMS],
        )
    )
    if not 1 <= len(found.credential_id) <= LONGEST_ID or encode(found.credential_id) != answer["id"]:
        raise PasskeyRefused
    _judged(lambda: _must_be_usable(found.credential_public_key))
    told = answer["response"].get("transports")
    transports = (
        sorted(TRANSPORTS & {one for one in told if isinstance(one, str)}) if isinstance(told, list) else []
    )
    return Made(
        found.credential_id,
        found.credential_public_key,
        found.sign_count,
        transports,
        found.credential_backed_up,
    )


def claimed(raw: str) -> Claimed:
    """
    Which passkey an answer to `to_show` names.

    Raises:
        PasskeyRefused: it is none.
    """
    answer = _read(raw)
    user = answer["response"].get("userHandle")
    return Claimed(_decode(answer["id"]), _decode(user) if isinstance(user, str) and user else None)


def shown(raw: str, site: Site, challenge: bytes, public_key: bytes) -> Shown:
    """
    Judge the answer to `to_show`. That the count has grown is for the caller to look at.

    Raises:
        PasskeyRefused
    """
    import webauthn

    answer = _read(raw)
    found = _judged(
        lambda: webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    return Shown(found.new_sign_count, found.credential_backed_up)


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: object) -> bytes:
    if not isinstance(text, str):
        raise PasskeyRefused
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise PasskeyRefused from None


def _named(one: Known) -> dict[str, Any]:
    return {"type": "public-key", "id": encode(one.credential_id), "transports": one.transports}


def _read(raw: str) -> dict[str, Any]:
    """The answer as an object with an object for its response, given by the top page of a window."""
    if len(raw) > LARGEST:
        raise PasskeyRefused
    found = _object(raw)
    response = found.get("response")
    if not isinstance(response, dict):
        raise PasskeyRefused
    told = _object(_decode(response.get("clientDataJSON")))
    if told.get("crossOrigin", False) is not False or "topOrigin" in told:
        raise PasskeyRefused
    return found


def _object(raw: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise PasskeyRefused from None
    if not isinstance(found, dict):
        raise PasskeyRefused
    return found


def _judged(judge: Callable[[], T]) -> T:
    """What a judge finds. On bytes made to hurt it fails in many ways; each of them proves nothing."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return judge()
    except (
        WebAuthnException, UnsupportedAlgorithm, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
    ):  # fmt: skip
        raise PasskeyRefused from None


def _must_be_usable(public_key: bytes) -> None:
    """A key that could never open, or that anybody can compute, is better refused on the day it is made."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography

    key = decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
    if isinstance(key, RSAPublicKey) and (key.key_size < RSA_BITS or key.public_numbers().e < 3):
        raise PasskeyRefused
