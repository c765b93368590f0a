"""What this room's codes say."""

from infra.language import N_
from tenants.evaluations.models import EvaluationState, Wording

SENTENCES = {
    "evaluation_settled": N_("This evaluation is settled and cannot be changed any more."),
    "outcome_answered": N_("She has answered this herself, and it stays as she said it."),
    "evaluation_one_only": N_("Choose one answer only."),
}

STATES = {
    EvaluationState.ASKED: N_("Waiting for an answer"),
    EvaluationState.ANSWERED: N_("Answered"),
    EvaluationState.CLOSED: N_("Closed without an answer"),
}

WORDINGS = {
    Wording.PLAIN: N_("A form for each role (usual)"),
    Wording.PRINTED: N_("The mentor’s wording for mentees too, as on the paper form"),
}
