"""What the letters about what several rooms know say as they are shipped."""

from infra.language import N_, ngettext
from tenants.notifications.wording.declared import (
    DEAR,
    ORGANISATION,
    Words,
    a_name,
    field,
    line,
    only,
    sample_moment,
)

WAITING = field(
    "waiting",
    N_("How many things wait for the reader"),
    lambda: ngettext("One thing waits for you", "%(num)s things wait for you", 2),
)
TALKS = field("talks", N_("Who talks with the reader"), a_name("Hana Helper"))
TALK_AT = field("talk_at", N_("When the talk is, in the reader’s time zone"), sample_moment)

REMINDER = Words(
    subject=only(WAITING),
    heading=line(N_("We have not heard from you yet")),
    body=(
        DEAR,
        line(N_("Somebody waits for a word of yours. It takes a few minutes, and a no is an answer, too.")),
    ),
    more=(ORGANISATION,),
)
INTERVIEWER = Words(
    subject=line(N_("%(name)s talks with you"), name=TALKS),
    heading=line(N_("Somebody else talks with you")),
    body=(DEAR, line(N_("%(name)s talks with you in the interview. Time and place stay."), name=TALKS)),
    more=(TALK_AT,),
    needs=(TALKS,),
)
