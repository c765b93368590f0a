"""Judging what authenticators answer: right ones are taken, and nothing else."""

import json
import os
import random

import cbor2
import pytest

from infra.crypto import passkeys
from infra.crypto.passkeys import PasskeyRefused, Site
from tests import authenticator
from tests.authenticator import CAN_SYNC, IS_SYNCED, PRESENT, USUAL, VERIFIED, Authenticator

SITE = Site("miljacka.example.org", "https://miljacka.example.org", "Miljacka Institute")
OTHER = "https://other.example.org"
CHALLENGE = os.urandom(32)


def to_make():
    return passkeys.to_make(SITE, CHALLENGE, user=b"u" * 32, name="a@example.org", title="Ana", known=[])


def to_show():
    return passkeys.to_show(SITE, CHALLENGE)


@pytest.fixture
def key():
    return Authenticator(SITE.origin)


@pytest.mark.parametrize("kind", ["ES256", "EdDSA", "RS256"])
def test_a_passkey_of_each_usual_kind_is_made_and_shown(kind):
    key = Authenticator(SITE.origin, kind)
    made = passkeys.made(key.make(to_make()), SITE, CHALLENGE)
    assert (made.credential_id, made.transports, made.is_synced) == (
        key.credentials[0].id,
        ["internal"],
        False,
    )
    answer = key.show(to_show())
    assert passkeys.claimed(answer) == passkeys.Claimed(made.credential_id, b"u" * 32)
    assert passkeys.shown(answer, SITE, CHALLENGE, made.public_key).sign_count == 2


def test_a_synced_passkey_says_so(key):
    made = passkeys.made(key.make(to_make(), flags=USUAL | CAN_SYNC | IS_SYNCED), SITE, CHALLENGE)
    assert made.is_synced


def test_what_a_browser_is_asked_can_be_written_as_json():
    known = [passkeys.Known(b"one", ["usb"])]
    asked = passkeys.to_make(SITE, CHALLENGE, user=b"u", name="n", title="t", known=known)
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["excludeCredentials"] == [{"type": "public-key", "id": "b25l", "transports": ["usb"]}]
    shown = passkeys.to_show(SITE, CHALLENGE, known=known)
    assert (shown["userVerification"], shown["rpId"]) == ("required", SITE.host)
    assert json.loads(json.dumps([asked, shown])) == [asked, shown]


WRONG = {
    "another challenge": {"challenge": authenticator.text(os.urandom(32))},
    "no challenge": {"challenge": ""},
    "another origin": {"origin": OTHER},
    "an origin without TLS": {"origin": "http://miljacka.example.org"},
    "an origin below ours": {"origin": "https://evil.miljacka.example.org"},
    "an origin with another port": {"origin": "https://miljacka.example.org:8443"},
    "another relying party": {"host": "other.example.org"},
    "a relying party above ours": {"host": "example.org"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "in a frame of another site": {"cross_origin": True},
    "within another top": {"top_origin": OTHER},
    "a frame that says yes in words": {"cross_origin": "true"},
}


@pytest.mark.parametrize("wrong", [*WRONG.values(), {"type": "webauthn.get"}], ids=[*WRONG, "another kind"])
def test_no_passkey_is_made_with(key, wrong):
    with pytest.raises(PasskeyRefused):
        passkeys.made(key.make(to_make(), **wrong), SITE, CHALLENGE)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("RS256-1024", {}),
        ("ES256", {"public_key": {1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\2" * 32}}),
        ("ES256", {"public_key": {1: 2, 3: -47, -1: 8, -2: b"\1" * 32, -3: b"\2" * 32}}),
        ("ES256", {"public_key": {1: 9}}),
        ("ES256", {"public_key": {}}),
        ("ES256", {"id": b""}),
        ("ES256", {"id": b"i" * 1024}),
        ("ES256", {"fmt": "packed"}),
        ("ES256", {"fmt": "unheard-of"}),
    ],
)
def test_no_key_is_taken_that_cannot_be_used(kind, wrong):
    key = Authenticator(SITE.origin, kind)
    with pytest.raises(PasskeyRefused):
        passkeys.made(key.make(to_make(), **wrong), SITE, CHALLENGE)


@pytest.mark.parametrize(
    "wrong",
    [*WRONG.values(), {"type": "webauthn.create"}, {"key": authenticator._key("ES256")}],
    ids=[*WRONG, "another kind", "another key"],
)
def test_no_passkey_is_shown_with(key, wrong):
    made = passkeys.made(key.make(to_make()), SITE, CHALLENGE)
    with pytest.raises(PasskeyRefused):
        passkeys.shown(key.show(to_show(), **wrong), SITE, CHALLENGE, made.public_key)


def test_what_was_signed_cannot_be_changed(key):
    made = passkeys.made(key.make(to_make()), SITE, CHALLENGE)
    answer = json.loads(key.show(to_show()))
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        raw = bytearray(authenticator.raw(answer["response"][name]))
        raw[-3] ^= 1
        bent = answer | {"response": answer["response"] | {name: authenticator.text(bytes(raw))}}
        with pytest.raises(PasskeyRefused):
            passkeys.shown(json.dumps(bent), SITE, CHALLENGE, made.public_key)


@pytest.mark.parametrize(
    "raw",
    ["", "null", "[]", "{}", '"x"', "{" * 9000, "x" * 20_000, '{"id": 1, "response": {}}', '{"response": []}',
     '{"id": "a", "response": {"clientDataJSON": "W10"}}', '{"id": "a", "response": {"clientDataJSON": "€"}}'],
)  # fmt: skip
def test_what_is_no_answer_is_refused(raw):
    for judge in (
        lambda: passkeys.made(raw, SITE, CHALLENGE),
        lambda: passkeys.shown(raw, SITE, CHALLENGE, cbor2.dumps({})),
    ):
        with pytest.raises(PasskeyRefused):
            judge()


def test_no_bent_bytes_break_the_judge(key):
    """Whatever a browser sends is taken or refused, and never a fault of ours."""
    chance = random.Random(7)
    made = passkeys.made(key.make(to_make()), SITE, CHALLENGE)
    for judge, answer in (
        (lambda raw: passkeys.made(raw, SITE, CHALLENGE), json.loads(key.make(to_make()))),
        (lambda raw: passkeys.shown(raw, SITE, CHALLENGE, made.public_key), json.loads(key.show(to_show()))),
        (passkeys.claimed, json.loads(key.show(to_show()))),
    ):
        for _turn in range(300):
            name = chance.choice([*answer["response"], "id", "rawId"])
            holder = answer["response"] if name in answer["response"] else answer
            if not isinstance(holder[name], str):
                continue
            kept, raw = holder[name], bytearray(authenticator.raw(holder[name]))
            for _bit in range(chance.randint(1, 4)):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            holder[name] = authenticator.text(bytes(raw[: chance.randint(0, len(raw))]))
            try:
                judge(json.dumps(answer))
            except PasskeyRefused as refused:
                assert refused.code == "passkey_refused"
            holder[name] = kept
