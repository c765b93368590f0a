"""A new key for an organisation: its owner asks, a worker moves what lies beneath the older ones."""

from infra.keys import rotation
from infra.keys.rotation import SealedColumn
from tenants.organisations import new_keys
from tenants.organisations.jobs import RenewKey
from workers.handling import Work, handles

# Columns whose values the organisation's own key seals; a subject's and a record's keys need no such list. None
# today: whoever adds one names it here, or a new key leaves its values beneath the old one.
SEALED: tuple[SealedColumn, ...] = ()


@handles(RenewKey, alone=True)
async def renew(work: Work, job: RenewKey) -> None:
    """Killed, it is begun again by another worker, and makes no second key."""
    keys, tenant = work.ground.keys, work.claim.organisation_id
    version = await rotation.begin(keys, tenant, work.claim.job_id)
    moved = await rotation.move_all(keys, tenant, SEALED)
    left = await rotation.left(keys, tenant, SEALED)
    async with work.session() as session:
        new_keys.renewed(session, work.actor, version=version, moved=moved, left=left)
