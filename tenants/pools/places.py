"""
How many places of a participation are taken: asked of the rooms above, which alone know.

    takes_places(select(Hold.participation_id, func.count().label("taken")).group_by(...))

Such a room says `pools.rebuild_cards` (or `registration.watching.changed`) in the
transaction in which it takes or frees a place.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, func, select, union_all

_TAKERS: list[Select[UUID, int]] = []


def takes_places(query: Select[UUID, int]) -> None:
    """Register a query of (participation_id, taken), one row a participation that has any place taken."""
    _TAKERS.append(query)


def taken(participation_ids: ColumnElement[Sequence[UUID]]) -> Subquery:
    """Taken places of these participations: columns `participation_id` and `taken`."""
    if not _TAKERS:
        # Without it every place would count as free and people would be proposed beyond their capacity.
        raise RuntimeError("nobody counts places: tenants.watchers has not been imported")
    several = union_all(*_TAKERS).subquery()
    return (
        select(several.c.participation_id, func.sum(several.c.taken).label("taken"))
        .where(several.c.participation_id == func.any(participation_ids))
        .group_by(several.c.participation_id)
        .subquery("taken")
    )
