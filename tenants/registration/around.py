"""The programme and the coordinator around a participation, for letters that name them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.notifications.wording.filling import Value
from tenants.programmes.around import Place, around
from tenants.registration import queries


def around_of(session: AsyncSession, participation_id: UUID) -> dict[str, Value]:
    """Values of the fields in `programmes.around.AROUND`."""

    async def place() -> Place:
        found = await queries.own_participation(session, participation_id)
        return Place(found.programme_id, found.office_id)

    return around(session, place)
