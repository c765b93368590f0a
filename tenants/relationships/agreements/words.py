"""What this room's codes say."""

from infra.language import N_
from tenants.relationships.agreements.models import AgreementState, Form
from tenants.relationships.agreements.notice_models import Ground, NoticeState

SENTENCES = {
    "agreement_none": N_("In this programme people just meet: there is no agreement to fill in."),
    "agreement_closed": N_("The agreement does not stand so any more. Please look at it as it is now."),
    "agreement_unfinished": N_(
        "Before you sign, say what your mentoring is for, how you are in touch between meetings, and how often."
    ),
    "agreement_outdated": N_("The text has changed since you read it. Please read it again, and then sign."),
    "agreement_changed_meanwhile": N_(
        "Somebody else has changed it while you were writing. Nothing is lost: compare, and save again."
    ),
    "agreement_purposes": N_("Choose at most %(maximum)s. You have chosen %(found)s."),
    "agreement_points": N_("At most %(maximum)s points, one on each line."),
    "plan_changed_meanwhile": N_("Somebody else has just changed this: it now says “%(text)s”. Please look again."),
    "plan_too_many_changes": N_("This plan has been changed so often that no change fits in. Ask your coordinator."),
    "plan_full": N_("There is room for %(maximum)s here. Finish or remove one first."),
    "plan_day": N_("Choose a day from today on, within the next five years."),
    "notice_closed": N_("This notice was taken back already, or has taken effect."),
    "notice_given": N_("You have given notice already."),
    "notice_reason": N_("Tell your coordinator what happened. Nobody else reads it."),
}  # fmt: skip

FORMS = {
    Form.TOOLBOX: N_("Full text: what each brings, clauses, how it ends"),
    Form.ANNEX: N_("Short text: nine aims"),
    Form.MEMO_MENTEE: N_("Memo for mentees"),
    Form.MEMO_MENTOR: N_("Memo for mentors"),
}

STATES = {
    AgreementState.DRAFT: N_("Being written"),
    AgreementState.IN_FORCE: N_("Signed by all"),
    AgreementState.REPLACED: N_("Replaced by a newer one"),
    AgreementState.DROPPED: N_("Given up"),
}

GROUNDS = {
    Ground.MONTH: N_("One month’s notice"),
    Ground.BREACH: N_("One day’s notice: the agreement was not kept"),
    Ground.CONFIDENCE: N_("At once: confidence was broken"),
}

NOTICE_STATES = {
    NoticeState.GIVEN: N_("stands"),
    NoticeState.TAKEN_BACK: N_("taken back"),
    NoticeState.DONE: N_("has taken effect"),
    NoticeState.LAPSED: N_("it ended before"),
}
