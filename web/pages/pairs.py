"""Pairs, groups and circles for their coordinators: the list with late check-ups first in sight, and one case from check-up to end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Invalid, Problem, WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.evaluations import queries as evaluations
from tenants.evaluations.models import EvaluationState
from tenants.evaluations.words import STATES
from tenants.permissions import Permission
from tenants.registration.models import Status
from tenants.relationships import accompanying, actions, following, parties, queries
from tenants.relationships.afterwards import actions as afterwards
from tenants.relationships.afterwards.models import Choice
from tenants.relationships.afterwards.rules import choices
from tenants.relationships.afterwards.words import CHOSEN
from tenants.relationships.conflicts import queries as conflicts
from tenants.relationships.contacts import queries as contacts
from tenants.relationships.contacts.words import PHASES
from tenants.relationships.models import EndReason, MeetingState, RelationshipState
from tenants.relationships.words import END_CHOICES, END_REASONS
from tenants.reports.deeds.models import DeedKind
from web import agreeing, meetings, query
from web.door import Door, Page
from web.forms import refused
from web.refusals import said
from web.rendering import FormState
from web.selecting import verbs

PATH = "/c/pairs"
AT_ONCE = 50
SHOWN = ("running", "late", "ended", "without")


@dataclass(frozen=True, slots=True)
class Station:
    """One point of a pair's line."""

    day: date
    kind: str
    words: str = ""


@get(PATH)
async def pairs(door: NamedDependency[Door]) -> Page:
    shown = query.one_of(door.request, "show", SHOWN) or "running"
    search = query.text(door.request, "q")
    zone = door.actor.time_zone
    today = clock.today(zone)
    counts = await queries.counts(door.session, door.actor, today)
    without = await accompanying.count_unaccompanied(door.session, door.actor)
    rows = await _rows(door, shown, search, today)
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE and shown != "late" else None
    page = rows if shown == "late" else rows[:AT_ONCE]
    is_first = shown == "running" and not search and "after" not in door.request.query_params
    return door.page(
        "pairs/list.html",
        shown=shown,
        search=search,
        counts=counts,
        without=without,
        may_tick=shown != "ended" and door.actor.may(Permission.PEOPLE_CHANGE),
        all_ticked=bool(query.text(door.request, "all")),
        verbs=verbs(DeedKind.REMIND, DeedKind.WRITE, DeedKind.MOVE, DeedKind.TICK, DeedKind.HAND_OVER),
        tabs=[
            (_("Running"), PATH, counts.running),
            (_("Check-up late"), f"{PATH}?show=late", counts.late),
            *([(_("Without coordinator"), f"{PATH}?show=without", without)] if without else []),
            (_("Ended"), f"{PATH}?show=ended", counts.ended),
            (_("Proposals"), "/c/proposals", None),
            *([] if door.actor.support_id else [(_("Evaluations"), "/c/evaluations", None)]),
            *([] if door.actor.support_id else [(_("Figures"), "/c/figures", None)]),
        ],
        here=PATH if shown == "running" else f"{PATH}?show={shown}",
        rows=page,
        late=await _rows(door, "late", "", today) if is_first and counts.late else [],
        next=door.view.with_query(after=paging.encode((last.Relationship.begun_at, last.Relationship.id)))
        if last
        else "",
        quiet=_quiet(page, today, zone) if is_first else [],
        end_reasons={reason.value: _(words) for reason, words in END_REASONS.items()},
        language=door.language,
        today=today,
        zone=zone,
    )


@get(PATH + "/{relationship_id:uuid}")
async def pair(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    return await _page(door, relationship_id, FormState())


@post(PATH + "/{relationship_id:uuid}/check-up")
async def set_check_up(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        try:
            on = date.fromisoformat(filled.text("on"))
        except ValueError as error:
            raise Invalid(Problem("on", "missing" if not filled.text("on") else "bad_format")) from error
        await actions.set_check_up(door.session, door.actor, relationship_id, on=on)
    except Invalid as error:
        return await _page(door, relationship_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{relationship_id}", said=said(error))
    return door.go(f"{PATH}/{relationship_id}", said=_("The check-up is set."))


@post(PATH + "/{relationship_id:uuid}/check-up/done")
async def finish_check_up(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    try:
        await actions.finish_check_up(door.session, door.actor, relationship_id)
    except WrongState as error:
        return door.go(f"{PATH}/{relationship_id}", said=said(error))
    return door.go(f"{PATH}/{relationship_id}", said=_("The check-up is done."))


@post(PATH + "/{relationship_id:uuid}/end")
async def end(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    filled = await door.form()
    try:
        reason = _chosen(EndReason, filled.text("reason"), "reason")
        ended = await actions.end(
            door.session,
            door.actor,
            relationship_id,
            reason=reason,
            note=filled.text("note"),
            mentor_goes_on_as=_chosen(Status, filled.text("mentor"), "mentor"),
            mentee_goes_on_as=_chosen(Status, filled.text("mentee"), "mentee"),
        )
    except Invalid as error:
        return await _page(door, relationship_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{relationship_id}", said=said(error))
    words = (
        _("The pair has ended. Both are thanked.")
        if ended.party_id is None
        else _("It has ended. All are thanked.")
    )
    return door.go(f"{PATH}/{relationship_id}", said=words)


@post(PATH + "/{relationship_id:uuid}/remove")
async def remove(door: NamedDependency[Door], relationship_id: FromPath[UUID]) -> Page:
    """Somebody leaves a group or circle that goes on; she is ready to be matched again."""
    filled = await door.form()
    try:
        try:
            who = UUID(filled.text("who"))
        except ValueError as error:
            raise Invalid(Problem("who", "missing")) from error
        await parties.remove(door.session, door.actor, relationship_id, who)
    except Invalid as error:
        return await _page(door, relationship_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{relationship_id}", said=said(error))
    return door.go(f"{PATH}/{relationship_id}", said=_("Noted: she has left, and can be matched again."))


def _chosen(kind: Any, value: str, field: str) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise Invalid(Problem(field, "missing" if not value else "not_a_choice")) from error


async def _rows(door: Door, shown: str, search: str, today: date) -> Any:
    if shown == "late":
        found = await queries.due_check_ups(door.session, door.actor, today)
        return [row for row in found if row.Relationship.check_up_on < today]
    if shown == "without":
        after = query.after(door.request, tuple[datetime, UUID])
        return await accompanying.unaccompanied(door.session, door.actor, after=after, limit=AT_ONCE + 1)
    return await queries.listed(
        door.session,
        door.actor,
        state=RelationshipState.ENDED if shown == "ended" else RelationshipState.RUNNING,
        search=search,
        after=query.after(door.request, tuple[datetime, UUID]),
        limit=AT_ONCE + 1,
    )


async def _page(door: Door, relationship_id: UUID, form: FormState, *, status: int = 200) -> Page:
    row = await queries.shown(door.session, door.actor, relationship_id)
    zone = door.actor.time_zone
    today = clock.today(zone)
    one = row.Relationship
    glance = await agreeing.at_a_glance(door.session, one, zone)
    return door.page(
        "pairs/pair.html",
        status=status,
        form=form,
        row=row,
        one=one,
        stations=await _line(door, row, zone, glance),
        agreed=glance,
        today=today,
        zone=zone,
        is_running=one.state == RelationshipState.RUNNING,
        is_late=one.check_up_on is not None and one.check_up_on < today,
        may_change=door.actor.may(Permission.RELATIONSHIP_CHANGE),
        meetings=await meetings.at_a_glance(door, relationship_id),
        follow_ups=await following.of_case(door.session, door.actor, relationship_id),
        evaluations=[
            (each.Evaluation.id, each.full_name, _(STATES[EvaluationState(each.Evaluation.state)]))
            for each in await evaluations.of_relationship(door.session, door.actor, relationship_id)
        ],
        conflicts=await conflicts.of_case(door.session, door.actor, relationship_id),
        may_open=door.actor.may(Permission.PEOPLE_CHANGE),
        phase=_(PHASES[(await contacts.standing(door.session, one, zone)).phase]),
        # Of a pair nobody is asked while it runs; of a group or circle, who has left it.
        nexts=[] if one.state == RelationshipState.RUNNING and not one.party_id else await _nexts(door, row),
        leavers=[(each["id"], each["name"]) for each in row.members or () if each["role"] != "mentor"],
        reasons=[(reason.value, _(words)) for reason, words in END_REASONS.items()],
        choices=[(status.value, _(words)) for status, words in END_CHOICES.items()],
        end_reason=_(END_REASONS[EndReason(one.end_reason)]) if one.end_reason else "",
    )


async def _nexts(door: Door, row: Any) -> list[dict[str, Any]]:
    """What each has chosen after the end of her time in it, and what she may choose."""
    return [
        {
            "id": one.participation_id,
            "name": name,
            "words": _(CHOSEN[Choice(one.choice)]) if one.choice else "",
            "is_noted": one.noted_by is not None,
            "choices": [(code.value, _(CHOSEN[code])) for code in choices(role, row.structure)],
        }
        for one, name, role, _office in await afterwards.of_case(
            door.session, door.actor, row.Relationship.id
        )
    ]


async def _line(door: Door, row: Any, zone: str, glance: agreeing.Glance) -> list[Station]:
    """What has happened with a pair, the last first, below what is to come."""
    one = row.Relationship
    found = [Station(clock.local(one.begun_at, zone).date(), "begun")]
    found += [Station(day, kind) for day, kind in glance.stations]
    every = await queries.meetings(door.session, one.id)
    kinds = {MeetingState.HELD: "met", MeetingState.MISSED: "missed"}
    to_come = [each for each in every if each.state == MeetingState.AGREED and each.starts_at > clock.now()]
    for meeting in [each for each in every if each.state in kinds] + to_come[:1]:  # of a year's, the next
        day = clock.local(meeting.starts_at, zone).date()
        found.append(Station(day, kinds.get(MeetingState(meeting.state), "meeting_next")))
    if one.check_up_on:
        found.append(Station(one.check_up_on, "check_up"))
    if one.ended_at:
        found.append(Station(clock.local(one.ended_at, zone).date(), "ended"))
    else:
        found.append(Station(one.ends_on, "ends"))
    return sorted(found, key=lambda station: station.day)


def _quiet(rows: Any, today: date, zone: str) -> list[dict[str, Any]]:
    """Days since the last meeting that is known of, or since the beginning, for the strip of dots."""
    found = []
    for row in rows:
        since = row.last_meeting_at or row.Relationship.begun_at
        days = (today - clock.local(since, zone).date()).days
        names = (
            [row.mentor_name, row.mentee_name] if row.members is None else [m["name"] for m in row.members]
        )
        found.append({"label": " · ".join(names[:3]), "value": max(0, days)})
    return sorted(found, key=lambda one: -one["value"])


ROUTES = [pairs, pair, set_check_up, finish_check_up, end, remove]
