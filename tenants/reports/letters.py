"""Letters about what several rooms know: reminders of all that is open, the morning's digest, and caseloads handed over."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated, moment_words, ngettext
from infra.language import gettext as _
from tenants.actor import house
from tenants.notifications.letters import Desk, Filling, Text, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import READER
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.registration.appointment_models import OPEN, Appointment
from tenants.reports import digest, open_things, wording
from tenants.reports.open_things import Kind

WAITED_FOR = {
    Kind.MEET: N_("Your answer: do you want to meet?"),
    Kind.GO_ON: N_("Your answer: do you want to go on after the first meeting?"),
    Kind.PARTY: N_("Your answer: do you take part in your group or circle?"),
    Kind.FOLLOW_UP: N_("A few sentences on how your mentoring goes"),
    Kind.EVALUATION: N_("Your evaluation"),
}


@letter("contact.reminder", title=N_("A reminder of what is open"), words=wording.REMINDER)
async def reminder(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Nothing when all of it has been done meanwhile."""
    reader = await _reader(session, promised)
    things = (await open_things.of_people(session, [reader.id])).get(reader.id)
    if not things:
        return None
    today = clock.today(reader.time_zone)
    waiting = ngettext("One thing waits for you", "%(num)s things wait for you", len(things))
    return Filling(
        {READER: isolated(reader.full_name), wording.WAITING: waiting},
        facts=[
            (_(WAITED_FOR[one.kind]), day_words(one.by, today) if one.by else _("soon")) for one in things
        ],
        button=(_("Open your page"), desk.url("/me")),
        after=[_("If it is difficult, tell your coordinator. She finds a way with you.")],
    )


@letter("contact.interviewer", title=N_("Somebody else talks with you"), words=wording.INTERVIEWER)
async def interviewer(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Nothing when the appointment has been moved to another person or has gone since."""
    query = (
        select(Appointment, Person)
        .join(Person, Person.id == Appointment.coordinator_id)
        .where(
            Appointment.id == UUID(promised.about["appointment_id"]),
            Appointment.coordinator_id == UUID(promised.about["coordinator_id"]),
            Appointment.state.in_(OPEN),
            Appointment.starts_at > clock.now(),
        )
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    appointment, her = row
    reader = await _reader(session, promised)
    when = moment_words(appointment.starts_at, reader.time_zone, clock.today(reader.time_zone))
    place = [(_("Place"), appointment.place)] if appointment.place else []
    return Filling(
        {
            READER: isolated(reader.full_name),
            wording.TALKS: isolated(her.full_name),
            wording.TALK_AT: when,
        },
        facts=[(_("When"), when), *place],
    )


@letter("desk.handed_over", title=N_("A caseload was handed over"), is_for_staff=True)
async def handed_over(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """To who gets it, and to who had it, if they have not done it themselves."""
    by = await session.scalar(select(Person.full_name).where(Person.id == UUID(promised.about["by"])))
    reader = await _reader(session, promised)
    cases = int(promised.about["cases"])
    if cases:
        told = ngettext("One case is yours from now on.", "%(num)s cases are yours from now on.", cases)
    else:
        told = _("Who has your cases now stands on the page of each.")
    return Text(
        subject=_("A caseload was handed over"),
        heading=_("A caseload was handed over"),
        paragraphs=[
            _("Dear %(name)s,", name=isolated(reader.full_name)),
            _("%(name)s has handed cases and tasks over.", name=isolated(by or "")),
            told,
            _("The people concerned are told who their coordinator is."),
        ],
        button=(_("Open Today"), desk.url("/c/today")),
    )


@letter(
    digest.KIND,
    title=N_("What needs you today, each morning"),
    is_secret=True,
    may_drop=True,
    is_for_staff=True,
)
async def morning(session: AsyncSession, promised: Letter, desk: Desk) -> Text | None:
    """Nothing on a day without anything, and nothing of a morning that is over."""
    reader = await _reader(session, promised)
    day = date.fromisoformat(promised.about["day"])
    actor = await people.acts_now(session, house(promised.organisation_id), reader.id)
    if actor is None or clock.today(reader.time_zone) != day:
        return None
    found = await digest.of_day(session, replace(actor, time_zone=reader.time_zone), day)
    if not found.total:
        return None
    if found.late:
        subject = ngettext(
            "One thing, and it is late", "%(num)s things, %(late)s late", found.total, late=found.late
        )
    else:
        subject = ngettext("One thing today", "%(num)s things today", found.total)
    return Text(
        subject=subject,
        heading=subject,
        paragraphs=[
            _("Good morning %(name)s,", name=isolated(reader.full_name)),
            _("this is what needs you today."),
        ],
        facts=[(_(words), _many(number, late)) for words, number, late in found.groups],
        button=(_("Open Today"), desk.url("/c/today")),
        after=[_("You can switch this letter off in your settings.")],
    )  # fmt: skip


def _many(number: int, late: int) -> str:
    if late:
        return ngettext("one, late", "%(num)s, %(late)s of them late", number, late=late)
    return ngettext("one", "%(num)s", number)


async def _reader(session: AsyncSession, promised: Letter) -> Person:
    return (await session.execute(select(Person).where(Person.id == promised.person_id))).scalar_one()
