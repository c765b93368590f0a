"""The events of what the people of a network share and where they meet, in words."""

from collections.abc import Mapping

from infra.language import N_

EVENTS: Mapping[str, str] = {
    "opportunity.proposed": N_("An opportunity was proposed"),
    "opportunity.published": N_("An opportunity was published"),
    "opportunity.changed": N_("An opportunity was changed"),
    "opportunity.declined": N_("An opportunity was declined"),
    "opportunity.closed": N_("An opportunity was closed"),
    "opportunity.withdrawn": N_("An opportunity was withdrawn"),
    "opportunity.interested": N_("Somebody is interested in an opportunity"),
    "opportunity.not_interested": N_("Somebody is no longer interested in an opportunity"),
    "opportunity.passed_on": N_("An opportunity was passed on to a partner"),
    "network.made": N_("A sub-network was begun"),
    "network.changed": N_("A sub-network was changed"),
    "network.joined": N_("Somebody came into a sub-network"),
    "network.left": N_("Somebody went out of a sub-network"),
    "newsletter.written": N_("A newsletter was written"),
    "newsletter.held": N_("A newsletter was sent, to go in ten minutes"),
    "newsletter.taken_back": N_("A newsletter was taken back"),
    "newsletter.sent": N_("The letters of a newsletter went"),
    "newsletter.deleted": N_("The draft of a newsletter was deleted"),
    "newsletter.shown": N_("A newsletter was put on the public page, or taken from it"),
    "newsletter.press_set": N_("It was set whom the press may ask about a programme"),
}

WORKSHOPS: Mapping[str, str] = {
    "workshop.planned": N_("A workshop was planned"),
    "workshop.changed": N_("A workshop was changed"),
    "workshop.cancelled": N_("A workshop was cancelled"),
    "workshop.invited": N_("People were invited to a workshop"),
    "workshop.invitations_taken_back": N_("Invitations to a workshop were taken back"),
    "workshop.answered": N_("Somebody answered the invitation to a workshop"),
    "workshop.moved_up": N_("Places at a workshop went to who waited for them"),
    "workshop.attendance_noted": N_("It was noted who came to a workshop"),
    "workshop.attended": N_("Somebody was at a workshop"),
    "workshop.opinion_given": N_("Somebody told without her name how a workshop was"),
}

MEETINGS: Mapping[str, str] = {
    "meeting.proposed": N_("A meeting was proposed"),
    "meeting.agreed": N_("A meeting was agreed"),
    "meeting.moved": N_("A meeting was moved"),
    "meeting.missed": N_("A meeting did not take place"),
    "meeting.noted": N_("Somebody noted a meeting that had not been planned"),
    "meeting.setting_changed": N_("How a programme watches its meetings changed"),
    "meeting.cancelled": N_("A meeting was cancelled"),
    "meeting.series_cancelled": N_("Meetings of every month were cancelled as a whole"),
    "meeting.held": N_("A meeting was held"),
    "calendar_feed.made": N_("Somebody made an address for her calendar"),
    "calendar_feed.closed": N_("Somebody closed the address for her calendar"),
}
