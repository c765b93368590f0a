"""What is kept of conflicts; part of the map of the room. See `tenants.mapping`."""

from tenants.mapping import UNTIL_ERASED, Kind, Purpose, Rows, course, key, noted, of, table

MAP = (
    # It names all of the case, so it goes with each of them.
    table(
        "conflict",
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("relationship_id", "relationship"),),
        rows=Rows.DELETED,
        columns={
            "relationship_id": key(),
            "concern_id": key(),
            "opened_by": key(),
            "helper_id": key(),
            "summary": noted(Kind.CONFIDENTIAL),
            "state": course(),
            "outcome": course(),
            "agreed": noted(Kind.CONFIDENTIAL),
            "shared_at": course(),
            "closed_at": course(),
            "closed_by": key(),
        },
    ),
    table(
        "conflict_step",
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("conflict_id", "conflict"),),
        rows=Rows.DELETED,
        columns={
            "conflict_id": key(),
            "place": course(),
            "item": course(),
            "title": noted(Kind.CONFIDENTIAL),
            "due_on": course(),
            "done_on": course(),
            "done_by": key(),
            "note": noted(Kind.CONFIDENTIAL),
        },
    ),
)
