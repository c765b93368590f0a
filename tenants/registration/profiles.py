"""Changing what a profile says: answers, note, office."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import offices as desks
from tenants.organisations.models import Office
from tenants.people import actions as people
from tenants.people import queries as people_queries
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.programmes.models import Question
from tenants.registration import answers, forms, queries, watching
from tenants.registration.entering import stored
from tenants.registration.events import Event
from tenants.registration.models import Participation, Status
from tenants.registration.rules import PERSON_FIELDS, answer_of, differences


async def write_note(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, note: str
) -> Participation:
    """The coordinators' Note field (K12)."""
    actor.require(Permission.PEOPLE_CHANGE)
    participation = await queries.access_participation(session, actor, participation_id, lock=True)
    participation.note = note.strip()[: answers.MAX_LONG_TEXT] or None
    audit.record(session, actor, Event.NOTE_CHANGED, kind="participation", id=participation.id)
    return participation


async def move_to_office(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, office_id: UUID | None
) -> Participation:
    """
    Raises:
        NotFound: no such participation or office within the actor's reach.
    """
    actor.require(Permission.PEOPLE_CHANGE)
    participation = await queries.access_participation(session, actor, participation_id, lock=True)
    if not actor.sees_office(office_id):
        raise NotFound(kind="office", id=str(office_id))
    if office_id is not None:
        known = (await session.execute(select(Office.id).where(Office.id == office_id))).one_or_none()
        if known is None:
            raise NotFound(kind="office", id=str(office_id))
    participation.office_id = office_id
    await desks.follow(session, participation.id, office_id)
    audit.record(
        session,
        actor,
        Event.PROFILE_CHANGED,
        kind="participation",
        id=participation.id,
        fields=["office_id"],
    )
    await watching.changed(session, [participation.id])
    return participation


async def change_answers(
    session: AsyncSession, actor: Actor, participation_id: UUID, given: dict[str, Any]
) -> Participation:
    """
    Change answers of a profile, by question key: one's own, or as a coordinator.

    Raises:
        NotFound: no such participation or question.
        Invalid: one problem for each answer that cannot be used; then none is changed.
    """
    participation = await queries.access_participation(session, actor, participation_id, lock=True)
    actor.require(
        Permission.OWN_CASE if participation.person_id == actor.person_id else Permission.PEOPLE_CHANGE
    )
    form = await forms.of_programme(session, participation.programme_id)
    is_own = participation.person_id == actor.person_id
    # A coordinator of some offices moves people within those: beyond them she could not bring her back.
    offices = form.office_ids & actor.offices if actor.offices and not is_own else form.office_ids
    person = (await session.execute(select(Person).where(Person.id == participation.person_id))).scalar_one()
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in given.items():
        question = form.question(key)
        known = answer_of(question, participation, person)
        try:
            values[key] = answers.read(question, value, topics=form.topic_codes, offices=offices, known=known)
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    await _store(session, actor, participation, form, values)
    audit.record(
        session,
        actor,
        Event.PROFILE_CHANGED,
        kind="participation",
        id=participation.id,
        fields=sorted(values),
    )
    await watching.changed(session, await _beside(session, participation))
    return participation


async def change_contact(session: AsyncSession, actor: Actor, person_id: UUID, **facts: Any) -> Person:
    """
    Change what a person says of herself (K07), and tell whoever keeps copies of it, such as her time zone.

    One's own facts, or as a coordinator those of somebody within reach; see `people.actions` for which. Who moves to
    another office takes along what she takes part in there, with its tasks.

    Raises:
        NotFound, Invalid: as `people.actions` says.
    """
    if person_id == actor.person_id and set(facts) <= people.OWN_FACTS:
        person = await people.change_own_contact(session, actor, **facts)
    else:
        was = await session.scalar(select(Person.office_id).where(Person.id == person_id))
        person = await people.change_contact(session, actor, person_id, **facts)
        if person.office_id != was:
            await _take_along(session, actor, person, was)
    theirs = await session.execute(select(Participation.id).where(Participation.person_id == person_id))
    await watching.changed(session, list(theirs.scalars().all()))
    return person


async def _take_along(session: AsyncSession, actor: Actor, person: Person, was: UUID | None) -> None:
    """What another office cares for stays with that one; and what is over, with the office that counted it."""
    query = select(Participation.id).where(
        Participation.person_id == person.id,
        Participation.office_id.is_not_distinct_from(was),
        Participation.status != Status.LEFT,
    )
    for participation_id in (await session.scalars(query.order_by(Participation.id))).all():
        await move_to_office(session, actor, participation_id, office_id=person.office_id)


async def _store(
    session: AsyncSession,
    actor: Actor,
    participation: Participation,
    form: forms.RegistrationForm,
    values: dict[str, Any],
) -> None:
    of_person = {}
    was = participation.office_id
    for key, value in values.items():
        question = form.question(key)
        if question.field is None:
            participation.answers = participation.answers | {key: value}
        elif question.field in PERSON_FIELDS:
            of_person[question.field] = value
        else:
            setattr(participation, question.field, stored(question.field, _or_empty(question, value)))
    if participation.office_id != was:
        await desks.follow(session, participation.id, participation.office_id)
    if of_person:
        person = (
            await session.execute(
                select(Person).where(Person.id == participation.person_id).with_for_update()
            )
        ).scalar_one()
        # Her part in a cycle may be of the actor's office, and she herself of another.
        other = {} if people_queries.is_seen(actor, person) else differences(person, of_person)
        participation.told = participation.told | other
        for name, value in of_person.items():
            if name not in other:
                setattr(person, name, value)


def _or_empty(question: Question, value: Any) -> Any:
    """An optional list that was emptied is an empty list, not nothing."""
    is_list = question.field in ("topics_offered", "topics_wanted", "languages", "excluded_emails")
    return [] if value is None and is_list else value


async def _beside(session: AsyncSession, participation: Participation) -> list[UUID]:
    """All participations of the person: what is hers alone, such as her time zone, is on each card."""
    query = select(Participation.id).where(Participation.person_id == participation.person_id)
    return list((await session.execute(query)).scalars().all())
