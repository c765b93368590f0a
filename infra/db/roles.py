"""
The roles of the database, one duty each, and the functions that read the signed context.

    mentorweave_owner     NOLOGIN, owns every table, is itself under row security
    mentorweave_migrator  may become the owner; runs migrations, nothing else
    mentorweave_app       reads and writes rows of the organisation in its signed context
    mentorweave_resolver  reads hosts, sessions and tokens of all, to find out who asks
    mentorweave_relay     moves due jobs of all organisations from the outbox to the queue

`install` is run once by a superuser (embedded servers, tests) or, in
production, by whoever administers the server: it is plain SQL.
"""

from infra.crypto.context import ContextSigner

OWNER = "mentorweave_owner"
MIGRATOR = "mentorweave_migrator"
APP = "mentorweave_app"
RESOLVER = "mentorweave_resolver"
RELAY = "mentorweave_relay"
LOGINS = (MIGRATOR, APP, RESOLVER, RELAY)

# CVE-2026-120154: older servers print another tenant's value in an ON CONFLICT error.
SERVER_FLOOR = {15: 150020, 16: 160016, 17: 170012, 18: 180007}


def create_roles(passwords: dict[str, str]) -> list[str]:
    """Statements that create the roles, or set their passwords anew; for a superuser."""
    statements = [_create(OWNER, "NOLOGIN")]
    statements += [create_role(role, passwords[role]) for role in LOGINS]
    statements.append(f"GRANT {OWNER} TO {MIGRATOR} WITH INHERIT FALSE, SET TRUE")
    return statements


def create_database(name: str) -> list[str]:
    """Statements for a superuser in the new database `name`: nobody may create anything but the owner."""
    return [
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {', '.join(LOGINS)}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {', '.join((APP, RESOLVER, RELAY))}",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}",
        f"CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION {OWNER}",
        f"GRANT USAGE ON SCHEMA app TO {', '.join((APP, RELAY))}",
    ]


def create_role(role: str, password: str) -> str:
    """The statement that creates one login without any right, or sets its password anew; for a superuser."""
    return _create(role, f"LOGIN PASSWORD '{_quote(password)}'")


def _create(role: str, attributes: str) -> str:
    safe = f"{attributes} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
    return f"""
        DO $$ BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN ALTER ROLE {role} {safe};
          ELSE CREATE ROLE {role} {safe}; END IF;
        END $$"""


def _quote(value: str) -> str:
    return value.replace("'", "''")


# The HMAC of RFC 2104 from two nested sha256 calls over precomputed key blocks: pgcrypto is not
# everywhere, sha256() is core. The comparison is over hex digests of a value that an attacker
# cannot choose, so its timing tells nothing about the key.
CONTEXT_FUNCTIONS = [
    """
    CREATE TABLE app.signing_key (
        id integer PRIMARY KEY CHECK (id = 1), inner_block bytea NOT NULL, outer_block bytea NOT NULL)
    """,
    """
    CREATE FUNCTION app.context() RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
      signed text := current_setting('app.context', true);
      body text; parts text[]; key app.signing_key;
    BEGIN
      IF signed IS NULL OR signed = '' THEN RETURN NULL; END IF;
      body := split_part(signed, '.', 1);
      SELECT * INTO key FROM app.signing_key WHERE id = 1;
      IF encode(sha256(key.outer_block || sha256(key.inner_block || convert_to(body, 'UTF8'))), 'hex')
         IS DISTINCT FROM split_part(signed, '.', 2) THEN
        RAISE EXCEPTION 'context refused' USING ERRCODE = '42501';
      END IF;
      parts := string_to_array(body, '|');
      IF parts[4]::bigint < extract(epoch FROM now()) THEN
        RAISE EXCEPTION 'context expired' USING ERRCODE = '42501';
      END IF;
      RETURN parts;
    END $$
    """,
    """
    CREATE FUNCTION app.organisation_id() RETURNS uuid LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$ SELECT (app.context())[1]::uuid $$
    """,
    """
    CREATE FUNCTION app.person_id() RETURNS uuid LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $$ SELECT nullif((app.context())[2], '')::uuid $$
    """,
    "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION app.context(), app.organisation_id(), app.person_id() TO {APP}, {OWNER}",
]


def store_signing_key(signer: ContextSigner) -> tuple[str, dict[str, bytes]]:
    """The statement by which the owner lays down the key that contexts are checked with, and its values."""
    inner, outer = signer.blocks()
    statement = """
        INSERT INTO app.signing_key VALUES (1, :inner, :outer)
        ON CONFLICT (id) DO UPDATE SET inner_block = :inner, outer_block = :outer"""
    return statement, {"inner": inner, "outer": outer}
