"""
What the domain's codes say, for whichever door has to say it.

Each room keeps the sentences of its own codes in `words.py`; facts stand in
them as `%(name)s`.
"""

import importlib
import importlib.util
import pkgutil
from functools import cache

import tenants


@cache
def every() -> dict[str, str]:
    """Code to source text, of all rooms. A door translates it."""
    found: dict[str, str] = {}
    for room in pkgutil.iter_modules(tenants.__path__):
        name = f"tenants.{room.name}.words"
        if room.ispkg and importlib.util.find_spec(name):
            found |= importlib.import_module(name).SENTENCES
    return found
