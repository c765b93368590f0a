"""What the models declare of their tables, held against what the database grants."""

from collections.abc import Iterator

from sqlalchemy import Connection, MetaData, text

from infra.db.lint.tables import PLATFORM_TABLES
from infra.db.policies import PLATFORM_ROLES
from infra.db.roles import APP, RESOLVER

_COLUMNS = """
    SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      AND has_column_privilege(:role, c.oid, a.attnum, 'SELECT')"""
_CHANGEABLE = """
    SELECT c.relname AS table, w.wanted AS right
    FROM pg_class c CROSS JOIN unnest('{INSERT,UPDATE,DELETE}'::text[]) AS w (wanted)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (has_table_privilege(:role, c.oid, w.wanted)
           OR w.wanted <> 'DELETE' AND has_any_column_privilege(:role, c.oid, w.wanted))"""


def faults(connection: Connection, metadata: MetaData) -> Iterator[str]:
    for table in metadata.sorted_tables:
        if not table.info.get("tenant") and table.name not in PLATFORM_TABLES:
            yield f"{table.name}: its model does not say that it belongs to an organisation"
    yield from _read_across(connection, metadata)
    yield from _changed(connection, metadata)


def _read_across(connection: Connection, metadata: MetaData) -> Iterator[str]:
    """Who looks across organisations sees what the models name, no column more."""
    role = PLATFORM_ROLES["resolver"]
    found = {(row.table, row.column) for row in connection.execute(text(_COLUMNS), {"role": role})}
    named = {
        (table.name, column)
        for table in metadata.sorted_tables
        for column in table.info.get("reads", {}).get("resolver", ())
    }
    for name, column in sorted(found - named):
        if name not in PLATFORM_TABLES:
            yield f"{name}: {RESOLVER} may read {column} of all organisations, which its model does not name"


def _changed(connection: Connection, metadata: MetaData) -> Iterator[str]:
    """The application changes no row that its model calls written once."""
    held = {
        table.name: {"UPDATE", "DELETE", *(["INSERT"] if table.info.get("read_only") else [])}
        for table in metadata.sorted_tables
        if table.info.get("append_only") or table.info.get("read_only")
    }
    for row in connection.execute(text(_CHANGEABLE), {"role": APP}):
        if row.right in held.get(row.table, ()):
            yield f"{row.table}: {APP} may {row.right}, though its model says it is written once"
