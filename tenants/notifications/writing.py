"""
A letter's way to the mail server, step by step, so that a crash between two steps is seen afterwards.

WAITING -> SENDING is committed before the server is called, SENT after it has
answered. Whoever finds a letter in SENDING does not know whether it arrived:
within the window it is sent again under the same Message-ID, later it is left
to a person.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.crypto.links import LinkSigner
from infra.settings import WebSettings
from tenants.actor import Actor
from tenants.notifications import actions, choices, letters
from tenants.notifications.letters import Desk, Text
from tenants.notifications.models import Letter, LetterState
from tenants.notifications.wording import stored
from tenants.organisations import queries as organisations
from tenants.people.models import Person

# A repeat soon after is one that a reader takes for what it is; a day later it would confuse her.
REPEAT_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Written:
    """A letter ready to go: text, reader and look."""

    letter_id: UUID
    key: str
    kind: str
    to_email: str
    to_name: str
    language: str
    text: Text
    desk: Desk


async def desk(session: AsyncSession, web: WebSettings, links: LinkSigner) -> Desk:
    """What letters of the session's organisation are written with."""
    organisation = await organisations.own(session)
    host = await organisations.primary_host(session)
    return Desk(
        organisation.organisation_id,
        organisation.name,
        organisation.hue,
        web.url(host, ""),
        organisation.time_zone,
        links,
        organisation.default_language,
    )


async def take_up(
    session: AsyncSession, actor: Actor, letter_id: UUID, web: WebSettings, links: LinkSigner
) -> Written | None:
    """
    Write the letter and mark it as being sent; None when there is nothing (any more) to send.

    The reader's address and language are those of now.
    """
    letter = (
        await session.execute(select(Letter).where(Letter.id == letter_id).with_for_update())
    ).scalar_one_or_none()
    if letter is None or letter.state not in (LetterState.WAITING, LetterState.SENDING):
        return None
    if letter.state == LetterState.SENDING and _is_too_late(letter):
        letter.state = LetterState.UNKNOWN
        await _ask_a_person(session, actor, letter)
        return None
    reader = await _reader(session, letter)
    if reader is None:
        letter.state = LetterState.WITHDRAWN
        return None
    to_email, to_name, letter.language = reader
    made = await desk(session, web, links)
    with language.use(letter.language):
        text = await letters.compose(session, letter, made)
    if text is None:
        letter.state = LetterState.WITHDRAWN
        return None
    if text.is_edit_outdated:
        await _keep_edit_back(session, actor, letter)
    letter.state = LetterState.SENDING
    letter.sending_at = letter.sending_at or clock.now()
    letter.subject = None if letters.KINDS[letter.kind].is_secret else text.subject
    spoken = text.language or letter.language
    return Written(letter.id, letter.key, letter.kind, to_email, to_name, spoken, text, made)


async def sent(session: AsyncSession, letter_id: UUID) -> None:
    letter = (await session.execute(select(Letter).where(Letter.id == letter_id))).scalar_one()
    letter.state = LetterState.SENT
    letter.sent_at = clock.now()
    letter.error = None


async def refused(session: AsyncSession, actor: Actor, letter_id: UUID, why: str) -> None:
    """The mail server will never take it: put it before a person."""
    letter = (await session.execute(select(Letter).where(Letter.id == letter_id))).scalar_one()
    letter.state = LetterState.REFUSED
    letter.error = why
    await _ask_a_person(session, actor, letter)


def _is_too_late(letter: Letter) -> bool:
    return letter.sending_at is not None and clock.now() - letter.sending_at > REPEAT_WITHIN


async def _reader(session: AsyncSession, letter: Letter) -> tuple[str, str, str] | None:
    if letter.person_id is None:
        return (letter.to_email, "", letter.language) if letter.to_email else None
    person = (
        await session.execute(
            select(
                Person.email, Person.full_name, Person.language, Person.is_active, Person.letters_off
            ).where(Person.id == letter.person_id)
        )
    ).one()
    if person.email is None or not person.is_active or _is_dropped(letter, person.letters_off):
        return None
    kind = letters.KINDS[letter.kind]
    if (
        kind.is_asked_for
        and not kind.consent
        and not await choices.is_wanted(session, letter.person_id, letter.kind)
    ):
        return None
    return person.email, person.full_name, person.language


def _is_dropped(letter: Letter, off: list[str]) -> bool:
    return letter.kind in off and letters.KINDS[letter.kind].may_drop


async def _keep_edit_back(session: AsyncSession, actor: Actor, letter: Letter) -> None:
    """It goes in the usual words, which are right; whoever wrote it anew reads hers again and tells her reader what is missing."""
    edit = await stored.last_edit(session, letter)
    letter.is_edited = False
    office_id = await session.scalar(select(Person.office_id).where(Person.id == letter.person_id))
    kind = "letter.edit_kept_back"
    await actions.ask(
        session, actor, kind, key=f"{kind}:{letter.id}", due_on=clock.today("UTC"),
        person_id=edit.by if edit else None, office_id=office_id, letter_id=letter.id,
    )  # fmt: skip


async def _ask_a_person(session: AsyncSession, actor: Actor, letter: Letter) -> None:
    office_id = await session.scalar(select(Person.office_id).where(Person.id == letter.person_id))
    recorded_by = letter.about.get(
        "recorded_by"
    )  # of a letter to somebody whom a coordinator has written down
    await actions.ask(
        session,
        actor,
        f"letter.{letter.state}",
        key=f"letter.{letter.state}:{letter.id}",
        due_on=clock.today("UTC"),
        person_id=UUID(recorded_by) if recorded_by and letter.person_id is None else None,
        office_id=office_id,
        letter_id=letter.id,
    )
