"""What the letters of a registration say as they are shipped, and what an organisation may put into its own."""

from infra.language import N_
from infra.language import gettext as _
from tenants.notifications.wording.declared import (
    COORDINATOR_PHONE,
    DEAR,
    PROGRAMME,
    Words,
    a_name,
    field,
    line,
    made_up,
)
from tenants.programmes.around import AROUND

# A sentence per role and not one with the role put in, since many languages bend the words around it (K03).
SIGNED_UP = {
    "mentor": N_("You have signed up as a mentor in %(programme)s."),
    "mentee": N_("You have signed up as a mentee in %(programme)s."),
    "peer": N_("You have signed up for %(programme)s."),
}
CONFIRM_SUBJECT = {
    "mentor": N_("Confirm that you want to be a mentor"),
    "mentee": N_("Confirm that you want to be a mentee"),
    "peer": N_("Confirm that you want to take part"),
}
RECEIVED_AS = {
    "mentor": N_("Thank you. You are now registered as a mentor in %(programme)s."),
    "mentee": N_("Thank you. You are now registered as a mentee in %(programme)s."),
    "peer": N_("Thank you. You are now registered for %(programme)s."),
}
ALREADY_AS = {
    "mentor": N_("You are registered as a mentor in %(programme)s already. You need do nothing."),
    "mentee": N_("You are registered as a mentee in %(programme)s already. You need do nothing."),
    "peer": N_("You are registered for %(programme)s already. You need do nothing."),
}
THANKED = {
    "mentor": N_("Thank you for signing up as a mentor in %(programme)s."),
    "mentee": N_("Thank you for signing up as a mentee in %(programme)s."),
    "peer": N_("Thank you for signing up for %(programme)s."),
}
RECORDED = {
    "mentor": N_("%(name)s has written down what you said, to register you as a mentor in %(programme)s."),
    "mentee": N_("%(name)s has written down what you said, to register you as a mentee in %(programme)s."),
    "peer": N_("%(name)s has written down what you said, to register you for %(programme)s."),
}
LEFT_AS = {
    "mentor": N_("You have left %(programme)s, as you wished. You are no longer a mentor there."),
    "mentee": N_("You have left %(programme)s, as you wished. You are no longer a mentee there."),
    "peer": N_("You have left %(programme)s, as you wished."),
}


def _sample(table: dict[str, str]) -> str:
    facts = {"programme": made_up(PROGRAMME), "name": made_up("recorder")}
    return _(table["mentee"], **facts)


RECORDER = field("recorder", N_("The name of whoever wrote the registration down"), a_name("Hana Helper"))
IN_ROLE = field(
    "signed_up",
    N_("In which role the reader signed up, and for what"),
    lambda: _sample(SIGNED_UP),
    is_whole=True,
)
REGISTERED = field(
    "registered",
    N_("In which role the reader is registered, and for what"),
    lambda: _sample(RECEIVED_AS),
    is_whole=True,
)
IS_ALREADY = field(
    "already",
    N_("In which role the reader is registered already"),
    lambda: _sample(ALREADY_AS),
    is_whole=True,
)
THANKS = field(
    "thanks",
    N_("Thanks for signing up, as it fits the reader’s role"),
    lambda: _sample(THANKED),
    is_whole=True,
)
WRITTEN_DOWN = field(
    "written_down",
    N_("Who has written down what, and for which role"),
    lambda: _sample(RECORDED),
    is_whole=True,
)
HAS_LEFT = field(
    "left", N_("What the reader has left, as it fits her role"), lambda: _sample(LEFT_AS), is_whole=True
)
QUESTIONS_TO = field(
    "questions_to",
    N_("Who answers questions, with name and telephone"),
    lambda: _(
        "Your questions go to %(name)s, telephone %(phone)s.",
        name=made_up("coordinator"),
        phone=made_up(COORDINATOR_PHONE),
    ),
    is_whole=True,
)
TELL_US = field(
    "tell_us",
    N_("Whom to tell whether the time suits, or which times would"),
    lambda: _(
        "Please tell %(name)s whether this time suits you, or which other days and hours would.",
        name=made_up("coordinator"),
    ),
    is_whole=True,
)

# The subject names the role (K03); the words of a role stand in a form of their own.
CONFIRM = {
    role: Words(
        subject=line(subject),
        heading=line(N_("One more step")),
        body=(DEAR, IN_ROLE, line(N_("Your registration applies only after you have confirmed it."))),
        more=(PROGRAMME,),
        needs=(IN_ROLE,),
        whom={"mentor": N_("to mentors"), "mentee": N_("to mentees"), "peer": N_("to peers")}[role],
    )
    for role, subject in CONFIRM_SUBJECT.items()
}
ALREADY = Words(
    subject=line(N_("You are registered already")),
    heading=line(N_("You are registered already")),
    body=(
        line(N_("Somebody has filled in the registration form with your address, most likely you.")),
        IS_ALREADY,
    ),
    more=(PROGRAMME,),
    needs=(IS_ALREADY,),
)
RESUME = Words(
    subject=line(N_("Go on with your registration")),
    heading=line(N_("Your answers are saved")),
    body=(
        line(
            N_(
                "You have begun to register for %(programme)s. You can go on where you stopped, on any telephone or computer."
            ),
            programme=PROGRAMME,
        ),
    ),
)
CHECK = Words(
    subject=line(N_("Check what %(name)s wrote for you"), name=RECORDER),
    heading=line(N_("Is this right?")),
    body=(
        DEAR,
        WRITTEN_DOWN,
        line(N_("Please look through it. Your registration applies only after you have confirmed it.")),
    ),
    more=(PROGRAMME,),
    needs=(WRITTEN_DOWN,),
)
RECEIVED = Words(
    subject=line(N_("We have your registration")),
    heading=line(N_("What happens now")),
    body=(DEAR, REGISTERED, QUESTIONS_TO),
    more=AROUND,
)
INVITED = Words(
    subject=line(N_("An invitation to a talk")),
    heading=line(N_("Let us find a time to talk")),
    body=(
        DEAR,
        THANKS,
        line(
            N_("We would like to get to know you in a talk of about 40 minutes, before we look for a match.")
        ),
        TELL_US,
    ),
    more=AROUND,
    needs=(TELL_US,),
)
LEFT = Words(
    subject=line(N_("You have left %(programme)s"), programme=PROGRAMME),
    heading=line(N_("You have left %(programme)s"), programme=PROGRAMME),
    body=(
        DEAR,
        HAS_LEFT,
        line(
            N_(
                "We look for nobody for you any more. If a proposal was open, or you were in a pair, your coordinator sees to it. The other one is not told why."
            )
        ),
        line(N_("Thank you for having been with us. You are welcome back.")),
    ),
    more=AROUND,
)
