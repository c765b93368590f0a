"""What this room's codes say, and the names of its states."""

from infra.language import N_
from tenants.notifications.models import LetterState

SENTENCES = {
    "letter_gone": N_(
        "This letter is no longer in the outbox. Load the page again to see what became of it."
    ),
    "job_not_failed": N_("This job is being done, or is done already."),
    "task_done_long_ago": N_("This was done more than ten minutes ago and cannot be taken back."),
    "task_is_done": N_("This is done already."),
    "task_is_personal": N_("This was told to you in confidence, so it stays with you."),
    "task_day": N_("Choose a day from today on, within a year."),
    "no_colleague": N_("Choose somebody who may do this task."),
    "letter_not_droppable": N_("This letter goes to everybody whom it concerns, so it cannot be dropped."),
    "no_reader": N_("Choose at least one person who may read this."),
}

STATE_NAMES = {
    LetterState.WAITING: N_("Waiting"),
    LetterState.SENDING: N_("Being sent"),
    LetterState.SENT: N_("Sent"),
    LetterState.REFUSED: N_("Refused by the mail server"),
    LetterState.UNKNOWN: N_("Perhaps not delivered"),
    LetterState.WITHDRAWN: N_("Taken back"),
}
