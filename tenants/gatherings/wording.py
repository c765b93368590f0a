"""What the letters about a workshop say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, Words, field, in_days, line, sample_moment
from tenants.programmes.around import AROUND

WORKSHOP = field("workshop", N_("The title of the workshop"), lambda: _("Getting started as a mentor"))
WORKSHOP_DAY = field("workshop_day", N_("The day of the workshop"), lambda: in_days(9))
WORKSHOP_AT = field(
    "workshop_at", N_("Day and hour of the workshop, in the reader’s time zone"), sample_moment
)
ABOUT = field(
    "about_workshop",
    N_("What the workshop is about, as you have written it"),
    lambda: _("We get to know each other, and try out what helps in the first months."),
    is_whole=True,
)
FREE = N_(
    "Please tell us with the button below whether you come. You can change your answer until it begins."
)
ASKS = field(
    "asks_to_come",
    N_("How the reader answers, and whether there are places for all"),
    lambda: _(FREE),
    is_whole=True,
)
STANDS = field(
    "stands_with_workshop",
    N_("Whether the reader has said that she comes, and what to do if not"),
    lambda: _(
        "You have a place. If something comes between, please use the button below: somebody else may be waiting."
    ),
    is_whole=True,
)
WITHOUT_NAME = N_(
    "It takes two minutes. Your answers are kept without your name: those who plan our workshops read them, and cannot see who wrote what."
)
UNNAMED = field(
    "kept_without_name",
    N_("Who reads the answers, and that they bear no name"),
    lambda: _(WITHOUT_NAME),
    is_whole=True,
)
_MORE = (WORKSHOP_AT, *AROUND)

INVITED = Words(
    subject=line(N_("An invitation: %(title)s"), title=WORKSHOP),
    heading=line(N_("You are invited: %(title)s"), title=WORKSHOP),
    body=(DEAR, line(N_("We would be glad to see you on %(day)s."), day=WORKSHOP_DAY), ABOUT, ASKS),
    more=_MORE,
    needs=(ASKS,),
)
MOVED = Words(
    subject=line(N_("Changed: %(title)s"), title=WORKSHOP),
    heading=line(N_("There is a change: %(title)s"), title=WORKSHOP),
    body=(
        DEAR,
        line(N_("Below is what holds now. The entry in your calendar changes with it.")),
        STANDS,
    ),
    more=(WORKSHOP_DAY, *_MORE),
    needs=(STANDS,),
)
REMINDER = Words(
    subject=line(N_("Soon: %(title)s"), title=WORKSHOP),
    heading=line(N_("We look forward to seeing you: %(title)s"), title=WORKSHOP),
    body=(DEAR, STANDS),
    more=(WORKSHOP_DAY, *_MORE),
    needs=(STANDS,),
)
PLACE = Words(
    subject=line(N_("There is a place for you: %(title)s"), title=WORKSHOP),
    heading=line(N_("There is a place for you")),
    body=(
        DEAR,
        line(N_("You wanted to come to %(title)s, and now you have a place."), title=WORKSHOP),
        line(
            N_(
                "If you cannot come any more, please say so with the button below. Then the place goes to somebody else."
            )
        ),
    ),
    more=(WORKSHOP_DAY, *_MORE),
)
CANCELLED = Words(
    subject=line(N_("Cancelled: %(title)s"), title=WORKSHOP),
    heading=line(N_("This does not take place: %(title)s"), title=WORKSHOP),
    body=(
        DEAR,
        line(
            N_("We are sorry: what we had planned for %(day)s does not take place. You need not come."),
            day=WORKSHOP_DAY,
        ),
    ),
    more=_MORE,
)
OPINION = Words(
    subject=line(N_("How was it? %(title)s"), title=WORKSHOP),
    heading=line(N_("Tell us how it was for you")),
    body=(
        DEAR,
        line(
            N_(
                "Thank you for coming to %(title)s. Three short questions help us to make the next one better."
            ),
            title=WORKSHOP,
        ),
        UNNAMED,
    ),
    more=(WORKSHOP_DAY, *_MORE),
    needs=(UNNAMED,),
)
