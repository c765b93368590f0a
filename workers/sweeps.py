"""The hourly sweep: each room clears away what has expired."""

from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from infra.db.batches import Transactions
from tenants.actor import Actor
from tenants.evaluations import actions as evaluations
from tenants.evaluations import outcome_asking
from tenants.gatherings import reminding as gatherings
from tenants.identity import clearing as identity
from tenants.opportunities import closing as opportunities
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

Sweep = Callable[[Transactions, Actor], Awaitable[object]]


def whole(room: Callable[[AsyncSession, Actor], Awaitable[object]]) -> Sweep:
    """What a room does in a single transaction."""

    async def sweep(transactions: Transactions, actor: Actor) -> None:
        async with transactions() as session:
            await room(session, actor)

    return sweep


# One function a room; each may be run again at any time. Those that write to many people do so in batches.
SWEEPS: tuple[Sweep, ...] = (
    whole(identity.clear_expired),
    whole(registration.clear_expired),
    whole(imports.clear_expired),
    whole(copies.clear_expired),
    whole(erasing.clear_risen),
    whole(idling.ask_idle),
    whole(runs.fail_lost),
    whole(searches.clear_expired),
    following.follow_up,
    whole(digest.promise),
    whole(undoing.clear_old),
    met.ask_all,
    reminding.remind_all,
    whole(rhythm.look),
    whole(notices.take_effect),
    whole(reviews.ask),
    evaluations.follow_up,
    outcome_asking.ask_all,
    whole(opportunities.close_over),
    weekly.promise,
    whole(gatherings.remind),
)


@handles(SweepOrganisation, alone=True)
async def sweep(work: Work, job: SweepOrganisation) -> None:
    """
    What one room has done, or a batch of it, stays, also where the worker is killed in the next one.

    A room that fails holds up no other: the job fails when all have had their turn, and is tried again as a whole.
    """
    failures: list[Exception] = []
    for room in SWEEPS:
        try:
            await room(work.session, work.actor)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("sweep", failures)
