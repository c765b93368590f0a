"""What the demo's organisations look like after some weeks."""

from dataclasses import replace

from sqlalchemy import select, update

from infra import ids
from mentorweave.demo.gathering import gather
from mentorweave.demo.living import live, register
from mentorweave.demo.samples import SAMPLES
from mentorweave.demo.seed import Seed
from tenants.evaluations.outcome_models import IndicatorAnswer
from tenants.gatherings.models import Guest
from tenants.networks.models import SubNetwork
from tenants.newsletters.models import Issue
from tenants.notifications.template_models import LetterTemplate
from tenants.opportunities.models import Opportunity
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes.models import Programme
from tenants.registration.appointment_models import Appointment
from tenants.registration.models import Participation
from tenants.relationships.agreements.models import Agreement
from tenants.relationships.conflicts.models import ConflictStep
from tenants.relationships.keeping.models import NotHeard
from tests import making


async def test_a_network_lives_and_a_second_start_changes_nothing(stage, inbox):
    sample = replace(SAMPLES[1], host=f"{ids.random().hex[:8]}.localhost")
    seed = Seed(stage.ground, sample, stage.made.id)
    name = sample.coordinators[0][0]
    by = await making.somebody(
        stage.database, stage.made.id, Role.PROGRAMME_MANAGER, Role.COORDINATOR, name=name
    )
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == by.person_id).values(email=seed.email(name)))
    for number in range(3):
        await stage.pair(await stage.joins("mentor", f"M {number}"), await stage.joins(name=f"E {number}"))
    async with stage.session() as session:
        await session.execute(update(Programme).values(wants_interview=True))
    for _start in range(2):
        await live(seed)
        await gather(seed)
        async with stage.session() as session:
            assert list(await session.scalars(select(Agreement.state))) == ["in_force"]
            assert list(await session.scalars(select(Appointment.state))) == ["asked"]
            held = select(Participation.id).where(Participation.interviewed_on.is_not(None))
            assert len((await session.scalars(held)).all()) == 1
            steps = (await session.scalars(select(ConflictStep.done_on))).all()
            assert sum(one is not None for one in steps) == 1 < len(steps)
            assert sorted(map(str, await session.scalars(select(NotHeard.goes_on)))) == ["None", "unsure"]
            assert len((await session.scalars(select(IndicatorAnswer.id))).all()) == 6
            assert list(await session.scalars(select(LetterTemplate.name))) == ["relationship.confirmed"]
            states = select(Guest.state).order_by(Guest.state)
            assert set(await session.scalars(states)) == {"coming"}  # of fewer than it has places for
            assert sorted(await session.scalars(select(Opportunity.state))) == ["open", "open", "proposed"]
            assert len((await session.scalars(select(SubNetwork.id))).all()) == 2
            assert list(await session.scalars(select(Issue.state))) == ["draft"]


async def test_the_form_of_each_network_can_be_filled(database, ground):
    for sample in (one for one in SAMPLES if one.proposals):
        made = await making.organisation(database)
        launched = await making.programme(database, made, starter=sample.starter, slug=sample.slug)
        seed = Seed(ground, replace(sample, host=made.host), made.id)
        async with database.tenant_session(made.coordinator.context()) as session:
            assert await register(session, seed, made.coordinator, launched.programme, "Noor Jensen")
