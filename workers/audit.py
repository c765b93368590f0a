"""
Checkpoints of audit chains: signed each hour, and laid down where the database's keepers cannot reach.

What cannot be laid down fails the job: it is tried again, and then shown to a person like every job that failed. The
next note vouches for all that the missing one would have, so once it is laid down nobody has to look.
"""

from infra import deposit
from infra.outbox.jobs import supersede
from tenants.audit import queries
from tenants.audit.actions import take_checkpoint
from tenants.audit.jobs import TakeCheckpoint
from workers.handling import Work, handles


@handles(TakeCheckpoint, alone=True)
async def checkpoint(work: Work, _job: TakeCheckpoint) -> None:
    ground = work.ground
    async with work.session() as session:
        await take_checkpoint(session, work.actor, ground.keyring.note_signer())
    place = ground.settings.audit.checkpoints
    if place is None:
        return
    async with work.reading() as session:
        # The last one is shipped again if need be: a worker that died between signing and shipping left it behind.
        last = await queries.last_checkpoint(session)
    if last is not None:
        await deposit.at(place).lay_down(f"{last.organisation_id}/{last.seq:012}.note", last.note)
    async with work.session() as session:
        await supersede(session, TakeCheckpoint)
