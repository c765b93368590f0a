"""What is kept of programmes, which are the organisation's own. See `tenants.mapping`."""

from tenants.mapping import (
    UNTIL_ERASED,
    WITH_ORGANISATION,
    Purpose,
    Rows,
    Table,
    course,
    house,
    key,
    own,
    table,
)


def _own(name: str, *columns: str) -> Table:
    """A table that holds nothing but the organisation's own settings and texts."""
    return table(
        name, purpose=Purpose.SERVICE, kept=WITH_ORGANISATION, columns={one: house() for one in columns}
    )


MAP = (
    _own(
        "programme", "slug", "structure", "state", "focus", "name", "summary", "languages", "contact_release",
        "wants_interview", "eligibility", "places", "answer_days", "date_days", "meet_days", "confirm_days",
        "check_up_days", "term_months", "caseload_limit",
    ),
    _own("cycle", "programme_id", "name", "opens_on", "closes_on", "matching_on", "launch_on", "ends_on"),
    _own(
        "question", "programme_id", "key", "position", "kind", "asked_of", "field", "is_obligatory", "label",
        "hint", "options", "is_asked", "asked_since", "version",
    ),
    _own("interview_guide", "programme_id", "role", "questions", "version"),
    _own("set_up_step", "programme_id", "step", "text", "settled_at", "version"),
    _own("topic", "programme_id", "code", "label", "position", "is_offered", "version"),
    _own("criterion", "programme_id", "name", "weight", "setting"),
    table(
        "programme_role",
        purpose=Purpose.ACCOUNT,
        kept=UNTIL_ERASED,
        hers=(own(),),
        rows=Rows.DELETED,
        columns={"programme_id": key(), "person_id": key(), "role": course()},
    ),
)  # fmt: skip
