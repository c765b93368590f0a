"""How people come in: rosters, and forms in each state."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from infra import clock, ids
from infra.ground import Ground
from tenants.actor import visitor
from tenants.registration import forms, signing_up
from tenants.registration.importing import actions as importing
from tenants.registration.models import Registration, Status
from tests import making
from tests.isolation.world.shape import NUMBERS, World
from tests.working import drain


async def read_rosters(ground: Ground, world: World) -> None:
    """A roster of three rows, read and not yet decided upon; and one that was imported, whose mapping is remembered."""
    coordinator = world.people["coordinator"]
    for name, people in (("done.csv", "Rosa Roster"), ("roster.csv", "Carla Column")):
        lines = [
            f"{people} {n},{people.split()[0].lower()}{n}@example.org,mentee,English,P3" for n in range(3)
        ]
        content = "\n".join(
            ["Name,Email,Role,Languages,Grade", *lines, "Nobody,no address,mentee,,"]
        ).encode()
        async with ground.database.tenant_session(coordinator.context()) as session:
            roster = await importing.upload(
                session, coordinator, cycle_id=world.launched.cycle.id, file_name=name, content=content
            )
        await drain(ground, world.id, kinds=NUMBERS)
        if name == "done.csv":
            async with ground.database.tenant_session(coordinator.context()) as session:
                await importing.commit(
                    session, coordinator, roster.id, version=1, status=Status.REGISTERED, have_agreed=True
                )
            await drain(ground, world.id, kinds=NUMBERS)


async def register(ground: Ground, world: World) -> None:
    """A form half filled in, a finished one, and one that waits for its confirmation; with the links of their letters."""
    stranger = visitor(world.id)
    async with ground.database.tenant_session(stranger.context()) as session:
        half = await signing_up.begin(session, stranger, slug=world.slug, language="en", role="mentee")
        await signing_up.answer(session, stranger, half.id, "email", "half@example.org", language="en")
        await signing_up.answer(session, stranger, half.id, "full_name", "Halima Half", language="en")
        asked = [step.key for step in (await forms.load(session, half)).steps("mentee") if step.question]
        finished = _form(half, asked, "finished@example.org", "Fatima Finis", sent_at=None)
        sent = _form(half, asked, "sent@example.org", "Wafa Whole", sent_at=clock.now())
        session.add_all([finished, sent])
    signer = ground.links
    world.links["/apply/resume/"] = signer.token("resume", world.id, half.id)
    world.links["/confirm/"] = signer.token("confirm", world.id, sent.id)
    for name, form in (("applicant", half), ("finished", finished), ("sent", sent)):
        world.cookies[name] = {"registration": signer.token("resume", world.id, form.id)}


def _form(
    like: Registration, asked: Sequence[str], email: str, name: str, *, sent_at: datetime | None
) -> Registration:
    """A form on which every page was answered, the optional ones with nothing."""
    return Registration(
        organisation_id=like.organisation_id, id=ids.random(), programme_id=like.programme_id, cycle_id=like.cycle_id,
        role="mentee", email=email, full_name=name, language="en", origin="form", sent_at=sent_at,
        answers=dict.fromkeys(asked) | making.answers("mentee"), consents=[{"purpose": "taking_part", "version": "1"}],
        expires_at=clock.now() + timedelta(days=7),
    )  # fmt: skip
