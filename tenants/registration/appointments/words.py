"""What the codes of appointments say, and the names of their states."""

from infra.language import N_
from tenants.registration.appointment_models import AppointmentState

SENTENCES = {
    "appointment_stands": N_("This person was invited to an interview already. Move that appointment instead."),
    "not_to_interview": N_("Only somebody who is registered or awaits an interview is invited to one."),
    "interview_held_already": N_("The interview with this person was held already."),
    "appointment_over": N_("This appointment is over, or was cancelled. Nothing was changed."),
    "appointment_changed": N_("Somebody moved this appointment or answered meanwhile. Look at it again, and decide anew."),
    "appointment_not_proposed": N_("This time is not proposed any more. Look at the appointment again."),
    "interview_too_far": N_("Choose a day within a year from now."),
    "interview_in_the_past": N_("This time is over. Choose one that is still to come."),
    "interview_hour_left_out": N_("On this day the clocks go forward, and this hour is left out. Choose another hour."),
    "interview_overlaps": N_("At this time there is another interview already. Choose a later hour, or a shorter talk."),
    "interview_place": N_("Say where you talk, or give a link for a call."),
    "interview_link": N_("Write the whole address of the call, beginning with https://."),
}  # fmt: skip

STATE_NAMES = {
    AppointmentState.ASKED: N_("Invited, no answer yet"),
    AppointmentState.CONFIRMED: N_("Confirmed"),
    AppointmentState.PROPOSED: N_("Proposes other times"),
    AppointmentState.DECLINED: N_("Cannot come then"),
    AppointmentState.CANCELLED: N_("Cancelled"),
    AppointmentState.HELD: N_("Held"),
}
