"""The same words and forms for Jinja templates."""

from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from infra.language import formatting, speaking
from infra.language.bidi import isolated
from infra.language.catalogues import translations
from infra.language.languages import current, direction

EXTENSION = "jinja2.ext.i18n"
FILTERS = {
    "city": formatting.city,
    "country_name": formatting.country_name,
    "date_in": formatting.date_in,
    "day": formatting.day,
    "day_near": formatting.day_near,
    "day_short": formatting.day_short,
    "day_weekday": formatting.day_weekday,
    "day_words": formatting.day_words,
    "isolated": isolated,
    "language_name": formatting.language_name,
    "listed": formatting.listed,
    "moment_words": formatting.moment_words,
    "month": formatting.month,
    "number": formatting.number,
    "percent": formatting.percent,
    "signed": formatting.signed,
    "time": formatting.time,
    "time_zoned": formatting.time_zoned,
    "weekday": formatting.weekday,
    "weekday_short": formatting.weekday_short,
}


def install(environment: Environment) -> None:
    """
    Let templates say `_("…")`, `{% trans %}` and the filters above, in the current language.

    Every text is a format string here, as in Jinja's own new style: a plain
    percent sign is written `%%`. Line breaks in `{% trans %}` count as one space.
    """
    environment.add_extension(EXTENSION)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # set by the extension, unknown to its types
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(
        gettext=_gettext,
        ngettext=_ngettext,
        pgettext=_pgettext,
        npgettext=_npgettext,
        language=current,
        direction=lambda: direction(current()),
    )
    environment.filters.update(FILTERS)


def _filled(context: Context, text: str, facts: dict[str, Any]) -> str:
    return (Markup(text) if context.eval_ctx.autoescape else text) % speaking.shown(facts)  # noqa: S704  ours


@pass_context
def _gettext(context: Context, message: str, /, **facts: Any) -> str:
    return _filled(context, translations(current()).gettext(message), facts)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, num: int, /, **facts: Any) -> str:
    return _filled(context, translations(current()).ngettext(singular, plural, num), {"num": num} | facts)


@pass_context
def _pgettext(context: Context, about: str, message: str, /, **facts: Any) -> str:
    return _filled(context, translations(current()).pgettext(about, message), facts)


@pass_context
def _npgettext(context: Context, about: str, singular: str, plural: str, num: int, /, **facts: Any) -> str:
    text = translations(current()).npgettext(about, singular, plural, num)
    return _filled(context, text, {"num": num} | facts)
