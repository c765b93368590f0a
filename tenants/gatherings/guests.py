"""The guests of a workshop as a list, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.lookup import CHOSEN, keyed, lookup
from tenants.actor import Actor
from tenants.gatherings.models import Guest
from tenants.gatherings.queries import access, same
from tenants.people.models import Person
from tenants.registration.models import Participation

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class ListedGuest:
    """One guest in the list of a workshop. `key` goes back into `after`."""

    id: UUID
    participation_id: UUID
    person_id: UUID
    full_name: str
    role: str
    state: str
    answered_at: datetime | None
    came: bool | None
    can_be_written_to: bool
    search_key: str

    @property
    def key(self) -> tuple[str, UUID]:
        return self.search_key, self.id


_Part = keyed(Participation, Guest.participation_id, "person_id", "role")
_Person = keyed(Person, _Part.c.person_id, "full_name", "email", "is_active", "search_key")
_GUEST = lookup(
    select(
        Guest.id, Guest.participation_id, _Part.c.person_id, _Person.c.full_name, _Part.c.role, Guest.state,
        Guest.answered_at, Guest.came,
        and_(_Person.c.email.is_not(None), _Person.c.is_active).label("can_be_written_to"), _Person.c.search_key,
    )
    .select_from(Guest)
    .join(_Part, true())
    .join(_Person, true())
    .where(Guest.id == CHOSEN.c.id)
)  # fmt: skip


async def listed(
    session: AsyncSession,
    actor: Actor,
    workshop_id: UUID,
    *,
    states: Sequence[str] = (),
    after: tuple[str, UUID] | None = None,
    limit: int = AT_ONCE,
) -> list[ListedGuest]:
    """
    By name. Go on `after` the `key` of the last row.

    Raises:
        NotFound: no workshop within the actor's reach.
    """
    await access(session, actor, workshop_id)
    ids: Any = (
        select(Guest.id)
        .join(Participation, same(Participation, Guest.participation_id))
        .join(Person, same(Person, Participation.person_id))
        .where(Guest.workshop_id == workshop_id)
        .order_by(Person.search_key, Guest.id)
        .limit(limit)
    )
    if states:
        ids = ids.where(Guest.state.in_(states))
    if after is not None:
        ids = ids.where(tuple_(Person.search_key, Guest.id) > tuple_(*after))
    query = _GUEST.of(ids).order_by(_GUEST.c.search_key, _GUEST.c.id)
    return [ListedGuest(*row) for row in await session.execute(query)]
