"""
Fills an empty installation with the sample organisations, through the same actions that people use.

Rosters are read and matching runs computed by the running workers, as for
everybody. Each step looks whether it has been done, so a start that was cut off
goes on where it stopped, and a warm start does nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.ground import Ground
from infra.settings import Settings
from mentorweave.demo.gathering import gather
from mentorweave.demo.living import live
from mentorweave.demo.samples import ROSTERS, SAMPLES
from mentorweave.demo.seed import NAMES, Seed
from tenants import watchers
from tenants.actor import person
from tenants.notifications import actions as notifications
from tenants.notifications.models import Letter, LetterState
from tenants.organisations import actions as organisations
from tenants.organisations.models import Office
from tenants.organisations.queries import find_by_host
from tenants.people import actions as people
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes import actions as programmes
from tenants.programmes.actions import Dates
from tenants.programmes.models import Cycle
from tenants.proposals import actions as proposals
from tenants.proposals.models import AskedFor, MatchingRun, Proposal, ProposalState, RunState
from tenants.proposals.runs import actions as runs
from tenants.registration.importing import actions as importing
from tenants.registration.models import ImportState, Participation, RosterImport, Status
from tenants.relationships import actions as relationships

WATCHERS = watchers.WATCHERS  # loaded, so that what the samples change is told to the rooms above
POLL_S = 0.3
PATIENCE_S = 300.0


class SeedingFailed(Exception):
    """A worker did not do its part; its log says why."""


async def seed(settings: Settings) -> None:
    ground = Ground.open(settings)
    try:
        for sample in SAMPLES:
            seed = Seed(ground, sample, uuid5(NAMES, sample.host))
            for step in (_found, _staff, _launch, _upload, _commit, _match, _propose, _meet, live, gather):
                await step(seed)
    finally:
        await ground.close()


async def _found(seed: Seed) -> None:
    sample = seed.sample
    async with seed.ground.database.platform_session("resolver") as connection:
        if await find_by_host(connection, sample.host):
            return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        await organisations.found(
            session,
            seed.house,
            name=sample.name,
            host=sample.host,
            hue=sample.hue,
            languages=list(sample.languages),
            time_zone=sample.zone,
        )
        for host in sample.also_at:
            await organisations.answer_at(session, seed.house, host)
        for name, region, zone in sample.offices:
            await organisations.open_office(session, seed.house, name=name, region=region, time_zone=zone)
        contact = sample.coordinators[0][0]
        await organisations.change(
            session,
            seed.house,
            contact_name=contact,
            contact_email=seed.email(contact),
            contact_phone="+45 5550 0140",
        )


async def _staff(seed: Seed) -> None:
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(Person.id).where(Person.email == seed.email(seed.sample.owner))):
            return
        offices = {row.name: row.id for row in await session.execute(select(Office.name, Office.id))}
        await _join(seed, session, seed.sample.owner, None, Role.OWNER)
        for name, office in seed.sample.coordinators:
            role = Role.COORDINATOR if office else Role.PROGRAMME_MANAGER
            await _join(seed, session, name, offices.get(office), role)


async def _join(seed: Seed, session: AsyncSession, name: str, office_id: UUID | None, role: Role) -> None:
    joined = await people.join(
        session,
        seed.house,
        full_name=name,
        email=seed.email(name),
        language="en",
        time_zone=seed.sample.zone,
        office_id=office_id,
    )
    await people.grant_role(session, seed.house, joined.id, role, office_id=office_id)


async def _launch(seed: Seed) -> None:
    today = clock.today(seed.sample.zone)
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(Cycle.id)):
            return
        await programmes.launch(
            session,
            seed.house,
            starter=seed.sample.starter,
            slug=seed.sample.slug,
            cycle_name=seed.sample.cycle,
            dates=Dates(
                opens_on=today - timedelta(days=30),
                closes_on=today + timedelta(days=30),
                matching_on=today + timedelta(days=31),
                launch_on=today + timedelta(days=45),
                ends_on=today + timedelta(days=410),
            ),
        )


async def _upload(seed: Seed) -> None:
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(RosterImport.id)):
            return
        coordinator = await seed.actor(session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER)
        cycle_id = (await session.execute(select(Cycle.id))).scalar_one()
        content = (ROSTERS / seed.sample.roster).read_bytes()
        await importing.upload(
            session, coordinator, cycle_id=cycle_id, file_name=seed.sample.roster, content=content
        )


async def _commit(seed: Seed) -> None:
    await _until(seed, _import_is(ImportState.STAGED, ImportState.COMMITTING, ImportState.COMMITTED))
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        found = (await session.execute(select(RosterImport))).scalar_one()
        if found.state == ImportState.STAGED:
            await importing.commit(
                session,
                await seed.actor(session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER),
                found.id,
                version=found.version,
                status=Status.READY,
                interviews_held=True,
                have_agreed=True,
            )
    await _until(seed, _import_is(ImportState.COMMITTED))


def _import_is(*states: ImportState) -> Callable[[AsyncSession], Awaitable[bool]]:
    async def is_so(session: AsyncSession) -> bool:
        found = (await session.execute(select(RosterImport.state, RosterImport.error))).one()
        if found.state == ImportState.FAILED:
            raise SeedingFailed(f"the roster could not be imported: {found.error}")
        return found.state in states

    return is_so


async def _match(seed: Seed) -> None:
    if not seed.sample.proposals:
        return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(MatchingRun.id)) is None:
            coordinator = await seed.actor(session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER)
            cycle_id = (await session.execute(select(Cycle.id))).scalar_one()
            await runs.start_run(session, coordinator, cycle_id)
    await _until(seed, _run_is_done)


async def _run_is_done(session: AsyncSession) -> bool:
    found = (await session.execute(select(MatchingRun.state, MatchingRun.error))).first()
    if found is None or found.state in (RunState.FAILED, RunState.CANCELLED):
        raise SeedingFailed(f"the matching run failed: {found.error if found else 'none was started'}")
    return bool(found.state == RunState.DONE)


async def _propose(seed: Seed) -> None:
    """Send the best proposals of the run; the others stay drafts for whoever tries the demo."""
    if not seed.sample.proposals:
        return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(Proposal.id).where(Proposal.state != ProposalState.DRAFT)):
            return
        coordinator = await seed.actor(session, seed.sample.coordinators[0][0], Role.PROGRAMME_MANAGER)
        run_id = (await session.execute(select(MatchingRun.id))).scalar_one()
        best = await session.execute(
            select(Proposal.id)
            .where(Proposal.run_id == run_id)
            .order_by(Proposal.score.desc(), Proposal.id)
            .limit(seed.sample.proposals)
        )
        await proposals.approve(session, coordinator, run_id, list(best.scalars()))
    await _send_now(seed)


async def _send_now(seed: Seed) -> None:
    """Let the letters leave the outbox, where they would wait ten minutes; who has none cannot answer."""
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        waiting = await session.execute(select(Letter.id).where(Letter.state == LetterState.WAITING))
        for letter_id in waiting.scalars():
            await notifications.hurry_letter(session, seed.house, letter_id)
    await _until(seed, _letters_are_sent)


async def _letters_are_sent(session: AsyncSession) -> bool:
    on_their_way = (LetterState.WAITING, LetterState.SENDING)
    return await session.scalar(select(Letter.id).where(Letter.state.in_(on_their_way)).limit(1)) is None


async def _meet(seed: Seed) -> None:
    """Let a third of the pairs meet and go on, and another third say that they want to meet."""
    if not seed.sample.proposals:
        return
    async with seed.ground.database.tenant_session(seed.house.context()) as session:
        if await session.scalar(select(Proposal.id).where(Proposal.state == ProposalState.CONFIRMED)):
            return
        rows = await session.execute(
            select(Proposal.id, Proposal.mentor_id, Proposal.mentee_id, Proposal.state)
            .where(Proposal.state.in_((ProposalState.OPEN, ProposalState.MEETING)))
            .order_by(Proposal.score.desc(), Proposal.id)
        )
        sent = rows.all()
    for number, row in enumerate(sent):
        asked = [AskedFor.MEET] if row.state == ProposalState.OPEN else []
        for asked_for in (*asked, AskedFor.GO_ON)[: 2 - number % 3]:
            await _answer_both(seed, row.id, (row.mentor_id, row.mentee_id), asked_for)


async def _answer_both(
    seed: Seed, proposal_id: UUID, participation_ids: tuple[UUID, UUID], asked_for: AskedFor
) -> None:
    for participation_id in participation_ids:
        async with seed.ground.database.tenant_session(seed.house.context()) as session:
            person_id = (
                await session.execute(
                    select(Participation.person_id).where(Participation.id == participation_id)
                )
            ).scalar_one()
            one = person(seed.organisation_id, person_id, frozenset({Role.PARTICIPANT}))
            await relationships.answer(session, one, proposal_id, asked_for, is_yes=True)


async def _until(seed: Seed, is_so: Callable[[AsyncSession], Awaitable[bool]]) -> None:
    """Wait for a worker to do its part."""
    for _ in range(int(PATIENCE_S / POLL_S)):
        async with seed.ground.database.tenant_session(seed.house.context()) as session:
            if await is_so(session):
                return
        await asyncio.sleep(POLL_S)
    raise SeedingFailed(f"{seed.sample.name}: a worker did not finish within {PATIENCE_S:.0f} s")
