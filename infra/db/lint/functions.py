"""Functions and views: what runs or reads with more rights than whoever asks."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection, text

from infra.db.roles import OWNER

_FUNCTIONS = """
    SELECT n.nspname || '.' || p.proname AS name, p.prosecdef AS definer, p.proleakproof AS leakproof,
           pg_get_userbyid(p.proowner) AS owner, array_to_string(p.proconfig, E'\\n') AS settings,
           has_function_privilege('public', p.oid, 'EXECUTE') AS public
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1"""
_VIEWS = """
    SELECT c.relname AS name, c.relkind AS kind,
           coalesce('security_invoker=true' = ANY (c.reloptions), false) AS invoker
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1"""
_PATH = re.compile(r"^search_path=(.*)$", re.MULTILINE)


def faults(connection: Connection) -> Iterator[str]:
    for row in connection.execute(text(_FUNCTIONS)):
        if row.definer:
            yield from _definer(row.name, row.owner, row.settings or "")
        if row.public:
            yield f"{row.name}: may be executed by everybody"
        if row.leakproof:
            yield f"{row.name}: is marked leakproof"
    for row in connection.execute(text(_VIEWS)):
        if row.kind == "m":
            yield f"{row.name}: a materialised view is not under row security"
        elif not row.invoker:
            yield f"{row.name}: a view without security_invoker shows what its owner may see"


def _definer(name: str, owner: str, settings: str) -> Iterator[str]:
    if owner != OWNER:
        yield f"{name}: runs with the rights of {owner}"
    found = _PATH.search(settings)
    if found is None:
        yield f"{name}: runs as its owner without a pinned search_path"
        return
    path = [one.strip().strip('"') for one in found[1].split(",")]
    # A path that does not name pg_temp looks there first, where everybody may lay down tables.
    if path[0] != "pg_catalog" or path[-1] != "pg_temp" or "$user" in path:
        yield f"{name}: its search_path lets others slip something in: {found[1]}"
