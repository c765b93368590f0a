"""
What a letter says as it is shipped: sentences of the catalogues, with named fields in them.

    WORDS = Words(
        subject=line(N_("Do you want to meet %(name)s?"), name="other"),
        heading=line(N_("%(name)s could be a good match for you"), name="other"),
        body=(
            line(N_("Dear %(name)s,"), name="reader"),
            "why",
            line(N_("Please tell us in private whether you want to meet. You promise nothing.")),
        ),
        needs=("other",),
    )

A field's name alone is a paragraph of its own: a sentence, or several, that the letter's writer makes.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import NamedTuple

from infra import clock
from infra.language import N_, SOURCE, day_words, gettext, isolated, moment_words, translations, use


@dataclass(frozen=True, slots=True)
class Field:
    """
    Something that a letter's writer puts in. `sample` is a made-up value in the language that is spoken.

    A whole one is a sentence or several, and stands in a paragraph of its own.
    """

    name: str
    title: str  # gettext message id
    sample: Callable[[], str]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or paragraph; `places` are its placeholders with the fields that stand there."""

    message: str
    places: tuple[tuple[str, str], ...] = ()

    def source(self) -> str:
        """As the template says it, in the language that is spoken."""
        if not self.message:
            return "".join(f"{{{{{name}}}}}" for _place, name in self.places)
        return gettext(self.message, **{place: f"{{{{{name}}}}}" for place, name in self.places})


class Source(NamedTuple):
    """The three texts of a template, as somebody edits them."""

    subject: str
    heading: str
    body: str

    @property
    def digest(self) -> str:
        return hashlib.sha256("\0".join(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words of one letter. `more` are fields that it does not use itself, and `needs` those that no text may lack.
    """

    subject: Line
    heading: Line
    body: tuple[Line | str, ...]
    more: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    whom: str = ""  # gettext message id: to whom, where a letter has words of several forms

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.subject, self.heading, *(one for one in self.body if isinstance(one, Line)))

    @property
    def fields(self) -> tuple[str, ...]:
        """All that may stand in a text of this kind, in the order in which it is offered."""
        used = [name for one in self.lines for _place, name in one.places]
        used += [one for one in self.body if isinstance(one, str)]
        return tuple(dict.fromkeys([*used, *self.more, "organisation"]))

    def source(self, language: str) -> Source:
        with use(language):
            body = [one.source() if isinstance(one, Line) else f"{{{{{one}}}}}" for one in self.body]
            return Source(self.subject.source(), self.heading.source(), "\n\n".join(body))

    def is_spoken(self, language: str) -> bool:
        """Whether every sentence has been translated."""
        if language == SOURCE:
            return True
        known = translations(language)
        return all(known.gettext(one.message) != one.message for one in self.lines if one.message)


FIELDS: dict[str, Field] = {}


def field(name: str, title: str, sample: Callable[[], str], *, is_whole: bool = False) -> str:
    """Register a field, so that texts may name it; returns its name."""
    made = Field(name, title, sample, is_whole)
    if FIELDS.setdefault(name, made).title != title:
        raise ValueError(f"two fields named {name}")
    return name


def line(message: str, /, **places: str) -> Line:
    return Line(message, tuple(places.items()))


def only(name: str) -> Line:
    """A subject or heading that is a field and nothing else."""
    return Line("", (("", name),))


def a_name(name: str) -> Callable[[], str]:
    """A made-up name, set apart where it is of another script."""
    return lambda: isolated(name)


def made_up(name: str) -> str:
    """The sample of another field, for one whose sentence names it."""
    return FIELDS[name].sample()


def in_days(number: int) -> str:
    """A day, for a made-up letter."""
    today = clock.today("UTC")
    return day_words(today + timedelta(days=number), today)


def sample_moment() -> str:
    """A day and an hour, for a made-up letter."""
    today = clock.today("UTC")
    at = clock.instant(today + timedelta(days=9), time(16, 30), "Africa/Nairobi")
    return moment_words(at, "Africa/Nairobi", today)


READER = field("reader", N_("The reader’s name"), a_name("Amina Rahimi"))
ORGANISATION = field("organisation", N_("The name of your organisation"), a_name("Women’s Network"))
OTHER = field("other", N_("The name of the other person"), a_name("Njeri Mwangi"))
OTHERS = field("others", N_("The names of the others"), a_name("Njeri Mwangi"))
PROGRAMME = field("programme", N_("The name of the programme"), lambda: gettext("Mentor network"))
COORDINATOR = field("coordinator", N_("The coordinator’s name"), a_name("Hana Helper"))
COORDINATOR_PHONE = field(
    "coordinator_phone", N_("The coordinator’s telephone number"), a_name("+387 33 555 014")
)

DEAR = line(N_("Dear %(name)s,"), name=READER)
