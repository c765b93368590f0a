"""
Questions that we have thought through, and that a programme may take up or leave out after its start (K05).

With their texts in each of its languages. What matching cannot do without stays asked.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from infra.errors import NotFound, WrongState
from tenants.actor import Actor
from tenants.permissions import Permission
from tenants.programmes import asking, furnishing, queries
from tenants.programmes.asking import Asking
from tenants.programmes.models import Question
from tenants.programmes.starters import said

STOCK: Mapping[str, Asking] = MappingProxyType(
    {one.key: one for one in vars(asking).values() if isinstance(one, Asking)}
)
ESSENTIAL = frozenset({"languages", "time_zone", "topics_offered", "topics_wanted", "capacity"})


class QuestionEssential(WrongState):
    code = "question_essential"


async def take_up(session: AsyncSession, actor: Actor, programme_id: UUID, *, key: str) -> Question:
    """
    Ask one question more, the last of the form; asked already, it stays as it is.

    It is optional at first, so that nobody who waits for a match has to answer before it goes on.

    Raises:
        NotFound: no such programme, or no such question of ours.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    if (one := STOCK.get(key)) is None:
        raise NotFound(kind="question", key=key)
    found = await _asked(session, programme_id, key)
    if found is not None:
        return found
    return await furnishing.ask(
        session,
        actor,
        programme_id,
        key=one.key,
        kind=one.kind,
        label=said(one.label, programme.languages),
        hint=said(one.hint, programme.languages),
        is_obligatory=False,
        asked_of=one.asked_of,
        field=one.field,
        options=[{"value": value, "label": said(label, programme.languages)} for value, label in one.options],
    )


async def leave_out(session: AsyncSession, actor: Actor, programme_id: UUID, *, key: str) -> None:
    """
    Ask it no more; answers that were given stay with their participants.

    Raises:
        NotFound: no such programme, or it does not ask this. QuestionEssential: matching needs it.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    await queries.access_programme(session, actor, programme_id, lock=True)
    if await _asked(session, programme_id, key) is None:
        raise NotFound(kind="question", key=key)
    if key in ESSENTIAL:
        raise QuestionEssential
    await furnishing.ask_no_more(session, actor, programme_id, key=key)


async def _asked(session: AsyncSession, programme_id: UUID, key: str) -> Question | None:
    return next((one for one in await queries.questions(session, programme_id) if one.key == key), None)
