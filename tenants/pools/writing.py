"""
The statements that keep cards, made once: to put them together takes longer than the server needs for one person.

Each asks for the participations `MINE`, one array as a parameter, whatever its length; a list of parameters would be parsed each time.
"""

from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Delete, Select, Uuid, bindparam, cast, delete, func, or_, select
from sqlalchemy.dialects.postgresql import Insert, insert

from infra.db import bulk
from tenants.pools import cards
from tenants.pools.models import PoolCard
from tenants.registration.models import Participation

MINE = "participation_ids"


class Statements(NamedTuple):
    lock: Select[UUID, UUID, str]
    """Organisation, cycle and role of each, in the order in which all lock them."""
    write: Insert
    delete: Delete


@cache
def statements() -> Statements:
    """Not before every room that takes places has said so: see `places`."""
    mine = cast(bindparam(MINE, type_=ARRAY(Uuid)), ARRAY(Uuid))
    lock = (
        select(Participation.organisation_id, Participation.cycle_id, Participation.role)
        .where(Participation.id == func.any(mine))
        .order_by(Participation.id)
        .with_for_update(key_share=True)
    )
    return Statements(lock, _write(mine), _delete(mine))


def _write(mine: cards.Ids) -> Insert:
    """A card keeps its ids for as long as it lies in the pool: a run's ties are decided by them."""
    columns = [
        "organisation_id", "id", "card_id", "pool_id", "participation_id", "side", "open_places", "fields",
    ]  # fmt: skip
    # On tables, not on what is mapped: a statement of the mapper with parameters would be for rows of theirs.
    made = insert(bulk.table(PoolCard)).from_select(columns, cards.matchable(mine), include_defaults=False)
    fresh = made.excluded
    return made.on_conflict_do_update(
        index_elements=[PoolCard.organisation_id, PoolCard.pool_id, PoolCard.participation_id],
        set_={"side": fresh.side, "open_places": fresh.open_places, "fields": fresh.fields},
        where=or_(
            PoolCard.fields != fresh.fields,
            PoolCard.open_places != fresh.open_places,
            PoolCard.side != fresh.side,
        ),
    )


def _delete(mine: cards.Ids) -> Delete:
    kept = cards.matchable(mine).subquery()
    return delete(bulk.table(PoolCard)).where(
        PoolCard.participation_id == func.any(mine),
        PoolCard.participation_id.not_in(select(kept.c.participation_id)),
    )
