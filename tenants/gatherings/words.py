"""What the codes of workshops say, and the names of their kinds and states."""

from infra.language import N_
from tenants.gatherings.models import Audience, GatheringKind, GuestState, WorkshopState

SENTENCES = {
    "workshop_over": N_("This is over, has begun, or was cancelled. Nothing was changed."),
    "workshop_not_yet": N_("This has not taken place yet. Come back when it has begun."),
    "workshop_changed": N_("Somebody changed this meanwhile. Look at it again, and decide anew."),
    "not_a_guest": N_("You were not there, or it is too long ago. Nothing was changed."),
    "not_invitable": N_("She takes part in another programme, or has left."),
    "opinion_given": N_("You have told us already. Thank you."),
    "workshop_place": N_("Say where it takes place, or give a link for a call."),
    "workshop_places_taken": N_("%(taken)s people have a place already. Keep as many."),
    "workshop_audience_fixed": N_("People are invited already. For others, plan another workshop."),
}

KINDS = {
    GatheringKind.INTRODUCTION: N_("Introductory workshop"),
    GatheringKind.THEME: N_("Workshop on a theme"),
    GatheringKind.SEMINAR: N_("Seminar"),
    GatheringKind.TRIP: N_("Field trip"),
    GatheringKind.SESSION: N_("Session of several pairs"),
}
AUDIENCES = {
    Audience.MENTORS: N_("For mentors"),
    Audience.MENTEES: N_("For mentees"),
    Audience.EVERYBODY: N_("For everybody"),
}
STATES = {
    WorkshopState.PLANNED: N_("Planned"),
    WorkshopState.HELD: N_("Took place"),
    WorkshopState.CANCELLED: N_("Cancelled"),
}
GUEST_STATES = {
    GuestState.ASKED: N_("No answer yet"),
    GuestState.COMING: N_("Is coming"),
    GuestState.WAITING: N_("Waits for a place"),
    GuestState.DECLINED: N_("Cannot come"),
    GuestState.GONE: N_("Has left the programme"),
    GuestState.UNASKED: N_("Came without an invitation"),
}
# The scale of the form, from the least to the most (K71).
USEFUL = {
    1: N_("not useful at all"),
    2: N_("a little"),
    3: N_("partly"),
    4: N_("for the most part"),
    5: N_("very much"),
}
QUESTIONS = {
    "useful": N_("How useful was it for you?"),
    "will_use": N_("What will you use from it?"),
    "missing": N_("What was missing, or could be better?"),
}
