"""The steps of a party from state to state, with all that goes along: places, letters, jobs and tasks."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.outbox import Promise, enqueue_all, withdraw_all
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.notifications.actions import Addressed, Asked
from tenants.organisations import queries as organisations
from tenants.programmes import queries as programmes
from tenants.programmes.models import Programme
from tenants.proposals import rules as pairs
from tenants.proposals.models import Hold
from tenants.proposals.parties import queries, rules
from tenants.proposals.parties.events import Event
from tenants.proposals.parties.jobs import ExpireParty, RemindOfParty
from tenants.proposals.parties.queries import Seated
from tenants.proposals.party_models import Party, PartyState
from tenants.registration import watching

_JOBS = (RemindOfParty.KIND, ExpireParty.KIND)

Seats = dict[UUID, list[Seated]]


async def open_to_all(
    session: AsyncSession, actor: Actor, parties: Sequence[Party], seats: Seats, programme: Programme
) -> None:
    """Send parties of one programme: places are held from now, letters go in ten minutes."""
    now = clock.now()
    zone = (await organisations.own(session)).time_zone
    answer_by = pairs.after_working_days(now, programme.answer_days, zone)
    expires_at = pairs.after_working_days(answer_by, programme.answer_days, zone)
    for one in parties:
        one.state, one.approved_by = PartyState.OPEN, actor.person_id
        one.sent_at, one.answer_by, one.closed_at = now, answer_by, None
    await _hold(session, actor, parties, seats, expires_at)
    letters = [
        Addressed(rules.letter_key(one, "ask", seat.participation_id), seat.person_id, {"party_id": one.id})
        for one in parties
        for seat in seats[one.id]
    ]
    await notifications.write_all(session, actor, "party.ask", letters, due_at=now + pairs.UNDO)
    tasks = [
        Asked(
            rules.task_key(one, "call"), clock.local(now, zone).date(), {"party_id": one.id},
            person_id=one.approved_by,
        )
        for one in parties
        if not all(seat.email for seat in seats[one.id])
    ]  # fmt: skip
    await notifications.ask_all(session, actor, "party.unanswered", tasks)
    await enqueue_all(
        session,
        [
            Promise(job, rules.job_key(one, job.KIND), due)
            for one in parties
            for job, due in (
                (RemindOfParty(party_id=one.id), answer_by),
                (ExpireParty(party_id=one.id), expires_at),
            )
        ],
    )


async def confirm(session: AsyncSession, actor: Actor, party: Party, seats: Sequence[Seated]) -> None:
    """
    It begins: places of those who said yes stay taken; the room above begins their relationship.

    Whoever said no, or nothing, is free again. Who has kept silent is told so, in words that blame nobody.
    """
    party.state, party.closed_at = PartyState.CONFIRMED, clock.now()
    known = await queries.told(session, party, seats)
    await _forget(session, actor, [party], {party.id: list(seats)})
    free = [one for one in seats if not one.is_yes]
    await free_places(session, party.id, [one.participation_id for one in free])
    await _say(session, actor, party, [one for one in free if one.is_yes is None], known, "late")
    audit.record(session, actor, Event.PARTY_CONFIRMED, kind="party", id=party.id)
    await watching.changed(session, [one.participation_id for one in seats])


async def close(
    session: AsyncSession, actor: Actor, party: Party, seats: Sequence[Seated], to: PartyState
) -> None:
    """
    End an open party as declined or withdrawn: places free, the same words to all.

    Whoever has not been told of it yet is not told of its end either; nor is who said no herself.
    """
    known = await queries.told(session, party, seats, lock=True)
    await let_go(session, actor, [party], {party.id: list(seats)}, to)
    audit.record(session, actor, Event.PARTY_CLOSED, kind="party", id=party.id, state=to)
    await _say(session, actor, party, [one for one in seats if one.is_yes is not False], known, "closed")
    await notifications.ask(
        session, actor, "party.next", key=rules.task_key(party, "next"),
        due_on=clock.today((await organisations.own(session)).time_zone), person_id=party.approved_by,
        party_id=party.id,
    )  # fmt: skip
    await watching.changed(session, [one.participation_id for one in seats])


async def let_go(
    session: AsyncSession, actor: Actor, parties: Sequence[Party], seats: Seats, to: PartyState
) -> None:
    """Free the places, take back letters, jobs and tasks that speak of them."""
    await _forget(session, actor, parties, seats)
    for one in parties:
        one.state, one.closed_at = to, clock.now()
    await session.execute(delete(Hold).where(bulk.any_of(Hold.party_id, [one.id for one in parties])))


async def free_places(session: AsyncSession, party_id: UUID, participation_ids: Collection[UUID]) -> None:
    await session.execute(
        delete(Hold).where(
            Hold.party_id == party_id, bulk.any_of(Hold.participation_id, list(participation_ids))
        )
    )


async def _say(
    session: AsyncSession,
    actor: Actor,
    party: Party,
    seats: Sequence[Seated],
    known: Collection[UUID],
    kind: str,
) -> None:
    letters = [
        Addressed(rules.letter_key(party, kind, one.participation_id), one.person_id, {"party_id": party.id})
        for one in seats
        if one.participation_id in known
    ]
    await notifications.write_all(session, actor, f"party.{kind}", letters)


async def _forget(session: AsyncSession, actor: Actor, parties: Sequence[Party], seats: Seats) -> None:
    letters = [
        rules.letter_key(one, kind, seat.participation_id)
        for one in parties
        for kind in ("ask", "remind")
        for seat in seats[one.id]
    ]
    await notifications.withdraw_letters(session, keys=letters)
    await withdraw_all(session, keys=[rules.job_key(one, job) for one in parties for job in _JOBS])
    await notifications.settle_all(session, actor, keys=[rules.task_key(one, "call") for one in parties])


async def _hold(
    session: AsyncSession, actor: Actor, parties: Sequence[Party], seats: Seats, until: datetime
) -> None:
    table = bulk.table(Hold)
    places = sorted((seat.participation_id, one.id) for one in parties for seat in seats[one.id])
    for part in bulk.batches(places):
        rows = [
            {
                "organisation_id": actor.organisation_id, "id": ids.random(), "party_id": party_id,
                "participation_id": participation_id, "until": until,
            }
            for participation_id, party_id in part
        ]  # fmt: skip
        await session.execute(insert(table).from_select(list(rows[0]), bulk.given(table, rows).select()))


async def programme_of(session: AsyncSession, party: Party) -> Programme:
    cycle = await programmes.own_cycle(session, party.cycle_id)
    return await programmes.own_programme(session, cycle.programme_id)
