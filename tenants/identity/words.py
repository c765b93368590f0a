"""What the codes of this room say."""

from infra.language import N_

SENTENCES = {
    "permissions_not_held": N_("Choose at least one permission, and only such as you hold yourself."),
    "token_lasts_too_long": N_("Choose a day from tomorrow on, at most %(days)s days ahead."),
    "address_is_the_same": N_("This is the address that you have already."),
    "address_asked_too_often": N_("You have asked for this several times today. Please try again tomorrow."),
}
