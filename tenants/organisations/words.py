"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "host_taken": N_("Another organisation already lives at %(host)s. Please choose another address."),
    "time_zone_unknown": N_("We do not know the time zone %(found)s. Choose one from the list, for example Africa/Nairobi."),
}  # fmt: skip
