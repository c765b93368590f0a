from enum import StrEnum


class Event(StrEnum):
    PROPOSAL_MADE = "proposal.made"  # by hand, from a search
    PROPOSAL_DISCARDED = "proposal.discarded"
    PROPOSALS_APPROVED = "proposals.approved"
    APPROVAL_UNDONE = "proposals.approval_undone"
    PROPOSAL_ANSWERED = "proposal.answered"  # that somebody answered; what she said is not told here
    PROPOSAL_MEETING = "proposal.meeting"
    PROPOSAL_CONFIRMED = "proposal.confirmed"
    PROPOSAL_CLOSED = "proposal.closed"
    FIRST_MEETING_NOTED = "proposal.first_meeting_noted"
