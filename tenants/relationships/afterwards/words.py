"""What this part's codes say."""

from infra.language import N_
from tenants.relationships.afterwards.models import Choice

SENTENCES = {
    "afterwards_closed": N_("You cannot choose here any more. Your coordinator helps you with what comes next."),
    "afterwards_chosen": N_("There is a choice of her own already, and only she can change it."),
    "afterwards_not_here": N_("This is not one of the choices here."),
}  # fmt: skip

# For whoever chooses: the choice, and what it means.
CHOICES = {
    Choice.AGAIN: (N_("I want to be matched again"), N_("We look for somebody new for you, in the same role.")),
    Choice.MENTOR: (N_("I want to become a mentor"), N_("You share what you have learned. Your coordinator talks with you first.")),
    Choice.NEWS: (N_("I stay for news and events only"), N_("You are not matched. You hear of events and courses if you have agreed to such letters.")),
    Choice.LEAVE: (N_("I leave the programme"), N_("You get no more letters from us. You may come back later.")),
}  # fmt: skip

# For coordinators.
CHOSEN = {
    Choice.AGAIN: N_("Wants to be matched again"),
    Choice.MENTOR: N_("Wants to become a mentor"),
    Choice.NEWS: N_("Stays for news and events only"),
    Choice.LEAVE: N_("Leaves the programme"),
}
