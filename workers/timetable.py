"""
What recurs, as rows: each turn becomes one job for every organisation, under a key that names the turn.

A relay that was down makes up for missed turns with one, since what recurs here
looks at the whole state and not at a day's share of it. The jobs of one turn are
spread over the first quarter of it: thousands of organisations at once would
stand in the queue before what somebody is waiting for.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from infra.outbox.jobs import Job
from tenants.audit.jobs import TakeCheckpoint
from tenants.identity.jobs import LookAtDomains
from workers.sweeping import DestroyDueNotes, SweepOrganisation


@dataclass(frozen=True, slots=True)
class Turn:
    name: str
    job: type[Job]
    every_s: int


TURNS = (
    Turn("sweep", SweepOrganisation, 3_600),
    Turn("checkpoint", TakeCheckpoint, 3_600),
    Turn("domains", LookAtDomains, 86_400),
    Turn("notes", DestroyDueNotes, 86_400),
)

SPREAD_OVER = 4

_ENTER = text("""
    INSERT INTO timetable (name, kind, queue, every_s, due_at)
    VALUES (:name, :kind, :queue, :every_s, clock_timestamp())
    ON CONFLICT (name) DO NOTHING""")
_DUE = text("""
    UPDATE timetable SET due_at = due_at + make_interval(secs => every_s) *
        (1 + floor(extract(epoch FROM clock_timestamp() - due_at) / every_s))
    WHERE due_at <= clock_timestamp()
    RETURNING name, kind, queue, every_s, due_at""")
_ENQUEUE = text("""
    INSERT INTO outbox (organisation_id, id, kind, queue, payload, key, due_at)
    SELECT organisation_id, gen_random_uuid(), :kind, :queue, '{}', :key,
           clock_timestamp() + random() * make_interval(secs => :spread) FROM organisation
    ON CONFLICT (organisation_id, key) DO NOTHING""")


async def keep_timetable(connection: AsyncConnection) -> None:
    """As the leading relay: enter new turns, and enqueue those that are due."""
    for turn in TURNS:
        await connection.execute(
            _ENTER,
            {"name": turn.name, "kind": turn.job.KIND, "queue": turn.job.QUEUE, "every_s": turn.every_s},
        )
    for row in (await connection.execute(_DUE)).all():
        await connection.execute(
            _ENQUEUE,
            {
                "kind": row.kind,
                "queue": row.queue,
                "key": f"{row.name}:{row.due_at:%Y-%m-%dT%H:%M:%S}",
                "spread": row.every_s / SPREAD_OVER,
            },
        )
