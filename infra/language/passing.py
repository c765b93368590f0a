"""
The names of a language that is read once and spoken by nobody here.

babel keeps whatever it has loaded, a megabyte for each language. A process that
learns the words of twenty languages for a roster would keep twenty of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from babel import Locale, localedata


@contextmanager
def passing(code: str) -> Iterator[Locale]:
    """What CLDR knows of a language; forgotten afterwards, unless it was known before."""
    was_known = code in localedata._cache
    try:
        yield Locale(code)  # not by its parser, which keeps what it has made
    finally:
        if not was_known:
            localedata._cache.pop(code, None)
