"""
Asking each at the end what comes next, and doing it: her status moves with what she chooses (K13).

She chooses on her page, by the link of her letter (docs/decisions/0005), or her coordinator notes what she was told.
Until her time to choose is over she may choose anew, unless something new has begun for her.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import Forbidden, NotFound
from tenants.actor import Actor, house, person
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission, Role
from tenants.programmes import queries as programmes
from tenants.proposals.models import Hold
from tenants.registration import actions as registration
from tenants.registration import growing, leaving
from tenants.registration.joining import with_participation
from tenants.registration.models import Participation, Status
from tenants.relationships import queries
from tenants.relationships.afterwards import rules
from tenants.relationships.afterwards.events import Event
from tenants.relationships.afterwards.models import Afterwards, Choice
from tenants.relationships.models import Relationship

END = "end of the relationship"  # kept as the reason of a change that she chose


@dataclass(frozen=True, slots=True)
class LetterReader:
    """Whoever holds the letter: she may choose as its reader, here and nowhere else."""

    actor: Actor
    afterwards_id: UUID


async def ask(session: AsyncSession, relationship: Relationship, participation_ids: Collection[UUID]) -> None:
    """
    Open the question to each who still takes part, once; whoever calls has ended the relationship and writes to them.
    """
    stays = select(Participation.id).where(
        Participation.id.in_(participation_ids), Participation.status != Status.LEFT
    )
    rows = [
        {
            "organisation_id": relationship.organisation_id, "id": ids.random(),
            "open_until": clock.now() + rules.OPEN_FOR, "created_at": clock.now(),
            "relationship_id": relationship.id, "participation_id": participation_id,
        }
        for participation_id in sorted((await session.execute(stays)).scalars())
    ]  # fmt: skip
    if rows:
        once = [Afterwards.organisation_id, Afterwards.relationship_id, Afterwards.participation_id]
        await session.execute(insert(Afterwards).values(rows).on_conflict_do_nothing(index_elements=once))


async def choose(
    session: AsyncSession, actor: Actor, afterwards_id: UUID, choice: Choice, *, by_letter: bool = False
) -> Afterwards:
    """
    Her own choice, done at once.

    Raises:
        NotFound: somebody else was asked.
        AfterwardsClosed: too late, or something new has begun for her.
        ChoiceNotHere: not one of hers.
    """
    actor.require(Permission.OWN_CASE)
    asked, mine = await own(session, actor, afterwards_id, lock=True)
    await _do(session, actor, asked, mine, choice)
    asked.noted_by = None
    audit.record(
        session, actor, Event.AFTERWARDS_CHOSEN, kind="relationship", id=asked.relationship_id,
        choice=choice, by_letter=by_letter,
    )  # fmt: skip
    return asked


async def note(
    session: AsyncSession, actor: Actor, relationship_id: UUID, participation_id: UUID, choice: Choice
) -> Afterwards:
    """
    What she has told her coordinator, for whoever has not chosen herself.

    Raises:
        NotFound: not one of the actor's cases, or nobody who was asked.
        Forbidden: the actor is one of them herself.
        ChosenAlready: she has answered herself.
        AfterwardsClosed, ChoiceNotHere: as for `choose`.
    """
    actor.require(Permission.RELATIONSHIP_CHANGE)
    relationship = await queries.access_relationship(session, actor, relationship_id, lock=True)
    asked = await session.scalar(
        select(Afterwards)
        .where(Afterwards.relationship_id == relationship.id, Afterwards.participation_id == participation_id)
        .with_for_update()
    )
    hers = select(Participation).where(Participation.id == participation_id).with_for_update()
    mine = await session.scalar(hers.execution_options(populate_existing=True))
    if asked is None or mine is None or not actor.sees_office(mine.office_id):
        raise NotFound(kind="participation", id=str(participation_id))
    if actor.person_id == mine.person_id:
        raise Forbidden(permission=Permission.RELATIONSHIP_CHANGE.value)
    if asked.choice is not None and asked.noted_by is None:
        raise rules.ChosenAlready
    await _do(session, actor, asked, mine, choice)
    asked.noted_by = actor.person_id
    audit.record(
        session, actor, Event.AFTERWARDS_CHOSEN, kind="relationship", id=asked.relationship_id, choice=choice
    )
    return asked


async def own(
    session: AsyncSession, actor: Actor, afterwards_id: UUID, *, lock: bool = False
) -> tuple[Afterwards, Participation]:
    """
    Raises:
        NotFound: somebody else was asked.
    """
    query = with_participation(select(Afterwards, Participation), Afterwards.participation_id).where(
        Afterwards.id == afterwards_id, Participation.person_id == actor.require_person()
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound(kind="afterwards", id=str(afterwards_id))
    return found[0], found[1]


async def asked_of(session: AsyncSession, relationship_id: UUID, participation_id: UUID) -> Afterwards | None:
    """What one of the people of a relationship was asked, for the house's own use."""
    query = select(Afterwards).where(
        Afterwards.relationship_id == relationship_id, Afterwards.participation_id == participation_id
    )
    return (await session.execute(query)).scalar_one_or_none()


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Any]:
    """
    Everybody who was asked, with her name and role, for the coordinators of the case.

    Raises:
        NotFound: not one of the actor's cases.
    """
    await queries.access_relationship(session, actor, relationship_id)
    query = (
        select(Afterwards, Person.full_name, Participation.role, Participation.office_id)
        .join(Participation, Participation.id == Afterwards.participation_id)
        .join(Person, Person.id == Participation.person_id)
        .where(Afterwards.relationship_id == relationship_id)
        .order_by(Participation.role.desc(), Person.search_key, Afterwards.id)
    )
    return [row for row in await session.execute(query) if actor.sees_office(row.office_id)]


async def companions(session: AsyncSession, asked: Afterwards) -> tuple[Sequence[str], bool]:
    """
    Names of the others of the relationship of which she was asked, and whether she is in it still: who has left a
    group or circle that goes on reads nothing of it any more. Whoever calls has shown that the question is hers.
    """
    query = select(Relationship).where(Relationship.id == asked.relationship_id)
    people = await queries.people(session, (await session.execute(query)).scalar_one())
    names = [one.full_name for one in people if one.participation_id != asked.participation_id]
    return names, len(names) < len(people)


async def own_all(session: AsyncSession, actor: Actor) -> Sequence[tuple[Afterwards, Participation]]:
    """What the actor was asked, the newest first."""
    query = (
        select(Afterwards, Participation)
        .join(Participation, Participation.id == Afterwards.participation_id)
        .where(Participation.person_id == actor.require_person())
        .order_by(Afterwards.created_at.desc(), Afterwards.id)
    )
    return [(row[0], row[1]) for row in await session.execute(query)]


async def reader_of(session: AsyncSession, visitor: Actor, afterwards_id: UUID) -> LetterReader | None:
    """Whom a link speaks for; None once it is too late to choose. See docs/decisions/0005-answering-from-a-letter.md."""
    row = (
        await session.execute(
            select(Person.id, Person.language, Person.time_zone)
            .join(Participation, Participation.person_id == Person.id)
            .join(Afterwards, Afterwards.participation_id == Participation.id)
            .where(Afterwards.id == afterwards_id, Afterwards.open_until > clock.now(), Person.is_active)
        )
    ).one_or_none()
    if row is None:
        return None
    reader = person(
        visitor.organisation_id, row.id, frozenset({Role.PARTICIPANT}),
        language=row.language, time_zone=row.time_zone,
    )  # fmt: skip
    return LetterReader(reader, afterwards_id)


async def is_open(session: AsyncSession, asked: Afterwards, mine: Participation) -> bool:
    """In time, and nothing new has begun for her: no proposal or pair holds a place of hers, and she has not left."""
    if asked.open_until <= clock.now() or mine.status in (Status.IN_RELATIONSHIP, Status.LEFT):
        return False
    holds = select(Hold.id).where(Hold.participation_id == mine.id).limit(1)
    return (await session.execute(holds)).first() is None


async def _do(
    session: AsyncSession, actor: Actor, asked: Afterwards, mine: Participation, choice: Choice
) -> None:
    programme = await programmes.own_programme(session, mine.programme_id)
    if choice not in rules.choices(mine.role, programme.structure):
        raise rules.ChoiceNotHere(choice=choice.value)
    if not await is_open(session, asked, mine):
        raise rules.AfterwardsClosed
    asked.choice, asked.chosen_at = choice, clock.now()
    await session.flush()
    if choice is Choice.AGAIN and mine.status == Status.NETWORK_PARTICIPANT:
        await registration.move(session, actor, mine, Status.READY)
    elif choice is Choice.NEWS and mine.status != Status.NETWORK_PARTICIPANT:
        await registration.move(session, actor, mine, Status.NETWORK_PARTICIPANT, reason=END)
    elif choice is Choice.LEAVE:
        await leaving.take_leave(session, actor, mine)
    elif choice is Choice.MENTOR:
        await _grow(session, actor, mine)


async def _grow(session: AsyncSession, actor: Actor, mine: Participation) -> None:
    """A mentee becomes a mentor: she registers as one with what is known of her, and a coordinator talks with her."""
    grown = await growing.become_mentor(session, actor, mine)
    if mine.status != Status.NETWORK_PARTICIPANT:
        await registration.move(session, actor, mine, Status.NETWORK_PARTICIPANT, reason=END)
    await notifications.ask(
        session, house(actor.organisation_id), "afterwards.mentor", key=f"afterwards.mentor:{grown.id}",
        due_on=clock.today((await organisations.own(session)).time_zone), office_id=grown.office_id,
        participation_id=grown.id,
    )  # fmt: skip
