"""What is kept of sub-networks. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import (
    UNTIL_ERASED,
    WITH_ORGANISATION,
    Purpose,
    Rows,
    course,
    house,
    key,
    of,
    table,
)

MAP = (
    table(
        "sub_network",
        purpose=Purpose.MENTORING,
        kept=WITH_ORGANISATION,
        columns={
            "created_at": house(),
            "programme_id": key(),
            "name": house(),
            "words": house(),
            "lead_id": key(),
            "is_open": house(),
            "version": house(),
        },
    ),
    table(
        "sub_network_member",
        title=N_("Sub-networks that you are in"),
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("participation_id", "participation"),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Joined on")),
            "network_id": course(N_("Sub-network")),
            "participation_id": key(),
        },
    ),
)
