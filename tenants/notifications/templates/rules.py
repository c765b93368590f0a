"""Who may change the words of letters, and what no longer fits."""

from datetime import timedelta

from infra.errors import Conflict, Forbidden, LimitReached, WrongState
from tenants.actor import Actor
from tenants.permissions import Permission

TRIALS = 30  # test messages to oneself
WITHIN = timedelta(hours=1)


class TemplateChanged(Conflict):
    """Somebody else has saved since; `version` is hers."""

    code = "template_changed"


class LetterNotEditable(WrongState):
    code = "letter_not_editable"


class TooManyTrials(LimitReached):
    code = "too_many_trials"


class TrialWithoutAddress(WrongState):
    code = "trial_without_address"


def may_edit(actor: Actor) -> bool:
    """The words are the whole organisation's, so whoever works for some offices reads them and changes none."""
    return actor.may(Permission.TEMPLATES_EDIT) and not actor.offices


def must_edit(actor: Actor) -> None:
    """
    Raises:
        Forbidden
    """
    if not may_edit(actor):
        raise Forbidden(permission=Permission.TEMPLATES_EDIT.value)


def must_read(actor: Actor) -> None:
    """Who writes the words, and who sends the letters.

    Raises:
        Forbidden
    """
    if not actor.may(Permission.TEMPLATES_EDIT):
        actor.require(Permission.OUTBOX_READ)
