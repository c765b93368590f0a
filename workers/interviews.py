"""Confidential notes are destroyed on their day, in every backup too: their keys go first."""

from infra import logs
from tenants.interviews import destroying
from workers.handling import Work, handles
from workers.sweeping import DestroyDueNotes

log = logs.get("notes")


@handles(DestroyDueNotes, alone=True)
async def destroy(work: Work, _job: DestroyDueNotes) -> None:
    """
    Note by note, so that each is either there or gone.

    A key service that does not answer leaves the rest to the next try, and the job with its error to a person.
    """
    gone = 0
    while True:
        async with work.reading() as session:
            due = await destroying.due(session)
        for note_id, owner in due:
            await work.ground.keys.destroy(owner)
            async with work.session() as session:
                await destroying.note_destroyed(session, work.actor, note_id)
        gone += len(due)
        if len(due) < destroying.AT_ONCE:
            break
    if gone:
        log.info("notes destroyed", count=gone)
