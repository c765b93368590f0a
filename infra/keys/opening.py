"""The house of keys of a process, as the settings name its parts."""

from infra.crypto.hierarchy import Keeper
from infra.db.session import Database
from infra.keys.house import KeyHouse
from infra.keys.keyring_file import KeyringFile
from infra.keys.store import KeyStore
from infra.settings import KeySettings, Settings


class ProviderUnknown(Exception):
    """KEY_PROVIDER_URL names no keeper of keys that we can speak to; the process must not start."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"KEY_PROVIDER_URL is {url}. It must be keyring:, aws-kms://region/key-id or vault://host/mount/key."
        )


def house(settings: Settings, database: Database) -> KeyHouse:
    """Nothing is connected yet; the first use does that."""
    keys = settings.keys
    store = KeyStore(keys.database_url, settings.database, keys.pool_size) if keys.database_url else None
    return KeyHouse(database, store, provider(keys))


def provider(settings: KeySettings) -> Keeper:
    """
    Raises:
        ProviderUnknown: the address is of no kind that we know.
    """
    scheme = settings.provider_url.partition(":")[0]
    if scheme == "keyring":
        return KeyringFile(settings.keyring)
    raise ProviderUnknown(settings.provider_url)
