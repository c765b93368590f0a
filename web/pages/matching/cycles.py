"""Which cycle a page of matching is about."""

from collections.abc import Sequence
from uuid import UUID

from infra.errors import NotFound
from tenants.programmes.rules import text_in
from tenants.reports import pipeline
from tenants.reports.pipeline import CycleName
from web import query
from web.door import Door

PATH = "/c/matching"


async def matched(door: Door) -> Sequence[CycleName]:
    """The cycles that runs can match, the newest first."""
    return await pipeline.cycles(door.session, door.actor)


def chosen(door: Door, cycles: Sequence[CycleName], cycle_id: UUID | None = None) -> CycleName | None:
    """
    The cycle that the address or `cycle_id` names, else the newest; None where there is none at all.

    Raises:
        NotFound: it names one that is not here.
    """
    wanted = cycle_id or query.uuid(door.request, "cycle")
    if wanted is None:
        return cycles[0] if cycles else None
    found = next((one for one in cycles if one.id == wanted), None)
    if found is None:
        raise NotFound(kind="cycle", id=str(wanted))
    return found


def show(door: Door, cycle: CycleName) -> None:
    """Name programme and cycle in the side bar."""
    door.show(programme=text_in(cycle.programme, door.language, cycle.languages), cycle=cycle.name)


async def show_of(door: Door, cycle_id: UUID) -> CycleName:
    found = chosen(door, await matched(door), cycle_id)
    if found is None:
        raise NotFound(kind="cycle", id=str(cycle_id))
    show(door, found)
    return found
