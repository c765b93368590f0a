"""`mentorweave migrate`: bring the database that the environment names to the present."""

import os

from infra.crypto.keyring import open_keyring
from infra.db.migrate import upgrade
from infra.settings import DatabaseSettings, KeySettings, MissingSetting


def migrate() -> None:
    url = DatabaseSettings.read(os.environ).migrator_url
    if url is None:
        raise MissingSetting(
            "DATABASE_MIGRATOR_URL", "the address of PostgreSQL for the role mentorweave_migrator"
        )
    upgrade(url, open_keyring(KeySettings.read(os.environ).keyring).context_signer())
