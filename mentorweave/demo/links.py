"""A way in for each role of each sample organisation, printed at every start of the demo."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid5

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.ground import Ground
from infra.settings import Settings
from mentorweave.demo import accounts
from mentorweave.demo.samples import SAMPLES, Sample
from mentorweave.demo.seed import NAMES, Seed
from tenants.identity import actions as identity
from tenants.people.models import Person
from tenants.proposals.models import Proposal, ProposalState
from tenants.registration.models import ParticipantRole, Participation

LASTS = timedelta(hours=12)  # in the demo only: long enough to come back after lunch


async def links(settings: Settings, place: accounts.Place | None = None) -> AsyncIterator[str]:
    """Lines for the terminal: organisation, then role, name and address. `place` is where sample accounts live."""
    ground = Ground.open(settings)
    try:
        for sample in SAMPLES:
            seed = Seed(ground, sample, uuid5(NAMES, sample.host))
            yield f"\n{sample.name}"
            async with ground.database.tenant_session(seed.house.context()) as session:
                for role, one in await _who(seed, session, sample):
                    path = await identity.sign_in_link_for(
                        session, seed.house, one.id, ground.links, lasts=LASTS
                    )
                    yield f"  {role:12} {one.full_name:24} {settings.web.url(sample.host, path)}"
                if place is not None and sample.has_accounts:
                    address = await accounts.settle(seed, session, place)
                    yield f"  {'account':12} {'any of these':24} {address}"
    finally:
        await ground.close()


async def _who(seed: Seed, session: AsyncSession, sample: Sample) -> list[tuple[str, Person]]:
    names = [("owner", sample.owner), *(("coordinator", name) for name, _ in sample.coordinators)]
    found = []
    for role, name in names:
        one = (await session.execute(select(Person).where(Person.email == seed.email(name)))).scalar_one()
        found.append((role, one))
    for side in (ParticipantRole.MENTOR, ParticipantRole.MENTEE):
        if one_of_side := await _participant(session, side):
            found.append((side.value, one_of_side))
    return found


async def _participant(session: AsyncSession, side: ParticipantRole) -> Person | None:
    """Somebody with a proposal to answer, or anybody of that side."""
    column = Proposal.mentor_id if side is ParticipantRole.MENTOR else Proposal.mentee_id
    rank = (Proposal.state == ProposalState.OPEN).desc()
    with_proposal = (
        select(Person)
        .join(Participation, Participation.person_id == Person.id)
        .join(Proposal, column == Participation.id)
        .where(Proposal.state != ProposalState.DRAFT)
        .order_by(rank, Person.id)
        .limit(1)
    )
    anybody = (
        select(Person)
        .join(Participation, Participation.person_id == Person.id)
        .where(Participation.role == side)
        .order_by(Person.id)
        .limit(1)
    )
    found = (await session.execute(with_proposal)).scalar_one_or_none()
    return found or (await session.execute(anybody)).scalar_one_or_none()
