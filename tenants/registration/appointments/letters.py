"""Letters about an interview: the invitation, its moves, the day before, and that it does not take place."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.calendar import Event
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import READER
from tenants.notifications.wording.filling import Value
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.registration import queries as registrations
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments import queries, rules, wording
from tenants.registration.appointments.queries import PURPOSE, Seen
from tenants.registration.around import around_of
from tenants.registration.calling_off import CANCELLED, INVITED, MOVED, REMINDER
from tenants.registration.wording import THANKED, THANKS

ISOLATES = "\u2068\u2069"  # around names in sentences; calendars show them as boxes


@letter(INVITED, title=N_("An invitation to an interview"), words=wording.INVITED)
async def invited(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """K15: name, weekday and date, address; asks to say whether she comes, and takes other times."""
    if (found := await _of_now(session, letter)) is None:
        return None
    seen, programme = found
    thanks = _(THANKED[seen.participation.role], programme=_name(programme))
    return Filling(
        {**_who(session, seen), THANKS: thanks, wording.ASKS: _ask(seen)},
        facts=facts(seen),
        button=(_("Say whether you can come"), _link(desk, seen)),
        after=_small(),
        event=event(seen, programme),
    )


@letter(MOVED, title=N_("An interview has another time"), words=wording.MOVED)
async def moved(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    if (found := await _of_now(session, letter)) is None:
        return None
    seen, programme = found
    is_hers = seen.appointment.state == AppointmentState.CONFIRMED
    return Filling(
        {**_who(session, seen), wording.ASKS: _ask(seen)},
        form="hers" if is_hers else "",
        facts=facts(seen),
        button=(
            _("Change my answer") if is_hers else _("Say whether you can come"),
            _link(desk, seen),
        ),
        after=_small(),
        event=event(seen, programme),
    )


@letter(REMINDER, title=N_("Tomorrow is the interview"), may_drop=True, words=wording.REMINDER)
async def reminder(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """Nothing to who has said that the time does not suit her: it is the coordinator's turn."""
    found = await _of_now(session, letter)
    if found is None or found[0].appointment.state not in (
        AppointmentState.ASKED,
        AppointmentState.CONFIRMED,
    ):
        return None
    seen, programme = found
    has_said = seen.appointment.state == AppointmentState.CONFIRMED
    stands = (
        _("Here is the time once more. If something comes between, use the button below.")
        if has_said
        else _("You have not told us yet whether you can come. Please do it with the button below.")
    )
    return Filling(
        {**_who(session, seen), wording.STANDS: stands},
        facts=facts(seen),
        button=(_("Change my answer") if has_said else _("Say whether you can come"), _link(desk, seen)),
        after=_small(),
        event=event(seen, programme),
    )


@letter(CANCELLED, title=N_("An interview does not take place"), words=wording.CANCELLED)
async def cancelled(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    seen, programme = await _seen(session, letter)
    if seen.appointment.state != AppointmentState.CANCELLED:
        return None
    return Filling(
        _who(session, seen),
        facts=facts(seen)[:1] + _ways(seen),
        button=(_("See my next step"), desk.url("/me")),
        event=event(seen, programme),
    )


def _who(session: AsyncSession, seen: Seen) -> dict[str, Value]:
    return {
        READER: isolated(seen.full_name),
        wording.INTERVIEW_DAY: _short_day(seen),
        wording.INTERVIEW_AT: whole(seen.appointment, seen.time_zone),
        **around_of(session, seen.participation.id),
    }


def facts(seen: Seen) -> list[tuple[str, str]]:
    """When, where and with whom, in the reader's language; the hour in her zone, and in the other's if it differs."""
    one = seen.appointment
    rows = [(_("When"), whole(one, seen.time_zone))]
    if (
        clock.local(one.starts_at, one.time_zone).utcoffset()
        != clock.local(one.starts_at, seen.time_zone).utcoffset()
        and seen.coordinator
    ):
        name = isolated(seen.coordinator)
        rows.append((_("For %(name)s", name=name), whole(one, one.time_zone)))
    rows.append((_("How long"), language.ngettext("One minute", "About %(num)s minutes", one.minutes)))
    if one.place:
        rows.append((_("Where"), one.place))
    if one.link:
        rows.append((_("Call"), one.link))
    if one.language != language.current() or one.language != seen.language:
        rows.append((_("Language of the talk"), language.language_name(one.language)))
    if seen.coordinator:
        rows.append((_("With"), seen.coordinator))
    return [*rows, *_ways(seen)]


def whole(one: Appointment, zone: str) -> str:
    """Monday, 7 December 2026, 18:30 in Nairobi: a letter is read on any day."""
    day = clock.local(one.starts_at, zone).date()
    return _(
        "%(weekday)s, %(day)s, %(time)s",
        weekday=language.weekday(day),
        day=language.day(day),
        time=language.time_zoned(one.starts_at, zone),
    )


def event(seen: Seen, programme: Programme) -> Event:
    """The entry of the talk in a calendar. Its uid is the appointment's own for ever; each change raises the sequence."""
    one = seen.appointment
    return Event(
        uid=f"{one.id}@interviews.mentorweave",
        sequence=one.sequence,
        starts_at=one.starts_at,
        minutes=one.minutes,
        summary=_("Interview: %(programme)s", programme=_name(programme).strip(ISOLATES)),
        location=one.place or one.link or "",
        url=one.link or "",
        is_cancelled=one.state == AppointmentState.CANCELLED,
        time_zone=one.time_zone,
        is_accepted=one.state == AppointmentState.CONFIRMED,
    )


def _ask(seen: Seen) -> str:
    if seen.appointment.state == AppointmentState.CONFIRMED:
        return _("You need do nothing more. If something comes between, use the button below.")
    if seen.coordinator_email:
        return _(
            "Please tell %(name)s whether you can come: with the button below, or by e-mail. If another day suits you better, you can propose up to three.",
            name=isolated(seen.coordinator or ""),
        )
    return _(
        "Please tell us with the button below whether you can come. If another day suits you better, you can propose up to three."
    )


def _ways(seen: Seen) -> list[tuple[str, str]]:
    ways = ((_("E-mail"), seen.coordinator_email), (_("Telephone"), seen.coordinator_phone))
    return [(label, value) for label, value in ways if value]


def _small() -> list[str]:
    return [
        _("What you say in the talk stays with your coordinator."),
        _("The button answers in your name, without a password. Please do not pass this letter on."),
    ]


def _short_day(seen: Seen) -> str:
    day = clock.local(seen.appointment.starts_at, seen.time_zone).date()
    return language.day_words(day, clock.today(seen.time_zone), relative=False)


def _link(desk: Desk, seen: Seen) -> str:
    return desk.link("/interview", PURPOSE, seen.appointment.link_id)


async def _of_now(session: AsyncSession, letter: Letter) -> tuple[Seen, Programme] | None:
    """None once it was moved again, is over, or nobody can come any more."""
    seen, programme = await _seen(session, letter)
    is_of_now = str(seen.appointment.sequence) == letter.about.get("sequence")
    return (seen, programme) if is_of_now and rules.is_answerable(seen.appointment) else None


async def _seen(session: AsyncSession, letter: Letter) -> tuple[Seen, Programme]:
    appointment_id = UUID(letter.about["appointment_id"])
    query = select(Appointment.participation_id).where(Appointment.id == appointment_id)
    whose = (await session.execute(query)).scalar_one()
    participation = await registrations.own_participation(session, whose)
    seen = await queries.seen(session, appointment_id, participation)
    return seen, await programmes.own_programme(session, participation.programme_id)


def _name(programme: Programme) -> str:
    return text_in(programme.name, language.current(), programme.languages)
