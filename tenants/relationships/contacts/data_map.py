"""What is kept of contacts and phases; part of the map of the room. See `tenants.mapping`."""

from tenants.mapping import (
    UNTIL_ERASED,
    WITHOUT_NAME,
    Kind,
    Purpose,
    Rows,
    course,
    key,
    noted,
    of,
    own,
    table,
)

MAP = (
    # Contacts of a case go with either of its people: their words may name both.
    table(
        "contact",
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(own(), of("relationship_id", "relationship")),
        rows=Rows.DELETED,
        columns={
            "relationship_id": key(),
            "person_id": key(),
            "by_id": key(),
            "channel": course(),
            "on_day": course(),
            "subject": noted(Kind.CONFIDENTIAL),
            "words": noted(Kind.CONFIDENTIAL),
        },
    ),
    table(
        "case_phase",
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("relationship_id", "relationship"),),
        rows=Rows.KEPT,
        columns={"relationship_id": key(), "by_id": key(), "phase": course()},
    ),
)
