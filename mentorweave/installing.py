"""
Roles, databases and tables: once as a superuser, then with each deployment.

The addresses of the environment say it all: which database, which role, which password. So what is made is what the
processes will look for.
"""

import re
from collections.abc import Iterator, Mapping

import click
from sqlalchemy import URL, create_engine, make_url

from infra.crypto.keyring import open_keyring
from infra.db import migrate, roles
from infra.keys import logins
from infra.keys import schema as key_database
from infra.settings import DatabaseSettings, KeySettings, MissingSetting

ADMIN, KEY_ADMIN = "DATABASE_ADMIN_URL", "KEY_DATABASE_ADMIN_URL"
MAIN = {
    "DATABASE_URL": roles.APP,
    "DATABASE_RESOLVER_URL": roles.RESOLVER,
    "DATABASE_RELAY_URL": roles.RELAY,
    "DATABASE_MIGRATOR_URL": roles.MIGRATOR,
}
KEYS = {"KEY_DATABASE_URL": logins.KEYS, "KEY_DATABASE_MIGRATOR_URL": logins.KEYMAKER}
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def install(env: Mapping[str, str]) -> Iterator[str]:
    """
    Make what is not there yet, and set the passwords anew; says what was done. No row is touched.

    Raises:
        MissingSetting
        ClickException: an address is of another role or database than it must be.
    """
    database, passwords = _named(env, MAIN)
    wants_keys = bool(env.get("KEY_DATABASE_URL"))
    key_place = _named(env, KEYS) if wants_keys else None
    admin = _admin(env, ADMIN)
    engine = create_engine(admin, hide_parameters=True)
    try:
        migrate.install(engine, database, passwords)
    finally:
        engine.dispose()
    yield f"{database}: {', '.join(MAIN.values())}"
    if key_place is None:
        yield "KEY_DATABASE_URL is not set: nothing confidential can be kept until there is a key database."
        return
    engine = create_engine(_admin(env, KEY_ADMIN) if env.get(KEY_ADMIN) else admin, hide_parameters=True)
    try:
        key_database.install(engine, key_place[1], key_place[0])
    finally:
        engine.dispose()
    yield f"{key_place[0]}: {', '.join(KEYS.values())}"


def upgrade(env: Mapping[str, str]) -> None:
    """
    Bring the tables of both databases up to date.

    Raises:
        MissingSetting
    """
    url = DatabaseSettings.read(env).migrator_url
    if not url:
        raise MissingSetting(
            "DATABASE_MIGRATOR_URL", "the address of PostgreSQL for the role mentorweave_migrator"
        )
    keys = KeySettings.read(env)
    migrate.upgrade(url, open_keyring(keys.keyring).context_signer())
    if keys.migrator_url:
        key_database.upgrade(keys.migrator_url)
    elif keys.database_url:
        raise MissingSetting(
            "KEY_DATABASE_MIGRATOR_URL", f"the address of the key database for the role {logins.KEYMAKER}"
        )


def _named(env: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The one database that these addresses name, and the password of each role."""
    databases, passwords = set(), {}
    for name, role in wanted.items():
        if not env.get(name):
            raise MissingSetting(name, f"the address of PostgreSQL for the role {role}, with its password")
        url = make_url(env[name])
        if url.username != role or not url.password:
            raise click.ClickException(f"{name} must be an address for {role}, with its password.")
        databases.add(url.database or "")
        passwords[role] = str(url.password)
    if len(databases) != 1 or not _NAME.fullmatch(min(databases)):
        raise click.ClickException(f"{', '.join(wanted)} must name one database, in small letters.")
    return databases.pop(), passwords


def _admin(env: Mapping[str, str], name: str) -> URL:
    if not env.get(name):
        raise MissingSetting(name, "the address of PostgreSQL for a superuser, for this command alone")
    return make_url(env[name]).set(drivername="postgresql+psycopg")
