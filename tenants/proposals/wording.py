"""What the letters of a proposal say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, OTHER, Words, field, in_days, line, made_up
from tenants.programmes.around import AROUND

FOUND = field(
    "found",
    N_("Whom we found, said as it fits the reader’s role"),
    lambda: _("We found a mentor who fits what you asked for: %(name)s.", name=made_up(OTHER)),
    is_whole=True,
)
INTRODUCED = field(
    "introduced",
    N_("Who is proposed and why, or that both said yes to a first meeting"),
    lambda: _("You both said yes to a first meeting."),
    is_whole=True,
)
WHY = field(
    "why",
    N_("Why the two fit, with the strongest reasons first"),
    lambda: _("You share a topic."),
    is_whole=True,
)
WRITES_FIRST = field(
    "writes_first",
    N_("Who writes first, and until when they set a date"),
    lambda: _("Please write or call first, and set a date by %(day)s.", day=in_days(14)),
    is_whole=True,
)
ANSWER_BY = field("answer_by", N_("The day until which we ask for an answer"), lambda: in_days(3))
DATE_BY = field("date_by", N_("The day until which a date for the first meeting is set"), lambda: in_days(14))
MEET_BY = field("meet_by", N_("The day until which the two have met"), lambda: in_days(60))

MEET = Words(
    subject=line(N_("Do you want to meet %(name)s?"), name=OTHER),
    heading=line(N_("%(name)s could be a good match for you"), name=OTHER),
    body=(
        DEAR,
        FOUND,
        WHY,
        line(N_("Please tell us in private whether you want to meet. You promise nothing.")),
    ),
    more=(ANSWER_BY, *AROUND),
    needs=(WHY,),
)
REMIND = Words(
    subject=line(N_("Your answer about %(name)s"), name=OTHER),
    heading=line(N_("Do you want to meet %(name)s?"), name=OTHER),
    body=(DEAR, line(N_("We have not heard from you yet. A yes and a “not this time” are both fine."))),
    more=AROUND,
)
CONTACT = Words(
    subject=line(N_("You and %(name)s: how to reach each other"), name=OTHER),
    heading=line(N_("You and %(name)s: how to reach each other"), name=OTHER),
    body=(
        DEAR,
        INTRODUCED,
        WRITES_FIRST,
        line(N_("Meet by %(day)s in a public place, such as a café or a library."), day=MEET_BY),
    ),
    more=(DATE_BY, *AROUND),
    needs=(INTRODUCED, WRITES_FIRST, MEET_BY),
)
GO_ON = Words(
    subject=line(N_("You and %(name)s: do you want to go on?"), name=OTHER),
    heading=line(N_("Do you want to go on with %(name)s?"), name=OTHER),
    body=(
        DEAR,
        line(
            N_(
                "If you have met, please tell us in private whether you want to go on. Each of you answers alone."
            )
        ),
        line(
            N_(
                "If you have not met yet, leave this letter until you have. We ask again when we know your date."
            )
        ),
    ),
    more=AROUND,
)
_CLOSED = line(
    N_("The proposal with %(name)s does not go ahead. That happens often, and it says nothing about you."),
    name=OTHER,
)
CLOSED = {
    "": Words(
        subject=line(N_("Your proposal with %(name)s"), name=OTHER),
        heading=line(N_("This one does not go ahead, and we look on")),
        body=(
            DEAR,
            _CLOSED,
            line(N_("You need not do anything. We are looking for the next person who fits, and write to you then.")),
        ),
        more=AROUND,
        whom=N_("to who goes on taking part"),
    ),
    "gone": Words(
        subject=line(N_("Your proposal with %(name)s"), name=OTHER),
        heading=line(N_("This one does not go ahead")),
        body=(DEAR, _CLOSED, line(N_("You need not do anything."))),
        more=AROUND,
        whom=N_("to who takes part no more"),
    ),
}  # fmt: skip
