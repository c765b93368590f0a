"""What is kept for matching. See `tenants.mapping`."""

from tenants.mapping import (
    UNTIL_ERASED,
    WITH_ORGANISATION,
    Kind,
    Purpose,
    Rows,
    course,
    hidden,
    house,
    key,
    of,
    table,
)

MAP = (
    table(
        "pool",
        purpose=Purpose.MATCHING,
        kept=WITH_ORGANISATION,
        columns={"cycle_id": key(), "salt": house()},
    ),
    table(
        "pool_member",
        purpose=Purpose.MATCHING,
        kept=WITH_ORGANISATION,
        columns={"pool_id": key(), "member_id": key()},
    ),
    # Copies of what stands with her participation, and is given there.
    table(
        "pool_card",
        purpose=Purpose.MATCHING,
        kept=UNTIL_ERASED,
        hers=(of("participation_id", "participation"),),
        rows=Rows.DELETED,
        columns={
            "card_id": key(),
            "pool_id": key(),
            "participation_id": key(),
            "side": course(),
            "open_places": course(),
            "fields": hidden(Kind.PROFILE),
        },
    ),
)
