"""
What a forger tries: turned bits, texts moved elsewhere, and one text under two keys. None of it opens.

The long proof is ENVELOPE_FLIPS=100000, as `make soak` asks for it.
"""

import itertools
import os
import random
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.crypto import envelope
from infra.crypto.envelope import DataKey, Place, seal, unseal
from infra.crypto.errors import TamperedCiphertext, UnknownKey

KEY = DataKey(UUID(int=7), 1, bytes(range(32)))
PLACE = Place(UUID(int=1), "note", UUID(int=2), "body")
FLIPS = int(os.environ.get("ENVELOPE_FLIPS", "2000"))


def refused(key: DataKey, place: Place, sealed: bytes) -> str:
    """Why it did not open; "" if it did."""
    try:
        unseal(key, place, sealed)
    except TamperedCiphertext as tampered:
        return str(tampered.facts["found"])
    except UnknownKey:
        return "key"
    return ""


def test_no_turned_bit_is_accepted_wherever_it_lies() -> None:
    chance = random.Random(8)
    texts = [seal(KEY, PLACE, chance.randbytes(size)) for size in (0, 1, 16, 100, 1000, 4096)]
    why: Counter[str] = Counter()
    for n in range(FLIPS):
        sealed = bytearray(texts[n % len(texts)])
        bits = chance.sample(range(len(sealed) * 8), chance.choice((1, 1, 1, 2, 8)))
        for bit in bits:
            sealed[bit // 8] ^= 1 << bit % 8
        why[refused(KEY, PLACE, bytes(sealed))] += 1
    assert why[""] == 0
    assert set(why) == {"format", "key", "commitment", "tag"}
    assert why.total() == FLIPS


def test_no_text_opens_at_any_other_place_or_version() -> None:
    ids, names = (UUID(int=1), UUID(int=2), UUID(int=0x0102)), ("note", "body", "notebody", "")
    places = [Place(*parts) for parts in itertools.product(ids, names[:3], ids, names)]
    for version in (1, 11):
        key = replace(KEY, version=version)
        for place in places:
            sealed = seal(key, place, b"between us")
            opened = [other for other in places if not refused(key, other, sealed)]
            assert opened == [place]
            assert refused(replace(key, version=version + 1), place, sealed)


def times(a: int, b: int) -> int:
    """The product in GCM's field (NIST SP 800-38D, section 6.3)."""
    product = 0
    for i in range(127, -1, -1):
        if a >> i & 1:
            product ^= b
        b = b >> 1 ^ (0xE1 << 120 if b & 1 else 0)
    return product


def inverse(a: int) -> int:
    """a to the power 2^128 - 2."""
    result, power = 1 << 127, a
    for _ in range(127):
        power = times(power, power)
        result = times(result, power)
    return result


def block(key: bytes, counter: int) -> int:
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return int.from_bytes(encryptor.update(counter.to_bytes(16)))


def salamander(first: bytes, second: bytes, associated: bytes) -> bytes:
    """One ciphertext and tag that plain AES-GCM opens under both keys (nonce of zeros)."""
    padded = associated + bytes(-len(associated) % 16)
    lengths = (len(associated) * 8) << 64 | 128

    def parts(key: bytes) -> tuple[int, int]:
        hash_key, digest = block(key, 0), 0
        for i in range(0, len(padded), 16):
            digest = times(digest ^ int.from_bytes(padded[i : i + 16]), hash_key)
        square = times(hash_key, hash_key)
        return times(digest, square) ^ times(lengths, hash_key) ^ block(key, 1), square

    (c1, h1), (c2, h2) = parts(first), parts(second)
    free = times(c1 ^ c2, inverse(h1 ^ h2))
    return free.to_bytes(16) + (c1 ^ times(free, h1)).to_bytes(16)


@pytest.mark.parametrize("number", range(100))
def test_a_text_with_two_keys_is_refused_by_its_commitment(number: int) -> None:
    ours, theirs = replace(KEY, key=bytes([number]) * 32), replace(KEY, key=bytes([number + 128]) * 32)
    associated = PLACE.associated(1)
    salt = bytes([number]) * 32
    (first, commitment), (second, other) = (
        envelope._derived(envelope.RECORD, key, associated, salt) for key in (ours, theirs)
    )
    forged = salamander(first, second, associated)
    # Without a commitment it opens twice, to two texts.
    texts = {AESGCM(key).decrypt(bytes(12), forged, associated) for key in (first, second)}
    assert len(texts) == 2
    sealed = b"\x01" + KEY.id.bytes + salt + commitment + forged
    assert unseal(ours, PLACE, sealed) in texts
    with pytest.raises(TamperedCiphertext) as found:
        unseal(theirs, PLACE, sealed)
    assert found.value.facts == {"found": "commitment"}
    assert commitment != other
