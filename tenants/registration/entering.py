"""
From answers to a participation: the person found or made, her consents kept, the watchers told.

The one way in for the form and for a coordinator who registers somebody; the
e-mail address is who she is within the organisation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.organisations import queries as organisations
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes.models import Programme, Question
from tenants.programmes.structures import facts as structure_facts
from tenants.registration import earlier, watching
from tenants.registration.consents import ConsentText
from tenants.registration.events import Event
from tenants.registration.models import Channel, Consent, Origin, Participation, Status
from tenants.registration.rules import (
    PARTICIPATION_FIELDS,
    PERSON_FIELDS,
    REAPPLYING,
    differences,
    usual_mode,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that makes a participation. `answers` are by question key, as `answers.read` gives them."""

    programme: Programme
    cycle_id: UUID
    role: str
    full_name: str
    email: str | None
    language: str
    origin: Origin
    questions: Iterable[Question]
    answers: Mapping[str, Any]
    consents: list[ConsentText]
    channel: Channel
    recorded_by: UUID | None = None
    is_her_word: bool = False  # she herself has read and confirmed these very answers
    office_id: UUID | None = None  # where no answer says it


@dataclass(frozen=True, slots=True)
class Filled:
    """Answers sorted by where they are kept."""

    person: dict[str, Any] = field(default_factory=dict)
    participation: dict[str, Any] = field(default_factory=dict)
    free: dict[str, Any] = field(default_factory=dict)


async def enter(session: AsyncSession, actor: Actor, entry: Entry) -> tuple[Participation, bool]:
    """
    Let somebody take part; (participation, False) when she took part already, and then nothing is changed.

    Of two at the same moment one wins and the other finds it. Whoever had left,
    or only got the news, begins again in the same row; what she had said then is
    kept as it was (see `earlier`). What she herself says now
    wins over what was known; what somebody else says of her only fills what was
    open, and stays beside it where it differs (`Participation.told`).
    """
    filled = sorted_answers(entry.questions, entry.answers)
    person, is_known = await _person(session, entry, filled)
    participation, is_new = await _participation(session, entry, filled, person)
    if not is_new and participation.status not in REAPPLYING:
        return participation, False
    was = None if is_new else participation.status
    if not is_new:
        await earlier.keep(session, participation, person)
        await _begin_again(session, participation, entry, filled)
    other = _not_hers(person, entry, filled) if is_known else {}
    participation.told = other
    for name, value in filled.person.items():
        if name not in other:
            setattr(person, name, value)
    if not person.is_active:
        await people.readmit(session, actor, person)
    await session.flush()
    keep_consents(session, actor, person.id, entry)
    audit.record(
        session,
        actor,
        Event.REGISTRATION_CONFIRMED,
        kind="participation",
        id=participation.id,
        person=str(person.id),
        role=entry.role,
        origin=entry.origin,
        channel=entry.channel,
        was=was,
    )
    await watching.changed(session, [participation.id])
    return participation, True


def sorted_answers(questions: Iterable[Question], answers: Mapping[str, Any]) -> Filled:
    """Answers by the field that each fills."""
    filled = Filled()
    for question in questions:
        if (value := answers.get(question.key)) is None:
            continue
        if question.field is None:
            filled.free[question.key] = value
        elif question.field in PERSON_FIELDS:
            filled.person[question.field] = value
        elif question.field in PARTICIPATION_FIELDS:
            filled.participation[question.field] = stored(question.field, value)
    return filled


def stored(name: str, value: Any) -> Any:
    """An answer as its field keeps it; "any" is no wish."""
    if name == "office_id":
        return UUID(value)
    return None if name == "gender_wish" and value == "any" else value


async def _person(session: AsyncSession, entry: Entry, filled: Filled) -> tuple[Person, bool]:
    """(person, whether she was here before)."""
    is_known = True
    known = await people_queries.find_by_email(session, entry.email) if entry.email else None
    # The house makes people: who registers is nobody yet, and a coordinator may meet somebody of another office.
    maker = house(entry.programme.organisation_id)
    if known is None:
        try:
            async with session.begin_nested():
                known = await people.join(
                    session,
                    maker,
                    full_name=entry.full_name,
                    email=entry.email,
                    language=entry.language,
                    time_zone=filled.person.get("time_zone") or await _zone(session),
                    phone=filled.person.get("phone"),
                    gender=filled.person.get("gender"),
                    office_id=filled.participation.get("office_id") or entry.office_id,
                )
            is_known = False
        except people.PersonKnown:
            # Somebody confirmed with this address a moment ago.
            known = await people_queries.find_by_email(session, entry.email or "")
    if known is None:
        raise LookupError("a person who is known must be there")
    await people.grant_role(session, maker, known.id, Role.PARTICIPANT)
    return known, is_known


async def _zone(session: AsyncSession) -> str:
    return (await organisations.own(session)).time_zone


async def _participation(
    session: AsyncSession, entry: Entry, filled: Filled, person: Person
) -> tuple[Participation, bool]:
    structure = entry.programme.structure
    usual = {"capacity": structure_facts(structure).places, "mode": usual_mode(structure)}
    values = usual | {"office_id": entry.office_id or person.office_id} | filled.participation
    made = (
        await session.execute(
            insert(Participation)
            .values(
                organisation_id=entry.programme.organisation_id,
                id=ids.new(),
                person_id=person.id,
                programme_id=entry.programme.id,
                cycle_id=entry.cycle_id,
                role=entry.role,
                origin=entry.origin,
                status=Status.REGISTERED,
                status_at=clock.now(),
                registered_on=clock.today(await _zone(session)),
                answers=dict(filled.free),
                **values,
            )
            .on_conflict_do_nothing()
            .returning(Participation.id)
        )
    ).scalar_one_or_none()
    found = (
        await session.execute(
            select(Participation)
            .where(
                Participation.cycle_id == entry.cycle_id,
                Participation.person_id == person.id,
                Participation.role == entry.role,
            )
            .with_for_update()
        )
    ).scalar_one()
    return found, made is not None


async def _begin_again(
    session: AsyncSession, participation: Participation, entry: Entry, filled: Filled
) -> None:
    participation.status = Status.REGISTERED
    participation.origin = entry.origin
    participation.status_at = clock.now()
    participation.registered_on = clock.today(await _zone(session))
    participation.end_reason = None
    for name, value in filled.participation.items():
        setattr(participation, name, value)
    participation.answers = participation.answers | filled.free


def _not_hers(person: Person, entry: Entry, filled: Filled) -> dict[str, Any]:
    """What the entry says of somebody whom we know that is not to be believed without asking her."""
    other = differences(person, filled.person | {"full_name": entry.full_name})
    return {name: value for name, value in other.items() if not (entry.is_her_word and name in filled.person)}


def keep_consents(session: AsyncSession, actor: Actor, person_id: UUID, entry: Entry) -> None:
    """One row a purpose: which text, in which language, how and by whom recorded."""
    now = clock.now()
    for text in entry.consents:
        consent = Consent(
            organisation_id=entry.programme.organisation_id,
            person_id=person_id,
            purpose=text.purpose,
            text_version=text.version,
            language=entry.language,
            channel=entry.channel,
            given_at=now,
            recorded_by=entry.recorded_by,
        )
        session.add(consent)
        audit.record(
            session,
            actor,
            Event.CONSENT_GIVEN,
            kind="person",
            id=person_id,
            purpose=text.purpose,
            version=text.version,
            channel=entry.channel,
        )


def read_task(participation: Participation) -> str:
    """The key of the task to read a new registration; registering again another day asks again."""
    return f"registration.read:{participation.id}:{participation.registered_on.isoformat()}"
