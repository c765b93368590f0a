"""
Row security, written once and used by every migration.

One RESTRICTIVE policy holds a tenant table to the organisation of the signed
context; being restrictive, a later permissive policy cannot widen it. It is
written as a sub-select, so that the planner asks once per statement, not once
per row.
"""

from collections.abc import Iterable, Mapping

from infra.db.roles import APP, OWNER, RELAY, RESOLVER

TENANT = "organisation_id = (SELECT app.organisation_id())"
PLATFORM_ROLES = {"resolver": RESOLVER, "relay": RELAY}


def protect(
    table: str,
    *,
    reads: Mapping[str, Iterable[str]] | None = None,
    append_only: bool = False,
    read_only: bool = False,
) -> list[str]:
    """
    The statements that put `table` under row security and hand out the least rights that serve.

    A `read_only` table is written by functions of the owner alone.
    """
    rights = "SELECT, INSERT, UPDATE, DELETE"
    if append_only:
        rights = "SELECT, INSERT"
    if read_only:
        rights = "SELECT"
    statements = [
        f'ALTER TABLE "{table}" OWNER TO {OWNER}',
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" AS RESTRICTIVE FOR ALL TO {APP}, {OWNER} '
        f"USING ({TENANT}) WITH CHECK ({TENANT})",
        f'CREATE POLICY member ON "{table}" AS PERMISSIVE FOR ALL TO {APP}, {OWNER} '
        "USING (true) WITH CHECK (true)",
        f'GRANT {rights} ON "{table}" TO {APP}',
    ]
    for name, columns in (reads or {}).items():
        role = PLATFORM_ROLES[name]
        listed = ", ".join(columns)
        statements += [
            f'CREATE POLICY {name} ON "{table}" AS PERMISSIVE FOR SELECT TO {role} USING (true)',
            f'GRANT SELECT ({listed}) ON "{table}" TO {role}',
        ]
    return statements


# Of what grows, every organisation is believed to have two hundred rows: enough for a key to be cheaper than
# reading all of them, too few for reading the table. The true average tells nothing of the organisation that asks.
BELIEVED_ROWS = 200


def grows(table: str, rows: float = BELIEVED_ROWS) -> str:
    """
    The statement that tells ANALYZE how many rows of `table` the planner shall expect of any organisation.

    By the average, one or two where most organisations are tiny, any index that begins
    with the organisation would cost as much as the primary key; and foreign keys, whose
    checks we do not write, would be looked up in it.
    """
    return f'ALTER TABLE "{table}" ALTER COLUMN organisation_id SET (n_distinct = {-1 / rows})'


def serve_relay(table: str, *, insert: Iterable[str], update: Iterable[str]) -> list[str]:
    """What lets the relay move rows of `table` for every organisation, column by column."""
    return [
        f'CREATE POLICY relay ON "{table}" AS PERMISSIVE FOR ALL TO {RELAY} USING (true) WITH CHECK (true)',
        f'GRANT SELECT, DELETE ON "{table}" TO {RELAY}',
        f'GRANT INSERT ({", ".join(insert)}) ON "{table}" TO {RELAY}',
        f'GRANT UPDATE ({", ".join(update)}) ON "{table}" TO {RELAY}',
    ]


# What was written down stays: not even a forgotten grant lets the application change it.
APPEND_ONLY = [
    """
    CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
      RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '42501';
    END $$
    """,
    "REVOKE ALL ON FUNCTION app.refuse_change() FROM PUBLIC",
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()
    """,
]


def refuse_changes(table: str) -> list[str]:
    """The statements by which `table` grows and never changes, whoever asks but a superuser."""
    return [
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()"
    ]
