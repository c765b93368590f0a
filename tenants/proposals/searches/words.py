"""What this part's codes say."""

from infra.language import N_

SENTENCES = {
    "search_not_ready": N_("This person cannot be matched just now, so there is nobody to look for. She has to be ready to be matched, with a free place."),
    "search_not_here": N_("This programme makes groups or circles, which a matching run forms. You can move somebody into a draft of the last run."),
    "search_not_done": N_("The search is still under way. Please look again in a moment."),
    "search_old": N_("One of the two has changed something since this search. Please search again, then propose."),
    "search_refused": N_("A constraint stands between these two, so they are not proposed to each other."),
    "search_broken": N_("Something went wrong on our side while we searched. Please search again."),
    "proposal_not_draft_by_hand": N_("This is no draft that was made by hand, so it cannot be thrown away. You can withdraw a proposal that was sent."),
}  # fmt: skip
