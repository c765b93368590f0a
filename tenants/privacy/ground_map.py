"""What the ground keeps, which holds no domain word and so has no map of its own. See `tenants.mapping`."""

from infra.outbox.delivery import KEPT
from tenants.mapping import AS_PROOF, Purpose, Rows, about, course, for_days, house, key, table

# Tables that belong to no organisation: the number of the last migration, and what recurs.
PLATFORM = {"alembic_version", "timetable"}

MAP = (
    table(
        "outbox",
        purpose=Purpose.SERVICE,
        kept=for_days(KEPT),
        hers=(
            about("payload", "letter"),
            about("payload", "participation"),
            about("payload", "registration"),
        ),
        rows=Rows.DELETED,
        columns={
            "kind": house(),
            "queue": house(),
            "payload": key(),
            "key": house(),
            "state": house(),
            "due_at": course(),
            "attempt": house(),
            "worker": house(),
            "lease_until": house(),
            "sent_at": course(),
            "done_at": course(),
            # Codes of errors, never what somebody wrote.
            "error": house(),
        },
    ),
    # Ids of keys that are no more: without them a backup of the keys would open again what was erased.
    table("key_tombstone", purpose=Purpose.PROOF, kept=AS_PROOF, columns={"subject": key(), "record": key()}),
)
