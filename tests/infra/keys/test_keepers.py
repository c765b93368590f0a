"""One contract for all who keep master keys, each behind the HTTP that it really speaks."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import Keeper
from infra.crypto.keyring import add_master_key
from infra.keys import opening
from infra.keys.errors import KeyServiceUnavailable, ProviderUnknown
from infra.settings import KeySettings
from tests.infra.keys.conftest import HERE, KEY, Keeping
from tests.infra.keys.doubles import kms, vault
from tests.infra.keys.doubles.serving import Double

KINDS = ("keyring", "kms", "vault")
Wrong = Callable[[bytes], bytes]


class Kept:
    """A keeper, what stands behind it, and how to give it a new master key."""

    def __init__(self, keeper: Keeper, double: Double | None, renew: Callable[[], object]) -> None:
        self.keeper, self.double, self.renew = keeper, double, renew


@pytest.fixture(params=KINDS)
async def kept(request: pytest.FixtureRequest, settings: KeySettings, keeping: Keeping) -> Any:
    double: Double | None = None
    url, renew = "keyring:", lambda: add_master_key(settings.keyring)
    if request.param == "kms":
        double = made = request.getfixturevalue("aws_kms")
        url, renew = made.url, made.make_key
    elif request.param == "vault":
        double = made = request.getfixturevalue("transit")
        url, renew = made.url, lambda: made.keys["mentorweave"].versions.append(bytes(32))
    keeper = keeping(provider_url=url)
    yield Kept(keeper, double, renew)


async def test_what_was_wrapped_opens_for_its_context_alone(kept: Kept) -> None:
    wrapped = await kept.keeper.wrap(KEY, HERE)
    assert await kept.keeper.unwrap(wrapped, HERE) == KEY
    assert KEY not in wrapped
    for wrong in (HERE | {"key.version": "2"}, HERE | {"more": ""}, {"tenant": HERE["tenant"]}):
        with pytest.raises(TamperedCiphertext):
            await kept.keeper.unwrap(wrapped, wrong)
        with pytest.raises(TamperedCiphertext):
            await kept.keeper.rewrap(wrapped, wrong)


@pytest.mark.parametrize("wrong", [
    lambda wrapped: wrapped[:-1],
    lambda wrapped: wrapped[:-6] + bytes([wrapped[-6] ^ 1]) + wrapped[-5:],
    lambda wrapped: b"",
    lambda wrapped: b"kms1\x00\x01",
    lambda wrapped: b"vault:v1",
])  # fmt: skip
async def test_changed_bytes_do_not_open(kept: Kept, wrong: Wrong) -> None:
    wrapped = wrong(await kept.keeper.wrap(KEY, HERE))
    with pytest.raises(TamperedCiphertext):
        await kept.keeper.unwrap(wrapped, HERE)


async def test_a_new_master_key_wraps_and_the_old_one_still_opens(kept: Kept) -> None:
    before = await kept.keeper.wrap(KEY, HERE)
    assert kept.keeper.master_of(before) == await kept.keeper.newest()

    kept.renew()

    assert kept.keeper.master_of(before) != await kept.keeper.newest()
    assert await kept.keeper.unwrap(before, HERE) == KEY
    after = await kept.keeper.rewrap(before, HERE)
    assert kept.keeper.master_of(after) == await kept.keeper.newest()
    assert kept.keeper.made(after)
    assert await kept.keeper.unwrap(after, HERE) == KEY


@pytest.mark.parametrize("kept", ["kms", "vault"], indirect=True)
@pytest.mark.parametrize("status", [0, 500, 503, 418])
async def test_a_service_that_fails_is_unavailable_and_comes_back_by_itself(kept: Kept, status: int) -> None:
    wrapped = await kept.keeper.wrap(KEY, HERE)
    assert kept.double
    kept.double.failing += [(status, {"__type": "KMSInternalException"})] * 2
    with pytest.raises(KeyServiceUnavailable):
        await kept.keeper.unwrap(wrapped, HERE)
    kept.double.failing.clear()
    assert await kept.keeper.unwrap(wrapped, HERE) == KEY


async def test_one_keeper_follows_another(
    aws_kms: kms.KmsDouble, transit: vault.VaultDouble, keeping: Keeping
) -> None:
    before = [
        await keeping().wrap(KEY, HERE),
        await keeping(provider_url=transit.url).wrap(KEY, HERE),
    ]
    keeper = keeping(provider_url=aws_kms.url, providers_before=("keyring:", transit.url))
    for wrapped in before:
        assert await keeper.unwrap(wrapped, HERE) == KEY
        assert keeper.master_of(wrapped) != await keeper.newest()
        moved = await keeper.rewrap(wrapped, HERE)
        assert keeper.master_of(moved) == await keeper.newest()
        assert await keeper.unwrap(moved, HERE) == KEY
    with pytest.raises(TamperedCiphertext):
        await keeper.unwrap(b"from nobody", HERE)


@pytest.mark.parametrize(
    "url",
    ["", "file:", "aws-kms:", "aws-kms://eu-central-1", "vault://host", "vault://host/key", "vault:///a/b"],
)
def test_an_address_of_no_keeper_is_refused_at_start(settings: KeySettings, url: str) -> None:
    with pytest.raises(ProviderUnknown, match="KEY_PROVIDER_URL"):
        opening.provider(dataclasses.replace(settings, provider_url=url))


async def test_a_keyring_that_others_may_read_is_unavailable(settings: KeySettings, keeping: Keeping) -> None:
    keeper = keeping()
    settings.keyring.chmod(0o644)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "keyring"}
    settings.keyring.chmod(0o600)
    assert await keeper.unwrap(await keeper.wrap(KEY, HERE), HERE) == KEY
