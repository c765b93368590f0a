"""What this room's codes say, and the names of its states."""

from infra.language import N_
from tenants.newsletters.models import IssueState

STATES = {
    IssueState.DRAFT: N_("Draft"),
    IssueState.HELD: N_("Goes soon"),
    IssueState.SENT: N_("Sent"),
}

SENTENCES = {
    "newsletter_sent": N_("This newsletter is sent. What was sent stays as it is."),
    "newsletter_not_held": N_("This newsletter can no longer be taken back."),
    "newsletter_changed": N_("Somebody has changed this newsletter meanwhile. Look at it and change it again."),
    "newsletter_too_long": N_("This is too long for one letter. Please shorten it, or leave out a section or a link."),
    "nobody_wants_news": N_("Nobody in these programmes gets it now: nobody wants news, or had some this month."),
    "link_not_whole": N_("Write a whole address that begins with https://"),
}  # fmt: skip
