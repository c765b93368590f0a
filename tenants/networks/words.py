"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "network_closed": N_("This sub-network takes nobody in any more."),
    "network_changed": N_("Somebody has changed this sub-network meanwhile. Look at it and change it again."),
    "networks_too_many": N_("There are too many sub-networks. Close some that nobody needs."),
    "not_in_programme": N_("She takes part in no programme that this sub-network is for."),
}
