"""What the letters of a pair, a group or a circle say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_, ngettext
from tenants.notifications.wording.declared import (
    DEAR,
    OTHER,
    OTHERS,
    Words,
    field,
    in_days,
    line,
    sample_moment,
)
from tenants.programmes.around import AROUND

PAIR, GROUP, CIRCLE = N_("to pairs"), N_("to groups"), N_("to circles")

ENDS_ON = field("ends_on", N_("The day on which the relationship ends"), lambda: in_days(365))
REPLY_BY = field("reply_by", N_("The day until which we ask for a reply"), lambda: in_days(14))
MONTHS_LEFT = field(
    "months_left",
    N_("For how many more months the coordinator stays by the reader’s side"),
    lambda: ngettext(
        "Your coordinator stays by your side for about one more month.",
        "Your coordinator stays by your side for about %(num)s more months.",
        9,
    ),
    is_whole=True,
)
WHEN = field("when", N_("When the meeting is, in the reader’s time zone"), sample_moment)

_STAYS = line(
    N_("Until %(day)s your coordinator stays by your side, and asks how it goes from time to time."),
    day=ENDS_ON,
)  # K37
_FIRST = line(N_("Whoever proposes a time first, on your page, invites all the others."))
_PRIVATE = line(
    N_("We send no more follow-ups. All of you may go on in private as you like, and you may always "
       "ask your coordinator for support.")
)  # fmt: skip
CONFIRMED = {
    "": Words(
        subject=line(N_("You and %(name)s are a pair"), name=OTHER),
        heading=line(N_("You both want to go on: welcome as a pair")),
        body=(
            DEAR,
            line(N_("You and %(name)s both said yes. From today your mentoring runs until %(day)s."), name=OTHER, day=ENDS_ON),
            line(N_("At your next meeting, please write the agreement and the activity plan together, and send us a copy "
                    "within three weeks.")),
            _STAYS,
        ),
        more=AROUND,
        needs=(OTHER,),
        whom=PAIR,
    ),
    "group": Words(
        subject=line(N_("Your group begins")),
        heading=line(N_("Welcome to your group")),
        body=(
            DEAR,
            line(N_("Enough of you said yes: your group begins today and runs until %(day)s."), day=ENDS_ON),
            _FIRST,
            _STAYS,
        ),
        more=AROUND,
        whom=GROUP,
    ),
    "circle": Words(
        subject=line(N_("Your circle begins")),
        heading=line(N_("Welcome to your circle")),
        body=(
            DEAR,
            line(
                N_("Enough of you said yes: your circle begins today and runs until %(day)s. You take turns to lead it, and you decide together when you meet."),
                day=ENDS_ON,
            ),
            _FIRST,
            _STAYS,
        ),
        more=AROUND,
        whom=CIRCLE,
    ),
}  # fmt: skip
ENDED = {
    "": Words(
        subject=line(N_("Your mentoring with %(name)s"), name=OTHER),
        heading=line(N_("Thank you for your time together")),
        body=(
            DEAR,
            line(N_("Your mentoring with %(name)s in our programme has come to its end."), name=OTHER),
            line(N_("We send no more follow-ups. The two of you may go on in private as you like, and you may always "
                    "ask your coordinator for support.")),
        ),
        more=AROUND,
        whom=PAIR,
    ),
    "group": Words(
        subject=line(N_("Your group has come to its end")),
        heading=line(N_("Thank you for your time together")),
        body=(DEAR, line(N_("Your group in our programme has come to its end.")), _PRIVATE),
        more=AROUND,
        whom=GROUP,
    ),
    "circle": Words(
        subject=line(N_("Your circle has come to its end")),
        heading=line(N_("Thank you for your time together")),
        body=(DEAR, line(N_("Your circle in our programme has come to its end.")), _PRIVATE),
        more=AROUND,
        whom=CIRCLE,
    ),
}  # fmt: skip
_NO_MORE = line(N_("We send you no more follow-ups. You may always ask your coordinator for support."))
PARTED = {
    "group": Words(
        subject=line(N_("Your part in your group is over")),
        heading=line(N_("Thank you for your time together")),
        body=(
            DEAR,
            line(N_("You are no longer part of your group, and the others go on. Thank you for all that you gave to it.")),
            _NO_MORE,
        ),
        more=AROUND,
        whom=GROUP,
    ),
    "circle": Words(
        subject=line(N_("Your part in your circle is over")),
        heading=line(N_("Thank you for your time together")),
        body=(
            DEAR,
            line(N_("You are no longer part of your circle, and the others go on. Thank you for all that you gave to it.")),
            _NO_MORE,
        ),
        more=AROUND,
        whom=CIRCLE,
    ),
}  # fmt: skip
FOLLOW_UP = Words(
    subject=line(N_("How is it going with %(names)s?"), names=OTHERS),
    heading=line(N_("How is your mentoring going?")),
    body=(
        DEAR,
        line(N_("How far are the two of you with what you set out to do, and what is new? A few sentences are enough. "
                "Your coordinator reads them; %(names)s gets a question of her own."), names=OTHERS),
        MONTHS_LEFT,
        line(N_("Please reply by %(day)s."), day=REPLY_BY),
    ),
    more=(ENDS_ON, *AROUND),
    needs=(MONTHS_LEFT, REPLY_BY),
)  # fmt: skip
FOLLOW_UP_REMINDER = Words(
    subject=line(N_("We would like to hear from you")),
    heading=line(N_("How is it going with %(names)s?"), names=OTHERS),
    body=(
        DEAR,
        line(N_("Two weeks ago we asked how it goes. One sentence is enough, also if you have not met for a while: "
                "then we look together what helps.")),
    ),
    more=AROUND,
)  # fmt: skip
