"""The letters of an issue, in batches by person: whoever is killed in the middle begins anew, and nobody gets two."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.newsletters import queries
from tenants.newsletters.events import Event
from tenants.newsletters.models import Issue, IssueState
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed
from tenants.notifications.models import Letter
from tenants.people.models import Person

AT_ONCE = 500


async def write_some(
    session: AsyncSession, actor: Actor, newsletter_id: UUID, after: UUID | None
) -> UUID | None:
    """
    Promise the letters of the next people by id; the last of them, or None when there are no more.

    Nothing once the issue was taken back, or before its ten minutes are over.
    """
    one = await session.scalar(select(Issue).where(Issue.id == newsletter_id).with_for_update())
    if one is None or one.state != IssueState.HELD or one.due_at is None or one.due_at > clock.now():
        return None
    chosen = [programme.id for programme in await queries.programmes_of(session, one.id)]
    query = (
        select(Person.id).where(queries.due(chosen, one.offices, one.id)).order_by(Person.id).limit(AT_ONCE)
    )
    if after is not None:
        query = query.where(Person.id > after)
    found = list(await session.scalars(query))
    if not found:
        return None
    about = {"newsletter_id": one.id}
    letters = [Addressed(f"{queries.KIND}:{one.id}:{person_id}", person_id, about) for person_id in found]
    await notifications.write_all(session, actor, queries.KIND, letters)
    return found[-1]


async def finish(session: AsyncSession, actor: Actor, newsletter_id: UUID) -> None:
    """All its letters are promised."""
    one = await session.scalar(select(Issue).where(Issue.id == newsletter_id).with_for_update())
    if one is None or one.state != IssueState.HELD or one.due_at is None or one.due_at > clock.now():
        return
    written = select(func.count()).where(
        Letter.kind == queries.KIND, Letter.about["newsletter_id"].astext == str(one.id)
    )
    one.state, one.readers = IssueState.SENT, await session.scalar(written)
    one.version += 1
    audit.record(session, actor, Event.SENT, kind="newsletter", id=one.id, number=one.readers)
