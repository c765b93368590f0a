"""
The registry of letters: each room writes its own, in `letters.py`, from ids and in the reader's language.

    @letter("registration.confirm", title=N_("Confirm your registration"))
    async def confirm(session, letter, desk) -> Text | None: ...

Returning None means that there is nothing to say any more: the letter is
withdrawn. The gettext language is already that of the reader.

A letter whose text an organisation may replace declares its words, and its writer
returns a `Filling`: the values of its fields (see `wording.declared`).

    @letter("proposal.meet", title=N_("..."), words=Words(subject=line(N_("...")), ...))
    async def meet(session, letter, desk) -> Filling | None: ...
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import language, logs
from infra.calendar import Event
from infra.crypto.links import LinkSigner
from tenants.notifications.models import Letter
from tenants.notifications.wording import filling, markup, stored
from tenants.notifications.wording.declared import Source, Words
from tenants.notifications.wording.filling import Passage, Value
from tenants.notifications.wording.stored import Edited

log = logs.get("letters")


@dataclass(frozen=True, slots=True)
class Desk:
    """What a letter is written with: the organisation it comes from and the way to make links to its pages."""

    organisation_id: UUID
    organisation_name: str
    hue: int
    base_url: str
    time_zone: str
    links: LinkSigner
    default_language: str = language.SOURCE

    def url(self, path: str) -> str:
        return f"{self.base_url}{path}"

    def link(self, path: str, purpose: str, row_id: UUID) -> str:
        """A link whose secret part opens one row for one purpose."""
        return f"{self.base_url}{path}/{self.links.token(purpose, self.organisation_id, row_id)}"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a longer letter under a heading of its own, with a link to more if there is one."""

    heading: str
    text: str
    url: str = ""
    more: str = ""  # what the link is called


@dataclass(frozen=True, slots=True)
class Text:
    """
    What a letter says: subject, heading, paragraphs, at most one button, facts.

    Paragraphs are plain text. `facts` are label and value, shown as a small table. `passages` are the paragraphs
    with their lists and strong words, where a template has any say; `language` is set where it is not the reader's.
    """

    subject: str
    heading: str
    paragraphs: list[str]
    button: tuple[str, str] | None = None  # label, address
    facts: list[tuple[str, str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # small print below the button
    code: str | None = None  # digits to type instead of following the link
    pair: tuple[str, str] | None = None  # names of mentor and mentee, whose marks stand above the heading
    event: Event | None = None  # for the reader's calendar; a cancelled one takes it out
    exceptions: Sequence[Event] = ()  # to the rule of `event`, or more that are cancelled with it
    apart: Sequence[Sequence[Event]] = ()  # other events, each with its exceptions, in files of their own
    passages: list[Passage] = field(default_factory=list)
    parts: Sequence[Part] = ()
    language: str = ""

    @property
    def said(self) -> list[str]:
        """All that it says in paragraphs, its sections too."""
        told = [words for part in self.parts for words in (part.heading, part.text, part.url) if words]
        return [*self.paragraphs, *told]

    is_edit_outdated: bool = (
        False  # it was written anew for its reader, and has come to say another thing since
    )


@dataclass(frozen=True, slots=True)
class Filling:
    """
    What a letter with declared words puts into them, and the parts that no template changes (see `Text`).

    `form` chooses among the words of a letter that has several, as those to a pair and to a group.
    """

    fields: Mapping[str, Value]
    form: str = ""
    button: tuple[str, str] | None = None
    facts: list[tuple[str, str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    code: str | None = None
    pair: tuple[str, str] | None = None
    event: Event | None = None
    exceptions: Sequence[Event] = ()
    apart: Sequence[Sequence[Event]] = ()


Writer = Callable[[AsyncSession, Letter, Desk], Awaitable[Text | Filling | None]]


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    title: str  # gettext message id
    write: Writer
    is_secret: bool  # not shown in the coordinator's outbox (sign-in links)
    may_drop: bool  # its reader may choose not to get it
    is_first: bool  # goes to somebody who does not take part yet
    is_for_staff: bool  # goes to who works with people, and is no choice of others
    words: Mapping[str, Words] = field(default_factory=dict)  # by form; empty where no template may change it
    is_asked_for: bool = (
        False  # comes to nobody but those who have asked for it, and can be ended from within
    )
    consent: str = ""  # the purpose of the consent by which it was asked for, where it was by one

    def template(self, form: str) -> str:
        """The name of the template of one form."""
        return f"{self.name}.{form}" if form else self.name


KINDS: dict[str, Kind] = {}


def letter(
    name: str,
    *,
    title: str,
    is_secret: bool = False,
    may_drop: bool = False,
    is_first: bool = False,
    is_for_staff: bool = False,
    is_asked_for: bool = False,
    consent: str = "",
    words: Words | Mapping[str, Words] | None = None,
) -> Callable[[Writer], Writer]:
    """Register the writer of one kind of letter. What lets its reader in has no words that anybody could change."""
    by_form = {"": words} if isinstance(words, Words) else dict(words or {})
    if by_form and is_secret:
        raise ValueError(f"{name} is secret, so its words are fixed")

    def register(write: Writer) -> Writer:
        if name in KINDS:
            raise ValueError(f"two writers for {name}")
        drops = may_drop or is_asked_for
        KINDS[name] = Kind(
            name, title, write, is_secret, drops, is_first, is_for_staff, by_form, is_asked_for, consent
        )
        return write

    return register


async def compose(session: AsyncSession, letter: Letter, desk: Desk) -> Text | None:
    """
    The text of a letter as it would be sent now.

    In the reader's language, unless it has neither own nor shipped words for all of this letter: then in
    the organisation's, or else in English, and never in two at once.
    """
    kind = KINDS[letter.kind]
    edit = await stored.edit_of(session, letter)
    own = await stored.own_texts(session, [kind.template(form) for form in kind.words])
    spoken = edit.language if edit else speaks(kind, letter.language, desk.default_language, own)
    if spoken != letter.language:
        log.info("fallback", kind=kind.name, wanted=letter.language, spoken=spoken)
    with language.use(spoken):
        made = await kind.write(session, letter, desk)
        if not isinstance(made, Filling):
            return made
        if edit and suits(edit, kind, made.form, own):
            return await filled(made, edit.source, desk, spoken)
        usual = await filled(made, source_of(kind, made.form, spoken, own), desk, spoken)
        return replace(usual, is_edit_outdated=edit is not None)


def speaks(kind: Kind, wanted: str, default: str, own: Mapping[tuple[str, str], Source]) -> str:
    """The language that a letter is written in to who wants to read `wanted`."""
    for spoken in (wanted, default):
        if all(
            (kind.template(form), spoken) in own or words.is_spoken(spoken)
            for form, words in kind.words.items()
        ):
            return spoken
    return language.SOURCE


def source_of(kind: Kind, form: str, spoken: str, own: Mapping[tuple[str, str], Source]) -> Source:
    return own.get((kind.template(form), spoken)) or kind.words[form].source(spoken)


def suits(edit: Edited, kind: Kind, form: str, own: Mapping[tuple[str, str], Source]) -> bool:
    """Whether what was written for a letter may still go: not where it has come to say another thing since."""
    if not kind.words:
        return True  # a trial has no words but these
    words, named = kind.words[form], markup.fields_of(edit.source)
    if not set(words.needs) <= named <= set(words.fields):
        return False
    others = [source_of(kind, other, edit.language, own) for other in kind.words if other != form]
    return edit.original == source_of(kind, form, edit.language, own) or edit.original not in others


async def filled(made: Filling, source: Source, desk: Desk, spoken: str) -> Text:
    given = {"organisation": language.isolated(desk.organisation_name), **made.fields}
    values = await filling.known(source, given)
    passages = filling.body(source.body, values)
    return Text(
        subject=filling.one_line(source.subject, values),
        heading=filling.one_line(source.heading, values),
        paragraphs=[one.text for one in passages],
        button=made.button,
        facts=made.facts,
        after=made.after,
        code=made.code,
        pair=made.pair,
        event=made.event,
        exceptions=made.exceptions,
        apart=made.apart,
        passages=passages,
        language=spoken,
    )
