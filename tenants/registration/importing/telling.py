"""How far a long piece of work has come, told to whoever asked for it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

# phase, rows done, rows in all
Tell = Callable[[str, int, int], Awaitable[None]]

# The phases after which the import has another state.
LAST = frozenset({"staged", "failed", "committed", "reverted"})


def key_of(organisation_id: UUID, import_id: object) -> str:
    """Where the progress of an import stands, for `infra.progress`."""
    return f"roster:{organisation_id}:{import_id}"
