"""
The key database: two logins, three tables.

    mentorweave_keymaker  owns the tables; `mentorweave migrate` alone uses it
    mentorweave_keys      reads, adds, rewraps and deletes keys; may not change a tombstone

`install` is run once by a superuser; in production it may be another server than the main one's, and its backups
are kept for days only. `upgrade` runs what has not run yet.
"""

from sqlalchemy import Engine, create_engine, text

from infra.db.roles import create_role
from infra.keys.logins import DATABASE, KEYMAKER, KEYS, LOGINS

_LOCK = 7_301_945_221  # any number that nobody else locks

# A step that has been released is never changed: what comes is another step.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        # `outer_id` is the key that wraps this one; without it a master key does. Who is destroyed takes with it
        # whatever lies beneath. `request` names the wish that made a new version, so that none is made twice.
        """
        CREATE TABLE key (
            id uuid PRIMARY KEY,
            tenant uuid NOT NULL,
            subject uuid,
            record uuid,
            version integer NOT NULL CHECK (version > 0),
            outer_id uuid REFERENCES key (id) ON DELETE CASCADE,
            wrapped bytea NOT NULL,
            request uuid UNIQUE,
            made_at timestamptz NOT NULL DEFAULT now(),
            CHECK (record IS NULL OR subject IS NOT NULL),
            CHECK ((subject IS NULL) = (outer_id IS NULL)),
            UNIQUE NULLS NOT DISTINCT (tenant, subject, record, version)
        )
        """,
        "CREATE INDEX key_outer_ix ON key (outer_id)",
        """
        CREATE TABLE tombstone (
            id uuid PRIMARY KEY,
            tenant uuid NOT NULL,
            subject uuid,
            record uuid,
            destroyed_at timestamptz NOT NULL DEFAULT now()
        )
        """,
        "CREATE INDEX tombstone_tenant_ix ON tombstone (tenant, subject)",
        f"GRANT SELECT, INSERT, DELETE ON key TO {KEYS}",
        f"GRANT UPDATE (wrapped, outer_id) ON key TO {KEYS}",
        f"GRANT SELECT, INSERT ON tombstone TO {KEYS}",
    ),
)


def install(engine: Engine, passwords: dict[str, str], database: str = DATABASE) -> None:
    """As a superuser: create both logins and the database if they are not there. `engine` is of any other database."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for role in LOGINS:
            connection.execute(text(create_role(role, passwords[role])))
        exists = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(exists, {"name": database}) is None:
            connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'"))
    inside = create_engine(engine.url.set(database=database))
    with inside.begin() as connection:
        connection.execute(text(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
        connection.execute(text(f"GRANT CONNECT ON DATABASE {database} TO {', '.join(LOGINS)}"))
        connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {', '.join(LOGINS)}"))
        connection.execute(text(f"GRANT CREATE ON SCHEMA public TO {KEYMAKER}"))
    inside.dispose()


def upgrade(url: str) -> None:
    """Bring the tables of the key database to the present, all steps or none; `url` is the keymaker's."""
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            connection.execute(text("CREATE TABLE IF NOT EXISTS step (done integer NOT NULL)"))
            done = connection.scalar(text("SELECT coalesce(max(done), 0) FROM step"))
            for number, statements in enumerate(STEPS[done:], start=done + 1):
                for statement in statements:
                    connection.execute(text(statement))
                connection.execute(text("INSERT INTO step VALUES (:number)"), {"number": number})
    finally:
        engine.dispose()
