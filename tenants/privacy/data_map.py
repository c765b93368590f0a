"""What is kept of data rights themselves. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import (
    AS_PROOF,
    WITH_ORGANISATION,
    Kind,
    Purpose,
    Rows,
    course,
    for_days,
    hidden,
    house,
    key,
    own,
    stays,
    table,
)
from tenants.privacy.rules import COPY_KEPT

_PROOF = N_("The organisation must be able to show that it deleted what it was asked to. It names nobody.")

MAP = (
    table(
        "personal_copy",
        title=N_("Copies of your data that you asked for"),
        purpose=Purpose.DATA_RIGHTS,
        kept=for_days(COPY_KEPT),
        hers=(own(),),
        rows=Rows.DELETED,
        columns={
            "created_at": course(N_("Asked for on")),
            "person_id": key(),
            "asked_by": key(),
            "language": course(N_("Language")),
            "state": course(),
            "made_at": course(N_("Made on")),
            "expires_at": course(N_("Valid until")),
            "taken_at": course(N_("Last downloaded on")),
            # The copy itself, sealed under her own key.
            "readable": hidden(Kind.CONFIDENTIAL),
            "machine": hidden(Kind.CONFIDENTIAL),
        },
    ),
    table(
        "erasure",
        title=N_("Deletions that you asked for"),
        purpose=Purpose.PROOF,
        kept=AS_PROOF,
        hers=(own(),),
        columns={
            "created_at": course(N_("Asked for on")),
            "person_id": stays(Kind.KEY, _PROOF),
            "asked_by": key(),
            "state": course(N_("How it stands")),
            "due_at": course(N_("Planned for")),
            "left_at": course(),
            "finished_at": course(),
            "cancelled_at": course(N_("Taken back on")),
            "number": course(N_("Number")),
            "counts": house(),
        },
    ),
    table(
        "privacy_period",
        purpose=Purpose.SERVICE,
        kept=WITH_ORGANISATION,
        columns={"months": house()},
    ),
)
