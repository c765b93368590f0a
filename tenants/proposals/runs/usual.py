"""A programme's usual weights, changed where they are set up: only what can be weighed, only what moves."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.programmes import furnishing, queries
from tenants.programmes.models import CriterionChoice
from tenants.proposals.runs.criteria import WEIGHED, of_programme


async def weigh(
    session: AsyncSession, actor: Actor, programme_id: UUID, weights: Mapping[str, int]
) -> Sequence[CriterionChoice]:
    """
    Set usual weights by criterion; what is not named, or stands so already, is left alone.

    Raises:
        NotFound: no such programme.
        Invalid: a criterion that there is not, a weight outside 0 to 10; then none is changed.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if unknown := sorted(set(weights) - set(WEIGHED)):
        raise Invalid(*(Problem(f"weights.{name}", "not_a_choice") for name in unknown))
    before = of_programme(await queries.criteria(session, programme.id)).weights
    for name in WEIGHED:
        if name in weights and weights[name] != before[name]:
            await furnishing.weigh(session, actor, programme_id, name=name, weight=weights[name])
    await session.flush()
    return await queries.criteria(session, programme.id)
