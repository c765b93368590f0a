"""What this room writes: to confirm, to come back, to check what was written down, and that all has arrived."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, language
from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import PROGRAMME, READER
from tenants.people.models import Person
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.programmes.rules import text_in
from tenants.registration import farewells, queries, registrations, telling, wording
from tenants.registration.actions import INVITATION
from tenants.registration.appointments import letters as appointment_letters
from tenants.registration.around import around_of
from tenants.registration.models import Participation, Registration, Status
from tenants.registration.rules import CONFIRM

OTHERS = (farewells, appointment_letters)  # letters with a file of their own, registered with the rest


@letter("registration.confirm", title=N_("Confirm your registration"), is_first=True, words=wording.CONFIRM)
async def confirm(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    registration = await _waiting(session, letter)
    if registration is None:
        return None
    programme = await programmes.own_programme(session, registration.programme_id)
    role = registration.role or "peer"
    days = max(1, (registration.expires_at - clock.now()).days)
    name = _name(programme)
    signed_up = _(wording.SIGNED_UP[role], programme=name)
    return Filling(
        {READER: _reader(registration.full_name), PROGRAMME: name, wording.IN_ROLE: signed_up},
        form=role,
        button=(_("Confirm my registration"), desk.link("/confirm", CONFIRM, registration.id)),
        code=desk.links.code(CONFIRM, desk.organisation_id, registration.id),
        after=[
            _("Or type these six digits on the page where you sent the form."),
            language.ngettext("The link works for one day.", "The link works for %(num)s days.", days),
            _(
                "If you have not signed up, or have changed your mind, you need do nothing. We then delete what was written."
            ),
        ],
    )


@letter("registration.already", title=N_("You are registered already"), is_first=True, words=wording.ALREADY)
async def already(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    registration = await _waiting(session, letter)
    if registration is None:
        return None
    programme = await programmes.own_programme(session, registration.programme_id)
    name = _name(programme)
    is_already = _(wording.ALREADY_AS[registration.role or "peer"], programme=name)
    return Filling(
        {PROGRAMME: name, wording.IS_ALREADY: is_already},
        button=(_("See my next step"), desk.url("/me")),
        after=[_("If it was not you: nobody has seen anything of yours, and nothing has changed.")],
    )


@letter("registration.resume", title=N_("Your way back to the form"), is_first=True, words=wording.RESUME)
async def resume(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    registration = await registrations.registration_of(session, UUID(letter.about["registration_id"]))
    if registration is None or registration.sent_at is not None or registration.expires_at <= clock.now():
        return None
    if registration.email != letter.to_email:
        return None
    programme = await programmes.own_programme(session, registration.programme_id)
    return Filling(
        {PROGRAMME: _name(programme)},
        button=(_("Go on"), desk.link("/apply/resume", "resume", registration.id)),
        after=[_("If you do not want to go on, you need do nothing. We then delete what was written.")],
    )


@letter("registration.check", title=N_("Check what we wrote for you"), is_first=True, words=wording.CHECK)
async def check(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    registration = await _waiting(session, letter)
    if registration is None:
        return None
    form, recorder = await telling.recorded(session, registration)
    role = registration.role or "peer"
    name = _name(form.programme)
    return Filling(
        {
            READER: _reader(registration.full_name),
            PROGRAMME: name,
            wording.RECORDER: recorder,
            wording.WRITTEN_DOWN: _(wording.RECORDED[role], name=recorder, programme=name),
        },
        facts=telling.told(form, registration),
        button=(_("Confirm my registration"), desk.link("/confirm", CONFIRM, registration.id)),
        after=[
            _("If something is wrong, answer %(name)s, or call.", name=recorder),
            _("If you do not want to take part, you need do nothing. We then delete what was written."),
        ],
    )


@letter("registration.received", title=N_("We have your registration"), words=wording.RECEIVED)
async def received(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    participation = await queries.own_participation(session, UUID(letter.about["participation_id"]))
    found = await queries.profile_of(session, participation)
    contact = await programmes.contact(session, found.programme.id, office_id=participation.office_id)
    questions_to = ""
    if contact and contact.phone:
        questions_to = _(
            "Your questions go to %(name)s, telephone %(phone)s.",
            name=language.isolated(contact.name),
            phone=language.isolated(contact.phone),
        )
    elif contact:
        questions_to = _("Your questions go to %(name)s.", name=language.isolated(contact.name))
    today = clock.today(desk.time_zone)
    return Filling(
        {
            READER: _reader(found.person.full_name),
            **around_of(session, participation.id),
            wording.REGISTERED: _(wording.RECEIVED_AS[participation.role], programme=_name(found.programme)),
            wording.QUESTIONS_TO: questions_to,
        },
        facts=[
            (_written(day, today), words)
            for day, words in telling.what_happens(found.programme, found.cycle, today)
        ],
        button=(_("See my next step"), desk.url("/me")),
        after=[_("You can see, correct and withdraw your answers at any time.")],
    )


@letter(INVITATION, title=N_("An invitation to a talk"), words=wording.INVITED)
async def interview(session: AsyncSession, letter: Letter, desk: Desk) -> Filling | None:
    """Nothing if she does not wait for an interview any more."""
    participation = await queries.own_participation(session, UUID(letter.about["participation_id"]))
    if participation.status != Status.AWAITING_INTERVIEW or participation.interviewed_on is not None:
        return None
    found = await queries.profile_of(session, participation)
    name, ways = await _whom_to_ask(session, letter, participation, found.programme)
    at, zone = participation.interview_on, found.person.time_zone
    tell_us = (
        _("Please tell %(name)s whether this time suits you, or which other days and hours would.", name=name)
        if at
        else _(
            "Please tell %(name)s which days and hours suit you, and whether you would rather meet or telephone.",
            name=name,
        )
    )
    when = [(_("When"), language.moment_words(at, zone, clock.today(zone)))] if at else []
    return Filling(
        {
            READER: _reader(found.person.full_name),
            **around_of(session, participation.id),
            wording.THANKS: _(wording.THANKED[participation.role], programme=_name(found.programme)),
            wording.TELL_US: tell_us,
        },
        facts=[*when, *ways],
        button=(_("See my next step"), desk.url("/me")),
        after=[_("What you say in the talk stays with your coordinator.")],
    )


async def _whom_to_ask(
    session: AsyncSession, letter: Letter, participation: Participation, programme: Programme
) -> tuple[str, list[tuple[str, str]]]:
    """Who agrees the time, and how to reach her: whoever has selected the reader, else the programme's contact."""
    chosen = letter.about.get("coordinator_id")
    if chosen and (
        one := (
            await session.execute(
                select(Person.full_name, Person.email, Person.phone).where(
                    Person.id == UUID(chosen), Person.is_active
                )
            )
        ).one_or_none()
    ):
        return one.full_name, _ways(one.email, one.phone)
    contact = await programmes.contact(session, programme.id, office_id=participation.office_id)
    return (contact.name, _ways(None, contact.phone)) if contact else (_("your coordinator"), [])


def _ways(email: str | None, phone: str | None) -> list[tuple[str, str]]:
    return [(label, value) for label, value in ((_("E-mail"), email), (_("Telephone"), phone)) if value]


def _written(day: date | None, today: date) -> str:
    return language.day_words(day, today, relative=False) if day else _("Soon")


async def _waiting(session: AsyncSession, letter: Letter) -> Registration | None:
    """The sent registration that a letter is about, while there is still something to confirm."""
    found = await registrations.registration_of(session, UUID(letter.about["registration_id"]))
    if found is None or found.sent_at is None or found.confirmed_at is not None:
        return None
    return found if found.expires_at > clock.now() and found.email == letter.to_email else None


def _reader(full_name: str | None) -> str:
    return language.isolated(full_name or "")


def _name(programme: Programme) -> str:
    return text_in(programme.name, language.current(), programme.languages)
