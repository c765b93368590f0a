"""What lies on a coordinator's desk and in the outbox."""

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from infra import clock
from tenants.actor import Actor
from tenants.notifications.models import Letter, LetterState, Task


def on_the_desk_of(actor: Actor) -> ColumnElement[bool]:
    """Open tasks that are the actor's own or anybody's, within her offices."""
    mine = or_(Task.person_id.is_(None), Task.person_id == actor.person_id)
    if actor.offices:
        mine = mine & or_(Task.office_id.is_(None), Task.office_id.in_(actor.offices))
    return Task.done_at.is_(None) & mine


async def desk_counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """The numbers beside the sections: tasks due by today, and letters that wait. One query."""
    due = (
        select(func.count())
        .select_from(Task)
        .where(on_the_desk_of(actor), Task.due_on <= clock.today(actor.time_zone))
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .select_from(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.due_at > clock.now())
        .scalar_subquery()
    )
    row = (await session.execute(select(due.label("today"), waiting.label("outbox")))).one()
    return {"today": row.today, "outbox": row.outbox}
