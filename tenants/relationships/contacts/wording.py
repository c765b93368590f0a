"""What the letter about another coordinator says as it is shipped."""

from infra.language import N_
from tenants.notifications.wording.declared import COORDINATOR, DEAR, Words, line
from tenants.programmes.around import AROUND

ANOTHER = Words(
    subject=line(N_("%(name)s is your coordinator from now on"), name=COORDINATOR),
    heading=line(N_("You have another coordinator")),
    body=(
        DEAR,
        line(
            N_(
                "%(name)s accompanies your mentoring from now on. You need do nothing, and all that you arranged stays as it is."
            ),
            name=COORDINATOR,
        ),
        line(N_("Write or call when something is on your mind.")),
    ),
    more=AROUND,
    needs=(COORDINATOR,),
)
