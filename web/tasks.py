"""What each kind of task says, and the page on which it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.language import N_
from tenants.reports.naming import Concerned

Address = Callable[[Mapping[str, Any], Concerned], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` is marked, not yet translated."""

    title: str
    address: Address


def _person(_about: Mapping[str, Any], whom: Concerned) -> str:
    """The page of whom it is about; of two, that of the mentee, whose need comes first."""
    known = [one.person_id for one in whom.people if one.person_id]
    return f"/c/people/{known[-1]}" if known else "/c/people"


def _at(path: str, name: str) -> Address:
    """The page below `path` of the id that the task carries."""

    def address(about: Mapping[str, Any], _whom: Concerned) -> str:
        return f"{path}/{about[name]}" if about.get(name) else path

    return address


def _failed(_about: Mapping[str, Any], _whom: Concerned) -> str:
    return "/c/outbox?show=failed"


KINDS: Mapping[str, Kind] = {
    "registration.read": Kind(N_("Read a new registration"), _person),
    "registration.left": Kind(N_("Somebody has left by her own wish: look whether anything is open"), _person),
    "registration.returned": Kind(N_("Somebody has come back: read her answers again"), _person),
    "afterwards.mentor": Kind(N_("A mentee would like to be a mentor: talk with her"), _person),
    "interview.hold": Kind(N_("Hold the interview"), _person),
    "interview.answered": Kind(
        N_("Look at what somebody says to an invitation"), _at("/c/appointments", "appointment_id")
    ),
    "proposal.next": Kind(N_("Propose the next best"), _at("/c/proposals", "proposal_id")),
    "proposal.free_again": Kind(N_("Somebody is free again: look for somebody else for her"), _person),
    "proposal.unanswered": Kind(N_("Ask again: an answer is missing"), _at("/c/proposals", "proposal_id")),
    "proposal.check_up": Kind(
        N_("Ask whether the first meeting has a date"), _at("/c/proposals", "proposal_id")
    ),
    "party.next": Kind(
        N_("A group or circle did not come about: match its people anew"), _at("/c/groups", "party_id")
    ),
    "party.unanswered": Kind(N_("Ask by telephone: somebody has no e-mail"), _at("/c/groups", "party_id")),
    "relationship.check_up": Kind(N_("Check-up"), _at("/c/pairs", "relationship_id")),
    "relationship.quiet": Kind(
        N_("A pair has not met for long, and did not say why"), _at("/c/pairs", "relationship_id")
    ),
    "relationship.not_heard": Kind(
        N_("Nothing is heard of a pair: ask the three questions"), _at("/c/pairs", "relationship_id")
    ),
    "relationship.doubt": Kind(
        N_("Somebody may not go on: talk with her"), _at("/c/pairs", "relationship_id")
    ),
    "relationship.left": Kind(
        N_("Somebody has left: talk with whoever remains"), _at("/c/pairs", "relationship_id")
    ),
    "agreement.copy": Kind(
        N_("Agreement and plan are due: ask whether they are on the way"), _at("/c/pairs", "relationship_id")
    ),
    "agreement.signed": Kind(N_("An agreement is signed: look at it"), _at("/c/pairs", "relationship_id")),
    "agreement.amended": Kind(N_("An agreement was changed: look at it"), _at("/c/pairs", "relationship_id")),
    "agreement.review": Kind(
        N_("An agreement is to be looked at again"), _at("/c/pairs", "relationship_id")
    ),
    "plan.goal_reached": Kind(N_("A goal is reached: congratulate them"), _at("/c/pairs", "relationship_id")),
    "notice.given": Kind(N_("Notice was given: talk with both"), _at("/c/pairs", "relationship_id")),
    "notice.breach": Kind(
        N_("Notice of one day: read why, and call both"), _at("/c/pairs", "relationship_id")
    ),
    "notice.confidence": Kind(
        N_("Confidence was broken: read what happened, and call both"), _at("/c/pairs", "relationship_id")
    ),
    "evaluation.call": Kind(N_("Call about an evaluation that has not come"), _at("/c/evaluations", "evaluation_id")),
    "evaluation.goes_on": Kind(
        N_("They say that they go on: look at the case"), _at("/c/evaluations", "evaluation_id")
    ),
    "run.done": Kind(N_("Look at the proposals of a matching run"), _at("/c/matching", "run_id")),
    "run.failed": Kind(N_("A matching run failed: see why"), _at("/c/matching", "run_id")),
    "import.done": Kind(N_("A roster is imported: look it over"), _at("/c/import", "import_id")),
    "import.failed": Kind(N_("An import failed: see why"), _at("/c/import", "import_id")),
    "letter.refused": Kind(N_("A letter was refused: correct the address"), _at("/c/outbox", "letter_id")),
    "letter.unknown": Kind(N_("A letter may not have arrived: ask or send again"), _at("/c/outbox", "letter_id")),
    "letter.edit_kept_back": Kind(
        N_("A letter changed before it went, so your words for it stayed behind: look what is missing"),
        _at("/c/outbox", "letter_id"),
    ),
    "job.dead": Kind(N_("A job failed: try it again"), _failed),
    "privacy.idle": Kind(
        N_("Her data will be deleted, and she has no e-mail: ask whether she stays"), _person
    ),
    "note.referral": Kind(N_("Raise what you noted as a referral"), _person),
    "note.emergency": Kind(
        N_("Decide: a note is to be opened in an emergency"), _at("/c/emergencies", "emergency_id")
    ),
    "note.opened": Kind(N_("A note was opened in an emergency: see why"), _at("/c/emergencies", "emergency_id")),
    "concern.read": Kind(N_("Read what somebody tells you in confidence"), _at("/c/concerns", "concern_id")),
    "workshop.attendance": Kind(N_("Note who came to the workshop"), _at("/c/workshops", "workshop_id")),
    "opportunity.proposed": Kind(
        N_("Decide about an opportunity that somebody proposes"), _at("/c/opportunities", "opportunity_id")
    ),
    "conflict.step": Kind(N_("Take the next step in a conflict"), _at("/c/conflicts", "conflict_id")),
}  # fmt: skip

# A kind that a newer part of the house makes before this page knows of it.
UNKNOWN = Kind(N_("Something needs you"), _person)

# What a job does, for whoever has to decide whether to try it again.
JOBS: Mapping[str, str] = {
    "letter.send": N_("Send a letter"),
    "registration.expire": N_("Delete a registration that was not confirmed"),
    "proposal.remind": N_("Ask once more for an answer"),
    "proposal.expire": N_("Close a proposal that was not answered"),
    "proposal.ask_after_meeting": N_("Ask both after their first meeting"),
    "proposal.let_go_of_leaver": N_("Free the places of somebody who left"),
    "workshop.let_go_of_guest": N_("Give the places of somebody who left to others"),
    "follow_up.ask": N_("Ask pairs how far they are"),
    "party.remind": N_("Ask once more about a group or circle"),
    "party.expire": N_("Decide about a group or circle whose time is over"),
    "party.weigh": N_("Work out what moving somebody costs"),
    "roster.stage": N_("Read a roster"),
    "roster.commit": N_("Import a roster"),
    "roster.revert": N_("Take an import back"),
    "matching.run": N_("Work out a matching run"),
    "matching.search": N_("Search for somebody who fits"),
    "matching.count": N_("Count the pairs that are possible"),
    "matching.explain": N_("Work out why not another mentor"),
    "notes.destroy": N_("Destroy notes whose last day is over"),
    "privacy.copy": N_("Put a copy of somebody’s data together"),
    "privacy.erase": N_("Delete somebody’s data"),
    "organisation.renew_key": N_("Move what lies under an old key"),
    "domains.look": N_("Look whether the records of domains stand"),
    "audit.checkpoint": N_("Sign the audit trail"),
    "newsletter.send": N_("Write the letters of a newsletter"),
    "organisation.sweep": N_("Tidy up"),
}

# What the page can be narrowed to: the name in the address, its words, and the beginnings of kinds.
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "registrations": (N_("Registrations"), ("registration.",)),
    "interviews": (N_("Interviews"), ("interview.",)),
    "workshops": (N_("Workshops"), ("workshop.",)),
    "proposals": (N_("Proposals"), ("proposal.", "party.")),
    "check-ups": (N_("Check-ups"), ("relationship.", "evaluation.", "agreement.", "plan.", "notice.")),
    "runs": (N_("Runs and imports"), ("run.", "import.")),
    "letters": (N_("Letters and jobs"), ("letter.", "job.")),
    "concerns": (N_("Concerns"), ("concern.", "conflict.")),
    "opportunities": (N_("Opportunities"), ("opportunity.",)),
    "notes": (N_("Confidential notes"), ("note.",)),
}


def kind_of(name: str) -> Kind:
    return KINDS.get(name, UNKNOWN)
