"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "host_taken": N_("Another organisation already lives at %(host)s. Please choose another address."),
    "time_zone_unknown": N_("We do not know the time zone %(found)s. Choose one from the list, for example Africa/Nairobi."),
    "office_known": N_("There is an office with this name already."),
    "new_key_asked_today": N_("A new key was asked for today already. One a day is enough; please come back tomorrow."),
    "hue_unusable": N_("Choose a colour between 0 and 359 degrees."),
    "languages_unusable": N_("Choose at least one language, and only such as we speak."),
}  # fmt: skip
