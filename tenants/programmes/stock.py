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
from tenants.programmes import asking, furnishing, queries, questions
from tenants.programmes.asking import Asking
from tenants.programmes.models import Question
from tenants.programmes.question_rules import FactAskedAlready
from tenants.programmes.questions import ESSENTIAL
from tenants.programmes.starters import said

STOCK: Mapping[str, Asking] = MappingProxyType(
    {one.key: one for one in vars(asking).values() if isinstance(one, Asking)}
)


class QuestionEssential(WrongState):
    code = "question_essential"


async def take_up(session: AsyncSession, actor: Actor, programme_id: UUID, *, key: str) -> Question:
    """
    Ask one question more, the last of the form; asked already, it stays as it is, and left out before, as it was.

    It is optional at first, so that nobody who waits for a match has to answer before it goes on.

    Raises:
        NotFound: no such programme, or neither a question of ours nor one that it has asked before.
        TooManyQuestions: it asks as many as it may. FactAskedAlready: in its own words.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    programme = await queries.access_programme(session, actor, programme_id, lock=True)
    known = await queries.every_question(session, programme_id)
    if any(one.key == key for one in known):
        return await questions.ask_again(session, actor, programme_id, key)
    if (one := STOCK.get(key)) is None:
        raise NotFound(kind="question", key=key)
    questions.must_have_room(known)
    if one.field is not None and any(each.field == one.field for each in known):
        raise FactAskedAlready(field=one.field)
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
    if all(one.key != key for one in await queries.questions(session, programme_id)):
        raise NotFound(kind="question", key=key)
    if key in ESSENTIAL:
        raise QuestionEssential
    await furnishing.ask_no_more(session, actor, programme_id, key=key)
