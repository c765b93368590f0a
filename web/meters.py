"""The meter of matches (K28) where more of them are about to be made."""

from dataclasses import dataclass

from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.proposals import caseloads
from web.door import Door


@dataclass(frozen=True, slots=True)
class Near:
    """`words` say how near the limit is. `is_beyond`: no more without a reason, which `may_override` may give."""

    words: str
    is_beyond: bool
    may_override: bool


async def near(door: Door, more: int = 1) -> Near | None:
    """None as long as there is room for `more` without a warning."""
    if door.actor.person_id is None:
        return None
    found = await caseloads.meter(door.session, door.actor.person_id)
    if found is None or found.used + found.asked + more < found.warning:
        return None
    words = _(
        "You have %(used)s of %(limit)s matches in twelve months, and %(asked)s proposals wait for answers.",
        used=found.used, limit=found.limit, asked=found.asked,
    )  # fmt: skip
    return Near(
        words, found.used + found.asked + more > found.limit, door.actor.may(Permission.PROGRAMME_CHANGE)
    )
