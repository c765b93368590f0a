"""What this room's codes say, and the names of its states."""

from infra.language import N_
from tenants.registration.models import Status

SENTENCES = {
    "status_not_reachable": N_("This step does not follow from where this person stands now."),
    "interview_not_held": N_("Record the interview first: nobody is matched before it."),
    "profile_incomplete": N_("The profile has open questions. Answer them first."),
    "status_undo_too_late": N_("This can no longer be taken back. Choose the status anew."),
    "cannot_return": N_("Please register anew, or ask your coordinator: you cannot come back this way."),
    "registration_closed": N_("Registration is not open now."),
    "programme_full": N_("All places of this cycle are taken."),
    "registration_sent": N_("This registration has been sent. Confirm it with the link in our e-mail."),
    "consent_needed": N_("We need your agreement to this, or we cannot go on."),
    "not_eligible_gender": N_("This programme is not open to the gender that you named. If the answer is right, ask the coordinator what else there is."),
    "not_eligible_grade": N_("This programme is for these grades: %(grades)s. If yours is among them, correct your answer; if not, ask the coordinator what else there is."),
    "not_eligible_years_min": N_("This programme asks for at least %(years)s years of work. If the number is right, ask the coordinator what else there is."),
    "not_eligible_years_max": N_("This programme is for people with at most %(years)s years of work. If the number is right, ask the coordinator what else there is."),
    "no_places": N_("With no place for a mentee we could not propose anybody to you. Take one, or register later."),
    "too_many_topics": N_("Choose at most %(maximum)s topics."),
    "not_a_number": N_("Write a whole number, such as 2."),
    "city_unknown": N_("Choose a city from the list."),
    "not_a_channel": N_("Say how the consent was given."),
    "confirmation_needs_address": N_("Without an e-mail address the registration can only be confirmed with you: by telephone, in person or on paper."),
    "unusable": N_("We cannot use this value."),
}  # fmt: skip

STATUS_NAMES = {
    Status.REGISTERED: N_("Registered"),
    Status.AWAITING_INTERVIEW: N_("Awaiting interview"),
    Status.READY: N_("Ready to be matched"),
    Status.IN_RELATIONSHIP: N_("In a mentor relationship"),
    Status.NETWORK_PARTICIPANT: N_("Network participant"),
    Status.LEFT: N_("Left"),
}
ROLE_NAMES = {"mentor": N_("Mentor"), "mentee": N_("Mentee"), "peer": N_("Peer")}
LEVEL_NAMES = {1: N_("basic"), 2: N_("working"), 3: N_("fluent"), 4: N_("native")}
CHANNEL_NAMES = {
    "form": N_("On the form"),
    "phone": N_("By telephone"),
    "in_person": N_("In person"),
    "paper": N_("On paper"),
    "roster": N_("To the organisation that sent the roster"),
}
