import hmac
import json
import struct
from dataclasses import replace
from hashlib import sha512
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from infra.crypto import envelope
from infra.crypto.envelope import DataKey, Place, seal, unseal
from infra.crypto.errors import TamperedCiphertext, UnknownKey

KEY = DataKey(UUID(int=7), 1, bytes(range(32)))
PLACE = Place(UUID(int=1), "note", UUID(int=2), "body")
DATA = Path(__file__).parents[2] / "data" / "crypto"
# Made once: ten by hand at the format's beginning, the others by PyCryptodome (see freezing.py).
VECTORS = json.loads((DATA / "envelope-v1.json").read_text())
WRAPS = json.loads((DATA / "wrap-v1.json").read_text())


def hkdf_by_hand(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, section 2, over SHA-512."""
    extracted = hmac.new(salt or bytes(64), key, sha512).digest()
    made, block, counter = b"", b"", 1
    while len(made) < length:
        block = hmac.new(extracted, block + info + bytes([counter]), sha512).digest()
        made, counter = made + block, counter + 1
    return made[:length]


# The inputs of RFC 5869, appendix A.1 to A.3, with the outputs published for SHA-512.
@pytest.mark.parametrize(
    ("key", "salt", "info", "expected"),
    [
        (
            b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)),
            "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb",
        ),
        (
            bytes(range(0x50)), bytes(range(0x60, 0xB0)), bytes(range(0xB0, 0x100)),
            "ce6c97192805b346e6161e821ed165673b84f400a2b514b2fe23d84cd189ddf1b695b48cbd1c8388441137b3ce28f16aa64ba33ba4"
            "66b24df6cfcb021ecff235f6a2056ce3af1de44d572097a8505d9e7a93",
        ),
        (
            b"\x0b" * 22, b"", b"",
            "f5fa02b18298a72a8c23898a8703472c6eb179dc204c03425c970e3b164bf90fff22d04836d0e2343bac",
        ),
    ],
)  # fmt: skip
def test_hkdf_sha512_gives_the_published_outputs(key: bytes, salt: bytes, info: bytes, expected: str) -> None:
    length = len(expected) // 2
    assert HKDF(SHA512(), length, salt, info).derive(key).hex() == expected
    assert hkdf_by_hand(key, salt, info, length).hex() == expected


@given(st.binary(max_size=5_000))
def test_what_is_sealed_opens_and_grows_by_the_same(plaintext: bytes) -> None:
    sealed = seal(KEY, PLACE, plaintext)
    assert unseal(KEY, PLACE, sealed) == plaintext
    # Version, salt, commitment and tag are 81 bytes; the key id is 16 more.
    assert len(sealed) - len(plaintext) == 81 + 16 == envelope.OVERHEAD
    assert envelope.key_id(sealed) == KEY.id


def test_the_same_text_is_never_sealed_the_same() -> None:
    assert len({seal(KEY, PLACE, b"a") for _ in range(100)}) == 100


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_frozen_vectors_open_and_are_made_again(vector: dict) -> None:
    key = DataKey(UUID(vector["key_id"]), vector["version"], bytes.fromhex(vector["key"]))
    place = Place(UUID(vector["tenant"]), vector["table"], UUID(vector["row"]), vector["column"])
    sealed, plaintext = bytes.fromhex(vector["sealed"]), vector["plaintext"].encode()
    assert unseal(key, place, sealed) == plaintext
    # By hand, from the description of the format alone.
    parts = [
        place.tenant.bytes,
        place.table.encode(),
        place.row.bytes,
        place.column.encode(),
        str(key.version).encode(),
    ]
    associated = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    label = b"\0\0\0\x15mentorweave/record/v1"
    salt = sealed[17:49]
    made = hkdf_by_hand(key.key, salt, label + associated, 64)
    ciphertext = AESGCM(made[:32]).encrypt(bytes(12), plaintext, associated)
    assert sealed == b"\x01" + key.id.bytes + salt + made[32:] + ciphertext


@pytest.mark.parametrize("vector", WRAPS, ids=range(len(WRAPS)))
def test_frozen_wrapped_keys_open(vector: dict) -> None:
    outer = DataKey(UUID(vector["key_id"]), vector["version"], bytes.fromhex(vector["key"]))
    wrapped = bytes.fromhex(vector["wrapped"])
    assert envelope.unwrap_key(outer, vector["context"], wrapped).hex() == vector["inner"]
    with pytest.raises(TamperedCiphertext):
        envelope.unwrap_key(outer, {**vector["context"], "more": ""}, wrapped)


def test_there_are_fifty_frozen_vectors() -> None:
    assert len(VECTORS) + len(WRAPS) == 50


def test_every_changed_bit_is_refused() -> None:
    sealed = seal(KEY, PLACE, b"Dear Njeri, this stays between us.")
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises((TamperedCiphertext, UnknownKey)):
            unseal(KEY, PLACE, bytes(changed))


def test_every_cut_and_every_addition_is_refused() -> None:
    sealed = seal(KEY, PLACE, b"Dear Njeri")
    for wrong in (*(sealed[:n] for n in range(len(sealed))), sealed + b"\0", b"\0" + sealed):
        with pytest.raises((TamperedCiphertext, UnknownKey)):
            unseal(KEY, PLACE, wrong)


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, tenant=UUID(int=3)),
        replace(PLACE, table="notes"),
        replace(PLACE, row=UUID(int=3)),
        replace(PLACE, column="title"),
        replace(PLACE, tenant=PLACE.row, row=PLACE.tenant),
        replace(PLACE, table="body", column="note"),
        replace(PLACE, table="not", column="ebody"),
    ],
)
def test_what_is_moved_does_not_open(elsewhere: Place) -> None:
    with pytest.raises(TamperedCiphertext):
        unseal(KEY, elsewhere, seal(KEY, PLACE, b"a"))


def test_another_version_of_the_key_does_not_open() -> None:
    with pytest.raises(TamperedCiphertext):
        unseal(replace(KEY, version=2), PLACE, seal(KEY, PLACE, b"a"))


def test_another_key_is_named_and_a_false_one_is_refused() -> None:
    sealed = seal(KEY, PLACE, b"a")
    with pytest.raises(UnknownKey) as found:
        unseal(replace(KEY, id=UUID(int=8)), PLACE, sealed)
    assert found.value.facts == {"key_id": str(KEY.id)}
    with pytest.raises(TamperedCiphertext):
        unseal(replace(KEY, key=bytes(32)), PLACE, sealed)


def test_a_sealed_key_is_no_record_and_a_record_no_key() -> None:
    with pytest.raises(TamperedCiphertext):
        envelope.unwrap_key(KEY, {}, seal(KEY, PLACE, bytes(32)))
    with pytest.raises(TamperedCiphertext):
        unseal(KEY, PLACE, envelope.wrap_key(KEY, {}, bytes(32)))


def test_keys_and_texts_stay_out_of_reprs_and_errors() -> None:
    key = DataKey(uuid4(), 1, b"k" * 32)
    sealed = bytearray(seal(key, PLACE, b"secret text"))
    sealed[-1] ^= 1
    with pytest.raises(TamperedCiphertext) as found:
        unseal(key, PLACE, bytes(sealed))
    assert "kkk" not in repr(key)
    assert "secret" not in f"{found.value!r}{found.value}{found.value.__cause__!r}"


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(uuid4(), 1, bytes(length))
