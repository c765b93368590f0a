"""How a case keeps its meetings, and what its people answered when nothing was heard of them: for the page of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from infra import clock
from infra.language import N_
from infra.language import gettext as _
from tenants.relationships.keeping import not_heard, reckoning
from tenants.relationships.keeping.models import GoesOn
from tenants.relationships.keeping.reckoning import Kept
from web.door import Door

GOES_ON = {
    GoesOn.YES: N_("goes on"),
    GoesOn.UNSURE: N_("is not sure whether to go on"),
    GoesOn.NO: N_("would like to stop"),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What one of them answered to the three questions, in a line."""

    name: str
    asked: Any
    said: str


@dataclass(frozen=True, slots=True)
class Glance:
    kept: Kept
    heard: Sequence[Heard]
    may_ask: bool  # nobody waits for an answer since less than a week


async def at_a_glance(door: Door, relationship_id: UUID) -> Glance:
    _found, kept = await reckoning.of_case(door.session, door.actor, relationship_id)
    rows = await not_heard.of_case(door.session, door.actor, relationship_id)
    lately = clock.now() - not_heard.AGAIN_AFTER
    return Glance(
        kept,
        [Heard(row.full_name, row.NotHeard, _said(row.NotHeard)) for row in rows],
        not rows or rows[0].NotHeard.asked_at <= lately,
    )


def _said(one: Any) -> str:
    told = []
    if one.goes_on:
        told.append(_(GOES_ON[GoesOn(one.goes_on)]))
    if one.is_agreement_coming is not None:
        told.append(
            _("agreement and plan are on the way")
            if one.is_agreement_coming
            else _("agreement and plan are not yet on the way")
        )
    if one.has_met_again is not None:
        told.append(_("has met a second time") if one.has_met_again else _("has not met a second time yet"))
    return " · ".join(told)
