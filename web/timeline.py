"""What happened to a person, in words: the trail's events, the letters, and what is to come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from infra import clock, language
from infra.language import N_, isolated
from infra.language import gettext as _
from tenants.audit.words import WORDS
from tenants.people.words import ROLE_NAMES as STAFF_NAMES
from tenants.registration.consents import TEXTS
from tenants.registration.models import Status
from tenants.registration.words import CHANNEL_NAMES, STATUS_NAMES
from tenants.relationships.contacts.models import Channel
from tenants.relationships.contacts.queries import Logged
from tenants.relationships.contacts.words import CHANNELS
from tenants.reports.outbox import kinds
from tenants.reports.record import Happened, Record

EVENTS: Mapping[str, str] = {
    "person.joined": N_("Entered in our records"),
    "person.changed": N_("Facts changed: %(fields)s"),
    "person.left": N_("Left the organisation"),
    "person.returned": N_("Came back"),
    "role.granted": N_("Is now: %(role)s"),
    "role.taken": N_("Is no longer: %(role)s"),
    "address.changed": N_("Has another e-mail address"),
    "registration.confirmed": N_("Registered and confirmed: %(channel)s"),
    "participation.status_changed": N_("Moved from %(was)s to %(to)s"),
    "participation.status_undone": N_("A move was taken back: %(to)s again"),
    "participation.interview_planned": N_("Interview planned"),
    "participation.interview_held": N_("Interview held on %(on)s"),
    "appointment.made": N_("Invited to an interview"),
    "appointment.answered": N_("Answered the invitation to an interview"),
    "appointment.moved": N_("The interview was moved"),
    "appointment.cancelled": N_("The interview was cancelled"),
    "workshop.answered": N_("Answered the invitation to a workshop"),
    "workshop.attended": N_("Was at a workshop"),
    "participation.profile_changed": N_("Answers changed"),
    "participation.note_changed": N_("Note changed"),
    "consent.given": N_("Agreed to: %(purpose)s"),
    "consent.withdrawn": N_("No longer agrees to: %(purpose)s"),
    "proposal.made": N_("Proposed by hand"),
    "proposal.answered": N_("A proposal was answered"),
    "proposal.meeting": N_("Both want to meet"),
    "proposal.confirmed": N_("The match is confirmed"),
    "proposal.closed": N_("A proposal was closed"),
    "proposal.first_meeting_noted": N_("The day of the first meeting is known"),
    "relationship.begun": N_("The relationship began"),
    "relationship.ended": N_("The relationship ended"),
    "relationship.check_up_set": N_("Next check-up set for %(on)s"),
    "relationship.check_up_done": N_("Check-up done"),
    "relationship.handed_over": N_("Another coordinator accompanies the case"),
    "relationship.phase_set": N_("It was said where the case stands"),
    "agreement.in_force": N_("The agreement is signed by all"),
    "agreement.amended": N_("A change of the agreement was begun"),
    "activity_plan.goal_reached": N_("A goal was reached"),
    "notice.given": N_("Notice was given"),
    "notice.taken_back": N_("The notice was taken back"),
    "meeting.proposed": N_("A meeting was proposed"),
    "meeting.agreed": N_("A meeting was agreed"),
    "meeting.cancelled": N_("A meeting was cancelled"),
    "meeting.held": N_("They met"),
    "follow_up.asked": N_("A pair was asked how it goes"),
    "follow_up.replied": N_("Somebody told how her mentoring goes"),
    "evaluation.asked": N_("An evaluation was asked for"),
    "evaluation.reminded": N_("Somebody was reminded of her evaluation"),
    "evaluation.answered": N_("An evaluation was answered"),
    "evaluation.recorded": N_("A coordinator noted an evaluation that she was told"),
    "evaluation.closed": N_("An evaluation was closed without an answer"),
}  # fmt: skip
OTHER = N_("Something was changed")
SHOWS = (("contacts", N_("Contacts")), ("letters", N_("Letters")), ("changes", N_("Changes")))
# Sign-ins and the like belong to the audit log, not to the story of a person.
SILENT = frozenset({"sessions.ended", "session.ended", "sign_in.done"})

FIELDS: Mapping[str, str] = {
    "full_name": N_("name"),
    "email": N_("e-mail address"),
    "phone": N_("telephone"),
    "language": N_("language"),
    "time_zone": N_("time zone"),
    "gender": N_("gender"),
    "office_id": N_("office"),
    "capacity": N_("places for mentees"),
    "mode": N_("in a pair or in a group"),
    "topics_offered": N_("topics that she can cover"),
    "topics_wanted": N_("topics that she wants support with"),
    "languages": N_("languages that she speaks"),
    "entity": N_("employer"),
    "sector": N_("line of work"),
    "grade": N_("grade"),
    "region": N_("region"),
    "experience_years": N_("years of work"),
    "supervisor_email": N_("supervisor"),
    "excluded_emails": N_("people with whom she is not to be matched"),
    "motivation": N_("why she takes part"),
}
PURPOSES = {str(text.purpose): text.title for text in TEXTS}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story. `by` is the mark of who acted: "mentor", "mentee", "both" (a coordinator) or ""."""

    at: datetime
    when: str
    words: str
    by: str
    show: str = "changes"
    text: str = ""  # of a contact, what was said
    href: str = ""  # where it is changed, by who wrote it


def entries(
    found: Record, zone: str, today: date, logged: Sequence[Logged] = (), shown: str = ""
) -> list[Entry]:
    """The newest first; `shown` narrows them to one kind."""
    role = found.current.participation.role if found.current else ""
    told = [
        Entry(one.at, when(one.at, zone, today), _told(one), _mark(one, found, role))
        for one in found.events
        if one.event not in SILENT
    ]
    for letter in found.letters:
        kind = kinds().get(letter.kind)
        if letter.sent_at is not None and kind is not None and not kind.is_secret:
            words = _("Letter sent: %(title)s", title=_(kind.title))
            told.append(Entry(letter.sent_at, when(letter.sent_at, zone, today), words, "", "letters"))
    told += [_contact(one, zone, today) for one in logged]
    chosen = [entry for entry in told if shown in ("", entry.show)]
    return sorted(chosen, key=lambda entry: entry.at, reverse=True)


def _contact(one: Logged, zone: str, today: date) -> Entry:
    """On the day on which it was; of several of one day in the order in which they were written down."""
    at = max(
        clock.instant(one.on_day, time(), zone),
        min(one.created_at, clock.instant(one.on_day, time(23, 59), zone)),
    )
    what = _(CHANNELS[Channel(one.channel)])
    if one.subject:
        what = _("%(channel)s: %(name)s", channel=what, name=isolated(one.subject))
    words = _("%(what)s, by %(who)s", what=what, who=isolated(one.by_name))
    href = "" if one.channel == Channel.LETTER else f"/c/contacts/{one.id}"
    return Entry(at, language.day_words(one.on_day, today), words, "both", "contacts", one.words, href)


def purpose(name: str) -> str:
    return _(PURPOSES[name]) if name in PURPOSES else name


def words_of(event: str, details: Mapping[str, Any]) -> str:
    """One event of the trail; of those of a case that stand in the audit log alone, its words there."""
    text = EVENTS.get(event) or WORDS.get(event, OTHER)
    facts = {name: _FACTS[name](value) for name, value in details.items() if name in _FACTS}
    try:
        return _(text, **facts)
    except (KeyError, ValueError):
        return _(OTHER)  # an event of an older form, which lacks a fact


def _told(one: Happened) -> str:
    words = words_of(one.event, one.details) if one.event in EVENTS else _(OTHER)
    if one.by_name is None or (one.object_kind == "person" and one.event.startswith("consent")):
        return words
    return _("%(what)s, by %(who)s", what=words, who=isolated(one.by_name))


def _mark(one: Happened, found: Record, role: str) -> str:
    if one.event in ("participation.status_changed", "participation.status_undone") or one.by_id is None:
        return ""
    return role if one.by_id == found.person.id and role in ("mentor", "mentee") else "both"


def when(at: datetime, zone: str, today: date) -> str:
    """Day and hour, as short as they may be."""
    local = clock.local(at, zone)
    return _("%(day)s, %(time)s", day=language.day_words(local.date(), today), time=language.time(at, zone))


def _status(value: Any) -> str:
    return _(STATUS_NAMES[Status(value)]) if value in set(Status) else str(value)


def _day(value: Any) -> str:
    return language.day(date.fromisoformat(str(value)))


_FACTS: Mapping[str, Callable[[Any], str]] = {
    "fields": lambda names: language.listed([_(FIELDS.get(name, name)) for name in names]),
    "role": lambda name: _(STAFF_NAMES[name]) if name in STAFF_NAMES else str(name),
    "channel": lambda name: _(CHANNEL_NAMES.get(name, name)),
    "was": _status,
    "to": _status,
    "on": _day,
    "purpose": purpose,
}
