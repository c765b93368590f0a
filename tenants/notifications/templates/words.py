"""What this room's codes say."""

from infra.language import N_

SENTENCES = {
    "template_too_long": N_("This has %(found)s characters. Shorten it to %(maximum)s at most."),
    "template_line_break": N_("Write this in one line, without a line break."),
    "template_field_unknown": N_(
        "Line %(line)s: there is no field %(found)s in this message. There are: %(known)s."
    ),
    "template_field_whole": N_(
        "Line %(line)s: %(found)s stands for whole sentences. Put it on a line of its own, in the text of the message."
    ),
    "template_field_missing": N_(
        "Put %(found)s into the text: without it, the reader would not know enough."
    ),
    "template_braces": N_(
        "Line %(line)s: double curly brackets stand around the name of a field, as in {{reader}}. Something else is between them, or one pair is missing."
    ),
    "template_link": N_(
        "Line %(line)s: %(found)s leads away from your own pages. Leave it out. If it is no address, put a space after the full stop."
    ),
    "template_too_large": N_("This message becomes too large for slow lines. Shorten its text."),
    "template_changed": N_(
        "Somebody else has saved this text since you opened it. Compare it with yours before you save."
    ),
    "template_unknown_version": N_("This version of the text is not there."),
    "letter_not_editable": N_(
        "Letters of this kind say the same to everybody, so they cannot be changed for one reader."
    ),
    "too_many_trials": N_("You have sent many test messages to yourself. Please wait an hour."),
    "trial_without_address": N_("We have no e-mail address of yours, so we cannot send you a test."),
}
