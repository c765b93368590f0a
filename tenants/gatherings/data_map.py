"""What is kept of workshops. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import WITH_ORGANISATION, WITHOUT_NAME, Purpose, Rows, course, house, key, of, table

MAP = (
    table(
        "workshop",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        columns={
            "programme_id": key(),
            "cycle_id": key(),
            "office_id": key(),
            "planned_by": key(),
            "kind": house(),
            "audience": house(),
            "title": house(),
            "words": house(),
            "wall_time": house(),
            "time_zone": house(),
            "starts_at": house(),
            "minutes": house(),
            "place": house(),
            "link": house(),
            "language": house(),
            "places": house(),
            "state": house(),
            "sequence": house(),
            "version": house(),
            "remind_at": house(),
        },
    ),
    table(
        "workshop_guest",
        title=N_("Workshops to which you were invited"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(of("participation_id", "participation"),),
        # That somebody was there stays as a number; whose part it is has no name any more.
        rows=Rows.KEPT,
        columns={
            "created_at": course(N_("Invited on")),
            "workshop_id": course(N_("Workshop")),
            "participation_id": key(),
            "batch_id": key(),
            "link_id": key(),
            "state": course(N_("Your answer")),
            "answered_at": course(N_("Answered on")),
            "came": course(N_("You were there")),
            "has_said": course(N_("You told what you thought of it")),
        },
    ),
    table(
        "workshop_opinion",
        purpose=Purpose.MENTORING,
        kept=WITH_ORGANISATION,
        # Nobody's: it is kept without anything that leads to whoever said it.
        columns={
            "workshop_id": key(),
            "role": house(),
            "useful": house(),
            "will_use": house(),
            "missing": house(),
        },
    ),
)
