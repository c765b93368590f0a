"""What the codes of groups and circles say, and the names of their states."""

from infra.language import N_
from tenants.proposals.party_models import PartyState

SENTENCES = {
    "party_closed": N_("This is decided already, so there is nothing left to answer."),
    "party_seat_given_up": N_("Whoever has left is no longer asked: the place in this group or circle was given up, and no answer counts for it."),
    "party_not_draft": N_("This has been sent, so its people cannot be moved any more."),
    "party_too_few": N_("At least %(least)s people have to say yes first, and the mentor where there is one."),
    "party_move_not_weighed": N_("The groups or circles have changed meanwhile. Please look again at what the move would mean."),
    "party_move_refused": N_("Nobody was moved: the move breaks a constraint of this run."),
}  # fmt: skip

STATE_NAMES = {
    PartyState.DRAFT: N_("Draft"),
    PartyState.OPEN: N_("Everybody is asked"),
    PartyState.CONFIRMED: N_("Has begun"),
    PartyState.DECLINED: N_("Too few said yes"),
    PartyState.WITHDRAWN: N_("Withdrawn"),
}
