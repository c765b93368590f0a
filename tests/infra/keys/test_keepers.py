"""One contract for all who keep master keys, each behind the HTTP that it really speaks."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra import aws
from infra.crypto.errors import TamperedCiphertext
from infra.crypto.hierarchy import Keeper
from infra.crypto.keyring import add_master_key, create_keyring
from infra.keys import opening
from infra.keys.errors import KeyServiceUnavailable, ProviderUnknown
from infra.settings import KeySettings
from tests.infra.keys.doubles import kms, vault
from tests.infra.keys.doubles.serving import Double

HERE = {"tenant": "00000000-0000-0000-0000-000000000001", "key.id": "a", "key.version": "1"}
KEY = bytes(range(32))
KINDS = ("keyring", "kms", "vault")
Wrong = Callable[[bytes], bytes]


class Kept:
    """A keeper, what stands behind it, and how to give it a new master key."""

    def __init__(self, keeper: Keeper, double: Double | None, renew: Callable[[], object]) -> None:
        self.keeper, self.double, self.renew = keeper, double, renew


@pytest.fixture(autouse=True)
def lent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", kms.ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", kms.SECRET)


@pytest.fixture
def settings(tmp_path: Path) -> KeySettings:
    create_keyring(tmp_path / "keyring.json")
    token = tmp_path / "token"
    token.write_text("s.first\n")
    token.chmod(0o600)
    return KeySettings(tmp_path / "keyring.json", vault_token_file=token)


def changed(settings: KeySettings, **changes: Any) -> KeySettings:
    import dataclasses

    return dataclasses.replace(settings, **changes)


@pytest.fixture
def aws_kms() -> Iterator[kms.KmsDouble]:
    with kms.KmsDouble() as double:
        double.make_key()
        yield double


@pytest.fixture
def transit() -> Iterator[vault.VaultDouble]:
    with vault.VaultDouble() as double:
        yield double


@pytest.fixture(params=KINDS)
async def kept(request: pytest.FixtureRequest, settings: KeySettings) -> Any:
    double: Double | None = None
    url, renew = "keyring:", lambda: add_master_key(settings.keyring)
    if request.param == "kms":
        double = made = request.getfixturevalue("aws_kms")
        url, renew = made.url, made.make_key
    elif request.param == "vault":
        double = made = request.getfixturevalue("transit")
        url, renew = made.url, lambda: made.keys["mentorweave"].versions.append(bytes(32))
    keeper = opening.provider(changed(settings, provider_url=url))
    yield Kept(keeper, double, renew)
    await keeper.close()


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


async def test_kms_signs_each_request_and_is_refused_with_another_secret(
    aws_kms: kms.KmsDouble, settings: KeySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = opening.provider(changed(settings, provider_url=aws_kms.url))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "aws-kms:InvalidSignatureException"}
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    with pytest.raises(KeyServiceUnavailable):
        await keeper.wrap(KEY, HERE)
    assert aws_kms.asked == []
    await keeper.close()


async def test_kms_is_asked_again_when_it_is_busy(aws_kms: kms.KmsDouble, settings: KeySettings) -> None:
    keeper = opening.provider(changed(settings, provider_url=aws_kms.url))
    aws_kms.failing.append(
        (400, {"__type": "com.amazonaws.kms#ThrottlingException", "message": "Rate exceeded"})
    )
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.failing += [(400, {"__type": "ThrottlingException"})] * 2
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "aws-kms:ThrottlingException"}
    await keeper.close()


async def test_kms_with_a_disabled_key_is_unavailable_until_it_is_enabled(
    aws_kms: kms.KmsDouble, settings: KeySettings
) -> None:
    keeper = opening.provider(changed(settings, provider_url=aws_kms.url))
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.disabled |= set(aws_kms.keys)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "aws-kms:DisabledException"}
    aws_kms.disabled.clear()
    assert await keeper.unwrap(wrapped, HERE) == KEY
    await keeper.close()


async def test_kms_opens_nothing_that_a_key_of_another_account_wrapped(
    aws_kms: kms.KmsDouble, settings: KeySettings
) -> None:
    ours = opening.provider(changed(settings, provider_url=aws_kms.url))
    theirs = opening.provider(changed(settings, provider_url=aws_kms.url.replace("mentorweave", "theirs")))
    aws_kms.make_key("alias/theirs", account="999999999999")
    planted = await theirs.wrap(KEY, HERE)
    for ask in (ours.unwrap, ours.rewrap):
        with pytest.raises(TamperedCiphertext) as found:
            await ask(planted, HERE)
        assert found.value.facts == {"found": "key_of_another_account"}
    await ours.close()
    await theirs.close()


async def test_kms_rewraps_without_showing_the_key(aws_kms: kms.KmsDouble, settings: KeySettings) -> None:
    keeper = opening.provider(changed(settings, provider_url=aws_kms.url))
    wrapped = await keeper.wrap(KEY, HERE)
    aws_kms.make_key()
    await keeper.rewrap(wrapped, HERE)
    assert aws_kms.asked == ["Encrypt", "DescribeKey", "ReEncrypt"]
    await keeper.close()


async def test_kms_needs_credentials(
    aws_kms: kms.KmsDouble, settings: KeySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none() -> None:
        raise aws.CloudServiceUnavailable(status=None, reason="no_credentials")

    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setattr(aws, "_lent", none)
    keeper = opening.provider(changed(settings, provider_url=aws_kms.url))
    with pytest.raises(KeyServiceUnavailable):
        await keeper.wrap(KEY, HERE)
    await keeper.close()


async def test_vault_refuses_a_key_that_does_not_derive(
    transit: vault.VaultDouble, settings: KeySettings
) -> None:
    transit.keys["mentorweave"].derived = False
    keeper = opening.provider(changed(settings, provider_url=transit.url))
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "vault:not_derived"}
    await keeper.close()


async def test_vault_signs_in_by_approle_and_anew_when_its_token_has_ended(
    transit: vault.VaultDouble, settings: KeySettings, tmp_path: Path
) -> None:
    role = tmp_path / "role.json"
    role.write_text(json.dumps(transit.role))
    role.chmod(0o640)
    keeper = opening.provider(
        changed(settings, provider_url=transit.url, vault_approle_file=role, vault_namespace="un")
    )
    wrapped = await keeper.wrap(KEY, HERE)
    transit.tokens.clear()
    assert await keeper.unwrap(wrapped, HERE) == KEY
    assert transit.asked.count("POST /v1/auth/approle/login") == 2
    assert transit.namespaces == {"un"}

    transit.tokens.clear()
    role.write_text(json.dumps({"role_id": "the-role", "secret_id": "ended"}))
    with pytest.raises(KeyServiceUnavailable):
        await keeper.unwrap(wrapped, HERE)
    await keeper.close()


async def test_vault_with_a_wrong_token_or_sealed_is_unavailable(
    transit: vault.VaultDouble, settings: KeySettings
) -> None:
    keeper = opening.provider(changed(settings, provider_url=transit.url))
    wrapped = await keeper.wrap(KEY, HERE)
    transit.failing.append(vault.SEALED)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "vault:503"}
    transit.tokens.clear()
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(wrapped, HERE)
    assert found.value.facts == {"found": "vault:403"}
    # The agent writes a new token into the file.
    assert settings.vault_token_file
    settings.vault_token_file.write_text("s.second")
    transit.tokens.add("s.second")
    assert await keeper.unwrap(wrapped, HERE) == KEY
    await keeper.close()


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
async def test_vault_takes_no_credentials_that_everybody_may_read(
    transit: vault.VaultDouble, settings: KeySettings, mode: int
) -> None:
    assert settings.vault_token_file
    settings.vault_token_file.chmod(mode)
    keeper = opening.provider(changed(settings, provider_url=transit.url))
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "vault:credentials_open_to_all"}
    await keeper.close()


async def test_vault_forbids_old_versions_when_told(
    transit: vault.VaultDouble, settings: KeySettings
) -> None:
    from infra.keys.keepers.vault import Vault

    keeper = Vault(transit.url, token_file=settings.vault_token_file)
    before = await keeper.wrap(KEY, HERE)
    await keeper.rotate()
    after = await keeper.rewrap(before, HERE)
    await keeper.forbid_before(2)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(before, HERE)
    assert found.value.facts == {"found": "vault:400"}
    assert await keeper.unwrap(after, HERE) == KEY
    await keeper.close()


async def test_one_keeper_follows_another(
    aws_kms: kms.KmsDouble, transit: vault.VaultDouble, settings: KeySettings
) -> None:
    before = [
        await opening.provider(settings).wrap(KEY, HERE),
        await (old := opening.provider(changed(settings, provider_url=transit.url))).wrap(KEY, HERE),
    ]
    keeper = opening.provider(
        changed(settings, provider_url=aws_kms.url, providers_before=("keyring:", transit.url))
    )
    for wrapped in before:
        assert await keeper.unwrap(wrapped, HERE) == KEY
        assert keeper.master_of(wrapped) != await keeper.newest()
        moved = await keeper.rewrap(wrapped, HERE)
        assert keeper.master_of(moved) == await keeper.newest()
        assert await keeper.unwrap(moved, HERE) == KEY
    with pytest.raises(TamperedCiphertext):
        await keeper.unwrap(b"from nobody", HERE)
    await old.close()
    await keeper.close()


@pytest.mark.parametrize(
    "url",
    ["", "file:", "aws-kms:", "aws-kms://eu-central-1", "vault://host", "vault://host/key", "vault:///a/b"],
)
def test_an_address_of_no_keeper_is_refused_at_start(settings: KeySettings, url: str) -> None:
    with pytest.raises(ProviderUnknown, match="KEY_PROVIDER_URL"):
        opening.provider(changed(settings, provider_url=url))


async def test_a_keyring_that_others_may_read_is_unavailable(settings: KeySettings) -> None:
    keeper = opening.provider(settings)
    settings.keyring.chmod(0o644)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "keyring"}
    settings.keyring.chmod(0o600)
    assert await keeper.unwrap(await keeper.wrap(KEY, HERE), HERE) == KEY
