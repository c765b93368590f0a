"""What a list offers to do with those that are ticked."""

from collections.abc import Mapping

from infra.language import N_
from infra.language import gettext as _
from tenants.reports.deeds.models import DeedKind

VERBS: Mapping[str, str] = {
    DeedKind.REMIND: N_("Remind"),
    DeedKind.WRITE: N_("Write"),
    DeedKind.MOVE: N_("Put off"),
    DeedKind.TICK: N_("Mark as done"),
    DeedKind.HAND_OVER: N_("Hand over"),
}


def verbs(*kinds: DeedKind) -> list[tuple[str, str]]:
    return [(kind.value, _(VERBS[kind])) for kind in kinds]
