"""What this room's codes say, and the names of its states."""

from infra.language import N_
from tenants.notifications.models import LetterState

SENTENCES = {
    "letter_gone": N_(
        "This letter is no longer in the outbox. Load the page again to see what became of it."
    ),
    "letter_fixed": N_(
        "This letter tells its reader what was done with her account. Nobody else takes it back."
    ),
    "job_not_failed": N_("This job is being done, or is done already."),
    "task_done_long_ago": N_("This was done more than ten minutes ago and cannot be taken back."),
    "task_is_done": N_("This is done already."),
    "task_is_personal": N_("This was told to you in confidence, so it stays with you."),
    "task_day": N_("Choose a day from today on, within a year."),
    "no_colleague": N_("Choose somebody who may do this task."),
    "letter_not_droppable": N_("This letter goes to everybody whom it concerns, so it cannot be dropped."),
    "letter_not_asked_for": N_("This letter is not one that comes by asking for it."),
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

# Why a mail server takes no letter (RFC 3463), by the beginning of its code, and what would help. The first that fits counts.
REFUSALS: tuple[tuple[str, str, str], ...] = (
    ("5.1.", N_("There is no such address"),
     N_("The mail server of the receiver does not know this address. Correct it first, then send the letter again.")),
    ("5.2.2", N_("The mailbox is full"),
     N_("The mailbox of the receiver is full. Telephone her, and send the letter again when there is room.")),
    ("5.2.", N_("The mailbox takes no mail"),
     N_("The mailbox of the receiver is closed. Ask her for another address, then send the letter again.")),
    ("5.4.", N_("There is no way to this address"),
     N_("We found no mail server for this address. Look whether the part after the @ is right, then send the letter again.")),
    ("5.7.", N_("The mail server of the receiver does not trust us"),
     N_("Those who run the receiver’s mail keep this letter out. Give this code to whoever looks after your mail, and telephone the receiver meanwhile.")),
    ("mail_too_large", N_("The letter is too large"),
     N_("This letter is too large for slow lines. Shorten its words, then send it again.")),
    ("mail_invalid", N_("The letter cannot be addressed"),
     N_("The name or the address cannot stand in a mail. Correct them first, then send the letter again.")),
    ("55", N_("The mail server of the receiver would not take it"),
     N_("The mail server of the receiver would not take it. Correct the address first, then send it again.")),
)  # fmt: skip


def refusal(error: str | None) -> tuple[str, str]:
    """Why a letter was refused, and what would help: message ids."""
    told = (error or "").split()
    for beginning, why, remedy in REFUSALS:
        if any(one.startswith(beginning) for one in reversed(told)):
            return why, remedy
    return REFUSALS[-1][1:]
