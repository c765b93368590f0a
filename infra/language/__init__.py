"""
Words in the reader's language: which one, the catalogues, and how it writes days and numbers.

    from infra.language import gettext as _, ngettext, use

    with use(negotiate(header)):
        _("Dear %(name)s,", name=name)

Texts are collected by `python -m infra.language.extract`.
"""

from infra.language.bidi import isolated, seen
from infra.language.catalogues import translations
from infra.language.formatting import (
    city,
    country_name,
    day,
    day_near,
    day_short,
    day_weekday,
    day_words,
    language_name,
    listed,
    moment_words,
    month,
    number,
    percent,
    signed,
    time,
    time_zoned,
    weekday,
    weekday_short,
)
from infra.language.initials import initials
from infra.language.languages import (
    SOURCE,
    SUPPORTED,
    Language,
    current,
    direction,
    installed,
    language,
    negotiate,
)
from infra.language.speaking import N_, NN_, gettext, lazy, ngettext, npgettext, pgettext, use
from infra.language.templates import install

_ = gettext

__all__ = [
    "NN_", "N_", "SOURCE", "SUPPORTED", "Language", "_", "city", "country_name", "current", "day", "day_near",
    "day_short", "day_weekday", "day_words", "direction", "gettext", "initials", "install", "installed", "isolated", "language",
    "language_name", "lazy", "listed", "moment_words", "month", "negotiate", "ngettext", "npgettext", "number",
    "percent", "pgettext", "seen", "signed", "time", "time_zoned", "translations", "use", "weekday",
    "weekday_short",
]  # fmt: skip
