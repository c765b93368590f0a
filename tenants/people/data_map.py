"""What is kept of people and their roles. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import (
    UNTIL_ERASED,
    WITHOUT_NAME,
    Kind,
    Link,
    Purpose,
    Rows,
    course,
    hers,
    hidden,
    key,
    own,
    replaced,
    table,
)

MAP = (
    table(
        "person",
        title=N_("You"),
        purpose=Purpose.ACCOUNT,
        kept=WITHOUT_NAME,
        hers=(Link("id", "person"),),
        rows=Rows.EMPTIED,
        columns={
            "created_at": course(N_("Known to us since")),
            "full_name": replaced(N_("Name")),
            "email": hers(N_("E-mail address"), Kind.CONTACT, empty=None),
            "phone": hers(N_("Telephone"), Kind.CONTACT, empty=None),
            "language": hers(N_("Language"), empty="en"),
            "time_zone": hers(N_("Time zone"), empty="UTC"),
            "gender": hers(N_("Gender"), Kind.SENSITIVE, empty=None),
            "office_id": hers(N_("Office"), empty=None),
            "is_active": course(),
            "seen_on": hers(N_("Last signed in on"), empty=None),
            "letters_off": hers(N_("Letters that you do without"), empty=[]),
            "erased_at": course(),
            # Computed by the database from name and address.
            "search_key": hidden(Kind.IDENTITY),
        },
    ),
    table(
        "role_grant",
        title=N_("Your roles"),
        purpose=Purpose.ACCOUNT,
        kept=UNTIL_ERASED,
        hers=(own(),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Since")),
            "person_id": key(),
            "role": course(N_("Role")),
            "office_id": course(N_("Office")),
        },
    ),
)
