"""A participant's start page: her next step, and her year as one thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from infra import clock
from infra.language import gettext as _
from tenants.evaluations import queries as evaluations
from tenants.evaluations.models import EvaluationState
from tenants.gatherings import queries as gatherings
from tenants.gatherings.letters import title_of
from tenants.gatherings.models import GuestState, WorkshopState
from tenants.permissions import Permission
from tenants.programmes.models import Programme, Structure
from tenants.programmes.queries import own_programme
from tenants.programmes.structures import PEER, facts, makes_parties
from tenants.proposals import queries as proposals
from tenants.proposals import rules
from tenants.proposals.parties import queries as parties
from tenants.proposals.parties.queries import Seen as SeenParty
from tenants.proposals.queries import Seen
from tenants.registration import leaving
from tenants.registration import queries as registrations
from tenants.registration.appointments import queries as appointments
from tenants.registration.models import Status
from tenants.registration.queries import Profile
from tenants.registration.telling import shown_in
from tenants.relationships import queries as relationships
from tenants.relationships.agreements import memos
from tenants.relationships.models import RelationshipState
from web import steps, together
from web.door import Door, Page
from web.pages.programme import introduce
from web.steps import Step

MONTH = 30.4  # days, for "after 3 and 9 months"


@dataclass(frozen=True, slots=True)
class Year:
    """The facts of the thread. `stage` counts what lies behind: 0 registered, 1 ready, 2 proposed, 3 meeting, 4 a pair, 5 ended."""

    profile: Profile
    stage: int
    other: str
    decided_by: date | None
    first_meeting_on: date | None
    begun_on: date | None
    ends_on: date | None
    months: list[int]

    @property
    def is_together(self) -> bool:
        """A group or circle: asked once, without a first meeting on trial."""
        return makes_parties(self.profile.programme.structure)


@get("/me")
async def me(door: NamedDependency[Door]) -> Page:
    if door.actor.support_id is None:  # which looks, and answers nothing
        door.actor.require(Permission.OWN_CASE)
    zone = door.actor.time_zone
    profiles = await registrations.own(door.session, door.actor)
    programmes = {one.participation.id: one.programme for one in profiles}
    open_ones = [
        await proposals.see(door.session, door.actor, row.Proposal.id)
        for row in await proposals.own(door.session, door.actor)
        if row.Proposal.state in rules.LIVE and row.participation_id in programmes
    ]
    in_parties = any(makes_parties(one.programme.structure) for one in profiles)
    asked = [
        seen
        for seen in (await parties.own(door.session, door.actor) if in_parties else [])
        if seen.may_answer and seen.me.participation_id in programmes
    ]
    pairs = [
        row
        for row in await relationships.own(door.session, door.actor)
        if row.Relationship.state != RelationshipState.RUNNING
        or together.mine(row, door.actor.person_id) in programmes
    ]
    found = [_of_proposal(door, seen) for seen in open_ones]
    found += [_of_party(door, seen) for seen in asked]
    found += [await _of_pair(door, row) for row in pairs]
    taken = {seen.me.participation_id for seen in open_ones}
    taken |= {seen.me.participation_id for seen in asked} | {
        together.mine(row, door.actor.person_id) for row in pairs
    }
    waiting = [
        one.participation.id for one in profiles if one.participation.status == Status.AWAITING_INTERVIEW
    ]
    invited = await appointments.of_participations(door.session, waiting)
    found += [
        steps.of_participation(
            one.participation.status,
            role=one.participation.role,
            interview_on=one.participation.interview_on,
            appointment=invited.get(one.participation.id),
        )
        for one in profiles
        if one.participation.id not in taken or not found
    ]
    if not profiles:
        found += await _left(door)
    step = steps.next_of(one for one in found if one)
    if profiles:
        await introduce(door, profiles[0].programme)
    return door.page(
        "me/me.html",
        step=step,
        others=[one for one in found if one and one.href and one != step],
        year=_year(door, _foremost(profiles, taken), [*open_ones, *asked], pairs) if profiles else None,
        zone=zone,
        today=clock.today(zone),
        hour=clock.local(clock.now(), zone).hour,
        name=door.view.person,
        evaluations=await _evaluations(door, pairs),
        workshops=await _workshops(door) if profiles else [],
        memo=await _memo(door, profiles),
        has_handbook=any(
            one.participation.role != PEER for one in profiles
        ),  # it speaks of mentors and mentees
        leaving=[(one.participation.id, shown_in(one.programme, one.programme.name)) for one in profiles],
    )


async def _memo(door: Door, profiles: Sequence[Profile]) -> str:
    """Whether the memo of what she takes part as "waits" to be read or is "read"; nothing where there is none (K58)."""
    meant = [
        one.participation.id
        for one in profiles
        if memos.form_of(one.participation.role) and facts(one.programme.structure).has_agreement
    ]
    if not meant:
        return ""
    read = await memos.read_by(door.session, meant)
    return "waits" if any(one not in read for one in meant) else "read"


async def _workshops(door: Door) -> list[tuple[str, str, str]]:
    """(address, title, state) of those to come; and of those that are over, where she may say how it was ("said")."""
    return [
        (f"/me/workshop/{one.workshop.id}/opinion", title_of(one), "said")
        if one.workshop.state == WorkshopState.HELD
        else (f"/me/workshop/{one.workshop.id}", title_of(one), str(one.guest.state))
        for one in await gatherings.own(door.session, door.actor)
        if one.guest.state != GuestState.DECLINED or one.workshop.state == WorkshopState.HELD
    ]


async def _evaluations(door: Door, pairs: Sequence[Any]) -> list[UUID]:
    """Those that wait for her; looked for only where something has come to its end."""
    today = clock.today(door.organisation.time_zone)
    ended = [
        row
        for row in pairs
        if row.Relationship.state != RelationshipState.RUNNING or row.Relationship.ends_on <= today
    ]
    found = await evaluations.own(door.session, door.actor) if ended else []
    return [row.Evaluation.id for row in found if row.Evaluation.state == EvaluationState.ASKED]


def _of_proposal(door: Door, seen: Seen) -> Step | None:
    return steps.of_proposal(seen, today=clock.today(door.actor.time_zone), zone=door.organisation.time_zone)


def _of_party(door: Door, seen: SeenParty) -> Step | None:
    return steps.of_party(seen, name=_ours(seen), zone=door.organisation.time_zone)


def _ours(seen: SeenParty) -> str:
    return _("your circle") if seen.party.structure == Structure.CIRCLE else _("your group")


async def _of_pair(door: Door, row: Any) -> Step:
    meetings = await relationships.meetings(door.session, row.Relationship.id)
    return steps.of_pair(row, meetings, door.actor.person_id, clock.now())


async def _left(door: Door) -> list[Step]:
    """For whoever takes part in nothing any more: what she has left last, where the way back begins."""
    for one in (await leaving.left_by(door.session, door.actor))[:1]:
        programme = await own_programme(door.session, one.programme_id)
        await introduce(door, programme)
        return [Step("left", f"/me/leave/{one.id}", shown_in(programme, programme.name))]
    return []


def _asked_after(programme: Programme) -> list[int]:
    """The months after which a letter asks how it goes; the check-up at the end of the term is the coordinator's."""
    months = (round(days / MONTH) for days in sorted(programme.check_up_days))
    return [one for one in months if 0 < one < programme.term_months]


def _foremost(profiles: list[Profile], taken: set[Any]) -> Profile:
    """Whoever is a mentor and a mentee sees the year in which somebody has been found."""
    return next((one for one in profiles if one.participation.id in taken), profiles[0])


def _year(door: Door, profile: Profile, open_ones: list[Seen | SeenParty], pairs: list[Any]) -> Year:
    one, zone = profile.participation, door.actor.time_zone
    months = _asked_after(profile.programme)
    person_id = door.actor.person_id
    mine = [row for row in pairs if together.mine(row, person_id) == one.id]
    if mine:
        pair, other = mine[0].Relationship, together.with_whom(mine[0], person_id)
        begun = clock.local(pair.begun_at, zone).date()
        is_over = pair.ended_at is not None
        return Year(profile, 5 if is_over else 4, other, None, None, begun, pair.ends_on, months)
    seen = next((seen for seen in open_ones if seen.me.participation_id == one.id), None)
    if isinstance(seen, SeenParty):
        end = seen.party.answer_by
        by = rules.last_day(end, door.organisation.time_zone) if end else None
        return Year(profile, 2, _ours(seen), by, None, None, None, months)
    if seen:
        end = seen.proposal.answer_by
        by = rules.last_day(end, door.organisation.time_zone) if end else None
        stage = 3 if seen.proposal.meet_by else 2
        return Year(
            profile, stage, seen.other.full_name, by, seen.proposal.first_meeting_on, None, None, months
        )
    return Year(profile, int(one.status == Status.READY), "", None, None, None, None, months)


ROUTES = [me]
