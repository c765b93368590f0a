"""Words of the pages on which programmes are set up."""

from infra.language import N_
from tenants.programmes.models import AskedOf, ProgrammeState
from tenants.programmes.starters import StarterName

BRINGS = {
    StarterName.MENTOR_NETWORK: N_("Women who mentor women for a year. Brings a short form, an interview by a coordinator, and addresses with the proposal."),
    StarterName.INTER_AGENCY: N_("Staff of several organisations. Brings questions on grade and supervisor, pairs across organisations, and addresses after both said yes."),
    StarterName.CHAPTER: N_("A small group that starts with a few pairs. Brings a form with the years of work, an interview, and addresses after both said yes."),
    StarterName.POLITICAL: N_("Politicians and women who think of standing, for eight months up to an election. Brings a short form, an interview, and topics of public life."),
    StarterName.ENTREPRENEURSHIP: N_("Founders who learn from founders, for a year; women and men. Brings questions on line of work and years, and topics of business."),
}  # fmt: skip

STATES = {
    ProgrammeState.DRAFT: N_("being prepared"),
    ProgrammeState.OPEN: N_("open"),
    ProgrammeState.CLOSED: N_("closed"),
}

ASKED = {
    AskedOf.EVERYBODY: N_("Everybody"),
    AskedOf.MENTOR: N_("Mentors"),
    AskedOf.MENTEE: N_("Mentees"),
}

DAYS = {
    "opens_on": N_("Registration opens"),
    "closes_on": N_("Last day to register"),
    "matching_on": N_("We look for matches"),
    "launch_on": N_("The pairs start"),
    "ends_on": N_("The cycle ends"),
}
