"""An organisation in which interviews are written down: who writes, who might read, and what was said."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import text

from infra import clock, ids
from infra.ground import Ground
from infra.outbox import enqueue
from tenants.actor import Actor, person
from tenants.interviews import actions, grants, reading, sealing
from tenants.interviews.models import Note
from tenants.permissions import Role
from tenants.programmes.actions import Launched
from tenants.registration.models import Participation
from tests import making
from tests.making import Made
from tests.working import drain
from workers.sweeping import DestroyDueNotes

WORDS = {"personal": "Friends say: patient, funny.", "match": "Wants to lead a shift again."}


def fresh(actor: Actor) -> Actor:
    """She has just proved who she is."""
    return replace(actor, verified_at=clock.now())


@dataclass
class Desk:
    """Selma interviews Mirela; Tamar is a colleague, Petra manages the programme, Dana watches over data protection."""

    ground: Ground
    made: Made
    launched: Launched
    selma: Actor
    tamar: Actor
    petra: Actor
    dana: Actor
    mirela: Participation

    def session(self, actor: Actor) -> Any:
        return self.ground.database.tenant_session(actor.context())

    async def write(
        self,
        words: dict[str, str] | None = None,
        *,
        by: Actor | None = None,
        is_final: bool = True,
        participation_id: UUID | None = None,
    ) -> Note:
        by = by or self.selma
        async with self.session(by) as session:
            note_id = await actions.begin(session, by, participation_id or self.mirela.id)
        return await self.save(note_id, words, by=by, is_final=is_final)

    async def save(
        self, note_id: UUID, words: dict[str, str] | None = None, *, by: Actor | None = None, **others: Any
    ) -> Note:
        by = by or self.selma
        facts = {"window": ids.random(), "version": 0, "is_final": True} | others
        async with self.session(by) as session:
            return await actions.save(
                session, by, self.ground.keys, note_id, words=WORDS if words is None else words, **facts
            )

    async def read(self, actor: Actor, note_id: UUID) -> dict[str, str]:
        """As the page does it: the reading is committed, then the note opened."""
        async with self.session(actor) as session:
            _seen, given = await reading.enter(session, actor, note_id)
        return await sealing.open_words(self.ground.keys, given)

    async def give(self, note_id: UUID, to: Actor, *, purpose: str = "matching", days: int = 7) -> UUID:
        async with self.session(self.selma) as session:
            assert to.person_id
            grant = await grants.give(
                session, self.selma, note_id, person_id=to.person_id, purpose=purpose, days=days
            )
            return grant.id

    async def joins(self, name: str = "Nora Nguyen") -> Participation:
        return await making.participation(self.ground.database, self.made, self.launched, name=name)

    def participant(self, person_id: UUID) -> Actor:
        return person(self.made.id, person_id, frozenset({Role.PARTICIPANT}))

    async def shared(self, author_id: UUID, other: Actor) -> Note:
        """What one of two has written for the other."""
        author, note_id = self.participant(author_id), ids.random()
        async with self.session(author) as session:
            assert other.person_id
            await actions.begin_shared(
                session, author, note_id, relationship_id=ids.new(), other_id=other.person_id
            )
        return await self.save(note_id, {"shared": "Ask for the night shift."}, by=author)

    async def sweep(self) -> None:
        """What the worker does each day."""
        job = DestroyDueNotes()
        async with self.session(self.made.house) as session:
            await enqueue(session, job, key=f"notes:{ids.new()}")
        await drain(self.ground, self.made.id, kinds=(job.KIND,))

    async def trail(self, *events: str) -> list[Any]:
        """The events of these names, in order."""
        async with self.session(self.made.house) as session:
            query = text(
                "SELECT event, person_id, object_id, details FROM audit_event WHERE event = ANY (:events) ORDER BY id"
            )
            return list(await session.execute(query, {"events": list(events)}))


async def desk(ground: Ground) -> Desk:
    made = await making.organisation(ground.database)
    launched = await making.programme(ground.database, made)

    async def somebody(*roles: Role, name: str) -> Actor:
        return fresh(await making.somebody(ground.database, made.id, *roles, name=name))

    return Desk(
        ground,
        made,
        launched,
        fresh(made.coordinator),
        await somebody(Role.COORDINATOR, name="Tamar Beridze"),
        await somebody(Role.PROGRAMME_MANAGER, name="Petra Planner"),
        await somebody(Role.DATA_PROTECTION, name="Dana Data"),
        await making.participation(ground.database, made, launched, name="Mirela Hasanović"),
    )
