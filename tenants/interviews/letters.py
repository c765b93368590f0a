"""Letters about notes. None says anything of what a note holds, nor why somebody wants to read it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import clock, language
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.interviews import emergencies, grants, releases
from tenants.interviews.models import AskedFor, Emergency, EmergencyState, Grant, Note, Release
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person


@letter(grants.LETTER, title=N_("You may read a note"), is_secret=True, is_for_staff=True)
async def granted(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    found = await _grant(session, promised)
    if found is None:
        return None
    grant, by, reader = found
    return Text(
        subject=_("%(name)s lets you read a confidential note", name=isolated(by)),
        heading=_("You may read the record of an interview"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(reader.full_name)),
            _(
                "%(name)s lets you read it until %(when)s. Each reading is recorded, and the person whom it is about can see it.",
                name=isolated(by),
                when=_moment(grant.until, reader),
            ),
        ],
        button=(_("Open the note"), desk.url(f"/c/interviews/{grant.note_id}")),
    )


@letter(releases.RELEASED, title=N_("A pair lets you read a note"), is_secret=True, is_for_staff=True)
async def released(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    found = await _grant(session, promised)
    if found is None:
        return None
    grant, _by, reader = found
    return Text(
        subject=_("A pair lets you read a shared note"),
        heading=_("Both of a pair let you read a note"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(reader.full_name)),
            _(
                "They may take that back at any time. Until then you can read it until %(when)s.",
                when=_moment(grant.until, reader),
            ),
        ],
        button=(_("Open the note"), desk.url(f"/c/interviews/{grant.note_id}")),
    )


@letter(releases.ASKED, title=N_("May somebody read your shared note?"), is_secret=True)
async def release_asked(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    asking, reading = aliased(Person), aliased(Person)
    query = (
        select(Release, asking.full_name, reading.full_name)
        .join(asking, asking.id == Release.asked_by)
        .join(reading, reading.id == Release.reader_id)
        .where(Release.id == UUID(promised.about["release_id"]))
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    release, asker, name = row
    return Text(
        subject=_("May %(name)s read a note that you share?", name=isolated(name)),
        heading=_("%(name)s asks whether you agree", name=isolated(asker)),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(await _name(session, promised))),
            _(
                "%(asker)s would like %(reader)s to read a note that the two of you share. It is opened only if you both agree, and each of you may take that back.",
                asker=isolated(asker),
                reader=isolated(name),
            ),
            _("If you would rather not, you need do nothing."),
        ],
        button=(_("See the note and decide"), desk.url(f"/me/notes/{release.note_id}")),
    )


@letter(
    emergencies.ASKED, title=N_("A note is to be opened in an emergency"), is_secret=True, is_for_staff=True
)
async def emergency_asked(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    if case is None or case.state != EmergencyState.ASKED:
        return None
    if case.asked_for == AskedFor.HAND_OVER:
        return Text(
            subject=_("Please decide: notes of somebody who has left"),
            heading=_("Somebody asks to read on for an author who has left"),
            paragraphs=[
                _("Dear %(name)s,", name=isolated(await _name(session, promised))),
                _(
                    "Who wrote a confidential note works here no more, and a colleague has taken over. If you agree, she may read it for three months; each reading is recorded. You do not see what it says."
                ),
            ],
            button=(_("Read the reason and decide"), desk.url(f"/c/emergencies/{case.id}")),
        )
    return Text(
        subject=_("Please decide: a note is to be opened in an emergency"),
        heading=_("Somebody asks to read a confidential note"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(await _name(session, promised))),
            _(
                "The reason stands on the page. If you agree, the note is open for an hour, and everybody concerned is told. Nobody but you, or another who may decide, can answer."
            ),
        ],
        button=(_("Read the reason and decide"), desk.url(f"/c/emergencies/{case.id}")),
    )


@letter(emergencies.OPENED, title=N_("A note was opened in an emergency"), is_secret=True, is_for_staff=True)
async def emergency_opened(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    if case is None or case.state != EmergencyState.OPENED:
        return None
    if case.asked_for == AskedFor.HAND_OVER:
        return Text(
            subject=_("A confidential note was handed over"),
            heading=_("A confidential note was handed over"),
            paragraphs=[
                _("Dear %(name)s,", name=isolated(await _name(session, promised))),
                _("You are told because you wrote it, or because you watch over data protection here."),
                _("The page says who asked, for what reason, and who agreed."),
            ],
            button=(_("See what happened"), desk.url(f"/c/emergencies/{case.id}")),
        )
    return Text(
        subject=_("A confidential note was opened in an emergency"),
        heading=_("A confidential note was opened for an hour"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(await _name(session, promised))),
            _("You are told because you wrote it, or because you watch over data protection here."),
            _("The page says who asked, for what reason, and who agreed."),
        ],
        button=(_("See what happened"), desk.url(f"/c/emergencies/{case.id}")),
    )


@letter(
    emergencies.ANSWERED, title=N_("Your question about a note is decided"), is_secret=True, is_for_staff=True
)
async def emergency_answered(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    case = await _case(session, promised)
    if case is None or case.state == EmergencyState.ASKED:
        return None
    is_open = case.state == EmergencyState.OPENED
    if is_open and case.asked_for == AskedFor.HAND_OVER:
        return Text(
            subject=_("A note was handed over to you"),
            heading=_("You may read the note for three months"),
            paragraphs=[
                _("Dear %(name)s,", name=isolated(await _name(session, promised))),
                _("Each reading is recorded, and the person whom it is about can see it."),
            ],
            button=(_("Go to the note"), desk.url(f"/c/interviews/{case.note_id}")),
        )
    return Text(
        subject=_("The note is open to you for an hour") if is_open else _("The note stays closed"),
        heading=_("You may read the note now") if is_open else _("The note stays closed"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(await _name(session, promised))),
            _("The person who wrote it and the data protection focal point have been told.")
            if is_open
            else _("Talk with the person who wrote it, or with your programme manager."),
        ],
        button=(_("Go to the note"), desk.url(f"/c/interviews/{case.note_id}")),
    )


async def _case(session: AsyncSession, promised: Letter) -> Emergency | None:
    query = select(Emergency).where(Emergency.id == UUID(promised.about["emergency_id"]))
    return (await session.execute(query)).scalar_one_or_none()


async def _grant(session: AsyncSession, promised: Letter) -> tuple[Grant, str, Person] | None:
    """A right to read that still stands, who gave it, and who has it."""
    by = aliased(Person)
    query = (
        select(Grant, by.full_name, Person)
        .join(by, by.id == Grant.granted_by)
        .join(Person, Person.id == Grant.person_id)
        .join(Note, Note.id == Grant.note_id)
        .where(
            Grant.id == UUID(promised.about["grant_id"]),
            Grant.ended_at.is_(None),
            Grant.until > clock.now(),
            Note.destroyed_at.is_(None),
        )
    )
    row = (await session.execute(query)).one_or_none()
    return (row[0], row[1], row[2]) if row else None


async def _name(session: AsyncSession, promised: Letter) -> str:
    found = await session.scalar(select(Person.full_name).where(Person.id == promised.person_id))
    return found or ""


def _moment(until: datetime, reader: Person) -> str:
    return language.moment_words(until, reader.time_zone, clock.today(reader.time_zone))
