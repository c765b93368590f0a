"""What the letters of an evaluation say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, OTHERS, Words, field, line
from tenants.programmes.around import AROUND
from tenants.relationships.wording import ENDS_ON

# A field and not words of the text: whoever writes a text of her own says this all the same (K59).
CONFIDENTIAL = N_(
    "The form takes about five minutes. What you write stays among the coordinators of our programme; the "
    "others do not see it."
)
WHO_READS = field(
    "who_reads", N_("How long it takes, and who reads the answers"), lambda: _(CONFIDENTIAL), is_whole=True
)
ASKED = {
    "": Words(
        subject=line(N_("How was your mentoring?")),
        heading=line(N_("Tell us how your mentoring was")),
        body=(
            DEAR,
            line(
                N_(
                    "You have been in mentoring with %(names)s in our programme. We would like to learn how it was for you."
                ),
                names=OTHERS,
            ),
            WHO_READS,
        ),
        more=AROUND,
        needs=(WHO_READS,),
        whom=N_("after an end"),
    ),
    "term": Words(
        subject=line(N_("The time of your mentoring is over. How was it?")),
        heading=line(N_("Tell us how your mentoring was")),
        body=(
            DEAR,
            line(
                N_(
                    "The time that you agreed on with %(names)s is over: its last day is %(day)s. We would like to learn how your mentoring was for you."
                ),
                names=OTHERS,
                day=ENDS_ON,
            ),
            line(
                N_(
                    "Your coordinator talks with you before she closes it. You may always go on in private as you like."
                )
            ),
            WHO_READS,
        ),
        more=AROUND,
        needs=(WHO_READS,),
        whom=N_("on the last day of the agreed time"),
    ),
}
BEFORE = Words(
    subject=line(N_("How do things stand for you now?")),
    heading=line(N_("Before it begins: how do things stand for you?")),
    body=(
        DEAR,
        line(
            N_(
                "We would like to learn what changes for those who take part. Please answer a few short questions now; we ask the same ones at the end."
            )
        ),
        line(N_("Only numbers of several people together are ever shown.")),
    ),
    more=AROUND,
)
REMINDER = Words(
    subject=line(N_("Five minutes about your mentoring")),
    heading=line(N_("Your evaluation is still open")),
    body=(
        DEAR,
        line(N_("Some time ago we asked how your mentoring with %(names)s was. Your answers help us to do better for "
                "those who come after you."), names=OTHERS),
        line(N_("If we do not hear from you, your coordinator gives you a call.")),
    ),
    more=AROUND,
)  # fmt: skip
