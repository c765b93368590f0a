"""
A deletion step by step, each in a transaction of its own that may be repeated.

    ASKED -> (leave, close, part, say goodbye) -> LEAVING -> (letters have left, key destroyed, rows forgotten) -> DONE

Proposals are locked before participations everywhere, so leaving, closing and parting are not one transaction.
"""

from uuid import UUID

from sqlalchemy import MetaData, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.keys.models import KeyTombstone
from infra.outbox import enqueue
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.identity import actions as identity
from tenants.identity import sessions
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.opportunities import leaving as opportunities
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.privacy import finding, forgetting, rules
from tenants.privacy.asking import job_key
from tenants.privacy.events import Event
from tenants.privacy.jobs import ErasePerson
from tenants.privacy.models import Erasure, ErasureState
from tenants.privacy.queries import OPEN
from tenants.proposals import leaving as proposals
from tenants.proposals.models import Proposal
from tenants.registration import actions as registration
from tenants.registration import queries as registrations
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tenants.relationships import parties, queries
from tenants.relationships import rules as rules_of_pairs
from tenants.relationships.models import EndReason, Relationship

GOODBYE_LETTER = "privacy.erased"
RISEN_AT_ONCE = 50  # people of one turn of the sweep; the next one goes on
REASON = "erased"  # of leaving; no other is kept


async def due(session: AsyncSession, erasure_id: UUID) -> Erasure | None:
    """The deletion if it is to be done, or to be gone on with, now."""
    erasure: Erasure | None = await session.scalar(
        select(Erasure).where(Erasure.id == erasure_id).with_for_update()
    )
    if erasure is None or erasure.state not in (ErasureState.ASKED, ErasureState.LEAVING):
        return None
    return erasure if erasure.due_at <= clock.now() else None


async def leave(session: AsyncSession, actor: Actor, person_id: UUID) -> list[UUID]:
    """Take her out of everything that she takes part in; her cards go in this transaction. Returns her participations."""
    rows = await session.scalars(
        select(Participation.id).where(Participation.person_id == person_id).order_by(Participation.id)
    )
    parts = list(rows)
    for participation_id in parts:
        status = await session.scalar(
            select(Participation.status).where(Participation.id == participation_id)
        )
        if status != Status.LEFT:
            await registration.leave(session, actor, participation_id, reason=REASON)
    await opportunities.withdraw_undecided(session, actor, person_id)
    return parts


async def close(session: AsyncSession, actor: Actor, participation_id: UUID) -> None:
    """Withdraw what is proposed with her; the other one is told that it does not go ahead, a group asks on without her."""
    for proposal in await proposals.open_with(session, participation_id):
        await _free_again(session, actor, proposal, participation_id, proposal.approved_by)
    await proposals.close_open(session, actor, participation_id)
    await parties.let_go_of_leaver(session, actor, participation_id)


async def part(session: AsyncSession, actor: Actor, participation_id: UUID) -> None:
    """
    End her pairs. Both get the letter that every pair gets, which gives no reason.

    A group or circle goes on without her where enough are left, and one of them is a mentor if it needs one.
    """
    for relationship in await queries.running_of(session, participation_id):
        if relationship.party_id is not None and await _goes_on(
            session, actor, relationship, participation_id
        ):
            continue
        await relationships.end(session, actor, relationship.id, reason=EndReason.LEFT_PROGRAMME)
        if relationship.party_id is None:
            await _free_again(session, actor, relationship, participation_id, relationship.coordinator_id)


async def _free_again(
    session: AsyncSession,
    actor: Actor,
    two: Proposal | Relationship,
    participation_id: UUID,
    coordinator_id: UUID | None,
) -> None:
    """All that names her who goes is deleted, tasks too: this one names the other alone, so that she is not forgotten."""
    other_id = two.mentee_id if two.mentor_id == participation_id else two.mentor_id
    assert other_id  # two are a pair
    other = await registrations.own_participation(session, other_id)
    await notifications.ask(
        session, actor, "proposal.free_again", key=f"proposal.free_again:{ids.new()}",
        due_on=clock.today((await organisations.own(session)).time_zone), person_id=coordinator_id,
        office_id=other.office_id, participation_id=other.id,
    )  # fmt: skip


async def _goes_on(
    session: AsyncSession, actor: Actor, relationship: Relationship, participation_id: UUID
) -> bool:
    try:
        await parties.remove(session, actor, relationship.id, participation_id, goes_on_as=Status.LEFT)
    except rules_of_pairs.LastOnes:
        return False
    return True


async def say_goodbye(session: AsyncSession, actor: Actor, erasure: Erasure) -> None:
    """Her last letter, with the number of the proof; from here on she is signed in nowhere."""
    if erasure.state == ErasureState.LEAVING:
        return
    erasure.state = ErasureState.LEAVING
    erasure.left_at = clock.now()
    await notifications.write(
        session, actor, GOODBYE_LETTER, key=f"{GOODBYE_LETTER}:{erasure.id}", person_id=erasure.person_id,
        erasure_id=erasure.id,
    )  # fmt: skip
    await sessions.end_every(session, actor, erasure.person_id)
    audit.record(
        session, actor, Event.ERASURE_BEGUN, kind="person", id=erasure.person_id, number=erasure.number
    )


async def letters_are_gone(session: AsyncSession, metadata: MetaData, erasure: Erasure) -> bool:
    """Whether all that was written to her and of her has left, or has had time enough."""
    if erasure.left_at is None or clock.now() - erasure.left_at > rules.LETTERS_WAIT:
        return True
    person = await _person(session, erasure.person_id)
    hers = await finding.find(session, metadata, person)
    named = finding.names_one(Letter.about, hers.all_ids())
    waits = exists().where(
        Letter.state.in_((LetterState.WAITING, LetterState.SENDING)),
        Letter.due_at <= clock.now(),
        or_(Letter.person_id == erasure.person_id, named),
    )
    return not (await session.execute(select(waits))).scalar_one()


async def look_again(session: AsyncSession, erasure: Erasure) -> None:
    """Go on a little later."""
    at = clock.now() + rules.LOOK_AGAIN
    key = f"{job_key(erasure)}:{at.isoformat()}"
    await enqueue(session, ErasePerson(erasure_id=erasure.id), key=key, due_at=at)


async def forget(session: AsyncSession, actor: Actor, metadata: MetaData, erasure: Erasure) -> None:
    """
    The deletion itself: account closed, rows deleted or emptied by the map, proof written. Her key has been destroyed.

    Raises:
        LastOwner: she has become the last owner meanwhile.
    """
    person = await _person(session, erasure.person_id)
    await leave(session, actor, person.id)  # she may have registered anew a moment ago
    if person.is_active:
        await identity.deactivate(session, actor, person.id)
        await session.flush()
    hers = await finding.find(session, metadata, person)
    erasure.counts = await forgetting.forget(session, hers)
    person.erased_at = clock.now()
    erasure.state = ErasureState.DONE
    erasure.finished_at = person.erased_at
    audit.record(
        session, actor, Event.ERASURE_DONE, kind="person", id=person.id, number=erasure.number,
        rows=sum(erasure.counts.values()),
    )  # fmt: skip


async def risen(session: AsyncSession) -> list[UUID]:
    """People who are here again though their key was destroyed: a backup from before their deletion was put back."""
    deleted = select(KeyTombstone.subject).where(KeyTombstone.record.is_(None))
    query = select(Person.id).where(Person.id.in_(deleted), Person.erased_at.is_(None))
    return list(await session.scalars(query.limit(RISEN_AT_ONCE)))


async def delete_anew(session: AsyncSession, actor: Actor, person_id: UUID) -> None:
    """Promise the deletion of somebody whom a backup has brought back, with all that goes with one."""
    standing = await session.scalar(
        select(Erasure).where(Erasure.person_id == person_id, Erasure.state.in_(OPEN))
    )
    if standing is None:
        standing = Erasure(
            organisation_id=actor.organisation_id, id=ids.random(), person_id=person_id, asked_by=person_id,
            number=rules.number(), due_at=clock.now(),
        )  # fmt: skip
        session.add(standing)
        await session.flush()
        audit.record(
            session,
            actor,
            Event.ERASURE_ASKED,
            kind="person",
            id=person_id,
            number=standing.number,
            backup=True,
        )
    standing.due_at = min(standing.due_at, clock.now())
    await enqueue(
        session, ErasePerson(erasure_id=standing.id), key=f"{job_key(standing)}:{standing.due_at.isoformat()}"
    )


async def clear_risen(session: AsyncSession, actor: Actor) -> None:
    """As the sweep: delete anew whoever a backup has brought back."""
    for person_id in await risen(session):
        await delete_anew(session, actor, person_id)


async def _person(session: AsyncSession, person_id: UUID) -> Person:
    return (
        await session.execute(select(Person).where(Person.id == person_id).with_for_update())
    ).scalar_one()
