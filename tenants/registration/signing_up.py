"""
Registering by the form: begun, answered page by page, sent, confirmed, or quietly forgotten.

Whoever holds the registration's id may act on it: the door hands it out in a
signed cookie and a signed link, so no permission is asked here. Nothing of it
counts before it is confirmed (K02).
"""

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, Problem, WrongState
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people import rules as people
from tenants.programmes import queries as programmes
from tenants.programmes import rules as programme_rules
from tenants.programmes.models import Cycle, Programme
from tenants.registration import answers, consents, forms, queries, registrations
from tenants.registration.events import Event
from tenants.registration.jobs import ExpireRegistration
from tenants.registration.models import Origin, Registration
from tenants.registration.rules import TAKING_PART

RESUME_AFTER = timedelta(hours=1)  # then whoever has stopped half way is sent her link
READ_WITHIN_DAYS = 3  # of a coordinator, once a registration is confirmed


class RegistrationClosed(WrongState):
    """Before or after the days in which the cycle takes registrations."""

    code = "registration_closed"


class ProgrammeFull(WrongState):
    code = "programme_full"


class RegistrationSent(WrongState):
    code = "registration_sent"


async def begin(
    session: AsyncSession, actor: Actor, *, slug: str, language: str, role: str | None = None
) -> Registration:
    """
    Open a form for the cycle that is meant today.

    Raises:
        NotFound: no such programme. RegistrationClosed, ProgrammeFull: not now.
        Invalid: a role that the programme does not have.
    """
    programme = await programmes.open_by_slug(session, slug)
    cycle = await open_cycle(session, programme)
    sides = forms.sides(programme)
    if role is None and len(sides) == 1:
        role = sides[0]
    if role is not None:
        await must_have_room(session, programme, cycle.id, role)
    registration = Registration(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        programme_id=programme.id,
        cycle_id=cycle.id,
        role=role,
        language=language,
        answers={},
        consents=[],
        origin=Origin.FORM,
        expires_at=clock.now() + timedelta(days=programme.confirm_days),
    )
    session.add(registration)
    await session.flush()
    await promise_expiry(session, registration)
    audit.record(session, actor, Event.REGISTRATION_BEGUN, kind="registration", id=registration.id)
    return registration


async def open_cycle(session: AsyncSession, programme: Programme) -> Cycle:
    """
    Raises:
        RegistrationClosed: no cycle takes registrations today.
    """
    programme_rules.must_be_open(programme)
    today = clock.today((await organisations.own(session)).time_zone)
    cycle = await programmes.current_cycle(session, programme.id, today)
    if cycle is None or not programme_rules.takes_registrations(cycle, today):
        raise RegistrationClosed(opens_on=cycle.opens_on.isoformat() if cycle else None)
    return cycle


async def cycle_meant(session: AsyncSession, programme: Programme, registration: Registration) -> UUID:
    """
    The cycle that a form would be sent to: that in which it was begun while it takes registrations, else today's.

    Raises:
        RegistrationClosed: no cycle takes registrations today. ProgrammeIsClosed: the programme takes nobody.
    """
    programme_rules.must_be_open(programme)
    begun_in = await programmes.own_cycle(session, registration.cycle_id)
    if programme_rules.takes_registrations(
        begun_in, clock.today((await organisations.own(session)).time_zone)
    ):
        return begun_in.id
    return (await open_cycle(session, programme)).id


async def answer(
    session: AsyncSession, actor: Actor, registration_id: UUID, key: str, given: Any, *, language: str
) -> Registration:
    """
    Save one answer; the same again, or another, replaces it.

    With the e-mail address a letter is promised that leads back to the form, for
    somebody who has not sent it within the hour.

    Raises:
        NotFound: expired. RegistrationSent: too late to change.
        Invalid: the answer cannot be used.
    """
    registration = await registrations.access_registration(session, registration_id, lock=True)
    if registration.sent_at is not None:
        raise RegistrationSent
    registration.language = language
    if key == forms.ROLE:
        await _choose_role(session, registration, given)
    elif key == forms.EMAIL:
        registration.email = people.address(given)
        await notifications.write(
            session,
            actor,
            "registration.resume",
            key=f"registration.resume:{registration.id}:{_mark(registration.email)}",
            to_email=registration.email,
            language=language,
            due_at=clock.now() + RESUME_AFTER,
            registration_id=registration.id,
        )
    elif key == forms.FULL_NAME:
        registration.full_name = people.name(given)
    else:
        form = await forms.load(session, registration)
        question = form.question(key)
        before = registration.answers.get(key)
        value = answers.read(question, given, topics=form.topic_codes, offices=form.office_ids, known=before)
        registration.answers = registration.answers | {key: value}
    return registration


def _mark(email: str) -> str:
    """Stands for the address in a letter's key: a corrected one gets a letter of its own."""
    return hashlib.sha256(email.encode()).hexdigest()[:16]


async def _choose_role(session: AsyncSession, registration: Registration, given: Any) -> None:
    programme = await programmes.own_programme(session, registration.programme_id)
    await must_have_room(session, programme, registration.cycle_id, given)
    registration.role = given


async def must_have_room(session: AsyncSession, programme: Programme, cycle_id: UUID, role: str) -> None:
    """
    Raises:
        Invalid: a role that the programme does not have. ProgrammeFull: no place is left in it.
    """
    if role not in forms.sides(programme):
        raise Invalid(Problem(forms.ROLE, "not_a_choice"))
    if role in forms.learning(programme) and await queries.places_left(session, programme, cycle_id) == 0:
        raise ProgrammeFull


async def send(
    session: AsyncSession, actor: Actor, registration_id: UUID, given: Collection[str], *, language: str
) -> Registration:
    """
    Send the form, with the consents that were ticked; a second click does nothing.

    A letter with the link to confirm goes to the address. Somebody who takes
    part already gets a letter that says so instead; the form answers both alike.

    Where its cycle was closed while she wrote, it goes to the one that is meant today.

    Raises:
        NotFound: expired. ProgrammeFull, RegistrationClosed, ProgrammeIsClosed: while she wrote.
        Invalid: something is missing, does not fit the programme, or was not agreed to.
    """
    registration = await registrations.access_registration(session, registration_id, lock=True)
    if registration.sent_at is not None:
        return registration
    form = await forms.load(session, registration)
    registration.cycle_id = await cycle_meant(session, form.programme, registration)
    await must_have_room(session, form.programme, registration.cycle_id, registration.role or "")
    if problems := form.problems(registration):
        raise Invalid(*problems)
    agreed = consents.must_be_enough(given, registration.role or "")
    registration.consents = [{"purpose": text.purpose, "version": text.version} for text in agreed]
    registration.language = language
    registration.sent_at = clock.now()
    registration.expires_at = clock.now() + timedelta(days=form.programme.confirm_days)
    await promise_expiry(session, registration)
    await write_for_confirmation(session, actor, registration)
    audit.record(session, actor, Event.REGISTRATION_SENT, kind="registration", id=registration.id)
    return registration


async def write_for_confirmation(
    session: AsyncSession, actor: Actor, registration: Registration, *, again: str = ""
) -> None:
    """The letter with the link; or, to somebody who takes part already, the one that says so."""
    known = await queries.participation_at(
        session, registration.email or "", registration.cycle_id, registration.role or ""
    )
    takes_part = known is not None and known.status in TAKING_PART
    is_own = registration.recorded_by is None
    asking = "registration.confirm" if is_own else "registration.check"
    kind = "registration.already" if takes_part else asking
    recorder: dict[str, Any] = {} if is_own else {"recorded_by": registration.recorded_by}
    await notifications.write(
        session,
        actor,
        kind,
        key=f"registration.confirm:{registration.id}{again}",
        to_email=registration.email,
        language=registration.language,
        registration_id=registration.id,
        **recorder,
    )


async def promise_expiry(session: AsyncSession, registration: Registration) -> None:
    due = registration.expires_at
    key = f"registration.expire:{registration.id}:{due:%Y%m%dT%H%M%S}"
    await enqueue(session, ExpireRegistration(registration_id=registration.id), key=key, due_at=due)
