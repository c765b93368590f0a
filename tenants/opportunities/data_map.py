"""What is kept of opportunities. See `tenants.mapping`."""

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
    own,
    table,
)

MAP = (
    table(
        "opportunity",
        title=N_("Opportunities that you posted"),
        purpose=Purpose.MENTORING,
        kept=WITHOUT_NAME,
        hers=(own("posted_by"),),
        rows=Rows.EMPTIED,
        columns={
            "created_at": course(N_("Posted on")),
            "kind": course(N_("Kind")),
            "state": course(N_("How it stands")),
            # Others act on it: what was posted stays, without her name and without the way to her.
            "title": course(N_("Title")),
            "words": course(N_("What you wrote")),
            "language": course(),
            "place": course(N_("Place")),
            "is_remote": course(),
            "url": course(N_("Link")),
            "last_on": course(N_("Last day")),
            "contact": hers(N_("Contact"), Kind.CONTACT, empty=None),
            "posted_by": key(),
            "is_proposal": house(),
            "office_id": key(),
            "published_at": course(N_("Published on")),
            "ended_at": course(N_("Ended on")),
            "answer": course(N_("What you were told")),
            "version": house(),
        },
    ),
    table(
        "opportunity_programme",
        purpose=Purpose.MENTORING,
        kept=WITH_ORGANISATION,
        columns={"opportunity_id": key(), "programme_id": key(), "created_at": house()},
    ),
    table(
        "opportunity_interest",
        title=N_("Opportunities in which you are interested"),
        purpose=Purpose.MENTORING,
        kept=UNTIL_ERASED,
        hers=(own("person_id"),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Said on")),
            "opportunity_id": course(N_("Opportunity")),
            "person_id": key(),
            "participation_id": key(),
        },
    ),
)
