"""
Dates, times, numbers and lists as a reader of the language writes them.

Each function takes the language last and speaks the current one without it.
Hours run to 24 in every language. The minus is the sign −, not the hyphen.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from babel import dates, lists, numbers
from babel.dates import get_timezone_location

from infra import clock
from infra.language.catalogues import translations
from infra.language.languages import Language, current, language

MINUS = "\N{MINUS SIGN}"
NEAR = 14  # days: within them a weekday helps more than a year
SOON = 120  # days: within them the year goes without saying, even across its end

# CLDR has no pattern for weekday, day and month in words, and its closest shortens some of them.
WEEKDAY = {
    "ar": "EEEE، d MMMM",
    "da": "EEEE 'den' d. MMMM",
    "en": "EEEE d MMMM",
    "es": "EEEE, d 'de' MMMM",
    "fr": "EEEE d MMMM",
    "ru": "EEEE, d MMMM",
    "zh": "M月d日EEEE",
}
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def number(value: float | Decimal, lang: str | None = None, *, places: int | None = None) -> str:
    """With exactly `places` decimals, or else as many as the value has, at most three."""
    return _number(value, places, lang or current())


@lru_cache(maxsize=4_096, typed=True)  # a page of fifty rows shows the same few numbers a hundred times
def _number(value: float | Decimal, places: int | None, lang: str) -> str:
    pattern = None if places is None else _decimals("#,##0", places)
    spoken = language(lang)
    text = numbers.format_decimal(
        value, format=pattern, locale=spoken.locale, numbering_system=spoken.numbering
    )
    return _digits(text.replace("-", MINUS), spoken)


def signed(value: float | Decimal, lang: str | None = None, *, places: int | None = None) -> str:
    """The same for a difference: what is more than nothing carries a plus."""
    return ("+" if value > 0 else "") + number(value, lang, places=places)


def percent(share: float | Decimal, lang: str | None = None, *, places: int = 0) -> str:
    """A share of 0.34 is 34 %, with the space that the language wants."""
    spoken = _spoken(lang)
    pattern = spoken.locale.percent_formats[None].pattern
    pattern = re.sub(r"#,##0(\.[0#]+)?", _decimals("#,##0", places), pattern)
    text = numbers.format_percent(
        share, format=pattern, locale=spoken.locale, numbering_system=spoken.numbering
    )
    return _digits(text.replace("-", MINUS), spoken)


def day(value: date, lang: str | None = None) -> str:
    """7 December 2026."""
    spoken = _spoken(lang)
    return _dated(value, spoken.locale.date_formats["long"].pattern, spoken)


def day_short(value: date, lang: str | None = None) -> str:
    """7 December, for where the year is plain."""
    spoken = _spoken(lang)
    return _dated(value, spoken.locale.datetime_skeletons["MMMMd"].pattern, spoken)


def day_weekday(value: date, lang: str | None = None) -> str:
    """Monday 7 December."""
    spoken = _spoken(lang)
    return _dated(value, WEEKDAY[spoken.code], spoken)


def day_words(value: date, today: date, lang: str | None = None, *, relative: bool = True) -> str:
    """
    A day as one would say it: today, Monday 7 December, 23 January, 7 December 2028.

    With `relative=False` today is Monday 23 November as well, for sentences that
    put a preposition before the day.
    """
    away = (value - today).days
    if relative and abs(away) <= 1:
        _ = translations(_spoken(lang).code).gettext
        return (_("today"), _("tomorrow"), _("yesterday"))[away]
    if abs(away) <= NEAR:
        return day_weekday(value, lang)
    if value.year == today.year or abs(away) <= SOON:
        return day_short(value, lang)
    return day(value, lang)


def weekday(value: date, lang: str | None = None) -> str:
    spoken = _spoken(lang)
    return _dated(value, "EEEE", spoken)


def weekday_short(value: date, lang: str | None = None) -> str:
    """Mon, for narrow columns; languages that do not shorten it give the whole word."""
    spoken = _spoken(lang)
    return _dated(value, "EEE", spoken)


def day_near(value: date, lang: str | None = None) -> str:
    """Mon 7, for days so near that the month goes without saying."""
    spoken = _spoken(lang)
    return _dated(value, "EEE d", spoken)


def month(value: date, lang: str | None = None) -> str:
    """December 2026."""
    spoken = _spoken(lang)
    return _dated(value, spoken.locale.datetime_skeletons["yMMMM"].pattern, spoken)


def date_in(moment: datetime, zone: str) -> date:
    """The day on which a moment lies by the clock of `zone`, for the words of days."""
    return clock.local(moment, zone).date()


def time(moment: datetime, zone: str, lang: str | None = None) -> str:
    """The wall time in `zone`: 18:30."""
    return _digits(f"{clock.local(moment, zone):%H:%M}", _spoken(lang))


def time_zoned(moment: datetime, zone: str, lang: str | None = None) -> str:
    """18:30 in Nairobi."""
    _ = translations(_spoken(lang).code).gettext
    return _("%(time)s in %(city)s") % {"time": time(moment, zone, lang), "city": city(zone, lang)}


def moment_words(moment: datetime, zone: str, today: date, lang: str | None = None) -> str:
    """Monday 7 December, 18:30 in Nairobi; `today` is the reader's."""
    _ = translations(_spoken(lang).code).gettext
    when = day_words(clock.local(moment, zone).date(), today, lang, relative=False)
    return _("%(day)s, %(time)s") % {"day": when, "time": time_zoned(moment, zone, lang)}


def city(zone: str, lang: str | None = None) -> str:
    """The place that names an IANA zone, since people know their city better than its zone."""
    return get_timezone_location(zone, locale=_spoken(lang).locale, return_city=True)


def listed(
    items: Sequence[str], lang: str | None = None, *, style: Literal["standard", "or"] = "standard"
) -> str:
    """a, b and c."""
    return lists.format_list([str(i) for i in items], style=style, locale=_spoken(lang).locale)


def language_name(code: str, lang: str | None = None) -> str:
    """The name of any language, for the languages that people speak; the code itself where none is known."""
    return str(_spoken(lang).locale.languages.get(code.replace("-", "_"), code))


def country_name(code: str, lang: str | None = None) -> str:
    return str(_spoken(lang).locale.territories.get(code.upper(), code))


def _spoken(lang: str | None) -> Language:
    return language(lang or current())


def _decimals(pattern: str, places: int) -> str:
    return f"{pattern}.{'0' * places}" if places else pattern


def _dated(value: date, pattern: str, spoken: Language) -> str:
    if spoken.code == "fr" and value.day == 1:
        # The first alone is an ordinal in French; CLDR has no letter for that.
        pattern = pattern.replace("d", "d'er'", 1)
    return _digits(dates.format_date(value, pattern, locale=spoken.locale), spoken)


def _digits(text: str, spoken: Language) -> str:
    return text.translate(ARABIC_INDIC) if spoken.numbering == "arab" else text
