"""Which letters say what in which language: the shipped text, the organisation's own, and what has fallen behind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.notifications import letters
from tenants.notifications.letters import Kind
from tenants.notifications.template_models import LetterTemplate
from tenants.notifications.templates import rules
from tenants.notifications.wording import stored
from tenants.notifications.wording.declared import Source, Words
from tenants.organisations import queries as organisations
from tenants.people.models import Person

# The rooms in the order in which somebody who takes part hears from them; others come after.
ORDER = (
    "registration", "interview", "proposal", "party", "relationship", "agreement", "meeting", "notice", "contact", "follow_up",
    "evaluation",
)  # fmt: skip


class State(StrEnum):
    OWN = "own"
    SHIPPED = "shipped"
    MISSING = "missing"  # own words exist in another language, or there is no translation
    OUTDATED = "outdated"


class Why(StrEnum):
    """Why a text is outdated, or missing."""

    SHIPPED = "shipped"  # the shipped text is another one than when this was written
    OTHER = "other"  # the text in the organisation's own language was written later
    ONLY_OTHERS = "only_others"  # there are own words in other languages only
    UNTRANSLATED = "untranslated"  # we have no words in this language


@dataclass(frozen=True, slots=True)
class Cell:
    """`speaks` is the language in which readers of this one get the letter."""

    language: str
    state: State
    speaks: str
    why: Why | None = None
    version: int = 0
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one form of one kind of letter. `title` and `whom` are gettext message ids."""

    name: str
    kind: Kind
    form: str

    @property
    def words(self) -> Words:
        return self.kind.words[self.form]

    @property
    def title(self) -> str:
        return self.kind.title

    @property
    def whom(self) -> str:
        return self.words.whom

    @property
    def place(self) -> tuple[int, str]:
        room = self.name.partition(".")[0]
        return (ORDER.index(room) if room in ORDER else len(ORDER), room)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an own text; `source` is None where the shipped text was taken up again."""

    number: int
    written_at: datetime
    written_by: str | None
    source: Source | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One template in one language: what it says now, what it would without own words, and what it said before."""

    template: Template
    cell: Cell
    source: Source
    shipped: Source
    versions: list[Version]


def every() -> dict[str, Template]:
    """All templates by name, in the order in which readers get the letters. Every room's letters must be loaded."""
    found = [
        Template(kind.template(form), kind, form) for kind in letters.KINDS.values() for form in kind.words
    ]
    return {one.name: one for one in sorted(found, key=lambda one: one.place)}


async def matrix(session: AsyncSession, actor: Actor) -> list[tuple[Template, list[Cell]]]:
    """Every template with a cell for each language of the organisation, its own language first."""
    rules.must_read(actor)
    house = await organisations.own(session)
    languages = _languages(house.languages, house.default_language)
    made = _Made.of(await _newest(session), house.default_language)
    return [
        (template, [_cell(template, language, made) for language in languages])
        for template in every().values()
    ]


async def show(session: AsyncSession, actor: Actor, name: str, language: str) -> Shown:
    """
    Raises:
        NotFound: no such template, or a language that the organisation does not speak.
    """
    rules.must_read(actor)
    template = find(name)
    house = await organisations.own(session)
    if language not in house.languages:
        raise NotFound(kind="letter_template", id=name)
    made = _Made.of(await _newest(session), house.default_language)
    shipped = template.words.source(language)
    return Shown(
        template,
        _cell(template, language, made),
        made.stands.get((name, language), shipped),
        shipped,
        await _versions(session, name, language),
    )


def find(name: str) -> Template:
    """
    Raises:
        NotFound: no letter with words of this name.
    """
    if (template := every().get(name)) is None:
        raise NotFound(kind="letter_template", id=name)
    return template


def _languages(languages: Sequence[str], default: str) -> list[str]:
    return [default, *(one for one in languages if one != default)]


@dataclass(frozen=True, slots=True)
class _Made:
    """What the organisation has made: the newest version of each text, those that stand, and its own language."""

    newest: Mapping[tuple[str, str], LetterTemplate]
    stands: Mapping[tuple[str, str], Source]
    default: str

    @classmethod
    def of(cls, newest: Mapping[tuple[str, str], LetterTemplate], default: str) -> "_Made":
        told = {key: stored.source_in(one) for key, one in newest.items()}
        return cls(newest, {key: source for key, source in told.items() if source is not None}, default)


async def _newest(session: AsyncSession) -> dict[tuple[str, str], LetterTemplate]:
    query = (
        select(LetterTemplate)
        .ext(distinct_on(LetterTemplate.name, LetterTemplate.language))
        .order_by(LetterTemplate.name, LetterTemplate.language, LetterTemplate.version.desc())
    )
    return {(one.name, one.language): one for one in await session.scalars(query)}


def _cell(template: Template, language: str, made: _Made) -> Cell:
    speaks = letters.speaks(template.kind, language, made.default, made.stands)
    own = made.newest.get((template.name, language))
    version = own.version if own else 0
    if own is not None and (template.name, language) in made.stands:
        why = _fallen_behind(template, own, made)
        return Cell(language, State.OUTDATED if why else State.OWN, speaks, why, version, own.created_at)
    if not template.words.is_spoken(language):
        return Cell(language, State.MISSING, speaks, Why.UNTRANSLATED, version)
    if any(name == template.name for name, _language in made.stands):
        return Cell(language, State.MISSING, speaks, Why.ONLY_OTHERS, version)
    return Cell(language, State.SHIPPED, speaks, None, version)


def _fallen_behind(template: Template, own: LetterTemplate, made: _Made) -> Why | None:
    if own.shipped != template.words.source(own.language).digest:
        return Why.SHIPPED
    first = (template.name, made.default)
    if first in made.stands and made.newest[first].created_at > own.created_at:
        return Why.OTHER
    return None


async def _versions(session: AsyncSession, name: str, language: str) -> list[Version]:
    query = (
        select(LetterTemplate, Person.full_name)
        .outerjoin(
            Person,
            (Person.organisation_id == LetterTemplate.organisation_id)
            & (Person.id == LetterTemplate.written_by),
        )
        .where(LetterTemplate.name == name, LetterTemplate.language == language)
        .order_by(LetterTemplate.version.desc())
        .limit(50)
    )
    return [
        Version(one.version, one.created_at, written_by, stored.source_in(one))
        for one, written_by in await session.execute(query)
    ]
