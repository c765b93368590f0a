"""
The schema linter: what must hold of every table, policy, function and right, read from the catalogue.

`violations` returns sentences for engineers; none means that the database is as
docs/decisions/0002-signed-tenant-context.md promises. Each rule has a test which plants its fault.
"""

from sqlalchemy import Connection, MetaData

from infra.db.lint import declared, functions, rights, tables


def violations(connection: Connection, metadata: MetaData | None = None) -> list[str]:
    """
    Everything that breaks a rule; an empty list is the only good answer.

    With `metadata`, what the models declare of their tables is held against the database as well.
    """
    found = [*tables.faults(connection), *functions.faults(connection), *rights.faults(connection)]
    return found if metadata is None else [*found, *declared.faults(connection, metadata)]
