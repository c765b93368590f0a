"""What the letters about one meeting say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_, ngettext
from infra.language import gettext as _
from tenants.notifications.wording.declared import DEAR, OTHER, Words, a_name, field, line, made_up
from tenants.programmes.around import AROUND
from tenants.relationships.wording import PAIR, WHEN

PROPOSER = field("proposer", N_("The name of whoever proposes the meeting"), a_name("Njeri Mwangi"))
AGREED_BY = field(
    "agreed_by",
    N_("Who has agreed to the time"),
    lambda: _("%(name)s agreed to your time.", name=made_up(OTHER)),
    is_whole=True,
)
EVERY_MONTH = field(
    "every_month",
    N_("That it comes back every month, where it does"),
    lambda: ngettext(
        "It comes back every month on the same weekday: %(num)s meeting.",
        "It comes back every month on the same weekday: %(num)s meetings.",
        6,
    ),
    is_whole=True,
)
HOW_MANY = field(
    "how_many",
    N_("How many meetings do not take place"),
    lambda: ngettext(
        "The meeting that was still to come does not take place.",
        "The %(num)s meetings that were still to come do not take place.",
        6,
    ),
    is_whole=True,
)

PROPOSED = {
    "": Words(
        subject=line(N_("%(name)s proposes a meeting"), name=PROPOSER),
        heading=line(N_("%(name)s proposes a meeting"), name=PROPOSER),
        body=(DEAR, line(N_("Please say which time suits you, or propose another one.")), EVERY_MONTH),
        more=AROUND,
        needs=(EVERY_MONTH,),
        whom=N_("a new meeting"),
    ),
    "move": Words(
        subject=line(N_("%(name)s asks to move your meeting"), name=PROPOSER),
        heading=line(N_("%(name)s asks to move your meeting"), name=PROPOSER),
        body=(
            DEAR,
            line(N_("Your meeting stands as it is until you agree to another time.")),
            EVERY_MONTH,
        ),
        more=AROUND,
        whom=N_("another time for one"),
    ),
}
AGREED = Words(
    subject=line(N_("Your meeting with %(name)s"), name=OTHER),
    heading=line(N_("You will meet %(name)s"), name=OTHER),
    body=(DEAR, AGREED_BY, EVERY_MONTH),
    more=(WHEN, *AROUND),
    needs=(AGREED_BY, EVERY_MONTH),
)
MOVED = Words(
    subject=line(N_("Your meeting with %(name)s has a new time"), name=OTHER),
    heading=line(N_("Your meeting with %(name)s has a new time"), name=OTHER),
    body=(
        DEAR,
        line(N_("You agreed on another time. Your calendar moves the meeting when you take up this letter.")),
    ),
    more=(WHEN, *AROUND),
)
REMINDER = Words(
    subject=line(N_("You meet %(name)s: %(when)s"), name=OTHER, when=WHEN),
    heading=line(N_("You meet %(name)s soon"), name=OTHER),
    body=(
        DEAR,
        line(N_("This is your meeting once more: %(when)s."), when=WHEN),
        line(
            N_(
                "If something comes between, cancel it or ask for another time on your page, so that nobody waits for you."
            )
        ),
    ),
    more=AROUND,
    needs=(WHEN,),
)
_CANCELLED = line(N_("Your meeting with %(name)s is cancelled"), name=OTHER)
_SERIES_CANCELLED = line(N_("Your monthly meetings with %(name)s are cancelled"), name=OTHER)
_PROPOSE = line(
    N_("The meeting of %(time)s does not take place. Propose another time when it suits you."), time=WHEN
)
CANCELLED = {
    "": Words(
        subject=_CANCELLED,
        heading=line(N_("%(name)s had to cancel your meeting"), name=OTHER),
        body=(DEAR, _PROPOSE),
        more=AROUND,
        needs=(WHEN,),
        whom=PAIR,
    ),
    "party": Words(
        subject=_CANCELLED,
        heading=line(N_("Somebody had to cancel your meeting")),
        body=(DEAR, _PROPOSE),
        more=AROUND,
        needs=(WHEN,),
        whom=N_("to groups and circles"),
    ),
    "own": Words(
        subject=_CANCELLED,
        heading=line(N_("You cancelled your meeting with %(name)s"), name=OTHER),
        body=(
            DEAR,
            line(
                N_(
                    "The meeting of %(time)s does not take place, and the others are told. This letter takes it out of your calendar."
                ),
                time=WHEN,
            ),
        ),
        more=AROUND,
        needs=(WHEN,),
        whom=N_("to who cancelled"),
    ),
    "series": Words(
        subject=_SERIES_CANCELLED,
        heading=_SERIES_CANCELLED,
        body=(
            DEAR,
            HOW_MANY,
            line(N_("This letter takes them out of your calendar. Propose other times when it suits you.")),
        ),
        more=AROUND,
        needs=(HOW_MANY,),
        whom=N_("all meetings of every month"),
    ),
    "series_own": Words(
        subject=_SERIES_CANCELLED,
        heading=line(N_("You cancelled your monthly meetings with %(name)s"), name=OTHER),
        body=(
            DEAR,
            HOW_MANY,
            line(N_("The others are told. This letter takes them out of your calendar.")),
        ),
        more=AROUND,
        needs=(HOW_MANY,),
        whom=N_("all meetings of every month, to who cancelled"),
    ),
}
