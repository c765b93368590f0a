"""
`python -m mentorweave.demo.database`: the roles, the database, and the tables in it, up to date.

A process of its own, so that the supervisor need not hold SQLAlchemy, and one for all
three, since loading that takes longer than the work. Safe to repeat.
"""

import os

from sqlalchemy import create_engine, make_url

from infra.crypto.keyring import open_keyring
from infra.db import migrate
from infra.keys import schema as key_database
from infra.settings import KeySettings
from mentorweave.demo.launch import ADMIN_URL, DATABASE

LOGINS = ("DATABASE_URL", "DATABASE_RESOLVER_URL", "DATABASE_RELAY_URL", "DATABASE_MIGRATOR_URL")
KEY_LOGINS = ("KEY_DATABASE_URL", "KEY_DATABASE_MIGRATOR_URL")


def lay() -> None:
    superuser = create_engine(os.environ[ADMIN_URL])
    migrate.install(superuser, DATABASE, _passwords(LOGINS))
    key_database.install(superuser, _passwords(KEY_LOGINS))
    superuser.dispose()
    keyring = open_keyring(KeySettings.read(os.environ).keyring)
    migrate.upgrade(os.environ["DATABASE_MIGRATOR_URL"], keyring.context_signer())
    key_database.upgrade(os.environ["KEY_DATABASE_MIGRATOR_URL"])


def _passwords(names: tuple[str, ...]) -> dict[str, str]:
    logins = [make_url(os.environ[name]) for name in names]
    return {str(login.username): str(login.password) for login in logins}


if __name__ == "__main__":
    lay()
