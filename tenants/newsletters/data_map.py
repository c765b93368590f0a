"""What is kept of newsletters. Who wants news is a consent. See `tenants.mapping`."""

from tenants.mapping import WITH_ORGANISATION, Purpose, house, key, table

MAP = (
    table(
        "newsletter",
        purpose=Purpose.LETTERS,
        kept=WITH_ORGANISATION,
        columns={
            "created_at": house(),
            "texts": house(),
            "state": house(),
            "is_public": house(),
            "written_by": key(),
            "sent_by": key(),
            "offices": key(),
            "due_at": house(),
            "readers": house(),
            "version": house(),
        },
    ),
    table(
        "newsletter_programme",
        purpose=Purpose.LETTERS,
        kept=WITH_ORGANISATION,
        columns={"created_at": house(), "newsletter_id": key(), "programme_id": key()},
    ),
    table(
        "news_page",
        purpose=Purpose.LETTERS,
        kept=WITH_ORGANISATION,
        columns={"created_at": house(), "programme_id": key(), "press": house()},
    ),
)
