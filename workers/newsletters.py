"""Newsletters whose ten minutes are over: their letters, some hundred in each transaction."""

from uuid import UUID

from tenants.newsletters import sending
from tenants.newsletters.jobs import SendIssue
from workers.handling import Work, handles


@handles(SendIssue, alone=True)
async def send(work: Work, job: SendIssue) -> None:
    last: UUID | None = None
    while True:
        async with work.session() as session:
            last = await sending.write_some(session, work.actor, job.newsletter_id, last)
        if last is None:
            break
    async with work.session() as session:
        await sending.finish(session, work.actor, job.newsletter_id)
