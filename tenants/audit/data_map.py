"""What the trail keeps. See `tenants.mapping`."""

from infra.language import N_
from tenants.mapping import AS_PROOF, Kind, Purpose, house, key, own, stays, table

_PSEUDONYM = N_(
    "The trail must show who did what. After a deletion the number of a person leads to nobody any more."
)

MAP = (
    table(
        "audit_event",
        purpose=Purpose.PROOF,
        kept=AS_PROOF,
        hers=(own(),),
        columns={
            "event": house(),
            "actor_kind": house(),
            "person_id": stays(Kind.KEY, _PSEUDONYM),
            "token_id": key(),
            "object_kind": house(),
            "object_id": stays(Kind.KEY, _PSEUDONYM),
            # Ids, states, counts and names of fields: never what somebody wrote.
            "details": house(),
            "salt": house(),
        },
    ),
    table(
        "audit_link",
        purpose=Purpose.PROOF,
        kept=AS_PROOF,
        base=("organisation_id",),
        columns={"seq": house(), "audit_event_id": key(), "details_digest": house(), "hash": house()},
    ),
    table(
        "audit_checkpoint",
        purpose=Purpose.PROOF,
        kept=AS_PROOF,
        columns={"seq": house(), "note": house()},
    ),
)
