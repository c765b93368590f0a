"""What a participant has to do next, or what she waits for: one step out of all that is open with her."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tenants.programmes.models import Structure
from tenants.proposals import rules
from tenants.proposals.models import AskedFor, ProposalState
from tenants.proposals.parties.queries import Seen as SeenParty
from tenants.proposals.party_models import PartyState
from tenants.proposals.queries import Seen
from tenants.registration.appointment_models import Appointment, AppointmentState
from tenants.registration.appointments.rules import is_answerable
from tenants.registration.models import ParticipantRole, Status
from tenants.relationships.models import Meeting, MeetingState, RelationshipState
from web import together

# The first of these that is open is the next step: what others wait for comes before what one waits for.
ORDER = (
    "answer_go_on",
    "answer_meet",
    "answer_group",
    "choose_time",
    "set_date",
    "meeting",
    "first_meeting",
    "await_date",
    "propose",
    "await_answer",
    "await_group",
    "await_time",
    "interview",
    "looking",
    "read",
    "ended",
    "news",
    "left",
    "nothing",
)


@dataclass(frozen=True, slots=True)
class Step:
    """`kind` is one of ORDER; the template has its words."""

    kind: str
    href: str = ""
    name: str = ""
    role: str = ""
    day: date | None = None
    moment: datetime | None = None
    together: str = ""  # "group" or "circle": `name` is then what its people call it
    is_asked: bool = False  # of an interview: she has not answered yet

    @property
    def needs_you(self) -> bool:
        return self.kind in ("answer_go_on", "answer_meet", "answer_group", "choose_time", "set_date")


def next_of(steps: Iterable[Step]) -> Step:
    return min([*steps, Step("nothing")], key=lambda step: ORDER.index(step.kind))


def of_proposal(seen: Seen, *, today: date, zone: str) -> Step | None:
    """Of a proposal that is open; None of any other."""
    one = seen.proposal
    facts: dict[str, Any] = {
        "href": f"/me/proposal/{one.id}",
        "name": seen.other.full_name,
        "role": seen.me.role,
    }
    if one.state == ProposalState.OPEN and one.answer_by is not None:
        if AskedFor.MEET in seen.my_answers:
            return Step("await_answer", **facts)
        return Step("answer_meet", day=rules.last_day(one.answer_by, zone), **facts)
    return _of_meeting(seen, facts, today) if one.state == ProposalState.MEETING else None


def _of_meeting(seen: Seen, facts: dict[str, Any], today: date) -> Step:
    meets_on = seen.proposal.first_meeting_on
    if AskedFor.GO_ON in seen.my_answers:
        return Step("await_answer", **facts)
    if meets_on is None:
        # A mentor is written to; of two peers either may write first.
        kind = "await_date" if seen.me.role == ParticipantRole.MENTOR else "set_date"
        return Step(kind, day=seen.proposal.date_by, **facts)
    # On the day itself she meets; the question comes the morning after.
    return Step("first_meeting" if meets_on >= today else "answer_go_on", day=meets_on, **facts)


def of_party(seen: SeenParty, *, name: str, zone: str) -> Step | None:
    """Of a group or circle that is being asked; None of any other."""
    party = seen.party
    if party.state != PartyState.OPEN or party.answer_by is None:
        return None
    together = "circle" if party.structure == Structure.CIRCLE else "group"
    facts: dict[str, Any] = {
        "href": f"/me/group/{party.id}",
        "name": name,
        "role": seen.me.role,
        "together": together,
    }
    if seen.me.is_yes is not None:
        return Step("await_group", **facts)
    return Step("answer_group", day=rules.last_day(party.answer_by, zone), **facts)


def of_pair(row: Any, meetings: Sequence[Meeting], person_id: UUID | None, now: datetime) -> Step:
    """Also of a group or circle that has begun."""
    me, kind = together.mine(row, person_id), together.kind(row)
    facts: dict[str, Any] = {
        "href": f"/me/pair/{row.Relationship.id}",
        "name": together.with_whom(row, person_id),
        "role": ParticipantRole.MENTOR if row.Relationship.mentor_id == me else ParticipantRole.MENTEE,
        "together": "" if kind == "pair" else kind,
    }
    if row.Relationship.state != RelationshipState.RUNNING:
        return Step("ended", **facts)
    to_come = [one for one in meetings if one.starts_at > now]
    for one in to_come:
        if one.state == MeetingState.AGREED:
            return Step("meeting", moment=one.starts_at, **facts)
    offers = [one for one in to_come if one.state == MeetingState.PROPOSED]
    if any(one.proposed_by != me for one in offers):
        return Step("choose_time", **facts)
    return Step("await_time" if offers else "propose", **facts)


def of_participation(
    status: str, *, role: str, interview_on: datetime | None, appointment: Appointment | None = None
) -> Step | None:
    """Where no proposal and no pair stands before it. An invitation that can be answered leads to its page."""
    if status == Status.AWAITING_INTERVIEW:
        href = f"/me/interview/{appointment.id}" if appointment and is_answerable(appointment) else ""
        is_asked = appointment is not None and appointment.state == AppointmentState.ASKED
        return Step("interview", href, role=role, moment=interview_on, is_asked=is_asked)
    kind = {
        Status.REGISTERED: "read",
        Status.READY: "looking",
        Status.NETWORK_PARTICIPANT: "news",
    }.get(Status(status))
    return Step(kind, role=role) if kind else None
