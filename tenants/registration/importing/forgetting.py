"""What is deleted of a roster: its file and its rows, once it is given up or its time is over."""

from uuid import UUID

from sqlalchemy import Text, cast, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.registration.importing import rules
from tenants.registration.importing.events import Event
from tenants.registration.models import ImportState, RosterImport, RosterRow

SWEPT = 50  # imports forgotten in one transaction of the sweep


async def clear_expired(session: AsyncSession, actor: Actor) -> None:
    """Forget files and rows after 30 days; what was imported stays, and so does the import's line in the history."""
    before = clock.now() - rules.KEPT
    waiting = RosterImport.state.in_(rules.CHANGEABLE) & (RosterImport.created_at < before)
    over = RosterImport.state.in_((ImportState.COMMITTED, ImportState.REVERTED)) & (
        RosterImport.committed_at < before
    )
    query = select(RosterImport.id).where(or_(waiting, over), RosterImport.file.is_not(None)).limit(SWEPT)
    expired = list((await session.execute(query)).scalars())
    if not expired:
        return
    await forget(session, expired)
    gone = await session.execute(
        update(RosterImport)
        .where(RosterImport.id.in_(expired), RosterImport.state.in_(rules.CHANGEABLE))
        .values(state=ImportState.DISCARDED, version=RosterImport.version + 1)
        .returning(RosterImport.id)
    )
    for import_id in gone.scalars().all():
        audit.record(session, actor, Event.ROSTER_DISCARDED, kind="import", id=import_id)


async def forget(session: AsyncSession, import_ids: list[UUID]) -> None:
    await session.execute(delete(RosterRow).where(RosterRow.import_id.in_(import_ids)))
    await session.execute(
        update(RosterImport)
        .where(RosterImport.id.in_(import_ids))
        .values(file=None, choices={}, counts=RosterImport.counts.op("-")(cast("groups", Text)))
        # What is loaded stays as it is: an attribute that had to be read anew would be read outside of an await.
        .execution_options(synchronize_session=False)
    )
