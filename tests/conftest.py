"""
Real servers for every test: one PostgreSQL and one Valkey for the whole run.

Isolation between tests is the product's own: each makes an organisation of its
own, and row security keeps it from all others.
"""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from infra.crypto.context import ContextSigner
from infra.db import migrate, roles
from infra.db.session import Database
from infra.embedded.postgres import Postgres
from infra.settings import DatabaseSettings

PASSWORDS = {role: secrets.token_hex(8) for role in roles.LOGINS}
DATABASE = "mentorweave"


@dataclass(frozen=True)
class Servers:
    postgres: Postgres
    folder: Path
    signer: ContextSigner

    def url(self, role: str, database: str = DATABASE) -> str:
        return self.postgres.url(role, PASSWORDS[role], database)

    def settings(self, database: str = DATABASE) -> DatabaseSettings:
        return DatabaseSettings(
            app_url=self.url(roles.APP, database),
            resolver_url=self.url(roles.RESOLVER, database),
            relay_url=self.url(roles.RELAY, database),
            migrator_url=self.url(roles.MIGRATOR, database),
            refuse_old_server=False,
        )


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="mw-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(folder: Path) -> Iterator[Servers]:
    """PostgreSQL with roles, database and tables, as `mentorweave migrate` makes them."""
    signer = ContextSigner(secrets.token_bytes(32))
    with Postgres(folder / "postgres", durable=False) as postgres:
        superuser = create_engine(postgres.admin_url())
        migrate.install(superuser, DATABASE, PASSWORDS)
        superuser.dispose()
        servers = Servers(postgres, folder, signer)
        migrate.upgrade(servers.url(roles.MIGRATOR), signer)
        yield servers


@pytest.fixture(scope="session")
async def database(servers: Servers) -> AsyncIterator[Database]:
    made = Database(servers.settings(), servers.signer)
    yield made
    await made.close()
