"""A pair, group or circle for tests that fills in its agreement and signs it."""

from typing import Any
from uuid import UUID

from tenants.relationships.agreements import actions, queries
from tenants.relationships.agreements.models import Agreement
from tenants.relationships.agreements.queries import Shown
from tenants.relationships.agreements.rules import Content
from tests.pairing import Somebody, Stage

CONTENT = Content(("email",), "Once a week", "A job by summer", ("job", "confidence"))


async def see(stage: Stage, whose: Somebody, relationship_id: UUID, language: str = "en") -> Shown:
    async with stage.session(whose.actor) as session:
        return await queries.own(session, whose.actor, relationship_id, language)


async def fill(
    stage: Stage,
    whose: Somebody,
    relationship_id: UUID,
    content: Content = CONTENT,
    *,
    seen: int | None = None,
) -> Agreement:
    """With the revision that stands, unless a test says which one she had before her."""
    if seen is None:
        seen = (await see(stage, whose, relationship_id)).revision
    async with stage.session(whose.actor) as session:
        return await actions.fill(session, whose.actor, relationship_id, content, seen=seen)


async def sign(stage: Stage, whose: Somebody, relationship_id: UUID, language: str = "en") -> Agreement:
    digest = (await see(stage, whose, relationship_id, language)).digest
    async with stage.session(whose.actor) as session:
        return await actions.sign(session, whose.actor, relationship_id, language=language, digest=digest)


async def signed(stage: Stage, relationship_id: UUID, *people: Somebody) -> Agreement:
    """Filled in by the first, signed by all."""
    found = await fill(stage, people[0], relationship_id)
    for one in people:
        found = await sign(stage, one, relationship_id)
    return found


async def act(stage: Stage, whose: Somebody, action: Any, *what: Any, **facts: Any) -> Any:
    async with stage.session(whose.actor) as session:
        return await action(session, whose.actor, *what, **facts)
