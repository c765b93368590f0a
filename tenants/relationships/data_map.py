"""What is kept of pairs and their meetings. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import WITHOUT_NAME, Kind, Purpose, Rows, course, hers, key, noted, of, table

MAP = (
    table(
        "relationship",
        title=N_("Your pairs"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("mentor_id", "participation"), of("mentee_id", "participation")),
        rows=Rows.EMPTIED,
        columns={
            "created_at": course(),
            "proposal_id": key(),
            "party_id": key(),
            "programme_id": course(N_("Programme")),
            "cycle_id": course(N_("Cycle")),
            "mentor_id": course(N_("Mentor")),
            "mentee_id": course(N_("Mentee")),
            "coordinator_id": key(),
            "state": course(N_("How it stands")),
            "begun_at": course(N_("Begun on")),
            "ends_on": course(N_("Ends on")),
            "check_up_on": course(N_("We ask how it goes on")),
            "ended_at": course(N_("Ended on")),
            # One of the two may have asked for it, in confidence.
            "end_reason": noted(Kind.COURSE),
            "note": noted(Kind.CONFIDENTIAL, empty=None),
        },
    ),
    table(
        "relationship_member",
        title=N_("Your groups and circles"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("participation_id", "participation"),),
        rows=Rows.KEPT,
        columns={
            "created_at": course(N_("Begun on")),
            "relationship_id": key(),
            "participation_id": key(),
            "role": course(N_("Your part")),
            "left_at": course(N_("Left on")),
        },
    ),
    table(
        "meeting",
        title=N_("Your meetings"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("relationship_id", "relationship"),),
        rows=Rows.EMPTIED,
        columns={
            "created_at": course(),
            "relationship_id": key(),
            "proposed_by": key(),
            "state": course(N_("How it stands")),
            "wall_time": course(N_("Time")),
            "time_zone": course(N_("Time zone")),
            "starts_at": course(),
            "minutes": course(N_("Minutes")),
            "place": hers(N_("Place"), Kind.CONTACT, empty=None),
            "agreed_at": course(N_("Agreed on")),
            "sequence": course(),
        },
    ),
)
