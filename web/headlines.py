"""The sentence at the head of a person's record: where she stands, and what that asks of us."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from infra import clock, language
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.proposals.models import ProposalState
from tenants.registration.models import Participation, Status
from tenants.reports.record import Record

SENTENCES = {
    Status.REGISTERED: N_("%(name)s is registered"),
    Status.READY: N_("%(name)s is ready to be matched"),
    Status.IN_RELATIONSHIP: N_("%(name)s is in a mentor relationship"),
    Status.NETWORK_PARTICIPANT: N_("%(name)s gets news of events and courses"),
    Status.LEFT: N_("%(name)s has left"),
}
# What goes on between two people says more than the status, and stands first.
OPEN = {
    ProposalState.OPEN: N_("%(name)s has a proposal to answer"),
    ProposalState.MEETING: N_("%(name)s is about to meet somebody"),
}


def headline(found: Record, today: date, zone: str) -> str:
    name = isolated(found.person.full_name)
    if not found.person.is_active:
        return _("%(name)s has left the organisation", name=name)
    if found.current is None:
        return _("%(name)s takes part in no programme", name=name)
    open_states = {pairing.state for pairing in found.pairings}
    for state, text in OPEN.items():
        if state in open_states:
            return _(text, name=name)
    one = found.current.participation
    if one.status == Status.AWAITING_INTERVIEW:
        return _of_interview(one, name, today, zone)
    return _(SENTENCES[Status(one.status)], name=name)


@dataclass(frozen=True, slots=True)
class Next:
    """The one primary thing to do on a record: a move `to` a status, or a page to go to."""

    words: str
    participation_id: UUID
    to: str = ""
    href: str = ""


def next_step(found: Record) -> Next | None:
    """What leads this person on; nothing where it is for somebody else to act."""
    if found.current is None or not found.person.is_active:
        return None
    one = found.current.participation
    running = [pair.id for pair in found.pairings if pair.kind == "relationship" and pair.bond == "match"]
    if running:
        return Next(_("See the pair"), one.id, href=f"/c/pairs/{running[0]}")
    if one.status == Status.READY and not any(pair.bond == "proposal" for pair in found.pairings):
        return Next(_("Set up a matching run"), one.id, href="/c/matching")
    return _before_matching(one, found.appointments.get(one.id))


def _before_matching(one: Participation, appointment_id: UUID | None) -> Next | None:
    if one.status == Status.REGISTERED:
        return Next(_("Select for an interview"), one.id, to=Status.AWAITING_INTERVIEW)
    if one.status != Status.AWAITING_INTERVIEW:
        return None
    if one.interviewed_on is None:
        if appointment_id:
            return Next(_("See the invitation"), one.id, href=f"/c/appointments/{appointment_id}")
        return Next(_("Invite to an interview"), one.id, href=f"/c/appointments/new?p={one.id}")
    return Next(_("Make ready to be matched"), one.id, to=Status.READY)


def _of_interview(one: Participation, name: str, today: date, zone: str) -> str:
    if one.interviewed_on is not None:
        return _("%(name)s has had the interview", name=name)
    if one.interview_on is None:
        return _("%(name)s awaits an interview", name=name)
    day = clock.local(one.interview_on, zone).date()
    when = language.day_words(day, today, relative=False)
    return _("%(name)s has an interview on %(day)s", name=name, day=when)
