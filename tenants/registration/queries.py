"""Reading participations: one, one's own, and lists for the coordinators' desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.lookup import CHOSEN, fenced, keyed, lookup
from infra.errors import NotFound
from tenants.actor import Actor
from tenants.organisations.models import Office
from tenants.people.models import Person
from tenants.people.queries import matching
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.programmes.models import Cycle, Programme, Question
from tenants.programmes.rules import questions_for
from tenants.programmes.structures import facts
from tenants.registration import rules
from tenants.registration.models import Consent, Participation, Status


@dataclass(frozen=True, slots=True)
class Listed:
    """One participation in a list. `key` goes back into `after`."""

    id: UUID
    person_id: UUID
    full_name: str
    email: str | None
    phone: str | None
    language: str
    time_zone: str
    role: str
    status: str
    status_at: datetime
    registered_on: date
    interview_on: datetime | None
    interviewed_on: date | None
    origin: str
    capacity: int
    mode: str
    topics_offered: list[str]
    topics_wanted: list[str]
    languages: list[Any]
    entity: str | None
    grade: str | None
    region: str | None
    office_id: UUID | None
    office: str | None
    programme_id: UUID
    cycle_id: UUID
    search_key: str

    @property
    def key(self) -> tuple[str, UUID]:
        return self.search_key, self.id


@dataclass(frozen=True, slots=True)
class Profile:
    """One participation with all that stands around it, and what it still lacks."""

    participation: Participation
    person: Person
    programme: Programme
    cycle: Cycle
    questions: Sequence[Question]
    missing: Sequence[Question]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def answers(self) -> dict[str, Any]:
        """What the profile says to each question of its role, by key, in the order of the form."""
        return {
            question.key: rules.answer_of(question, self.participation, self.person)
            for question in questions_for(self.questions, self.participation.role)
        }


_Person = keyed(
    Person, Participation.person_id, "full_name", "email", "phone", "language", "time_zone", "search_key"
)
_LISTED = lookup(
    select(
        Participation.id, Participation.person_id, _Person.c.full_name, _Person.c.email, _Person.c.phone,
        _Person.c.language, _Person.c.time_zone, Participation.role, Participation.status, Participation.status_at,
        Participation.registered_on, Participation.interview_on, Participation.interviewed_on,
        Participation.origin, Participation.capacity, Participation.mode, Participation.topics_offered,
        Participation.topics_wanted, Participation.languages, Participation.entity, Participation.grade,
        Participation.region, Participation.office_id, Office.name.label("office"), Participation.programme_id,
        Participation.cycle_id, _Person.c.search_key,
    )
    .select_from(Participation)
    .join(_Person, true())
    .outerjoin(Office, Office.id == Participation.office_id)
    .where(Participation.id == CHOSEN.c.id)
)  # fmt: skip


async def access_participation(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, lock: bool = False
) -> Participation:
    """
    One's own, or one of those within the actor's offices for who works with people.

    Raises:
        NotFound: none that this actor may know of.
    """
    query = select(Participation).where(Participation.id == participation_id)
    found = (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    if found is None or not _is_seen(actor, found):
        raise NotFound(kind="participation", id=str(participation_id))
    return found


def _is_seen(actor: Actor, participation: Participation) -> bool:
    if participation.person_id == actor.person_id:
        return True
    return actor.may(Permission.PEOPLE_READ) and actor.sees_office(participation.office_id)


async def own_participation(session: AsyncSession, participation_id: UUID) -> Participation:
    """For the house's own use, whoever acts."""
    query = select(Participation).where(Participation.id == participation_id)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="participation", id=str(participation_id))
    return found


async def participation_at(
    session: AsyncSession, email: str, cycle_id: UUID, role: str
) -> Participation | None:
    """The participation of an address in a cycle. Only for doors that tell nobody of the answer."""
    query = select(Participation).join(Person, Person.id == Participation.person_id)
    query = query.where(Person.email == email, Participation.cycle_id == cycle_id, Participation.role == role)
    return (await session.execute(query)).scalar_one_or_none()


async def profile(session: AsyncSession, actor: Actor, participation_id: UUID) -> Profile:
    """
    Raises:
        NotFound: none that this actor may know of.
    """
    participation = await access_participation(session, actor, participation_id)
    return await profile_of(session, participation)


async def profile_of(session: AsyncSession, participation: Participation) -> Profile:
    person = (await session.execute(select(Person).where(Person.id == participation.person_id))).scalar_one()
    questions = await programmes.questions(session, participation.programme_id)
    return Profile(
        participation,
        person,
        await programmes.own_programme(session, participation.programme_id),
        await programmes.own_cycle(session, participation.cycle_id),
        questions,
        rules.missing_answers(questions, participation, person),
    )


async def own(session: AsyncSession, actor: Actor) -> list[Profile]:
    """The actor's own participations that are not over, the newest first."""
    query = (
        select(Participation, Person, Programme, Cycle)
        .join(Person, Person.id == Participation.person_id)
        .join(Programme, Programme.id == Participation.programme_id)
        .join(Cycle, Cycle.id == Participation.cycle_id)
        .where(Participation.person_id == actor.require_person(), Participation.status != Status.LEFT)
        .order_by(Participation.created_at.desc(), Participation.id)
    )
    found = []
    for participation, person, programme, cycle in await session.execute(query):
        questions = await programmes.questions(session, programme.id)
        missing = rules.missing_answers(questions, participation, person)
        found.append(Profile(participation, person, programme, cycle, questions, missing))
    return found


async def participations(
    session: AsyncSession,
    actor: Actor,
    *,
    cycle_id: UUID | None = None,
    programme_id: UUID | None = None,
    person_id: UUID | None = None,
    statuses: Collection[str] = (),
    roles: Collection[str] = (),
    office_id: UUID | None = None,
    search: str = "",
    after: tuple[str, UUID] | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Participations by name, as far as the actor's offices reach. Go on `after` the `key` of the last row."""
    actor.require(Permission.PEOPLE_READ)
    p = Participation
    # Within the fence nothing but whose they are: a status or a cycle in there would seem to name one row of an
    # organisation that is believed to be small, and all of it would be read for each person.
    of_hers = select(p.id, p.cycle_id, p.programme_id, p.office_id, p.status, p.role)
    hers = fenced(of_hers.where(p.person_id == Person.id).correlate(Person))
    ids: Any = select(hers.c.id).select_from(Person).join(hers, true())
    ids = _chosen(ids, actor, cycle_id, programme_id, statuses, roles, office_id, of=hers.c)
    ids = matching(ids.order_by(Person.search_key, hers.c.id).limit(limit), search)
    if person_id is not None:
        ids = ids.where(Person.id == person_id)
    if after is not None:
        # The first of the two is what an index of people can begin from.
        ids = ids.where(Person.search_key >= after[0], tuple_(Person.search_key, hers.c.id) > tuple_(*after))
    query = _LISTED.of(ids).order_by(_LISTED.c.search_key, _LISTED.c.id)
    return [Listed(*row) for row in await session.execute(query)]


async def counts(
    session: AsyncSession,
    actor: Actor,
    *,
    cycle_id: UUID | None = None,
    programme_id: UUID | None = None,
    roles: Collection[str] = (),
    office_id: UUID | None = None,
    search: str = "",
) -> dict[tuple[str, str], int]:
    """How many there are by (role, status), in one query; what there is none of is left out."""
    actor.require(Permission.PEOPLE_READ)
    query: Any = select(Participation.role, Participation.status, func.count()).group_by(
        Participation.role, Participation.status
    )
    if search:
        query = query.join(Person, Person.id == Participation.person_id)
    query = _chosen(matching(query, search), actor, cycle_id, programme_id, (), roles, office_id)
    return {(role, status): number for role, status, number in await session.execute(query)}


def _chosen(
    query: Any,
    actor: Actor,
    cycle_id: UUID | None,
    programme_id: UUID | None,
    statuses: Collection[str],
    roles: Collection[str],
    office_id: UUID | None,
    *,
    of: Any = Participation,
) -> Any:
    if actor.offices:
        query = query.where(of.office_id.in_(actor.offices))
    for column, value in (
        (of.cycle_id, cycle_id),
        (of.programme_id, programme_id),
        (of.office_id, office_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if statuses:
        query = query.where(of.status.in_(statuses))
    if roles:
        query = query.where(of.role.in_(roles))
    return query


async def places_left(session: AsyncSession, programme: Programme, cycle_id: UUID) -> int | None:
    """Places for those who learn; None without a limit. Unconfirmed registrations take none."""
    if programme.places is None:
        return None
    taken = select(func.count()).where(
        Participation.cycle_id == cycle_id,
        Participation.role.in_(facts(programme.structure).learning),
        Participation.status.in_(rules.TAKING_PART),
    )
    return max(0, programme.places - (await session.execute(taken)).scalar_one())


async def consents(session: AsyncSession, actor: Actor, person_id: UUID) -> Sequence[Consent]:
    """What somebody has agreed to, the newest first; her own, or for who works with people."""
    if person_id != actor.person_id:
        actor.require(Permission.PEOPLE_READ)
    query = select(Consent).where(Consent.person_id == person_id)
    return (await session.execute(query.order_by(Consent.given_at.desc(), Consent.id))).scalars().all()
