"""
Saying a sentence in the reader's language.

The language is a context variable: a request, a message or a test chooses it with
`use`, and everything beneath speaks it. Source texts are English. Facts are put in
by name: `gettext("Dear %(name)s,", name=name)`; whole numbers and fractions among
them appear in the digits of the language.
"""

from contextvars import Token
from types import TracebackType
from typing import Any

from babel.support import LazyProxy

from infra.language import formatting
from infra.language.catalogues import translations
from infra.language.languages import chosen, current, installed


class use:  # noqa: N801  reads as a verb where it stands
    """
    Speak `code` from here on; as a context manager, until the block ends.

    Raises ValueError for a language that is not installed: `negotiate` finds the nearest.
    """

    def __init__(self, code: str) -> None:
        if code not in installed():
            raise ValueError(f"The language {code!r} is not installed.")
        self._token: Token[str] = chosen.set(code)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        chosen.reset(self._token)


def gettext(message: str, /, **facts: Any) -> str:
    return _filled(translations(current()).gettext(message), facts)


def ngettext(singular: str, plural: str, num: int, /, **facts: Any) -> str:
    """The number itself is the fact `num`, unless another is given under that name."""
    return _filled(translations(current()).ngettext(singular, plural, num), {"num": num} | facts)


def pgettext(context: str, message: str, /, **facts: Any) -> str:
    return _filled(translations(current()).pgettext(context, message), facts)


def npgettext(context: str, singular: str, plural: str, num: int, /, **facts: Any) -> str:
    return _filled(translations(current()).npgettext(context, singular, plural, num), {"num": num} | facts)


def lazy(message: str, /, **facts: Any) -> LazyProxy:
    """A text that is translated when it is shown, for what is defined before anybody reads."""
    return LazyProxy(gettext, message, enable_cache=False, **facts)


def N_(message: str, /) -> str:  # noqa: N802  gettext's own name for it
    """Marks a text in a table of codes; whoever shows it says `gettext(table[code])`."""
    return message


def NN_(singular: str, plural: str, /) -> tuple[str, str]:  # noqa: N802
    """The same for a text with a number: `ngettext(*table[code], count)`."""
    return singular, plural


def shown(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with their numbers in the digits of the current language."""
    return {name: _shown(value) for name, value in facts.items()}


def _filled(text: str, facts: dict[str, Any]) -> str:
    return text % shown(facts) if facts else text


class _Count(int):
    """An int that `%(name)s` shows as a reader writes it, while `%(name)d` still works."""

    def __str__(self) -> str:
        return formatting.number(int(self))


class _Amount(float):
    def __str__(self) -> str:
        return formatting.number(float(self))


def _shown(value: Any) -> Any:
    if type(value) is int:
        return _Count(value)
    if type(value) is float:
        return _Amount(value)
    return value
