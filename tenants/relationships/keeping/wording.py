"""What the letters that ask whether people meet say as they are shipped."""

from infra.language import N_
from tenants.notifications.wording.declared import DEAR, OTHER, Words, field, in_days, line
from tenants.programmes.around import AROUND
from tenants.relationships.wording import PAIR, WHEN

SINCE = field("since", N_("The day since which we know of no meeting"), lambda: in_days(-40))

DID_YOU_MEET = Words(
    subject=line(N_("Did you meet %(name)s?"), name=OTHER),
    heading=line(N_("Did you meet %(name)s?"), name=OTHER),
    body=(
        DEAR,
        line(N_("You had a meeting: %(when)s. Please tell us with one button whether you met. You need not sign in."), when=WHEN),
    ),
    more=AROUND,
)  # fmt: skip
QUIET = Words(
    subject=line(N_("When do you meet %(name)s next?"), name=OTHER),
    heading=line(N_("When do you meet %(name)s next?"), name=OTHER),
    body=(
        DEAR,
        line(N_("We know of no meeting of yours since %(day)s. Once a month keeps a mentoring alive, and half an hour on the telephone counts."), day=SINCE),
        line(N_("Propose a time on your page. If you have met meanwhile, note it there, and we ask no more.")),
    ),
    more=AROUND,
)  # fmt: skip
_QUESTIONS = (
    DEAR,
    line(N_("We have not heard from you for a while, and have three short questions:")),
    line(N_("Are your agreement and your activity plan on the way?")),
    line(N_("Have you met a second time, or set a day for it?")),
    line(N_("Will you go on?")),
    line(N_("You answer with a few clicks, without signing in. Only your coordinators read it.")),
)
NOT_HEARD = {
    "": Words(
        subject=line(N_("How are you and %(name)s getting on?"), name=OTHER),
        heading=line(N_("We would like to hear from you")),
        body=_QUESTIONS,
        more=AROUND,
        whom=PAIR,
    ),
    "party": Words(
        subject=line(N_("How is it going with %(name)s?"), name=OTHER),
        heading=line(N_("We would like to hear from you")),
        body=_QUESTIONS,
        more=AROUND,
        whom=N_("to groups and circles"),
    ),
}
