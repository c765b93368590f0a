"""AWS KMS: signatures, its answers, its aliases and whose keys they are; against a double that checks all of it."""

import pytest

from infra import aws
from infra.crypto.errors import TamperedCiphertext
from infra.keys.errors import KeyServiceUnavailable
from tests.infra.keys.conftest import HERE, KEY, Keeping
from tests.infra.keys.doubles import kms


async def test_kms_signs_each_request_and_is_refused_with_another_secret(
    aws_kms: kms.KmsDouble, keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = keeping(provider_url=aws_kms.url)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "aws-kms:InvalidSignatureException"}
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    with pytest.raises(KeyServiceUnavailable):
        await keeper.wrap(KEY, HERE)
    assert aws_kms.asked == []


async def test_kms_is_asked_again_when_it_is_busy(aws_kms: kms.KmsDouble, keeping: Keeping) -> None:
    keeper = keeping(provider_url=aws_kms.url)
    aws_kms.failing.append(
        (400, {"__type": "com.amazonaws.kms#ThrottlingException", "message": "Rate exceeded"})
    )
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.failing.append((500, {"__type": "KMSInternalException", "message": None}))
    assert await keeper.unwrap(wrapped, HERE) == KEY
    aws_kms.failing += [(400, {"__type": "ThrottlingException"})] * 2
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "aws-kms:ThrottlingException"}


async def test_kms_with_a_disabled_key_is_unavailable_until_it_is_enabled(
    aws_kms: kms.KmsDouble, keeping: Keeping
) -> None:
    keeper = keeping(provider_url=aws_kms.url)
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.disabled |= set(aws_kms.keys)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "aws-kms:DisabledException"}
    aws_kms.disabled.clear()
    assert await keeper.unwrap(wrapped, HERE) == KEY


async def test_kms_opens_nothing_that_a_key_of_another_account_wrapped(
    aws_kms: kms.KmsDouble, keeping: Keeping
) -> None:
    ours = keeping(provider_url=aws_kms.url)
    theirs = keeping(provider_url=aws_kms.url.replace("mentorweave", "theirs"))
    aws_kms.make_key("alias/theirs", account="999999999999")
    planted = await theirs.wrap(KEY, HERE)
    for ask in (ours.unwrap, ours.rewrap):
        with pytest.raises(TamperedCiphertext) as found:
            await ask(planted, HERE)
        assert found.value.facts == {"found": "key_of_another_account"}


async def test_kms_rewraps_without_showing_the_key(aws_kms: kms.KmsDouble, keeping: Keeping) -> None:
    keeper = keeping(provider_url=aws_kms.url)
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.make_key()
    await keeper.rewrap(wrapped, HERE)
    assert aws_kms.asked == ["Encrypt", "DescribeKey", "ReEncrypt"]


async def test_kms_needs_credentials(
    aws_kms: kms.KmsDouble, keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise aws.CloudServiceUnavailable(status=None, reason="no_credentials")

    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setattr(aws, "_lent", none)
    keeper = keeping(provider_url=aws_kms.url)
    with pytest.raises(KeyServiceUnavailable):
        await keeper.wrap(KEY, HERE)
