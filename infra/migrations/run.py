"""`mentorweave migrate`: bring the database that the environment names to the present."""

import os

from infra.crypto.keyring import open_keyring
from infra.db.migrate import upgrade
from infra.settings import DatabaseSettings, KeySettings, MissingSetting


def migrate() -> None:
    settings = DatabaseSettings.read(os.environ)
    if settings.migrator_url is None:
        raise MissingSetting(
            "DATABASE_MIGRATOR_URL", "the address of PostgreSQL for the role mentorweave_migrator"
        )
    keyring = open_keyring(KeySettings.read(os.environ).keyring)
    upgrade(settings.migrator_url, keyring.context_signer(), refuse_old_server=settings.refuse_old_server)
