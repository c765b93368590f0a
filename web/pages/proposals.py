"""Proposals that wait for answers, for their coordinators: who has answered what, and why."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import clock
from infra.errors import Conflict, Invalid, LimitReached, Problem, WrongState
from infra.http import paging
from infra.language import gettext as _
from tenants.permissions import Permission
from tenants.proposals import actions, answering, by_hand, listing, rules
from tenants.proposals.listing import Listed
from tenants.proposals.models import AskedFor, ProposalState
from tenants.proposals.parties import queries as parties
from tenants.proposals.runs import grounds, words
from tenants.proposals.words import STATE_NAMES
from tenants.relationships import actions as noting
from tenants.relationships import queries as relationships
from web import meters, query
from web.door import Door, Page
from web.forms import refused
from web.pages.matching import showing
from web.refusals import said
from web.rendering import FormState

PATH = "/c/proposals"
AT_ONCE = 50
SHOWN: dict[str, tuple[ProposalState, ...]] = {
    "drafts": (ProposalState.DRAFT,),
    "waiting": (ProposalState.OPEN,),
    "meeting": (ProposalState.MEETING,),
    "confirmed": (ProposalState.CONFIRMED,),
    "over": (ProposalState.DECLINED, ProposalState.EXPIRED, ProposalState.WITHDRAWN),
}


@get(PATH)
async def proposals(door: NamedDependency[Door]) -> Page:
    shown = query.one_of(door.request, "show", SHOWN) or "waiting"
    run_id = query.uuid(door.request, "run")
    counts = await listing.counts(door.session, door.actor)
    rows = await listing.listed(
        door.session,
        door.actor,
        states=SHOWN[shown],
        run_id=run_id,
        by_hand=shown == "drafts",
        after=query.after(door.request, tuple[datetime, UUID]),
        limit=AT_ONCE + 1,
    )
    last = rows[AT_ONCE - 1] if len(rows) > AT_ONCE else None
    page = rows[:AT_ONCE]
    zone = door.actor.time_zone
    return door.page(
        "proposals/list.html",
        shown=shown,
        tabs=await tabs(door, counts),
        here=PATH if shown == "waiting" else f"{PATH}?show={shown}",
        total=_count(shown, counts),
        rows=page,
        said=await listing.answers_of(door.session, door.actor, page),
        ends={
            one.id: rules.last_day(one.answer_by, door.organisation.time_zone)
            for one in page
            if one.answer_by
        },
        next=door.view.with_query(after=paging.encode(last.key)) if last else "",
        states={state.value: _(words) for state, words in STATE_NAMES.items()},
        today=clock.today(zone),
        zone=zone,
    )


@get(PATH + "/{proposal_id:uuid}")
async def proposal(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    return await _page(door, proposal_id, FormState())


@post(PATH + "/{proposal_id:uuid}/approve")
async def approve(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    """Send one draft, of a run or by hand, to its two people."""
    path = f"{PATH}/{proposal_id}"
    filled = await door.form()
    try:
        done = await by_hand.approve(
            door.session, door.actor, proposal_id, override=filled.text("override") or None
        )
    except (WrongState, LimitReached) as error:
        return door.go(path, said=said(error))
    if not done.sent:
        words = _("It stays a draft: somebody has no place left, or they were proposed to each other before.")
        return door.go(path, said=words)
    return door.go(
        path, said=_("The proposal is approved."), undo=f"{path}/undo-approval", left=_("for 10 minutes")
    )


@post(PATH + "/{proposal_id:uuid}/undo-approval")
async def undo(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    path = f"{PATH}/{proposal_id}"
    try:
        await by_hand.undo_approval(door.session, door.actor, proposal_id)
    except WrongState as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("The proposal is a draft again."))


@post(PATH + "/{proposal_id:uuid}/discard")
async def discard(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    try:
        await by_hand.discard(door.session, door.actor, proposal_id)
    except WrongState as error:
        return door.go(f"{PATH}/{proposal_id}", said=said(error))
    return door.go(PATH, said=_("The draft is thrown away. Nobody was told of it."))


@post(PATH + "/{proposal_id:uuid}/withdraw")
async def withdraw(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    path = f"{PATH}/{proposal_id}"
    try:
        await actions.withdraw_proposal(door.session, door.actor, proposal_id)
    except WrongState as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("The proposal is withdrawn. Both are told in the same words."))


@post(PATH + "/{proposal_id:uuid}/answers/{participation_id:uuid}")
async def note_answer(
    door: NamedDependency[Door], proposal_id: FromPath[UUID], participation_id: FromPath[UUID]
) -> Page:
    path = f"{PATH}/{proposal_id}"
    filled = await door.form()
    chosen, asked = filled.text("answer"), filled.text("asked_for")
    try:
        if chosen not in ("yes", "no") or asked not in set(AskedFor):
            raise Invalid(Problem("answer", "missing"))
        await noting.note_answer(
            door.session, door.actor, proposal_id, participation_id, AskedFor(asked), is_yes=chosen == "yes"
        )
    except Invalid as error:
        return await _page(door, proposal_id, refused(filled, error), status=422)
    except (WrongState, Conflict) as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("Noted. The other one is not told."))


@post(PATH + "/{proposal_id:uuid}/date")
async def note_date(door: NamedDependency[Door], proposal_id: FromPath[UUID]) -> Page:
    path = f"{PATH}/{proposal_id}"
    filled = await door.form()
    try:
        try:
            on = date.fromisoformat(filled.text("on"))
        except ValueError as error:
            raise Invalid(Problem("on", "missing" if not filled.text("on") else "bad_format")) from error
        await answering.note_first_meeting(door.session, door.actor, proposal_id, on=on)
    except Invalid as error:
        return await _page(door, proposal_id, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(path, said=said(error))
    return door.go(path, said=_("The date is noted. Each is asked the morning after."))


async def _page(door: Door, proposal_id: UUID, form: FormState, *, status: int = 200) -> Page:
    found = await listing.shown(door.session, door.actor, proposal_id)
    said_so = await listing.answers(door.session, door.actor, proposal_id)
    begun = await relationships.of_proposal(door.session, proposal_id)
    zone = door.actor.time_zone
    roles = ("peer", "peer") if found.is_peers else ("mentor", "mentee")
    by = {(one.participation_id, one.asked_for): one for one in said_so}
    return door.page(
        "proposals/proposal.html",
        status=status,
        form=form,
        one=found,
        sides=[
            (found.mentor_name, roles[0], found.mentor_person_id, found.mentor_id),
            (found.mentee_name, roles[1], found.mentee_person_id, found.mentee_id),
        ],
        questions=[(AskedFor.MEET.value, _("Wants to meet")), (AskedFor.GO_ON.value, _("Wants to go on"))],
        by=by,
        asked=next((asked.value for asked, state in rules.IN_STATE.items() if state == found.state), ""),
        is_live=found.state in rules.LIVE,
        may_change=door.actor.may(Permission.PROPOSAL_APPROVE),
        pair_id=begun.id if begun else None,
        may_undo=found.state in rules.LIVE
        and found.sent_at is not None
        and clock.now() - found.sent_at < rules.UNDO,
        reasons=await _reasons(door, found) if found.run_id is None else [],
        meter=await meters.near(door) if found.state == ProposalState.DRAFT else None,
        points=round(100 * found.score / found.most) if found.most else 0,
        answer_by=rules.last_day(found.answer_by, door.organisation.time_zone) if found.answer_by else None,
        state=_(STATE_NAMES[ProposalState(found.state)]),
        today=clock.today(zone),
        zone=zone,
    )


async def _reasons(door: Door, found: Listed) -> list[dict[str, Any]]:
    """What the points of a proposal by hand are made of; of others, the page of their run shows it."""
    topics = await showing.topics(door, found.cycle_id)
    return [
        {
            "label": words.criterion(one.criterion, of_peers=found.is_peers),
            "points": one.points,
            "most": one.most,
            "basis": grounds.basis(one, topics),
        }
        for one in await listing.why(door.session, door.actor, found.id)
    ]


def _count(shown: str, counts: dict[str, int]) -> int:
    if shown == "drafts":
        return counts.get(listing.BY_HAND, 0)
    return sum(counts.get(state, 0) for state in SHOWN[shown])


async def tabs(door: Door, counts: dict[str, int] | None = None) -> list[tuple[str, str, int | None]]:
    """Proposals by how they stand; groups and circles have a page of their own, where there are any."""
    if counts is None:
        counts = await listing.counts(door.session, door.actor)
    names = {
        "waiting": _("Waiting for answers"),
        "meeting": _("First meetings"),
        "confirmed": _("Pairs"),
        "over": _("Not gone ahead"),
    }
    if _count("drafts", counts):
        names = {"drafts": _("Drafts by hand"), **names}
    found: list[tuple[str, str, int | None]] = [
        (label, PATH if name == "waiting" else f"{PATH}?show={name}", _count(name, counts))
        for name, label in names.items()
    ]
    waiting = await parties.waiting(door.session, door.actor)
    return found if waiting is None else [*found, (_("Groups and circles"), "/c/groups", waiting)]


ROUTES = [proposals, proposal, approve, undo, discard, withdraw, note_answer, note_date]
