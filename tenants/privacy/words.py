"""What this room's codes say, and the words of the map."""

from collections.abc import Mapping

from infra.language import N_
from tenants.mapping import Erasing, Export, Kind, Purpose, Rows
from tenants.privacy.models import ErasureState
from tenants.proposals.models import ProposalState
from tenants.registration.words import CHANNEL_NAMES, ROLE_NAMES, STATUS_NAMES
from tenants.relationships.models import MeetingState, RelationshipState

SENTENCES = {
    "privacy.copy_gone": N_("This copy is no longer here. Ask for a new one."),
    "privacy.copies_enough": N_("You have asked %(most)s times within a day. Please wait until tomorrow."),
    "privacy.no_address": N_("There is no e-mail address to send the link to. Write one down first."),
    "privacy.erasure_begun": N_("This can no longer be taken back."),
    "privacy.months": N_("Write a whole number of months from %(least)s to %(most)s, or nothing."),
    "privacy.own_wish": N_("This was asked for by the person herself. Only she can take it back."),
    "privacy.runs_organisation": N_("Somebody with this role can only be let go by who hands out roles."),
}

PURPOSES: Mapping[Purpose, str] = {
    Purpose.ACCOUNT: N_("We know you by this, and reach you by it."),
    Purpose.SIGN_IN: N_("This lets you sign in, and nobody else in your place."),
    Purpose.TAKING_PART: N_("This is what you told us to take part."),
    Purpose.MATCHING: N_("This serves to find somebody who fits you."),
    Purpose.MENTORING: N_("This serves your mentoring: who does what, and by when."),
    Purpose.LETTERS: N_("These are the letters that we sent you."),
    Purpose.HELP: N_("You told this in confidence, to those whom you chose."),
    Purpose.CONSENT: N_("This shows what you agreed to, and when."),
    Purpose.IMPORTS: N_("Your organisation sent us a list of people."),
    Purpose.PROOF: N_("This shows later what was done, and by whom."),
    Purpose.DATA_RIGHTS: N_("This serves your rights to your own data."),
    Purpose.SERVICE: N_("The organisation needs this to run its programmes."),
}

KEPT: Mapping[str, str] = {
    "until_erased": N_("Kept until your data is deleted."),
    "without_name": N_("Kept until your data is deleted. What then remains names nobody."),
    "as_proof": N_("Kept as proof, also after a deletion. It then names nobody."),
    "with_organisation": N_("Kept as long as the organisation is here."),
    "until_a_day": N_("Kept until a day that is set for each."),
}

KIND_NAMES: Mapping[Kind, str] = {
    Kind.KEY: N_("Number of a row"),
    Kind.IDENTITY: N_("Who somebody is"),
    Kind.CONTACT: N_("How somebody is reached"),
    Kind.PROFILE: N_("Work, topics and wishes"),
    Kind.SENSITIVE: N_("Sensitive"),
    Kind.CONFIDENTIAL: N_("Told in confidence"),
    Kind.SECRET: N_("Lets somebody in"),
    Kind.COURSE: N_("What happened, and when"),
    Kind.HOUSE: N_("The organisation’s own"),
}
EXPORT_NAMES: Mapping[Export, str] = {
    Export.GIVEN: N_("In the copy"),
    Export.NOTED: N_("Named in the copy"),
    Export.LEFT_OUT: N_("Not in the copy"),
}
ERASING_NAMES: Mapping[Erasing, str] = {
    Erasing.GOES: N_("Deleted with its row"),
    Erasing.EMPTIED: N_("Emptied"),
    Erasing.REPLACED: N_("Replaced by other words"),
    Erasing.STAYS: N_("Stays"),
}
ROWS_NAMES: Mapping[Rows, str] = {
    Rows.DELETED: N_("A deletion deletes these rows."),
    Rows.EMPTIED: N_("A deletion empties these rows."),
    Rows.KEPT: N_("A deletion leaves these rows: they name nobody."),
}

# Why something stands in nobody's copy, by table and column.
NOTED: Mapping[str, str] = {
    "participation.note": N_("Notes of your coordinator. You may ask her about them."),
    "participation.end_reason": N_("Why it ended, in your coordinator’s words. You may ask her about it."),
    "proposal.contributions": N_("Where the points come from: each compares you with somebody else. The page of the proposal tells you the reasons."),
    "proposal.alternatives": N_("Who else would have fitted you. These are other people."),
    "sealed_note.words": N_("What was written down of your talk. It is sealed, and a note is given out by two people: ask whoever talked with you."),
    "note_emergency.reason": N_("Why somebody asked to open such a note in an emergency. Ask who watches over data protection."),
    "relationship.note": N_("Notes of your coordinator on your pair. You may ask her about them."),
    "relationship.end_reason": N_("Why your pair ended, as your coordinator noted it. You may ask her about it."),
    "contact.subject": N_("What coordinators noted of talks with you, and wrote to you. You may ask them about it."),
    "contact.words": N_("What coordinators noted of talks with you, and wrote to you. You may ask them about it."),
    "conflict.summary": N_("What coordinators noted of a conflict. You may ask them about it."),
    "conflict.agreed": N_("What was agreed after a conflict. Your coordinator decides with you who sees it."),
    "conflict_step.title": N_("What coordinators noted of a conflict. You may ask them about it."),
    "conflict_step.note": N_("What coordinators noted of a conflict. You may ask them about it."),
}  # fmt: skip

STATE_NAMES: Mapping[str, str] = {
    ErasureState.ASKED: N_("Waits for its day"),
    ErasureState.LEAVING: N_("Is being done"),
    ErasureState.DONE: N_("Done"),
    ErasureState.CANCELLED: N_("Taken back"),
}

# How a proposal stands, as either of the two may know it: who said no is known to her coordinator alone.
PROPOSAL_SEEN: Mapping[str, str] = {
    ProposalState.OPEN: "open",
    ProposalState.MEETING: "meeting",
    ProposalState.CONFIRMED: "confirmed",
}
CLOSED = "closed"

# The words of codes, by table and column or by column alone.
CODES: Mapping[str, Mapping[str, str]] = {
    "proposal.state": {
        "open": N_("You are asked whether you want to meet"),
        "meeting": N_("About to meet"),
        "confirmed": N_("A pair"),
        CLOSED: N_("Does not go ahead"),
    },
    "relationship.state": {
        RelationshipState.RUNNING: N_("Running"),
        RelationshipState.ENDED: N_("Ended"),
    },
    "meeting.state": {
        MeetingState.PROPOSED: N_("Proposed"),
        MeetingState.AGREED: N_("Agreed"),
        MeetingState.HELD: N_("Held"),
        MeetingState.CANCELLED: N_("Cancelled"),
    },
    "erasure.state": STATE_NAMES,
    "answer.asked_for": {
        "meet": N_("Do you want to meet?"),
        "go_on": N_("Do you want to go on after the first meeting?"),
    },
    "status": {status.value: name for status, name in STATUS_NAMES.items()},
    "role": ROLE_NAMES,
    "channel": CHANNEL_NAMES,
    "withdrawn_channel": CHANNEL_NAMES,
    "origin": {
        "form": N_("By the form"),
        "coordinator": N_("Written down by a coordinator"),
        "roster": N_("With a list of your organisation"),
    },
    "mode": {"individual": N_("Alone"), "group": N_("In a group"), "both": N_("Either")},
    "gender": {"woman": N_("Woman"), "man": N_("Man"), "other": N_("Other")},
}
