"""What is kept of deeds done to many. See `tenants.mapping`."""

from datetime import timedelta

from tenants.mapping import Purpose, Rows, course, for_days, key, own, table

MAP = (
    table(
        "deed",
        purpose=Purpose.SERVICE,
        kept=for_days(timedelta(days=1)),
        hers=(own(),),
        rows=Rows.DELETED,
        columns={"person_id": key(), "kind": course(), "before": key(), "undone_at": course()},
    ),
)
