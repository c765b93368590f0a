import hashlib
import hmac

import pytest

from infra.crypto.context import ContextSigner

KEY = bytes(range(32))


def test_sign_equals_the_standard_hmac() -> None:
    mac = hmac.new(KEY, b"tenant|person|1999999999", hashlib.sha256).hexdigest()
    assert ContextSigner(KEY).sign("tenant|person|1999999999") == f"tenant|person|1999999999.{mac}"


def test_blocks_give_the_same_mac_by_two_plain_digests() -> None:
    signer = ContextSigner(KEY)
    inner, outer = signer.blocks()
    body, _, mac = signer.sign("عضو|1").partition(".")
    assert (len(inner), len(outer)) == (64, 64)
    assert hashlib.sha256(outer + hashlib.sha256(inner + body.encode()).digest()).hexdigest() == mac


def test_a_point_in_the_body_is_refused() -> None:
    with pytest.raises(ValueError, match="no point"):
        ContextSigner(KEY).sign("tenant.other")


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        ContextSigner(bytes(length))


def test_repr_hides_the_key() -> None:
    assert repr(ContextSigner(KEY)) == "ContextSigner()"
