"""What this room's codes say."""

from infra.language import N_
from tenants.registration.models import Status
from tenants.relationships.afterwards.words import SENTENCES as AFTERWARDS
from tenants.relationships.models import EndReason

SENTENCES = AFTERWARDS | {
    "meeting_time": N_("These times cannot be used. Please look at each of them."),
    "relationship_ended": N_("It has ended, so it cannot be changed any more."),
    "relationship_part_over": N_("You are no longer part of this group or circle, and the others go on."),
    "relationship_last_ones": N_("Without this person too few would be left. Please end it instead."),
    "meeting_closed": N_("This meeting has been cancelled or has taken place already."),
    "meeting_in_the_past": N_("%(found)s is over. Choose a time that is still to come."),
    "meeting_too_far": N_("%(found)s is more than a year ahead. Choose a time that is nearer."),
    "check_up_day": N_("Choose a day from today on, within the next two years."),
    "meeting_time_unreadable": N_("We cannot read the time %(found)s. Write it like 2026-11-23T14:00."),
    "meeting_in_gap": N_("The clocks skip %(found)s. The next time that there is, is %(next)s."),
    "meeting_monthly_alone": N_("Meetings of every month need one first time, and no more."),
    "meeting_monthly_short": N_("Your mentoring ends before a second meeting. Choose an earlier day, or one meeting."),
    "meeting_not_yet": N_("This meeting is still to come."),
    "meeting_noted_day": N_("Choose a day between the beginning of your mentoring and today."),
    "questions_settled": N_("You answered more than two weeks ago. If something has changed, write to your coordinator."),
    "meeting_answer_late": N_("This meeting was too long ago to say more about it."),
    "asked_lately": N_("They have been asked less than a week ago. Give them a few days."),
    "meeting_own": N_("You proposed this time yourself. The other one says whether it suits."),
}  # fmt: skip

END_REASONS = {
    EndReason.TERM_OVER: N_("The agreed time is over"),
    EndReason.GOALS_REACHED: N_("The goals are reached"),
    EndReason.NO_CONTACT: N_("They no longer meet"),
    EndReason.SITUATION_CHANGED: N_("Somebody’s situation has changed"),
    EndReason.ASKED_TO_END: N_("One or more of them asked to end it"),
    EndReason.LEFT_PROGRAMME: N_("Somebody leaves the programme"),
    EndReason.OTHER: N_("Another reason"),
}

END_CHOICES = {
    Status.READY: N_("Wants to be matched again"),
    Status.NETWORK_PARTICIPANT: N_("Stays for news and events only"),
    Status.LEFT: N_("Leaves"),
}
