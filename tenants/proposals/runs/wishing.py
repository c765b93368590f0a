"""Keeping a pair together (locked) or apart (forbidden) in the next runs of a cycle, and taking that back."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra import ids
from infra.errors import Invalid, NotFound, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.permissions import Permission
from tenants.pools.models import PoolCard
from tenants.programmes import queries as programmes
from tenants.programmes.structures import makes_parties
from tenants.proposals.models import NeverAgain, PairWish, WishKind
from tenants.proposals.rules import pair_key
from tenants.proposals.runs import rules
from tenants.proposals.runs.events import Event
from tenants.registration import queries as registration
from tenants.registration.models import ParticipantRole, Participation


async def wish(
    session: AsyncSession, actor: Actor, cycle_id: UUID, mentor_id: UUID, mentee_id: UUID, *, kind: WishKind
) -> UUID:
    """
    Keep a pair together, or apart, in the next runs of a cycle; the later wish for a pair wins.

    What no run could keep is refused now and not by the run.

    Raises:
        NotFound: no such participation of this cycle within the actor's reach.
        Invalid: not one of each side; or a lock on one person twice, on a pair that has
            tried before, on a mentee who has one, on a mentor without a place left.
    """
    actor.require(Permission.RUN_START)
    mentor = await _of_cycle(session, cycle_id, mentor_id)
    mentee = await _of_cycle(session, cycle_id, mentee_id)
    await _must_be_mine(session, actor, (mentor_id, mentee_id))
    if mentor.role == mentee.role == ParticipantRole.PEER:
        # Neither is the mentor: the lower id stands in the mentor's place, so that a pair has one wish.
        mentor, mentee = sorted((mentor, mentee), key=lambda one: one.id)
        mentor_id, mentee_id = mentor.id, mentee.id
        await _must_be_for_peers(session, mentor, mentee, kind)
    else:
        _must_be_two_sides(mentor, mentee)
    if kind is WishKind.LOCK:
        await _must_be_keepable(session, mentor, mentee)
    made = await session.execute(
        upsert(PairWish)
        .values(
            organisation_id=actor.organisation_id,
            id=ids.new(),
            cycle_id=cycle_id,
            mentor_id=mentor_id,
            mentee_id=mentee_id,
            kind=kind,
            made_by=actor.person_id,
        )
        .on_conflict_do_update(
            index_elements=[
                PairWish.organisation_id, PairWish.cycle_id, PairWish.mentor_id, PairWish.mentee_id,
            ],
            set_={"kind": kind, "made_by": actor.person_id},
        )
        .returning(PairWish.id)
    )  # fmt: skip
    wish_id: UUID = made.scalar_one()
    audit.record(session, actor, Event.WISH_MADE, kind="pair_wish", id=wish_id, wish=kind)
    return wish_id


async def release(session: AsyncSession, actor: Actor, wish_id: UUID) -> UUID:
    """
    Take a wish back; returns the cycle for which it was made.

    Raises:
        NotFound: no such wish.
    """
    actor.require(Permission.RUN_START)
    found = await session.scalar(select(PairWish).where(PairWish.id == wish_id).with_for_update())
    if found is None:
        raise NotFound(kind="pair_wish", id=str(wish_id))
    await _must_be_mine(session, actor, (found.mentor_id, found.mentee_id))
    await session.delete(found)
    audit.record(session, actor, Event.WISH_RELEASED, kind="pair_wish", id=wish_id, wish=found.kind)
    return found.cycle_id


async def _of_cycle(session: AsyncSession, cycle_id: UUID, participation_id: UUID) -> Participation:
    found = await registration.own_participation(session, participation_id)
    if found.cycle_id != cycle_id:
        raise rules.WishNotOfCycle(id=str(participation_id))
    return found


async def _must_be_mine(session: AsyncSession, actor: Actor, participation_ids: tuple[UUID, UUID]) -> None:
    offices = await session.scalars(
        select(Participation.office_id).where(Participation.id.in_(participation_ids))
    )
    if not any(actor.sees_office(office) for office in offices):
        raise NotFound(kind="participation", id=str(participation_ids[0]))


async def _must_be_for_peers(
    session: AsyncSession, one: Participation, other: Participation, kind: WishKind
) -> None:
    """Two peers are kept apart everywhere, and together where pairs are made: in a circle there are others."""
    if one.person_id == other.person_id:
        raise Invalid(Problem("mentee_id", "wish_same_person"))
    programme = await programmes.own_programme(session, one.programme_id)
    if kind is WishKind.LOCK and makes_parties(programme.structure):
        raise Invalid(Problem("kind", "wish_lock_in_circles"))


def _must_be_two_sides(mentor: Participation, mentee: Participation) -> None:
    wrong = [
        Problem(field, "wish_same_side")
        for field, found, role in (
            ("mentor_id", mentor, ParticipantRole.MENTOR),
            ("mentee_id", mentee, ParticipantRole.MENTEE),
        )
        if found.role != role
    ]
    if wrong:
        raise Invalid(*wrong)


async def _must_be_keepable(session: AsyncSession, mentor: Participation, mentee: Participation) -> None:
    if mentor.person_id == mentee.person_id:
        raise Invalid(Problem("mentee_id", "wish_same_person"))
    one, other = pair_key(mentor.person_id, mentee.person_id)
    if await session.scalar(
        select(NeverAgain.id).where(NeverAgain.one_id == one, NeverAgain.other_id == other)
    ):
        raise Invalid(Problem("mentee_id", "wish_tried_before"))
    if await _others_kept(session, mentor, mentee, PairWish.mentee_id == mentee.id):
        raise Invalid(Problem("mentee_id", "wish_second_lock"))
    places = await session.scalar(
        select(func.max(PoolCard.open_places)).where(PoolCard.participation_id == mentor.id)
    )
    # Whoever is not ready to be matched now has no card; the run will see.
    if places is not None:
        kept = await _others_kept(session, mentor, mentee, PairWish.mentor_id == mentor.id)
        if kept >= places:
            raise Invalid(Problem("mentor_id", "wish_no_place", {"places": places}))


async def _others_kept(
    session: AsyncSession, mentor: Participation, mentee: Participation, whose: ColumnElement[bool]
) -> int:
    """How many other pairs of hers are locked that a run would keep now: both of them lie in the pool."""
    one, other = aliased(PoolCard), aliased(PoolCard)
    query = (
        select(func.count())
        .select_from(PairWish)
        .join(
            one,
            and_(one.organisation_id == PairWish.organisation_id, one.participation_id == PairWish.mentor_id),
        )
        .join(
            other,
            and_(
                other.organisation_id == PairWish.organisation_id,
                other.participation_id == PairWish.mentee_id,
            ),
        )
        .where(
            PairWish.cycle_id == mentor.cycle_id,
            PairWish.kind == WishKind.LOCK,
            whose,
            or_(PairWish.mentor_id != mentor.id, PairWish.mentee_id != mentee.id),
        )
    )
    return int((await session.execute(query)).scalar_one())
