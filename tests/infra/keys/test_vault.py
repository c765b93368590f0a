"""Vault's transit engine: derived keys, tokens that end, files that too many may read, versions that are forbidden."""

import json
from pathlib import Path

import pytest

from infra.keys.errors import KeyServiceUnavailable
from infra.keys.keepers.vault import Vault
from infra.settings import KeySettings
from tests.infra.keys.conftest import HERE, KEY, Keeping
from tests.infra.keys.doubles import vault


async def test_vault_refuses_a_key_that_does_not_derive(transit: vault.VaultDouble, keeping: Keeping) -> None:
    transit.keys["mentorweave"].derived = False
    keeper = keeping(provider_url=transit.url)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "vault:not_derived"}


async def test_vault_signs_in_by_approle_and_anew_when_its_token_has_ended(
    transit: vault.VaultDouble, keeping: Keeping, tmp_path: Path
) -> None:
    role = tmp_path / "role.json"
    role.write_text(json.dumps(transit.role))
    role.chmod(0o640)
    keeper = keeping(provider_url=transit.url, vault_approle_file=role, vault_namespace="un")
    wrapped = await keeper.wrap(KEY, HERE)
    transit.tokens.clear()
    assert await keeper.unwrap(wrapped, HERE) == KEY
    assert transit.asked.count("POST /v1/auth/approle/login") == 2
    assert transit.namespaces == {"un"}

    transit.tokens.clear()
    role.write_text(json.dumps({"role_id": "the-role", "secret_id": "ended"}))
    with pytest.raises(KeyServiceUnavailable):
        await keeper.unwrap(wrapped, HERE)


async def test_vault_with_a_wrong_token_or_sealed_is_unavailable(
    transit: vault.VaultDouble, settings: KeySettings, keeping: Keeping
) -> None:
    keeper = keeping(provider_url=transit.url)
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


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
async def test_vault_takes_no_credentials_that_everybody_may_read(
    transit: vault.VaultDouble, settings: KeySettings, keeping: Keeping, mode: int
) -> None:
    assert settings.vault_token_file
    settings.vault_token_file.chmod(mode)
    keeper = keeping(provider_url=transit.url)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.wrap(KEY, HERE)
    assert found.value.facts == {"found": "vault:credentials_open_to_all"}


@pytest.mark.parametrize("says_little", [True, False])
async def test_vault_forbids_old_versions_when_told(
    transit: vault.VaultDouble, keeping: Keeping, says_little: bool
) -> None:
    transit.says_little = says_little
    keeper = keeping(provider_url=transit.url)
    assert isinstance(keeper, Vault)
    before = await keeper.wrap(KEY, HERE)
    await keeper.rotate()
    after = await keeper.rewrap(before, HERE)
    await keeper.forbid_before(2)
    with pytest.raises(KeyServiceUnavailable) as found:
        await keeper.unwrap(before, HERE)
    assert found.value.facts == {"found": "vault:400"}
    assert await keeper.unwrap(after, HERE) == KEY
    with pytest.raises(KeyServiceUnavailable):
        await keeper.forbid_before(3)  # no such version
