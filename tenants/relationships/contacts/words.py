"""What this room's codes say, and the names of channels and phases."""

from infra.language import N_
from tenants.relationships.contacts.models import Channel, Phase

SENTENCES = {
    "contact_not_hers": N_("Somebody else has written this down. Only she can change it."),
    "contact_sent": N_("A letter that was written here stays as it is."),
}

CHANNELS = {
    Channel.CALL: N_("Telephone call"),
    Channel.EMAIL: N_("E-mail"),
    Channel.TEXT: N_("Text message"),
    Channel.MEETING: N_("Meeting"),
    Channel.LETTER: N_("Letter"),
    Channel.NOTE: N_("Note"),
}

PHASES = {
    Phase.INITIATION: N_("Getting to know each other"),
    Phase.CULTIVATION: N_("Working together"),
    Phase.MATURATION: N_("Standing on her own feet"),
    Phase.SEPARATION: N_("Letting go"),
    Phase.REDEFINITION: N_("Meeting as equals"),
}

# What a coordinator may look for in each.
SIGNS = {
    Phase.INITIATION: N_("They agree on what they want, and how often they meet."),
    Phase.CULTIVATION: N_("They meet regularly, and there is something to show for it."),
    Phase.MATURATION: N_("The mentee decides more by herself; both learn."),
    Phase.SEPARATION: N_("They look back, and talk about how it ends."),
    Phase.REDEFINITION: N_("The agreed time is over. Some stay in touch, as equals."),
}
