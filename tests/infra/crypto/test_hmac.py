"""
Our uses of HMAC-SHA256 against vectors of others: those that RFC 4231 publishes, and frozen ones of PyCryptodome.

Wycheproof's own are run by `python -m tests.infra.crypto.wycheproof FOLDER` where a checkout of them is.
"""

import base64
import hashlib
import json
from pathlib import Path
from uuid import UUID

import pytest

from infra.crypto.context import ContextSigner
from infra.crypto.links import LinkSigner
from tests.infra.crypto.wycheproof import hmac_sha256

MACS = json.loads((Path(__file__).parents[2] / "data" / "crypto" / "hmac-sha256.json").read_text())
LONG = b"\xaa" * 131
# RFC 4231, section 4: its seven cases with the outputs for SHA-256; the fifth is cut to 128 bits.
PUBLISHED = [
    (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    (b"\x0c" * 20, b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
    (LONG, b"Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    (LONG, b"This is a test using a larger than block-size key and a larger than block-size data. "
     b"The key needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
]  # fmt: skip


def _is_right(key: str, msg: str, tag: str) -> bool:
    return hmac_sha256({"tagSize": len(tag) * 4}, {"key": key, "msg": msg, "tag": tag})


def test_published_and_frozen_macs_are_ours_and_no_changed_one_is() -> None:
    cases = [(key.hex(), msg.hex(), tag) for key, msg, tag in PUBLISHED]
    cases += [(one["key"], one["msg"], one["tag"]) for one in MACS["plain"]]
    assert [case for case in cases if not _is_right(*case)] == []
    # The changes that Wycheproof makes: single bits, several at once, all of them, all zero, all one.
    size = 32
    masks = [1 << bit for bit in (0, 1, 7, 8, 31, 32, 33, 63, 64, 71, 77, 80, 96, 97, 103, 126, 127)]
    masks += [1 | 1 << 64, 1 << 31 | 1 << 63, (1 << 128) - 1, int("80" * 16, 16), int("01" * 16, 16)]
    for key, msg, tag in cases:
        whole = int(tag[:size], 16)
        wrong = {f"{whole ^ mask:0{size}x}" for mask in masks} | {"0" * size, "f" * size}
        assert [one for one in wrong if _is_right(key, msg, one)] == []


@pytest.mark.parametrize("one", MACS["contexts"], ids=range(len(MACS["contexts"])))
def test_contexts_are_signed_as_another_hand_signs_them(one: dict[str, str]) -> None:
    signer = ContextSigner(bytes.fromhex(one["key"]))
    assert signer.sign(one["body"]) == one["signed"]
    inner, outer = signer.blocks()  # what the database has
    by_blocks = hashlib.sha256(outer + hashlib.sha256(inner + one["body"].encode()).digest())
    assert by_blocks.hexdigest() == one["signed"].rpartition(".")[2]


@pytest.mark.parametrize("one", MACS["links"], ids=range(len(MACS["links"])))
def test_links_are_made_as_another_hand_makes_them_and_no_changed_one_opens(one: dict[str, str]) -> None:
    signer, purpose = LinkSigner(bytes.fromhex(one["key"])), one["purpose"]
    tenant, row, token = UUID(one["tenant"]), UUID(one["row"]), one["token"]
    assert (signer.token(purpose, tenant, row), signer.code(purpose, tenant, row)) == (token, one["code"])
    assert signer.read(purpose, tenant, token) == row
    raw = int.from_bytes(base64.urlsafe_b64decode(token + "="))
    for bit in range(256):
        changed = base64.urlsafe_b64encode((raw ^ 1 << bit).to_bytes(32)).rstrip(b"=").decode()
        assert signer.read(purpose, tenant, changed) is None
    for cut in (token[:-1], token[:21], token + "A", "", token[:22]):
        assert signer.read(purpose, tenant, cut) is None
    assert signer.read(f"{purpose}x", tenant, token) is None
    assert signer.read(purpose, UUID(int=tenant.int ^ 1), token) is None
