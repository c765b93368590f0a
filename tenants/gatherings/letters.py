"""Letters about a workshop: the invitation, changes of it, the day before, a place, that it is cancelled, and how it was."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.gatherings import calendar, queries, rules, telling, wording
from tenants.gatherings.models import GuestState, Workshop, WorkshopState
from tenants.gatherings.queries import OPINION, PURPOSE, Seen
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import READER
from tenants.notifications.wording.filling import Value
from tenants.programmes.around import Place, around
from tenants.programmes.rules import text_in


@letter(telling.INVITED, title=N_("An invitation to a workshop"), words=wording.INVITED)
async def invited(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """What stands when it goes: a workshop that was moved meanwhile, too."""
    seen = await _answerable(session, letter)
    return invitation(session, seen, desk) if seen is not None else None


def invitation(session: AsyncSession, seen: Seen, desk: Desk) -> Filling:
    """What somebody is told who is invited, or would be."""
    asks = [_(wording.FREE)]
    if seen.workshop.places is not None:
        asks.append(places_for(seen.workshop.places))
    return _answered_by_button(session, seen, desk, {wording.ABOUT: _about(seen), wording.ASKS: asks})


@letter(telling.MOVED, title=N_("A workshop has changed"), words=wording.MOVED)
async def moved(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    seen = await _of_now(session, letter)
    if seen is None:
        return None
    return _answered_by_button(session, seen, desk, {wording.STANDS: _stands(seen)})


@letter(telling.REMINDER, title=N_("Tomorrow is the workshop"), words=wording.REMINDER)
async def reminder(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """To who comes, and to who has not said, as long as there is a place for her."""
    seen = await _of_now(session, letter)
    if seen is None or seen.guest.state not in (GuestState.ASKED, GuestState.COMING):
        return None
    if seen.guest.state == GuestState.ASKED:
        taken = await queries.taken(session, seen.workshop.id)
        if rules.is_full(seen.workshop.places, taken):
            return None
    return _answered_by_button(session, seen, desk, {wording.STANDS: _stands(seen)})


@letter(telling.PLACE, title=N_("A place at a workshop has become free"), words=wording.PLACE)
async def place(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    seen = await _answerable(session, letter)
    if seen is None or seen.guest.state != GuestState.COMING:
        return None
    return _answered_by_button(session, seen, desk, {})


@letter(telling.CANCELLED, title=N_("A workshop does not take place"), words=wording.CANCELLED)
async def cancelled(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    seen = await _seen(session, letter)
    if seen is None or seen.workshop.state != WorkshopState.CANCELLED:
        return None
    return Filling(
        _who(session, seen),
        facts=facts(seen.workshop, seen.time_zone)[:1],
        button=(_("See my next step"), desk.url("/me")),
        event=calendar.event(seen.workshop, title_of(seen)),
    )


@letter(telling.OPINION, title=N_("How was the workshop?"), words=wording.OPINION)
async def opinion(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """Nothing where the tick was taken away, or she has told it on her page."""
    seen = await _seen(session, letter)
    if seen is None or not rules.may_say(seen.workshop, seen.guest):
        return None
    return Filling(
        {**_who(session, seen), wording.UNNAMED: _(wording.WITHOUT_NAME)},
        button=(_("Answer three questions"), desk.link("/workshop-opinion", OPINION, seen.guest.link_id)),
        after=[_("The link works once, and for sixty days.")],
    )


def title_of(seen: Seen) -> str:
    """In the language that is spoken."""
    return calendar.title_of(seen.workshop, seen.programme)


def facts(one: Workshop, zone: str) -> list[tuple[str, str]]:
    """When and where, in the language that is spoken; the hour in the reader's zone, and at the place if it differs."""
    rows = [(_("When"), whole(one, zone))]
    if (
        one.place
        and clock.local(one.starts_at, one.time_zone).utcoffset()
        != clock.local(one.starts_at, zone).utcoffset()
    ):
        rows.append((_("There"), whole(one, one.time_zone)))
    rows.append((_("How long"), lasts(one.minutes)))
    if one.place:
        rows.append((_("Where"), one.place))
    if one.link:
        rows.append((_("Call"), one.link))
    if one.language != language.current():
        rows.append((_("Language of the workshop"), language.language_name(one.language)))
    return rows


def places_for(number: int) -> str:
    return language.ngettext(
        "There is one place. It goes to who answers first; whoever comes after waits for it.",
        "There are %(num)s places. They go to those who answer first; whoever comes after waits for one.",
        number,
    )


def lasts(minutes: int) -> str:
    if minutes % 60 == 0:
        return language.ngettext("About one hour", "About %(num)s hours", minutes // 60)
    return language.ngettext("One minute", "About %(num)s minutes", minutes)


def whole(one: Workshop, zone: str) -> str:
    """Monday, 7 December 2026, 18:30 in Nairobi: a letter is read on any day."""
    day = clock.local(one.starts_at, zone).date()
    return _(
        "%(weekday)s, %(day)s, %(time)s",
        weekday=language.weekday(day),
        day=language.day(day),
        time=language.time_zoned(one.starts_at, zone),
    )


def _answered_by_button(session: AsyncSession, seen: Seen, desk: Desk, words: Mapping[str, Value]) -> Filling:
    """When and where, the entry for her calendar, and the button with which she says whether she comes."""
    return Filling(
        {**_who(session, seen), **words},
        facts=facts(seen.workshop, seen.time_zone),
        button=(_button(seen), _link(desk, seen)),
        after=_small(),
        event=calendar.event(seen.workshop, title_of(seen)),
    )


def _who(session: AsyncSession, seen: Seen) -> dict[str, Value]:
    day = clock.local(seen.workshop.starts_at, seen.time_zone).date()
    return {
        READER: isolated(seen.full_name),
        wording.WORKSHOP: isolated(title_of(seen)),
        wording.WORKSHOP_DAY: language.day_words(day, clock.today(seen.time_zone), relative=False),
        wording.WORKSHOP_AT: whole(seen.workshop, seen.time_zone),
        **around(session, Place(seen.workshop.programme_id, seen.workshop.office_id)),
    }


def _about(seen: Seen) -> list[str]:
    told = text_in(seen.workshop.words, language.current(), seen.programme.languages)
    return [part.strip() for part in told.split("\n\n") if part.strip()]


def _stands(seen: Seen) -> str:
    if seen.guest.state == GuestState.COMING:
        return _(
            "You have a place. If something comes between, please use the button below: somebody else may be waiting."
        )
    if seen.guest.state == GuestState.WAITING:
        return _("You are on the waiting list. If a place becomes free, we write to you.")
    return _("You have not told us yet whether you come. Please do it with the button below.")


def _button(seen: Seen) -> str:
    return _("Say whether you come") if seen.guest.state == GuestState.ASKED else _("Change my answer")


def _small() -> list[str]:
    return [_("The button answers in your name, without a password. Please do not pass this letter on.")]


def _link(desk: Desk, seen: Seen) -> str:
    return desk.link("/workshop", PURPOSE, seen.guest.link_id)


async def _of_now(session: AsyncSession, letter: Letter) -> Seen | None:
    """None once it was moved again, she has declined, or nobody can come any more."""
    seen = await _answerable(session, letter)
    if seen is None or seen.guest.state == GuestState.DECLINED:
        return None
    return seen if str(seen.workshop.sequence) == letter.about.get("sequence") else None


async def _answerable(session: AsyncSession, letter: Letter) -> Seen | None:
    seen = await _seen(session, letter)
    return seen if seen is not None and rules.is_answerable(seen.workshop, seen.guest) else None


async def _seen(session: AsyncSession, letter: Letter) -> Seen | None:
    """None for whoever was taken from the guests again."""
    return await queries.seen(session, UUID(letter.about["guest_id"]))
