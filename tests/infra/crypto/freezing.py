"""
`python -m tests.infra.crypto.freezing`: writes frozen vectors of envelope, links and contexts, once, with PyCryptodome.

PyCryptodome has its own AES-GCM, HKDF and HMAC, so that our code, which stands on OpenSSL, is held against another hand.
It follows the descriptions in infra/crypto and imports nothing of it. Install pycryptodome before.
"""

import base64
import json
import random
import struct
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from Crypto.Cipher import AES
from Crypto.Hash import HMAC, SHA256, SHA512
from Crypto.Protocol.KDF import HKDF

VECTORS = Path(__file__).parents[2] / "data" / "crypto"
LENGTHS = (0, 1, 15, 16, 17, 31, 32, 33, 255, 256, 1023, 4096)
LETTERS = "abc é ش 汉 😀\n\0'\"\\"


def joined(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def sealed(label: bytes, key: bytes, id: UUID, associated: bytes, salt: bytes, plaintext: bytes) -> str:
    made = HKDF(key, 64, salt, SHA512, context=joined(label) + associated)
    cipher = AES.new(made[:32], AES.MODE_GCM, nonce=bytes(12))
    cipher.update(associated)
    ciphertext, tag = cipher.encrypt_and_digest(plaintext)
    return (b"\x01" + id.bytes + salt + made[32:] + ciphertext + tag).hex()


def record(chance: random.Random, length: int) -> dict[str, Any]:
    key, salt, id = chance.randbytes(32), chance.randbytes(32), UUID(bytes=chance.randbytes(16))
    tenant, row = UUID(bytes=chance.randbytes(16)), UUID(bytes=chance.randbytes(16))
    table, column = "".join(chance.choices(LETTERS, k=length % 9 + 1)), "c" * (length % 70)
    version, text = chance.choice([1, 2, 9, 10, 4_294_967_296]), "".join(chance.choices(LETTERS, k=length))
    places = (tenant.bytes, table.encode(), row.bytes, column.encode(), str(version).encode())
    associated = joined(*places)
    return {
        "key_id": str(id), "version": version, "key": key.hex(), "tenant": str(tenant), "table": table,
        "row": str(row), "column": column, "plaintext": text,
        "sealed": sealed(b"mentorweave/record/v1", key, id, associated, salt, text.encode()),
    }  # fmt: skip


def wrap(chance: random.Random, names: int) -> dict[str, Any]:
    key, salt, id = chance.randbytes(32), chance.randbytes(32), UUID(bytes=chance.randbytes(16))
    context = {f"name{n}" * (n + 1): "".join(chance.choices(LETTERS, k=n)) for n in range(names)}
    version, inner = chance.choice([1, 7, 12]), chance.randbytes(32)
    pairs = [part.encode() for name in sorted(context) for part in (name, context[name])]
    associated = joined(*pairs, str(version).encode())
    return {
        "key_id": str(id), "version": version, "key": key.hex(), "context": context, "inner": inner.hex(),
        "wrapped": sealed(b"mentorweave/wrap/v1", key, id, associated, salt, inner),
    }  # fmt: skip


def mac(key: bytes, message: bytes) -> bytes:
    return HMAC.new(key, message, SHA256).digest()


def plain_mac(chance: random.Random, n: int) -> dict[str, str]:
    """Keys below, at and above a block of 64 bytes; messages around its borders."""
    key, message = chance.randbytes((16, 20, 32, 63, 64, 65, 131)[n % 7]), chance.randbytes(n * 5 // 2)
    return {"key": key.hex(), "msg": message.hex(), "tag": mac(key, message).hex()}


def context(chance: random.Random, n: int) -> dict[str, str]:
    key, body = chance.randbytes(32), "".join(chance.choices(LETTERS, k=n * 7)) + f"|{1_900_000_000 + n}"
    return {"key": key.hex(), "body": body, "signed": f"{body}.{mac(key, body.encode()).hex()}"}


def link(chance: random.Random, n: int) -> dict[str, str]:
    key, purpose = chance.randbytes(32), ("sign-in", "answer", "إجابة", "")[n % 4]
    tenant, row = UUID(bytes=chance.randbytes(16)), UUID(bytes=chance.randbytes(16))
    digits = int.from_bytes(mac(key, _linked(f"code|{purpose}", tenant, row))[:8], "big") % 1_000_000
    token = base64.urlsafe_b64encode(row.bytes + mac(key, _linked(purpose, tenant, row))[:16]).rstrip(b"=")
    return {
        "key": key.hex(), "purpose": purpose, "tenant": str(tenant), "row": str(row), "token": token.decode(),
        "code": f"{digits:06}",
    }  # fmt: skip


def _linked(purpose: str, tenant: UUID, row: UUID) -> bytes:
    return purpose.encode() + b"\0" + tenant.bytes + row.bytes


def main() -> None:
    chance = random.Random(20261122)
    records = json.loads((VECTORS / "envelope-v1.json").read_text())[:10]
    records += [record(chance, length) for length in (*LENGTHS, *LENGTHS, *range(2, 8))]
    (VECTORS / "envelope-v1.json").write_text(json.dumps(records, indent=1) + "\n")
    wraps = [wrap(chance, n % 5) for n in range(10)]
    (VECTORS / "wrap-v1.json").write_text(json.dumps(wraps, indent=1) + "\n")
    macs = {
        "source": "PyCryptodome, by tests/infra/crypto/freezing.py",
        "plain": [plain_mac(chance, n) for n in range(84)],
        "contexts": [context(chance, n) for n in range(20)],
        "links": [link(chance, n) for n in range(20)],
    }
    (VECTORS / "hmac-sha256.json").write_text(json.dumps(macs, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
