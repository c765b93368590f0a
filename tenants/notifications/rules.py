"""What may still be done to a letter, and for how long a tick can be taken back."""

from datetime import timedelta

from infra.errors import WrongState
from tenants.notifications.models import LetterState

UNDO = timedelta(minutes=10)
MAX_CONCERN = 5_000  # characters; what somebody tells in confidence is rarely short

# Somebody has to look at these; sending again is hers to decide.
STRANDED = frozenset({LetterState.REFUSED, LetterState.UNKNOWN})
PERSONAL = (
    "concern.",
    "note.",
    "conflict.",
)  # beginnings of kinds of tasks that were told to one person alone


# Beginnings of kinds of letters that tell their readers what was done with their accounts or their data.
FIXED = ("identity.support_", "identity.address_", "identity.passkey", "privacy.", "alarm.")


class LetterGone(WrongState):
    """It has left the outbox, or was taken back, before this could be done."""

    code = "letter_gone"


class LetterFixed(WrongState):
    """It tells its reader what was done with her account or her data, so nobody else takes it back."""

    code = "letter_fixed"


class JobNotFailed(WrongState):
    code = "job_not_failed"


class TaskDoneLongAgo(WrongState):
    code = "task_done_long_ago"


def may_be_taken_back(kind: str) -> bool:
    return not kind.startswith(FIXED)


def must_wait(state: str) -> None:
    """
    Raises:
        LetterGone: the letter is no longer in the outbox.
    """
    if state != LetterState.WAITING:
        raise LetterGone(state=state)
