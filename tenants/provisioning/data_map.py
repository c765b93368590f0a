"""What is kept of the organisation's directory. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import (
    UNTIL_ERASED,
    WITH_ORGANISATION,
    Kind,
    Purpose,
    Rows,
    course,
    hers,
    hidden,
    house,
    key,
    of,
    own,
    table,
)

MAP = (
    table(
        "scim_user",
        title=N_("What your organisation's directory told us"),
        purpose=Purpose.ACCOUNT,
        kept=UNTIL_ERASED,
        hers=(own(),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Told on")),
            "person_id": key(),
            "user_name": hers(N_("Name there"), Kind.IDENTITY),
            "user_name_key": hidden(Kind.IDENTITY),
            "external_id": hers(N_("Your number there"), Kind.IDENTITY),
            "address": hers(N_("E-mail address"), Kind.CONTACT),
            "told": hers(N_("In its own words"), Kind.IDENTITY),
            "was_here": course(),
            "version": course(),
            "changed_at": course(N_("Last change")),
        },
    ),
    table(
        "scim_group",
        purpose=Purpose.ACCOUNT,
        kept=WITH_ORGANISATION,
        columns={
            "name": house(),
            "name_key": house(),
            "external_id": house(),
            "role": house(),
            "version": house(),
            "changed_at": house(),
        },
    ),
    table(
        "scim_member",
        purpose=Purpose.ACCOUNT,
        kept=UNTIL_ERASED,
        hers=(of("user_id", "scim_user"),),
        rows=Rows.DELETED,
        columns={"group_id": key(), "user_id": key(), "gave": course()},
    ),
)
