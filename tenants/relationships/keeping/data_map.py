"""What is kept of whether pairs meet. See `tenants.mapping`."""

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
    secret,
    table,
)

MAP = (
    table(
        "meeting_answer",
        title=N_("Whether you met, as you said"),
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("participation_id", "participation"),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Asked for on")),
            "id": secret(),
            "meeting_id": key(),
            "participation_id": key(),
            "answer": course(N_("Your answer")),
            "answered_at": course(N_("Answered on")),
        },
    ),
    table(
        "rhythm",
        title=N_("When we look whether you meet"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("relationship_id", "relationship"),),
        rows=Rows.KEPT,
        columns={
            "created_at": course(),
            "relationship_id": key(),
            "look_on": course(),
            "told_on": course(N_("We wrote on")),
        },
    ),
    table(
        "not_heard",
        title=N_("What we asked when we had not heard from you"),
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(of("participation_id", "participation"),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(),
            "id": secret(),
            "relationship_id": key(),
            "participation_id": key(),
            "asked_by": key(),
            "asked_at": course(N_("Asked for on")),
            "is_agreement_coming": hers(N_("The agreement and the plan are on the way"), Kind.COURSE),
            "has_met_again": hers(N_("You have met a second time"), Kind.COURSE),
            "goes_on": hers(N_("You go on"), Kind.CONFIDENTIAL),
            "words": hers(N_("Your words"), Kind.CONFIDENTIAL),
            "answered_at": course(N_("Answered on")),
        },
    ),
    table(
        "meeting_setting",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        columns={
            "programme_id": key(),
            "is_watched": house(),
            "quiet_days": house(),
            "task_days": house(),
            "not_heard_days": house(),
        },
    ),
)
