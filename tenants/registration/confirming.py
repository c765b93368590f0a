"""The moment from which a registration counts (K02), whoever confirmed it and however."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.crypto.links import LinkSigner
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import guessing
from tenants.identity import rules as identity
from tenants.notifications import actions as notifications
from tenants.people import queries as people_queries
from tenants.people import rules as people
from tenants.registration import consents, forms, queries, registrations
from tenants.registration.entering import Entry, enter, read_task
from tenants.registration.events import Event
from tenants.registration.forgetting import hand_letters_over
from tenants.registration.models import Channel, Origin, Participation, Registration
from tenants.registration.rules import CODE_TRIES, CONFIRM

READ_WITHIN_DAYS = 3  # of a coordinator, once a registration is confirmed


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`is_first` is False for a second click, and for somebody who took part already."""

    participation: Participation
    is_first: bool


async def confirm(session: AsyncSession, actor: Actor, registration_id: UUID) -> Confirmed:
    """
    Make a sent registration count: person, participation, consents, a letter, a task for the coordinators.

    A second click finds what the first has done.

    Raises:
        NotFound: expired, or never sent.
    """
    registration = await registrations.access_sent(session, registration_id)
    if registration.confirmed_at is not None and registration.participation_id is not None:
        found = await queries.own_participation(session, registration.participation_id)
        return Confirmed(found, False)
    return await complete(session, actor, registration, channel=_channel(registration), is_her_word=True)


class Refusal(StrEnum):
    """Why a typed code confirms nothing."""

    WRONG_CODE = "wrong_code"
    CODES_USED_UP = "codes_used_up"


async def confirm_by_code(
    session: AsyncSession, actor: Actor, registration_id: UUID, code: str, links: LinkSigner
) -> Confirmed | Refusal:
    """
    The same by the digits of the letter, for who holds the form in the browser that sent it.

    Wrong codes are counted for the form and, over all forms, for its address. A refusal
    is returned and not raised, because the count has to be committed.

    Raises:
        NotFound: expired, or never sent.
    """
    registration = await registrations.access_sent(session, registration_id)
    # Once confirmed, the form knows its address no more, and a code opens nothing that is not open.
    is_open = registration.confirmed_at is None
    if registration.wrong_codes >= CODE_TRIES:
        return Refusal.CODES_USED_UP
    if is_open and await guessing.is_used_up(session, registration.email):
        return Refusal.CODES_USED_UP
    right = links.code(CONFIRM, actor.organisation_id, registration.id)
    if hmac.compare_digest(right, identity.code(code)):
        return await confirm(session, actor, registration.id)
    registration.wrong_codes += 1
    if is_open:
        await guessing.note_wrong(session, actor, registration.email)
    audit.record(
        session,
        actor,
        Event.CODE_WRONG,
        kind="registration",
        id=registration.id,
        count=registration.wrong_codes,
    )
    used_up = registration.wrong_codes >= CODE_TRIES
    return Refusal.CODES_USED_UP if used_up else Refusal.WRONG_CODE


def _channel(registration: Registration) -> Channel:
    given = next((c["channel"] for c in registration.consents if "channel" in c), None)
    return Channel(given) if given else Channel.FORM


async def complete(
    session: AsyncSession,
    actor: Actor,
    registration: Registration,
    *,
    channel: Channel,
    is_her_word: bool = False,
) -> Confirmed:
    """
    The deed behind every kind of confirmation; the registration must be locked.

    `is_her_word`: whoever lives at the address has seen what stands in it, and has confirmed it herself.
    """
    form = await forms.load(session, registration)
    versions = {(c["purpose"], c["version"]) for c in registration.consents}
    entry = Entry(
        programme=form.programme,
        cycle_id=registration.cycle_id,
        role=registration.role or "",
        full_name=registration.full_name or "",
        email=registration.email,
        language=registration.language,
        origin=Origin(registration.origin),
        questions=form.questions,
        answers=registration.answers,
        consents=[text for text in consents.TEXTS if (text.purpose, text.version) in versions],
        channel=channel,
        recorded_by=registration.recorded_by,
        is_her_word=is_her_word,
        office_id=await _office_of_recorder(session, registration.recorded_by),
    )
    participation, is_first = await enter(session, actor, entry)
    registration.confirmed_at = clock.now()
    registration.participation_id = participation.id
    await hand_letters_over(session, registration, participation.person_id)
    if is_first:
        await _welcome(session, actor, participation, registration.id)
    return Confirmed(participation, is_first)


async def _welcome(
    session: AsyncSession, actor: Actor, participation: Participation, registration_id: UUID
) -> None:
    await notifications.write(
        session,
        actor,
        "registration.received",
        key=f"registration.received:{registration_id}",
        person_id=participation.person_id,
        participation_id=participation.id,
    )
    await notifications.ask(
        session,
        actor,
        "registration.read",
        key=read_task(participation),
        due_on=participation.registered_on + timedelta(days=READ_WITHIN_DAYS),
        office_id=participation.office_id,
        participation_id=participation.id,
    )


async def _office_of_recorder(session: AsyncSession, recorded_by: UUID | None) -> UUID | None:
    """Where somebody belongs whom a coordinator of one office has registered: whom she made she must be able to see."""
    if recorded_by is None:
        return None
    reach = people.reach(await people_queries.grants(session, recorded_by))
    return min(reach, default=None)
