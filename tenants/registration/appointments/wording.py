"""What the letters about an interview say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, Words, field, in_days, line, made_up, sample_moment
from tenants.programmes.around import AROUND
from tenants.registration.wording import THANKS

INTERVIEW_DAY = field("interview_day", N_("The day of the interview"), lambda: in_days(9))
INTERVIEW_AT = field(
    "interview_at", N_("Day and hour of the interview, in the reader’s time zone"), sample_moment
)
ASKS = field(
    "asks",
    N_("Whom to tell whether the reader can come, and that she may propose other days"),
    lambda: _(
        "Please tell %(name)s whether you can come: with the button below, or by e-mail. If another day suits you better, you can propose up to three.",
        name=made_up("coordinator"),
    ),
    is_whole=True,
)
STANDS = field(
    "stands",
    N_("Whether the reader has said that she comes, and what to do if not"),
    lambda: _("Here is the time once more. If something comes between, use the button below."),
    is_whole=True,
)
_MORE = (INTERVIEW_AT, *AROUND)

INVITED = Words(
    subject=line(N_("An invitation to an interview on %(day)s"), day=INTERVIEW_DAY),
    heading=line(N_("We would like to get to know you")),
    body=(
        DEAR,
        THANKS,
        line(N_("Before we look for a match, we would like to talk with you in confidence.")),
        ASKS,
    ),
    more=_MORE,
    needs=(ASKS,),
)
MOVED = {
    "": Words(
        subject=line(N_("Your interview is now on %(day)s"), day=INTERVIEW_DAY),
        heading=line(N_("A new time for your interview")),
        body=(DEAR, ASKS),
        more=_MORE,
        needs=(ASKS,),
        whom=N_("to who has still to answer"),
    ),
    "hers": Words(
        subject=line(N_("Your interview is now on %(day)s"), day=INTERVIEW_DAY),
        heading=line(N_("The time that you proposed stands")),
        body=(
            DEAR,
            line(N_("You need do nothing more. If something comes between, use the button below.")),
        ),
        more=_MORE,
        whom=N_("to who proposed the time"),
    ),
}
REMINDER = Words(
    subject=line(N_("Your interview is on %(day)s"), day=INTERVIEW_DAY),
    heading=line(N_("We look forward to talking with you")),
    body=(DEAR, STANDS),
    more=_MORE,
    needs=(STANDS,),
)
CANCELLED = Words(
    subject=line(N_("The interview on %(day)s does not take place"), day=INTERVIEW_DAY),
    heading=line(N_("This interview does not take place")),
    body=(
        DEAR,
        line(N_("You need not come. If we would like to meet you at another time, we write to you again.")),
    ),
    more=_MORE,
)
