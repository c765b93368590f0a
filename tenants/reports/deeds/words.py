"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "no_address_known": N_("No e-mail address is known. Please call."),
    "has_left": N_("Takes part no more."),
    "nothing_open": N_("Nothing is open: nobody waits for an answer."),
    "reminded_today": N_("Was reminded today already."),
    "no_check_up_due": N_("No check-up is due."),
    "no_colleague_there": N_("Nobody whom you chose works in this office."),
    "hers_already": N_("It is hers already."),
    "deed_over": N_("This can no longer be taken back: ten minutes are over, or it was taken back already."),
    "nobody_to_do": N_("Everybody whom you ticked is left out, so nothing was done."),
}
