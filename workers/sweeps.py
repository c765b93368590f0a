"""The hourly sweep: each room clears away what has expired."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.actor import Actor
from tenants.evaluations import actions as evaluations
from tenants.evaluations import outcome_asking
from tenants.gatherings import reminding as gatherings
from tenants.identity import clearing as identity
from tenants.opportunities import actions as opportunities
from tenants.opportunities import weekly
from tenants.privacy import copies, erasing, idling
from tenants.proposals.runs import actions as runs
from tenants.proposals.searches import actions as searches
from tenants.registration import forgetting as registration
from tenants.registration.importing import forgetting as imports
from tenants.relationships import following, notices
from tenants.relationships.agreements import reviews
from tenants.relationships.keeping import met, reminding, rhythm
from tenants.reports import digest
from tenants.reports.deeds import undoing
from workers.handling import Work, handles
from workers.sweeping import SweepOrganisation

Sweep = Callable[[AsyncSession, Actor], Awaitable[object]]

# One function a room, each in a transaction of its own; each may be run again at any time.
SWEEPS: tuple[Sweep, ...] = (
    identity.clear_expired,
    registration.clear_expired,
    imports.clear_expired,
    copies.clear_expired,
    erasing.clear_risen,
    idling.ask_idle,
    runs.fail_lost,
    searches.clear_expired,
    following.follow_up,
    digest.promise,
    undoing.clear_old,
    met.ask_all,
    reminding.remind_all,
    rhythm.look,
    notices.take_effect,
    reviews.ask,
    evaluations.follow_up,
    outcome_asking.ask_all,
    opportunities.close_over,
    weekly.promise,
    gatherings.remind,
)


@handles(SweepOrganisation, alone=True)
async def sweep(work: Work, job: SweepOrganisation) -> None:
    """
    What one room has done stays, also where the worker is killed in the next one.

    A room that fails holds up no other: the job fails when all have had their turn, and is tried again as a whole.
    """
    failures: list[Exception] = []
    for clear in SWEEPS:
        try:
            async with work.session() as session:
                await clear(session, work.actor)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("sweep", failures)
