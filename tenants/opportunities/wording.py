"""What the letters about opportunities say as they are shipped."""

from infra.language import N_, ngettext
from tenants.notifications.wording.declared import DEAR, OTHER, Words, a_name, field, line, only

TITLE = field("opportunity", N_("The title of the opportunity"), a_name("A course in bookkeeping"))
ANSWER = field(
    "answer", N_("What the coordinator says about it"), a_name("We had the same course last week."), is_whole=True
)  # fmt: skip
NUMBER = field(
    "new_ones",
    N_("How many opportunities are new"),
    lambda: ngettext("One new opportunity", "%(num)s new opportunities", 3),
)

PUBLISHED = Words(
    subject=line(N_("Others can act on what you proposed")),
    heading=line(N_("Your opportunity is published")),
    body=(
        DEAR,
        line(N_("You proposed “%(title)s”. From today the people of your programme see it. Thank you for sharing it."), title=TITLE),
        line(N_("On its page you see who is interested. You can withdraw it there at any time.")),
    ),
)  # fmt: skip
DECLINED = Words(
    subject=line(N_("About what you proposed")),
    heading=line(N_("Your opportunity is not published")),
    body=(
        DEAR,
        line(N_("You proposed “%(title)s”. We do not put it before the others this time. Your coordinator writes:"), title=TITLE),
        ANSWER,
        line(N_("Thank you for thinking of the others. We are glad about your next proposal.")),
    ),
    needs=(ANSWER,),
)  # fmt: skip
PASSED_ON = Words(
    subject=line(N_("%(name)s thinks of you"), name=OTHER),
    heading=line(N_("An opportunity that may be for you")),
    body=(
        DEAR,
        line(N_("%(name)s has seen something that may be for you: “%(title)s”."), name=OTHER, title=TITLE),
        line(N_("Read about it on its page. You need not do anything, and nobody asks you whether you did.")),
    ),
    needs=(OTHER,),
)
NEW_ONES = Words(
    subject=only(NUMBER),
    heading=line(N_("Opportunities of this week")),
    body=(DEAR, line(N_("This is new on the board of your programme. On each page you can say that you are interested."))),
    more=(),
)  # fmt: skip
