"""The house of keys of a process, as the settings name its parts."""

from infra import logs
from infra.crypto.hierarchy import Keeper
from infra.db.session import Database
from infra.keys.errors import ProviderUnknown
from infra.keys.house import KeyHouse
from infra.keys.keepers.keyring_file import KeyringFile
from infra.keys.keepers.kms import Kms
from infra.keys.keepers.succession import Succession
from infra.keys.keepers.vault import Vault
from infra.keys.store import KeyStore
from infra.settings import KeySettings, Settings

log = logs.get("keys")


def house(settings: Settings, database: Database) -> KeyHouse:
    """Nothing is connected yet; the first use does that."""
    keys = settings.keys
    if not keys.database_url:
        log.warning("KEY_DATABASE_URL is not set: nothing can be sealed, and nothing sealed can be opened")
    store = KeyStore(keys.database_url, settings.database, keys.pool_size) if keys.database_url else None
    return KeyHouse(database, store, provider(keys))


def provider(settings: KeySettings) -> Keeper:
    """
    Raises:
        ProviderUnknown: an address is of no kind that we know.
    """
    newest = _keeper(settings.provider_url, settings)
    if not settings.providers_before:
        return newest
    return Succession(newest, [_keeper(url, settings) for url in settings.providers_before])


def _keeper(url: str, settings: KeySettings) -> Keeper:
    try:
        match url.partition(":")[0]:
            case "keyring":
                return KeyringFile(settings.keyring)
            case "aws-kms":
                return Kms(url)
            case "vault" | "vault+http":
                return Vault(
                    url,
                    token_file=settings.vault_token_file,
                    approle_file=settings.vault_approle_file,
                    namespace=settings.vault_namespace,
                )
            case _:
                raise ProviderUnknown(url)
    except ValueError:
        raise ProviderUnknown(url) from None
