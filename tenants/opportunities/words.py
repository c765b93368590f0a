"""What this room's codes say, and the names of its choices."""

from infra.language import N_
from tenants.opportunities.models import OpportunityKind, OpportunityState

KINDS = {
    OpportunityKind.JOB: N_("Job"),
    OpportunityKind.TRAINING: N_("Training"),
    OpportunityKind.EVENT: N_("Call, visit or event"),
    OpportunityKind.OTHER: N_("Something else"),
}
STATES = {
    OpportunityState.PROPOSED: N_("Proposed"),
    OpportunityState.OPEN: N_("Open"),
    OpportunityState.DECLINED: N_("Declined"),
    OpportunityState.CLOSED: N_("Closed"),
    OpportunityState.WITHDRAWN: N_("Withdrawn"),
}

SENTENCES = {
    "link_not_https": N_("Write a whole address that begins with https://"),
    "day_over": N_("Choose a day that is not over yet."),
    "day_too_far": N_("Choose a day within the next year."),
    "opportunity_decided": N_("Somebody has decided about this opportunity already."),
    "opportunity_not_open": N_("This opportunity is not open any more."),
    "opportunity_changed": N_("Somebody has changed this opportunity meanwhile. Look at it and change it again."),
    "opportunities_too_many": N_("Some of your proposals still wait for an answer. Please propose more after that."),
    "partner_without_address": N_("We have no e-mail address of hers. Please tell her yourself."),
    "passed_on_before": N_("You have passed this on already."),
}  # fmt: skip
