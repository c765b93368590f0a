"""What the letters about groups and circles say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_, ngettext
from tenants.notifications.wording.declared import DEAR, Line, Words, field, in_days, line
from tenants.programmes.around import AROUND

PEOPLE = field(
    "people",
    N_("What group or circle it is, and how many are in it"),
    lambda: ngettext(
        "We have found a circle for you: you and one more peer who can learn from each other.",
        "We have found a circle for you: you and %(num)s more peers who can learn from each other.",
        4,
    ),
    is_whole=True,
)
REPLY_UNTIL = field(
    "reply_until", N_("The day until which we ask whether the reader takes part"), lambda: in_days(7)
)

GROUP, CIRCLE = N_("to groups"), N_("to circles")


def _both(
    subjects: tuple[str, str], headings: tuple[str, str], *body: Line | str, more: tuple[str, ...] = ()
) -> dict[str, Words]:
    """The words to a group and those to a circle, which differ in subject and heading."""
    return {
        form: Words(
            subject=line(subject),
            heading=line(heading),
            body=(DEAR, *body),
            more=(*more, *AROUND),
            needs=tuple(one for one in body if one == PEOPLE),
            whom=whom,
        )
        for form, whom, subject, heading in zip(
            ("group", "circle"), (GROUP, CIRCLE), subjects, headings, strict=True
        )
    }


ASK = _both(
    (N_("A group for you: do you take part?"), N_("A circle for you: do you take part?")),
    (N_("Do you want to be part of this group?"), N_("Do you want to be part of this circle?")),
    PEOPLE,
    line(
        N_("Please tell us in private whether you take part. When enough have said yes, it begins, and you learn who is in it and how to reach them.")
    ),
    more=(REPLY_UNTIL,),
)  # fmt: skip
REMIND = _both(
    (N_("Your answer about the group"), N_("Your answer about the circle")),
    (N_("Do you want to be part of this group?"), N_("Do you want to be part of this circle?")),
    PEOPLE,
    line(N_("We have not heard from you yet. A yes and a “not this time” are both fine.")),
)
_LOOK_ON = N_("This one has begun, and we look on for you")
LATE = _both(
    (N_("Your group has begun without you"), N_("Your circle has begun without you")),
    (_LOOK_ON, _LOOK_ON),
    line(N_("We had no answer from you in time, so the others have begun. That says nothing about you.")),
    line(N_("You need not do anything. We are looking for the next ones who fit, and write to you then.")),
)
_NOT_AHEAD = N_("This one does not go ahead, and we look on")
CLOSED = _both(
    (N_("Your group does not go ahead"), N_("Your circle does not go ahead")),
    (_NOT_AHEAD, _NOT_AHEAD),
    line(N_("Not enough people could say yes this time. That happens often, and it says nothing about you.")),
    line(N_("You need not do anything. You are among the first whom we ask again.")),
)
