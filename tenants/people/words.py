"""What the codes of this room say."""

from infra.language import N_

SENTENCES = {
    "person_known": N_("Somebody with this e-mail address is here already."),
    "last_owner": N_("An organisation needs an owner. Make somebody else an owner first."),
    "email_unusable": N_("Write an e-mail address such as name@example.org."),
    "phone_unusable": N_("Write a telephone number in digits, with + and the country code if you can."),
    "language_unknown": N_("We do not speak this language yet."),
    "time_zone_unknown": N_("Choose a time zone from the list."),
    "role_has_no_office": N_("This role is for the whole organisation. Leave the office empty."),
}
