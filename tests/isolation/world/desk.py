"""What a coordinator does with a case at her desk: a log, a phase, a conflict, something done to many."""

from infra import clock
from infra.ground import Ground
from tenants.relationships import queries
from tenants.relationships.conflicts import actions as conflicts
from tenants.relationships.conflicts import steps
from tenants.relationships.contacts import actions as contacts
from tenants.relationships.contacts.models import Phase
from tenants.reports.deeds import telling
from tenants.reports.deeds.rules import Choice, Of
from tenants.reports.deeds.telling import Words
from tests.isolation.world.shape import World


async def work(ground: Ground, world: World) -> None:
    """Contacts, a letter to the pair that can still be taken back, and a conflict in the midst of its mediation."""
    coordinator = world.people["coordinator"]
    today = clock.today("UTC")
    async with ground.database.tenant_session(coordinator.context()) as session:
        case = await queries.of_proposal(session, world.confirmed)
        assert case is not None
        await contacts.note(
            session, coordinator, relationship_id=case.id, channel="call", on=today, words="Both are content."
        )
        her = world.people["confirmed_mentee"].require_person()
        await contacts.note(
            session, coordinator, person_id=her, channel="note", on=today, words="Prefers mornings."
        )
        await contacts.set_phase(session, coordinator, case.id, Phase.CULTIVATION)
        choice = Choice(Of.CASES, (case.id,))
        await telling.write(session, coordinator, choice, {"en": Words("A workshop", "Come on Monday.")})
        conflict = await conflicts.open_conflict(
            session, coordinator, case.id, summary="They disagree on how often to meet."
        )
        await conflicts.agree(session, coordinator, conflict.id, words="We meet on Mondays.", is_shared=True)
        await steps.add_step(session, coordinator, conflict.id, title="Call the mentor", due_on=today)
