"""What is kept of evaluations. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import (
    UNTIL_ERASED,
    WITH_ORGANISATION,
    WITHOUT_NAME,
    Kind,
    Purpose,
    Rows,
    course,
    hers,
    house,
    key,
    of,
    table,
)

MAP = (
    table(
        "evaluation",
        title=N_("Your evaluations"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("participation_id", "participation"),),
        rows=Rows.EMPTIED,
        columns={
            "created_at": course(N_("Asked for on")),
            "relationship_id": key(),
            "participation_id": key(),
            "programme_id": course(N_("Programme")),
            "role": course(N_("Your part")),
            "state": course(N_("How it stands")),
            "wording": house(),
            "benefit_many": house(),
            "next_on": course(),
            "reminded_at": course(),
            "called_at": course(),
            "answered_at": course(N_("Answered on")),
            # Options are few and tell little; but she may have written names and stories beside them.
            "answers": hers(N_("Your answers"), Kind.CONFIDENTIAL, empty={}),
            "recorded_by": key(),
        },
    ),
    table(
        "evaluation_setting",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        columns={
            "programme_id": key(),
            "is_on": house(),
            "wording": house(),
            "benefit_many": house(),
            "remind_days": house(),
            "call_days": house(),
        },
    ),
    table(
        "indicator",
        purpose=Purpose.MENTORING,
        kept=WITH_ORGANISATION,
        columns={
            "programme_id": key(),
            "code": house(),
            "kind": house(),
            "label": house(),
            "position": house(),
            "is_open": house(),
        },
    ),
    table(
        "indicator_answer",
        title=N_("How you said things stand for you"),
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("participation_id", "participation"),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Asked for on")),
            "indicator_id": key(),
            "participation_id": key(),
            "moment": course(),
            "value": hers(N_("Your answer"), Kind.CONFIDENTIAL),
            "answered_at": course(N_("Answered on")),
            "noted_by": key(),
        },
    ),
)
