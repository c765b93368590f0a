"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "relationship_ended": N_("This pair has ended, so it cannot be changed any more."),
    "meeting_closed": N_("This meeting has been cancelled or has taken place already."),
    "meeting_in_the_past": N_("%(found)s is over. Choose a time that is still to come."),
    "meeting_time_unreadable": N_("We cannot read the time %(found)s. Write it like 2026-11-23T14:00."),
    "meeting_own": N_("You proposed this time yourself. The other one says whether it suits her."),
}  # fmt: skip
