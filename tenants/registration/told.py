"""
What was said of a person when she was registered, beside what we know of her.

Somebody else may know an old telephone number, mistake her for another, or wish
her calls for herself. So what others say replaces nothing: it stays with the
participation until a coordinator has asked her. A roster says more of her than
a form does, also of her part in the cycle.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.people import queries as people
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration import profiles, queries, rules, watching
from tenants.registration.events import Event
from tenants.registration.models import Participation


async def about(session: AsyncSession, actor: Actor, participation_id: UUID) -> dict[str, Any]:
    """
    What still differs, by field, as it was said.

    Raises:
        NotFound: no such participation, or a person beyond the actor's reach.
    """
    actor.require(Permission.PEOPLE_READ)
    participation = await queries.access_participation(session, actor, participation_id)
    return beside(await people.access_person(session, actor, participation.person_id), participation)


def beside(person: Person, participation: Participation) -> dict[str, Any]:
    """The same of rows at hand. What has become right since is no difference any more."""
    of_person, of_part = _sorted(participation.told)
    return rules.differences(person, of_person) | rules.differences(participation, of_part)


async def settle(
    session: AsyncSession, actor: Actor, participation_id: UUID, *, take: Collection[str]
) -> Participation:
    """
    Take over, by field, what she says is right of what was told of her; the rest is forgotten.

    Raises:
        NotFound: no such participation, or a person beyond the actor's reach.
        Invalid: nothing of that kind was told.
    """
    actor.require(Permission.PEOPLE_CHANGE)
    participation = await queries.access_participation(session, actor, participation_id, lock=True)
    await people.access_person(session, actor, participation.person_id)
    if unknown := sorted(set(take) - set(participation.told)):
        raise Invalid(Problem("take", "not_a_choice", {"found": unknown}))
    of_person, of_part = _sorted({name: participation.told[name] for name in take})
    for name, value in of_part.items():
        setattr(participation, name, value)
    if of_person:
        await profiles.change_contact(session, actor, participation.person_id, **of_person)
    if participation.told:
        participation.told = {}
        audit.record(
            session,
            actor,
            Event.PROFILE_CHANGED,
            kind="participation",
            id=participation.id,
            fields=["told"],
            taken=sorted({*of_person, *of_part}),
        )
    if of_part:
        await watching.changed(session, [participation.id])
    return participation


def _sorted(said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was said of the person, and of her part in the cycle."""
    of_part = {name: value for name, value in said.items() if name in rules.PARTICIPATION_FIELDS}
    return {name: value for name, value in said.items() if name not in of_part}, of_part
