"""Run migrations as the owner, one transaction each, giving up on a lock after two seconds."""

from alembic import context
from sqlalchemy import create_engine, text

from infra.db.roles import OWNER

config = context.config


def run() -> None:
    engine = create_engine(config.attributes["url"])
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {OWNER}"))
        connection.execute(text("SET lock_timeout = '2s'"))
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=config.attributes.get("metadata"),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
