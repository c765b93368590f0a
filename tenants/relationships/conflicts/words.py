"""What this room's codes say, the checklist in words, and the names of outcomes."""

from infra.language import N_
from tenants.relationships.conflicts.models import Outcome

SENTENCES = {
    "conflict_closed": N_("This conflict is closed."),
    "conflict_open": N_("There is an open conflict on this case already. Write there what is new."),
    "steps_enough": N_("There are enough steps. Finish some of them first."),
}

CHECKLIST = {
    "hear_each": N_("Talk with each of them alone, and listen"),
    "what_each_wants": N_("Ask each what she would need to go on, and write it down"),
    "colleague": N_("Look at it with a colleague: you do not carry this alone"),
    "invite": N_("Invite them to a talk with you, at a neutral place"),
    "rules_of_talk": N_("Begin with rules: one speaks, the others listen, and it stays in the room"),
    "talk": N_("Let each say in her own words what she has heard from the other"),
    "write_down": N_("Write down together what they agree on, and who may see it"),
    "look_again": N_("Ask after two weeks whether it holds"),
}

OUTCOMES = {
    Outcome.SETTLED: N_("Settled: they go on as before"),
    Outcome.CHANGED: N_("Settled: they go on in another way"),
    Outcome.PARTED: N_("They part"),
    Outcome.PASSED_ON: N_("Passed on: somebody else has to deal with it"),
    Outcome.UNFOUNDED: N_("There was no conflict"),
}
