"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "period_empty": N_("The period ends before it begins. Choose a later end."),
    "day_to_come": N_("This day is still to come. Write the day on which it was."),
    "last_step_taken": N_("All steps are taken. Say on its page how the conflict came out."),
    "task_has_hour": N_("This is an appointment. Please move it on the page of the person, and tell her."),
}
