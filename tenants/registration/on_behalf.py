"""
Registering somebody else (K04): a coordinator asks, reads the consents aloud and writes down what she hears.

The second opt-in is either heard by the coordinator herself (by telephone, in
person, on paper: N14), and then the registration counts at once; or it is the
letter "check what we wrote for you", whose link confirms.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people import rules as people
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration import answers, confirming, consents, forms, queries, registrations, signing_up
from tenants.registration.events import Event
from tenants.registration.models import Channel, Origin, Participation, Registration

# How a coordinator may have been given a consent; a form is filled in by oneself.
CHANNELS = (Channel.PHONE, Channel.IN_PERSON, Channel.PAPER)


async def register(
    session: AsyncSession,
    actor: Actor,
    *,
    programme_id: UUID,
    role: str,
    full_name: str,
    email: str | None,
    language: str,
    given: Mapping[str, Any],
    agreed: Collection[str],
    channel: str,
    is_confirmed: bool,
    cycle_id: UUID | None = None,
) -> tuple[Registration, Participation | None]:
    """
    Register somebody; (registration, None) while she still has to confirm by the letter.

    `given` are answers by question key, `agreed` the purposes that she said yes
    to through `channel`. Who takes part already is found, not doubled.

    Raises:
        NotFound: no such programme, or no such cycle of it. RegistrationClosed, ProgrammeFull: not now.
        Invalid: with every problem of the whole page.
    """
    actor.require(Permission.REGISTRATION_MAKE)
    programme = await programmes.access_programme(session, actor, programme_id)
    cycle = (
        await programmes.own_cycle(session, cycle_id)
        if cycle_id
        else await signing_up.open_cycle(session, programme)
    )
    if cycle.programme_id != programme.id:
        raise NotFound(kind="cycle", id=str(cycle_id))
    form = await forms.of_programme(session, programme.id)
    registration = Registration(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        programme_id=programme.id,
        cycle_id=cycle.id,
        role=role,
        language=language,
        answers={},
        consents=[],
        origin=Origin.COORDINATOR,
        recorded_by=actor.person_id,
        sent_at=clock.now(),
        expires_at=clock.now() + timedelta(days=programme.confirm_days),
    )
    _fill(registration, form, actor, full_name, email, given, agreed, channel, is_confirmed)
    await signing_up.must_have_room(session, programme, cycle.id, role)
    session.add(registration)
    await session.flush()
    audit.record(
        session,
        actor,
        Event.REGISTRATION_RECORDED,
        kind="registration",
        id=registration.id,
        role=role,
        channel=channel,
        confirmed=is_confirmed,
    )
    if is_confirmed:
        done = await confirming.complete(session, actor, registration, channel=Channel(channel))
        return registration, done.participation
    await signing_up.promise_expiry(session, registration)
    await signing_up.write_for_confirmation(session, actor, registration)
    return registration, None


def _fill(
    registration: Registration,
    form: forms.RegistrationForm,
    actor: Actor,
    full_name: str,
    email: str | None,
    given: Mapping[str, Any],
    agreed: Collection[str],
    channel: str,
    is_confirmed: bool,
) -> None:
    """Put the whole page into the registration, or say all that is wrong with it at once."""
    problems: list[Problem] = []
    role = registration.role or ""
    if role not in forms.sides(form.programme):
        raise Invalid(Problem(forms.ROLE, "not_a_choice"))
    if channel not in CHANNELS:
        problems.append(Problem("channel", "not_a_channel"))
    try:
        registration.full_name = people.name(full_name)
    except Invalid as error:
        problems += error.problems
    try:
        registration.email = people.address(email) if email and email.strip() else None
    except Invalid as error:
        problems += error.problems
    if registration.email is None and not is_confirmed and not problems:
        problems.append(Problem("email", "confirmation_needs_address"))
    registration.answers, wrong = _read(form, actor, role, given)
    problems += wrong
    try:
        texts = consents.must_be_enough(agreed, role)
        registration.consents = [
            {"purpose": text.purpose, "version": text.version, "channel": channel} for text in texts
        ]
    except Invalid as error:
        problems += error.problems
    seen = {problem.field for problem in problems}
    # Without an address a coordinator reaches her by telephone: the only open answer that is no problem here.
    problems += [p for p in form.problems(registration) if p.field not in seen and p.field != forms.EMAIL]
    if problems:
        raise Invalid(*problems)


def _read(
    form: forms.RegistrationForm, actor: Actor, role: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Problem]]:
    # A coordinator of some offices registers into those: whom she could not see she must not make.
    offices = form.office_ids & actor.offices if actor.offices else form.office_ids
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for step in form.steps(role):
        if step.question is None:
            continue
        try:
            values[step.key] = answers.read(
                step.question, given.get(step.key), topics=form.topic_codes, offices=offices
            )
        except Invalid as error:
            problems += error.problems
    if unknown := set(given) - {question.key for question in form.questions}:
        problems += [Problem(key, "unknown_field") for key in sorted(unknown)]
    return values, problems


async def confirm_by_phone(
    session: AsyncSession, actor: Actor, registration_id: UUID, *, channel: str
) -> Participation:
    """
    Record that somebody has confirmed to the coordinator what she sent or had sent (N14).

    Raises:
        NotFound: expired, or not sent. Invalid: no way that a coordinator can be told.
    """
    actor.require(Permission.REGISTRATION_MAKE)
    registration = await registrations.access_waiting(session, actor, registration_id)
    if channel not in CHANNELS:
        raise Invalid(Problem("channel", "not_a_channel"))
    if registration.confirmed_at is not None and registration.participation_id is not None:
        return await queries.own_participation(session, registration.participation_id)
    registration.recorded_by = actor.person_id
    done = await confirming.complete(session, actor, registration, channel=Channel(channel))
    return done.participation
