"""Proposals that a coordinator makes herself from a search: a draft like those of a run, sent and taken back like them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.errors import WrongState
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.pools import queries as pools
from tenants.pools.models import Side
from tenants.proposals import actions, places, queries, rules
from tenants.proposals.actions import Approval
from tenants.proposals.events import Event
from tenants.proposals.models import PairWish, Proposal, ProposalState, WishKind
from tenants.proposals.search_models import MatchSearch, SearchState
from tenants.proposals.searches import queries as searches
from tenants.proposals.searches import rules as searching
from tenants.registration.models import Participation


class DraftTaken(WrongState):
    """It has been sent, or is the draft of a run, which stays with its run."""

    code = "proposal_not_draft_by_hand"


async def propose(session: AsyncSession, actor: Actor, search_id: UUID, other_id: UUID) -> Proposal:
    """
    Make a draft of the person who was searched for and somebody whom the search tells of.

    Nobody is told of a draft. Asked twice, and from two searches at once, there is one: both people are held first.

    Raises:
        NotFound: no such search, or it does not tell of her.
        SearchNotDone, SearchOld, SearchRefused: it has no answer yet, no longer the right one, or a constraint in it.
        PairKnown: they have tried, or one of them said no (N07).
        NoPlaceLeft: one of them is in as many proposals and pairs as she has places for.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    search = await searches.access_search(session, actor, search_id)
    if search.state != SearchState.DONE:
        raise searching.SearchNotDone(state=search.state)
    found = searching.told_of(search, other_id)
    both = (search.participation_id, other_id)
    await places.lock(session, both)
    if (open_one := await _open(session, both)) is not None:
        return open_one
    if found["failed"]:
        raise searching.SearchRefused(limits=list(found["failed"]))
    await _must_be_possible(session, search, found, other_id)
    return await _drafted(session, actor, search, found, other_id)


async def approve(
    session: AsyncSession, actor: Actor, proposal_id: UUID, *, override: str | None = None
) -> Approval:
    """
    Send one draft to its two people, as an approval of a run does: letters wait for ten minutes.

    Raises:
        NotFound: not one of the actor's cases.
        NotApprovable: it is no draft any more.
        CaseloadFull: see `actions.approve`.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    draft = await queries.access_proposal(session, actor, proposal_id, lock=True)
    if draft.state != ProposalState.DRAFT:
        raise rules.NotApprovable(state=draft.state)
    return await actions.send(
        session, actor, [draft], [], {}, override=override, about=("proposal", draft.id)
    )


async def undo_approval(session: AsyncSession, actor: Actor, proposal_id: UUID) -> Proposal:
    """
    A draft again, while its letters wait.

    Raises:
        NotFound: not one of the actor's cases.
        UndoTooLate: somebody has been told.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    found = await queries.access_proposal(session, actor, proposal_id, lock=True)
    is_young = found.sent_at is not None and found.sent_at > clock.now() - rules.UNDO
    if not (is_young and found.state in rules.LIVE and await actions.take_back(session, actor, [found])):
        raise rules.UndoTooLate(proposal_id=str(proposal_id))
    audit.record(session, actor, Event.APPROVAL_UNDONE, kind="proposal", id=found.id, proposals=1)
    return found


async def discard(session: AsyncSession, actor: Actor, proposal_id: UUID) -> None:
    """
    Throw a draft by hand away. Nobody has been told of it.

    Raises:
        NotFound: not one of the actor's cases.
        DraftTaken: it is none.
    """
    actor.require(Permission.PROPOSAL_APPROVE)
    found = await queries.access_proposal(session, actor, proposal_id, lock=True)
    if found.state != ProposalState.DRAFT or found.run_id is not None:
        raise DraftTaken(state=found.state)
    audit.record(session, actor, Event.PROPOSAL_DISCARDED, kind="proposal", id=found.id)
    await session.delete(found)


async def _open(session: AsyncSession, both: tuple[UUID, UUID]) -> Proposal | None:
    """What these two have already: a draft by hand, an open proposal, or a pair that runs."""
    query = select(Proposal).where(
        Proposal.mentor_id.in_(both),
        Proposal.mentee_id.in_(both),
        or_(
            Proposal.state.in_(rules.LIVE),
            (Proposal.state == ProposalState.DRAFT) & Proposal.run_id.is_(None),
        ),
    )
    return (await session.execute(query.order_by(Proposal.created_at).limit(1))).scalar_one_or_none()


async def _must_be_possible(
    session: AsyncSession, search: MatchSearch, found: Mapping[str, Any], other_id: UUID
) -> None:
    """What may have changed since the search, read under the locks of both people."""
    one_id = search.participation_id
    people = dict(
        (
            await session.execute(
                select(Participation.id, Participation.person_id).where(
                    Participation.id.in_((one_id, other_id))
                )
            )
        ).all()
    )
    if await places.is_tried(session, people[one_id], people[other_id]):
        raise rules.PairKnown
    free = await places.free(session, (one_id, other_id))
    for participation_id in (one_id, other_id):
        if free.get(participation_id, 0) < 1:
            name = await session.scalar(select(Person.full_name).where(Person.id == people[participation_id]))
            raise rules.NoPlaceLeft(name=name)
    for participation_id, digest in ((one_id, search.result["card"]), (other_id, found["card"])):
        card = await pools.card_of(session, participation_id)
        if card is None or searching.card_digest(card) != digest:
            raise searching.SearchOld
    both = (one_id, other_id)
    kept_apart = select(PairWish.id).where(
        PairWish.cycle_id == search.cycle_id,
        PairWish.kind == WishKind.FORBID,
        PairWish.mentor_id.in_(both),
        PairWish.mentee_id.in_(both),
    )
    if (await session.execute(kept_apart)).first() is not None:
        raise searching.SearchRefused(limits=["forbidden"])


async def _drafted(
    session: AsyncSession, actor: Actor, search: MatchSearch, found: Mapping[str, Any], other_id: UUID
) -> Proposal:
    mine = search.participation_id
    side = search.result["side"]
    mentor, mentee = (other_id, mine) if side == Side.MENTEE else (mine, other_id)
    if side == Side.PEER:
        mentor, mentee = sorted((mine, other_id))  # neither leads; as in a run, the lower id stands first
    draft = Proposal(
        organisation_id=actor.organisation_id, id=ids.random(), run_id=None, pool_id=search.pool_id,
        cycle_id=search.cycle_id, mentor_id=mentor, mentee_id=mentee, score=found["score"],
        most=search.result["most"], contributions=found["contributions"], alternatives=[],
    )  # fmt: skip
    session.add(draft)
    await session.flush()
    audit.record(session, actor, Event.PROPOSAL_MADE, kind="proposal", id=draft.id)
    return draft
