"""
Reading the catalogues. The .po files are the truth; .mo files only start faster.

A fresh checkout has no .mo, and a just edited .po is newer than its own: then
the .po is compiled in memory, so nobody ever looks at yesterday's words.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from infra.language.languages import CATALOGUES, DOMAIN


def source_path(code: str) -> Path:
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(code: str) -> Catalog:
    """
    One catalogue as it was written.

    Its own Plural-Forms header counts: babel numbers the last two Arabic forms
    the other way round than translators' tools do.
    """
    with source_path(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN, abort_invalid=True)


def compiled(code: str) -> bytes:
    buffer = BytesIO()
    write_mo(buffer, read(code), use_fuzzy=False)
    return buffer.getvalue()


class Texts(GNUTranslations):
    """Older releases of Python 3.11 do not look for a text alone where it also stands as one of several."""

    def gettext(self, message: str) -> str:
        found = super().gettext(message)
        return super().ngettext(message, message, 1) if found == message else found


@cache
def translations(code: str) -> GNUTranslations:
    """Gettext for one installed language: `gettext`, `ngettext`, `pgettext`, `npgettext`."""
    source = source_path(code)
    ready = source.with_suffix(".mo")
    if ready.is_file() and ready.stat().st_mtime >= source.stat().st_mtime:
        return Texts(BytesIO(ready.read_bytes()))
    return Texts(BytesIO(compiled(code)))
