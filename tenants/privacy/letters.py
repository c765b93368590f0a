"""What this room writes: that a copy is there, that a deletion was asked for or taken back, and the last letter."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Text, letter
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.privacy.asking import ASKED_LETTER, KEPT_LETTER, SOON_LETTER
from tenants.privacy.copies import READY_LETTER
from tenants.privacy.erasing import GOODBYE_LETTER
from tenants.privacy.models import CopyState, Erasure, ErasureState, PersonalCopy


@letter(READY_LETTER, title=N_("Your copy of your data is ready"))
async def copy_ready(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    copy = await session.scalar(
        select(PersonalCopy).where(PersonalCopy.id == UUID(promised.about["copy_id"]))
    )
    if copy is None or copy.state != CopyState.READY or copy.expires_at <= clock.now():
        return None
    until = day_words(
        clock.local(copy.expires_at, desk.time_zone).date(), clock.today(desk.time_zone), relative=False
    )
    return Text(
        subject=_("Your copy of your data is ready"),
        heading=_("Your copy is ready"),
        paragraphs=[
            _("Dear %(name)s,", name=await _name(session, promised)),
            _("All that %(organisation)s keeps of you in its mentoring programmes is now in two files: one to read, one for programs.", organisation=desk.organisation_name),
            _("Sign in to download them. You can do so until %(day)s, and then we delete them.", day=until),
        ],
        button=(_("Get my copy"), desk.url("/me/privacy#copy")),
        after=[_("We never send the files by e-mail, and nobody but you can open them.")],
    )  # fmt: skip


@letter(ASKED_LETTER, title=N_("Your data will be deleted"))
async def erasure_asked(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    erasure = await _erasure(session, promised, ErasureState.ASKED)
    if erasure is None:
        return None
    day = day_words(
        clock.local(erasure.due_at, desk.time_zone).date(), clock.today(desk.time_zone), relative=False
    )
    if erasure.asked_by == erasure.person_id:
        asked = _("You have asked us to delete your data.")
    elif erasure.asked_by is None:
        asked = _("You have not taken part for a long time. %(organisation)s does not keep people's data for longer than it needs it, so we will let yours go.", organisation=desk.organisation_name)  # fmt: skip
    else:
        asked = _("Somebody who works for %(organisation)s has asked us to delete your data.", organisation=desk.organisation_name)  # fmt: skip
    return Text(
        subject=_("Your data will be deleted on %(day)s", day=day),
        heading=_("We delete your data on %(day)s", day=day),
        paragraphs=[
            _("Dear %(name)s,", name=await _name(session, promised)),
            asked,
            _("On that day you leave every programme, and your account and your answers are deleted. That cannot be undone."),
            _("Until then nothing changes. Have you changed your mind, or was it not you? Then take it back with one click."),
        ],
        button=(_("Keep my data"), desk.url("/me/privacy#delete")),
        after=[_("Would you like a copy of your data first? You can ask for it on the same page.")],
    )  # fmt: skip


@letter(SOON_LETTER, title=N_("Your data will be deleted soon"))
async def erasure_soon(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Once more, to somebody who has not asked for it herself."""
    erasure = await _erasure(session, promised, ErasureState.ASKED)
    if erasure is None or erasure.asked_by is not None:
        return None
    day = day_words(
        clock.local(erasure.due_at, desk.time_zone).date(), clock.today(desk.time_zone), relative=False
    )
    return Text(
        subject=_("Would you like to stay? Your data will be deleted on %(day)s", day=day),
        heading=_("Would you like to stay?"),
        paragraphs=[
            _("Dear %(name)s,", name=await _name(session, promised)),
            _("We wrote to you some weeks ago: on %(day)s your account and your answers at %(organisation)s are deleted.", day=day, organisation=desk.organisation_name),
            _("Would you like to stay? One click is enough. If not, you need not do anything."),
        ],
        button=(_("Keep my data"), desk.url("/me/privacy#delete")),
    )  # fmt: skip


@letter(KEPT_LETTER, title=N_("Your data stays"))
async def erasure_cancelled(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    if await _erasure(session, promised, ErasureState.CANCELLED) is None:
        return None
    return Text(
        subject=_("Your data stays"),
        heading=_("Nothing is deleted"),
        paragraphs=[
            _("Dear %(name)s,", name=await _name(session, promised)),
            _("The deletion of your data was taken back. Everything is as it was."),
        ],
        button=(_("Your data and choices"), desk.url("/me/privacy")),
    )


@letter(GOODBYE_LETTER, title=N_("Your data is deleted"))
async def erased(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """The last letter; her address is deleted once it has left."""
    erasure = await _erasure(session, promised, ErasureState.LEAVING)
    if erasure is None:
        return None
    return Text(
        subject=_("Your data is being deleted"),
        heading=_("Goodbye, and thank you"),
        paragraphs=[
            _("Dear %(name)s,", name=await _name(session, promised)),
            _("You have left every programme of %(organisation)s. Your account, your answers and your address are deleted as soon as this e-mail has left.", organisation=desk.organisation_name),
            _("Keep the number below. With it, %(organisation)s can show you that your data was deleted, and when.", organisation=desk.organisation_name),
            _("Copies for emergencies are written over within some weeks. Should one ever be needed, your data is deleted from it again."),
        ],
        facts=[(_("Number of your deletion"), erasure.number)],
        after=[_("You are welcome to register again at any time, as somebody new.")],
    )  # fmt: skip


async def _erasure(session: AsyncSession, promised: Letter, state: ErasureState) -> Erasure | None:
    query = select(Erasure).where(Erasure.id == UUID(promised.about["erasure_id"]), Erasure.state == state)
    return (await session.execute(query)).scalar_one_or_none()


async def _name(session: AsyncSession, promised: Letter) -> str:
    return await session.scalar(select(Person.full_name).where(Person.id == promised.person_id)) or ""
