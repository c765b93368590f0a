"""Reading searches."""

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound
from tenants.actor import Actor
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.pools.models import Side
from tenants.proposals.search_models import MatchSearch
from tenants.proposals.searches.inputs import OTHER
from tenants.registration import queries as registration
from tenants.registration.models import Participation


async def access_search(
    session: AsyncSession, actor: Actor, search_id: UUID, *, lock: bool = False
) -> MatchSearch:
    """
    One about somebody of the actor's offices, made over no more people than she may see.

    Raises:
        NotFound: there is none (any more).
    """
    actor.require(Permission.RUN_READ)
    query = select(MatchSearch).where(MatchSearch.id == search_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None or not _is_within(actor, found):
        raise NotFound(kind="search", id=str(search_id))
    await registration.access_participation(session, actor, found.participation_id)
    return found


async def called(
    session: AsyncSession, actor: Actor, search: MatchSearch, name: str, *, limit: int = 10
) -> list[tuple[UUID, str]]:
    """People of the other side, ready or not, whom the actor may know of, by how their names or addresses begin."""
    mine = await registration.own_participation(session, search.participation_id)
    query = (
        select(Participation.id, Person.full_name)
        .join(
            Person,
            and_(
                Person.organisation_id == Participation.organisation_id, Person.id == Participation.person_id
            ),
        )
        .where(
            Participation.cycle_id == search.cycle_id,
            Participation.role == OTHER[Side(mine.role)],
            Participation.id != mine.id,
        )
        .order_by(Person.search_key, Participation.id)
        .limit(limit)
    )
    if actor.offices:
        query = query.where(Participation.office_id.in_(actor.offices))
    return [(row[0], row[1]) for row in await session.execute(people.matching(query, name))]


def _is_within(actor: Actor, search: MatchSearch) -> bool:
    return not actor.offices or (
        bool(search.offices) and set(search.offices) <= {str(one) for one in actor.offices}
    )
