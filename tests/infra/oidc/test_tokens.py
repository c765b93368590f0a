"""A token that is wrong in any of these ways proves nothing; the right ones do."""

import base64
import json
import time
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from infra.oidc import tokens
from infra.oidc.errors import ProviderWrong, TokenRefused, Wrong
from infra.oidc.provider import usable
from infra.oidc.tokens import LOGOUT_EVENT, Expected
from tests.infra.oidc.signing import (
    ALGORITHMS,
    CLIENT,
    EC,
    EXPECTED,
    ISSUER,
    OTHER_RSA,
    PUBLIC,
    RSA,
    KeySet,
    by_secret,
    claims,
    token,
    unsigned,
)


class FromNow(int):
    """A moment as seconds from when a token is made: cases are collected long before they run."""

    def __add__(self, other: int) -> "FromNow":
        return FromNow(int(self) + other)

    def __sub__(self, other: int) -> "FromNow":
        return FromNow(int(self) - other)


NOW = FromNow(0)


def moments(changed: dict[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    made = {
        name: now + int(value) if isinstance(value, FromNow) else value for name, value in changed.items()
    }
    return made | ({"exp": str(now + 300)} if changed.get("exp") == "later" else {})


def refusal(raw: Any, expected: Expected = EXPECTED, **more: Any) -> Wrong:
    with pytest.raises(TokenRefused) as refused:
        tokens.identity(raw, PUBLIC, expected, **more)
    return refused.value.why


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_right_token_of_each_algorithm(algorithm: str) -> None:
    found = tokens.identity(token(algorithm=algorithm), PUBLIC, EXPECTED)
    assert (found.subject, found.email, found.is_email_verified) == ("person-1", "wanjiru@example.org", True)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": [CLIENT]},
        {"azp": CLIENT},
        {"exp": 3e9 + 0.5},
        {"iat": NOW - 500},
        {"nbf": NOW},
        {"email_verified": ..., "email": ...},
        {"extra": {"anything": [1, None]}},
    ],
)
def test_right_in_other_ways(changed: dict[str, Any]) -> None:
    assert tokens.identity(token(claims(**moments(changed))), PUBLIC, EXPECTED).subject == "person-1"


CLAIMS = [
    ({"iss": ISSUER + "/"}, Wrong.ISSUER),
    ({"iss": "https://evil.example.org"}, Wrong.ISSUER),
    ({"iss": ...}, Wrong.ISSUER),
    ({"iss": [ISSUER]}, Wrong.ISSUER),
    ({"aud": "other"}, Wrong.AUDIENCE),
    ({"aud": ["other", CLIENT]}, Wrong.AUDIENCE),
    ({"aud": [CLIENT, CLIENT]}, Wrong.AUDIENCE),
    ({"aud": []}, Wrong.AUDIENCE),
    ({"aud": ...}, Wrong.AUDIENCE),
    ({"aud": "other", "azp": CLIENT}, Wrong.AUDIENCE),
    ({"aud": {"client": CLIENT}}, Wrong.AUDIENCE),
    ({"azp": "other"}, Wrong.PARTY),
    ({"azp": None}, Wrong.PARTY),
    ({"exp": NOW - 61}, Wrong.EXPIRED),
    ({"exp": ...}, Wrong.EXPIRED),
    ({"exp": "later"}, Wrong.EXPIRED),
    ({"exp": True}, Wrong.EXPIRED),
    ({"exp": 1e300}, Wrong.EXPIRED),
    ({"nbf": NOW + 120}, Wrong.TOO_EARLY),
    ({"nbf": "now"}, Wrong.TOO_EARLY),
    ({"iat": NOW - 700}, Wrong.ISSUED),
    ({"iat": NOW + 120}, Wrong.ISSUED),
    ({"iat": ...}, Wrong.ISSUED),
    ({"iat": None}, Wrong.ISSUED),
    ({"nonce": "m" * 43}, Wrong.NONCE),
    ({"nonce": ...}, Wrong.NONCE),
    ({"nonce": ""}, Wrong.NONCE),
    ({"sub": ""}, Wrong.SUBJECT),
    ({"sub": ...}, Wrong.SUBJECT),
    ({"sub": 17}, Wrong.SUBJECT),
    ({"sub": "s" * 256}, Wrong.SUBJECT),
    ({"sub": "Wanjirú"}, Wrong.SUBJECT),
    ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, Wrong.ACCESS_TOKEN),
]


@pytest.mark.parametrize(("changed", "why"), CLAIMS)
def test_wrong_claims(changed: dict[str, Any], why: Wrong) -> None:
    assert refusal(token(claims(**moments(changed))), access_token="access") is why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (unsigned({"alg": "none", "typ": "JWT"}, claims(), b"x"), Wrong.ALGORITHM),
        (unsigned({"alg": "none", "typ": "JWT"}, claims()), Wrong.FORM),
        (unsigned({"alg": "None", "typ": "JWT"}, claims(), b"x"), Wrong.ALGORITHM),
        (unsigned({"alg": ["RS256"], "kid": "rsa"}, claims(), b"x"), Wrong.ALGORITHM),
        (unsigned({"kid": "rsa"}, claims(), b"x"), Wrong.ALGORITHM),
        (by_secret(claims()), Wrong.ALGORITHM),
        (token(header={"alg": "RS512"}), Wrong.ALGORITHM),
        (token(key=OTHER_RSA), Wrong.SIGNATURE),
        (token(header={"kid": "ec"}), Wrong.KEY),
        (token(header={"kid": "unknown"}), Wrong.KEY),
        (token(header={"typ": "at+jwt"}), Wrong.TYPE),
        (token(header={"typ": "logout+jwt"}), Wrong.TYPE),
        (token(header={"jwk": RSA.as_dict(private=False)}), Wrong.HEADER),
        (unsigned({"alg": "RS256", "jku": "https://evil.example.org"}, claims(), b"x"), Wrong.HEADER),
        (unsigned({"alg": "RS256", "crit": ["exp"], "exp": 1}, claims(), b"x"), Wrong.HEADER),
        (unsigned({"alg": "RS256", "b64": False}, claims(), b"x"), Wrong.HEADER),
        (token(b"[]"), Wrong.FORM),
        (token(b"null"), Wrong.FORM),
        (token(b"{"), Wrong.FORM),
        (token(b'{"exp": NaN}'), Wrong.FORM),
        (token(json.dumps(claims()).encode()[:-1] + b', "sub": "another"}'), Wrong.FORM),
        (token() + "=", Wrong.FORM),
        (token() + ".x", Wrong.FORM),
        ("", Wrong.FORM),
        ("a.b.c", Wrong.FORM),
        ("." * 5, Wrong.FORM),
        (token(claims(extra="x" * 20_000)), Wrong.FORM),
        (None, Wrong.FORM),
    ],
)
def test_wrong_forms(raw: Any, why: Wrong) -> None:
    assert refusal(raw) is why


def test_a_name_of_the_key_is_obligatory_where_there_is_a_choice() -> None:
    two = usable({"keys": [RSA.as_dict(private=False), OTHER_RSA.as_dict(private=False) | {"kid": "second"}]})
    with pytest.raises(TokenRefused) as refused:
        tokens.identity(token(header={"kid": ...}), two, EXPECTED)
    assert refused.value.why is Wrong.KEY
    assert tokens.identity(token(header={"kid": ...}), two[:1], EXPECTED).subject == "person-1"


def test_the_hash_of_the_access_token() -> None:
    half = base64.urlsafe_b64encode(sha256(b"access").digest()[:16]).decode().rstrip("=")
    raw = token(claims(at_hash=half))
    assert tokens.identity(raw, PUBLIC, EXPECTED, access_token="access").subject == "person-1"
    assert refusal(raw, access_token="another") is Wrong.ACCESS_TOKEN
    assert refusal(raw) is Wrong.ACCESS_TOKEN


def test_the_directory_of_entra() -> None:
    expected = Expected(ISSUER, CLIENT, ALGORITHMS, EXPECTED.nonce, directory="ours")
    assert tokens.identity(token(claims(tid="ours")), PUBLIC, expected).subject == "person-1"
    assert refusal(token(claims(tid="theirs")), expected) is Wrong.DIRECTORY
    assert refusal(token(), expected) is Wrong.DIRECTORY


@pytest.mark.parametrize("auth_time", [NOW - 1_000, NOW + 120, ..., "now", True])
def test_a_sign_in_of_long_ago(auth_time: Any) -> None:
    expected = Expected(ISSUER, CLIENT, ALGORITHMS, EXPECTED.nonce, within_s=900)
    assert refusal(token(claims(**moments({"auth_time": auth_time}))), expected) is Wrong.TOO_LONG_AGO
    assert (
        tokens.identity(token(claims(**moments({"auth_time": NOW - 800}))), PUBLIC, expected).subject
        == "person-1"
    )


@given(some.integers(min_value=0), some.integers(0, 7))
def test_no_changed_bit_is_accepted(place: int, bit: int) -> None:
    raw = bytearray(RIGHT.encode())
    raw[place % len(raw)] ^= 1 << bit
    with pytest.raises(TokenRefused):
        tokens.identity(raw.decode("latin-1"), PUBLIC, EXPECTED)


RIGHT = token(algorithm="ES256")


def logout_claims(**changed: Any) -> dict[str, Any]:
    made = claims(nonce=..., email=..., name=..., email_verified=..., jti="j-1", events={LOGOUT_EVENT: {}})
    return {name: value for name, value in (made | changed).items() if value is not ...}


@pytest.mark.parametrize("changed", [{}, {"sid": "s"}, {"sub": ..., "sid": "s"}])
def test_a_right_logout(changed: dict[str, Any]) -> None:
    found = tokens.logout(
        token(logout_claims(**moments(changed)), header={"typ": "logout+jwt"}), PUBLIC, EXPECTED
    )
    assert found.jti == "j-1"


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "n"},
        {"events": ...},
        {"events": {}},
        {"events": [LOGOUT_EVENT]},
        {"events": {LOGOUT_EVENT: True}},
        {"jti": ...},
        {"sub": ...},
        {"aud": "other"},
        {"iss": "other"},
        {"iat": NOW - 3_600},
        {"exp": NOW - 3_600},
    ],
)
def test_what_is_no_logout(changed: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        tokens.logout(token(logout_claims(**moments(changed))), PUBLIC, EXPECTED)


def test_an_identity_is_no_logout_and_the_other_way_round() -> None:
    with pytest.raises(TokenRefused):
        tokens.logout(token(), PUBLIC, EXPECTED)
    assert refusal(token(logout_claims())) is Wrong.NONCE


@pytest.mark.parametrize(
    "keys",
    [
        [],
        "keys",
        [{"kty": "oct", "k": "AAAA"}],
        [RSA.as_dict(private=False) | {"use": "enc"}],
        [RSA.as_dict(private=False) | {"key_ops": ["encrypt"]}],
        [RSA.as_dict(private=False) | {"n": "AQAB"}],
        [EC.as_dict(private=False) | {"x": "AAAA"}],
        [None, 3, {"kty": "new"}],
    ],
)
def test_keys_that_may_not_sign(keys: Any) -> None:
    with pytest.raises(ProviderWrong):
        usable({"keys": keys})


def test_a_set_with_a_kind_that_we_do_not_know() -> None:
    found = usable({"keys": [{"kty": "new"}, *KeySet([EC]).as_dict(private=False)["keys"]]})
    assert [key.kid for key in found] == ["ec"]
