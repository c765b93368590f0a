"""What this room's codes say."""

from infra.language import N_
from tenants.proposals.models import ProposalState
from tenants.proposals.parties import words as parties
from tenants.proposals.runs import words as runs
from tenants.proposals.searches import words as searches

SENTENCES = {
    "proposal_closed": N_("This proposal is no longer open, so there is nothing left to answer."),
    "answered_already": N_("There is an answer already, and only whoever gave it can change it."),
    "proposal_not_approvable": N_("These proposals have been dealt with already. Load the page again to see how they stand."),
    "caseload_full": N_("%(coordinator)s has %(used)s of %(limit)s matches in twelve months and %(asked)s proposals that wait for answers, and this would add %(more)s. A programme manager can go beyond the limit with a reason."),
    "pair_known": N_("These two have met through a proposal before, so they are not proposed to each other again."),
    "no_place_left": N_("There is no place left: %(name)s is already in as many proposals and pairs as she has places for."),
    "meeting_day_early": N_("This day lies before your proposal. Please look at the date again."),
    "meeting_day_late": N_("This is later than a first meeting should be. Ask your coordinator if you need more time."),
    "approval_undo_too_late": N_("The letters are on their way, so this cannot be undone any more. You can withdraw a proposal instead."),
}  # fmt: skip

SENTENCES |= runs.SENTENCES | parties.SENTENCES | searches.SENTENCES

STATE_NAMES = {
    ProposalState.DRAFT: N_("Draft"),
    ProposalState.OPEN: N_("Asked whether they want to meet"),
    ProposalState.MEETING: N_("About to meet"),
    ProposalState.CONFIRMED: N_("A pair"),
    ProposalState.DECLINED: N_("Somebody said no"),
    ProposalState.EXPIRED: N_("Not answered in time"),
    ProposalState.WITHDRAWN: N_("Withdrawn"),
}
