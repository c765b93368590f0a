"""What the letters about an agreement and about notice say as they are shipped."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, OTHERS, Words, field, in_days, line, made_up
from tenants.programmes.around import AROUND

NOTICE_DAY = field(
    "notice_day", N_("The day on which the mentoring ends after a notice"), lambda: in_days(30)
)
NOTICE = field(
    "notice",
    N_("Who ends what, and on which day"),
    lambda: _(
        "%(names)s ends your mentoring as your agreement says: it lasts until %(day)s. That says nothing about "
        "you.",
        names=made_up(OTHERS),
        day=in_days(30),
    ),
    is_whole=True,
)

TO_SIGN = Words(
    subject=line(N_("Your mentoring agreement waits for your signature")),
    heading=line(N_("Your agreement is filled in: please read and sign it")),
    body=(
        DEAR,
        line(N_("The agreement with %(names)s has got a signature, and now waits for yours. Read it in your language. "
                "If something is not right, change it: then all of you sign anew."), names=OTHERS),
    ),
    more=AROUND,
)  # fmt: skip
CHANGED = Words(
    subject=line(N_("Your mentoring agreement was changed: please sign again")),
    heading=line(N_("Your agreement was changed after you had signed")),
    body=(
        DEAR,
        line(N_("What you agree on with %(names)s has been changed. You had signed other words, so your signature no "
                "longer counts. Please read it again, and sign if it suits you."), names=OTHERS),
    ),
    more=AROUND,
)  # fmt: skip
SIGNED = Words(
    subject=line(N_("Your mentoring agreement is signed")),
    heading=line(N_("Your agreement is signed by all of you")),
    body=(
        DEAR,
        line(N_("You and %(names)s have signed your agreement. Your page has it as a file to keep or print, with your "
                "activity plan. Your coordinator has a copy."), names=OTHERS),
    ),
    more=AROUND,
)  # fmt: skip
REVIEW = Words(
    subject=line(N_("Does your mentoring agreement still suit you?")),
    heading=line(N_("It is time to look at your agreement again")),
    body=(
        DEAR,
        line(N_("Please look at your agreement together with %(names)s. Keep it, write a new one, or end your mentoring if "
                "what you expected has come true."), names=OTHERS),
    ),
    more=AROUND,
)  # fmt: skip
GIVEN = Words(
    subject=line(N_("Your mentoring: an end on %(day)s"), day=NOTICE_DAY),
    heading=line(N_("Notice was given for %(day)s"), day=NOTICE_DAY),
    body=(
        DEAR,
        NOTICE,
        line(N_("Use the last week to look back together. If something weighs on you, your coordinator is there.")),
    ),
    more=AROUND,
    needs=(NOTICE,),
)  # fmt: skip
TAKEN_BACK = Words(
    subject=line(N_("Your mentoring goes on")),
    heading=line(N_("The notice was taken back, and you go on")),
    body=(
        DEAR,
        line(N_("The notice for %(day)s was taken back. Your mentoring with %(names)s goes on as before."),
             day=NOTICE_DAY, names=OTHERS),
    ),
    more=AROUND,
)  # fmt: skip
