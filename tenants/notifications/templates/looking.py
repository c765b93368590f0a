"""Looking at the words of a letter before anybody gets them: for a made-up reader, a real one, or within a real case."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import language
from infra.errors import HouseError, NotFound
from infra.language import gettext as _
from tenants.actor import Actor
from tenants.notifications import letters, queries
from tenants.notifications.letters import Desk, Filling, Text
from tenants.notifications.models import Letter
from tenants.notifications.templates import rules
from tenants.notifications.templates.coverage import Template
from tenants.notifications.wording import filling
from tenants.notifications.wording.declared import READER, Source
from tenants.notifications.writing import Written
from tenants.people.models import Person
from tenants.permissions import Permission

SOME = 12  # readers among whom one chooses
TO = "reader@example.org"
SENDER = "mail@example.org"
# Bytes that a made-up letter may have: names and reasons of a real one are longer, and 30,000 are refused.
MOST = 26_000


@dataclass(frozen=True, slots=True)
class Looked:
    """A letter as it would be. `text` holds no keys: the address behind its button is not the reader's."""

    text: Text
    plain: str
    size: int


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody for whom the words can be looked at: by a letter of this kind to her, or by name alone."""

    id: UUID
    name: str
    is_letter: bool


async def readers(session: AsyncSession, actor: Actor, template: Template) -> list[Reader]:
    """People within the actor's offices, those first who got, or are to get, this kind of letter."""
    if not actor.may(Permission.OUTBOX_READ) or not actor.may(Permission.PEOPLE_READ):
        return []
    rows = await queries.letters(session, actor, kind=template.kind.name, newest=True, limit=SOME)
    found = {row.person_id: Reader(row.id, row.full_name or "", True) for row in rows if row.person_id}
    query = select(Person.id, Person.full_name).where(Person.is_active, Person.email.is_not(None))
    if actor.offices:
        query = query.where(Person.office_id.in_(actor.offices))
    for person_id, name in await session.execute(query.order_by(Person.search_key, Person.id).limit(SOME)):
        found.setdefault(person_id, Reader(person_id, name, False))
    return list(found.values())[:SOME]


async def look(
    session: AsyncSession,
    actor: Actor,
    template: Template,
    spoken: str,
    source: Source,
    desk: Desk,
    *,
    reader_id: UUID | None = None,
) -> Looked:
    """
    The letter in these words, for one of `readers`, or else for a made-up one.

    Raises:
        Forbidden
        NotFound: nobody, and no letter, that the actor may know of.
    """
    rules.must_read(actor)
    with language.use(spoken):
        made = made_up(template)
        if reader_id is not None:
            made = await _real(session, actor, template, made, desk, reader_id)
    return await filled(template, made, source, desk, spoken)


async def filled(template: Template, made: Filling, source: Source, desk: Desk, spoken: str) -> Looked:
    """A letter with these values in these words, without its reader's keys."""
    with language.use(spoken):
        text = await letters.filled(_without_keys(made, desk), source, desk, spoken)
    return _looked(template, text, desk, spoken)


def made_up(template: Template, url: str = "") -> Filling:
    """A made-up letter of this kind, in the language that is spoken; its button leads to `url`."""
    return Filling(
        filling.sample(template.words.fields),
        form=template.form,
        button=(_("The button of this letter"), url),
        facts=[(_("Facts"), _("Dates, names or places, as the letter has them"))],
    )


def fits(template: Template, spoken: str, source: Source, desk: Desk) -> bool:
    """Whether a letter in these words stays small enough for slow lines."""
    with language.use(spoken):
        values = {"organisation": desk.organisation_name, **filling.sample(template.words.fields)}
        passages = filling.body(source.body, values)
        text = Text(
            filling.one_line(source.subject, values),
            filling.one_line(source.heading, values),
            [one.text for one in passages],
            passages=passages,
            button=(_("The button of this letter"), desk.url("/me")),
        )
    return _looked(template, text, desk, spoken).size <= MOST


async def own_address(session: AsyncSession, actor: Actor) -> str:
    found = await session.scalar(select(Person.email).where(Person.id == actor.require_person()))
    return found or ""


async def _real(
    session: AsyncSession, actor: Actor, template: Template, made: Filling, desk: Desk, reader_id: UUID
) -> Filling:
    """What a real letter would put in; where there is nothing to say any more, at least its reader's name is real."""
    actor.require(Permission.PEOPLE_READ)
    try:
        promised = await queries.access_letter(session, actor, reader_id)
    except NotFound:
        return _for(made, await _name(session, actor, reader_id))
    if promised.kind != template.kind.name or promised.person_id is None:
        raise NotFound(kind="letter", id=str(reader_id))
    written = await _written(session, promised, template, desk)
    if isinstance(written, Filling):
        return Filling(
            {**made.fields, **written.fields}, template.form, written.button, written.facts, written.after,
            written.code, written.pair,
        )  # fmt: skip
    return _for(made, await _name(session, actor, promised.person_id))


async def _written(session: AsyncSession, promised: Letter, template: Template, desk: Desk) -> object:
    """What its writer says now; an old letter may speak of what is gone, and then it says nothing."""
    try:
        return await template.kind.write(session, promised, desk)
    except HouseError:
        return None


def _for(made: Filling, name: str) -> Filling:
    return Filling({**made.fields, READER: name}, made.form, made.button, made.facts)


async def _name(session: AsyncSession, actor: Actor, person_id: UUID) -> str:
    query = select(Person.full_name).where(Person.id == person_id, Person.is_active)
    if actor.offices:
        query = query.where(Person.office_id.in_(actor.offices))
    name = await session.scalar(query)
    if name is None:
        raise NotFound(kind="person", id=str(person_id))
    return language.isolated(name)


def _without_keys(made: Filling, desk: Desk) -> Filling:
    """Without what opens anything: a code, and the address behind the button."""
    button = (made.button[0], desk.url("/me")) if made.button else None
    code = "000000" if made.code else None
    return Filling(made.fields, made.form, button, made.facts, made.after, code, made.pair)


def _looked(template: Template, text: Text, desk: Desk, spoken: str) -> Looked:
    # What makes a mail of it is imported by whoever looks, and not by every process that could.
    from infra.mail import MailTooLarge, build
    from tenants.notifications import framing

    letter_id = desk.organisation_id  # of no letter; no more than a number that stays the same
    written = Written(letter_id, "look", template.kind.name, TO, "", spoken, text, desk)
    mail = framing.message(written, SENDER)
    try:
        size = len(build(mail, sender=SENDER).as_bytes())
    except MailTooLarge as error:
        size = int(error.facts["size"])
    return Looked(text, mail.text, size)
