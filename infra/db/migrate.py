"""
Bringing a database to the present.

The domain's tables come in as `metadata`, since the ground knows none of them.
"""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, MetaData, create_engine, text

from infra.crypto.context import ContextSigner
from infra.db import roles
from infra.db.floor import VERSION, judge_server

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def configured(url: str, metadata: MetaData | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes.update(url=url, metadata=metadata)
    return config


def upgrade(url: str, signer: ContextSigner, *, refuse_old_server: bool = False) -> None:
    """
    Run what has not run yet as the migrator, then lay down the key of the signed context.

    Raises:
        ServerTooOld: nothing has been run.
    """
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            judge_server(int(connection.scalar(text(VERSION)) or 0), refuse=refuse_old_server)
        command.upgrade(configured(url), "head")
        statement, values = roles.store_signing_key(signer)
        with engine.begin() as connection:
            connection.execute(text(f"SET LOCAL ROLE {roles.OWNER}"))
            connection.execute(text(statement), values)
    finally:
        engine.dispose()


def differences(url: str, metadata: MetaData) -> list[object]:
    """What the tables of the code and those of the database disagree on; for a test."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {roles.OWNER}"))
        found = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), metadata
        )
    engine.dispose()
    return list(found)


def install(engine: Engine, database: str, passwords: dict[str, str]) -> None:
    """As a superuser: create roles and database if they are not there. `engine` is of any other database."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in roles.create_roles(passwords):
            connection.execute(text(statement))
        exists = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(exists, {"name": database}) is None:
            connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
    inside = create_engine(engine.url.set(database=database))
    with inside.begin() as connection:
        for statement in roles.create_database(database):
            connection.execute(text(statement))
    inside.dispose()
