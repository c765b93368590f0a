"""
What the domain's codes say, for whichever door has to say it.

Each room keeps the sentences of its own codes in `words.py`; facts stand in
them as `%(name)s`.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache

import tenants


@cache
def every() -> dict[str, str]:
    """Code to source text, of all rooms. A door translates it."""
    found: dict[str, str] = {}
    for room in _rooms(tenants.__path__, "tenants"):
        if importlib.util.find_spec(f"{room}.words"):
            found |= importlib.import_module(f"{room}.words").SENTENCES
    return found


def _rooms(path: Iterable[str], within: str) -> Iterator[str]:
    """Every room, and those inside a room that is large enough to have some."""
    for module in pkgutil.iter_modules(path):
        if module.ispkg:
            name = f"{within}.{module.name}"
            yield name
            if within == "tenants":
                yield from _rooms(importlib.import_module(name).__path__, name)
