"""The letters that ask for an evaluation."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from infra.language import N_, day_words, isolated
from infra.language import gettext as _
from tenants.evaluations import ends, outcome_asking, queries, wording
from tenants.evaluations.models import Evaluation, EvaluationState
from tenants.evaluations.outcome_asking import KIND
from tenants.notifications.letters import Desk, Filling, letter
from tenants.notifications.models import Letter
from tenants.notifications.wording.declared import OTHERS, READER
from tenants.people.models import Person
from tenants.programmes.around import Place, around
from tenants.registration.around import around_of
from tenants.relationships.wording import ENDS_ON


async def _open(session: AsyncSession, promised: Letter) -> tuple[Evaluation, str, str] | None:
    """The evaluation, its reader's name and whom she was together with; None when it waits no more."""
    query = select(Evaluation).where(Evaluation.id == UUID(promised.about["evaluation_id"]))
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None or found.state != EvaluationState.ASKED:
        return None
    me = (await session.execute(select(Person.full_name).where(Person.id == promised.person_id))).scalar_one()
    others = [isolated(name) for name in await queries.others(session, found)]
    return found, isolated(me), ", ".join(others)


@letter("evaluation.asked", title=N_("How was your mentoring?"), words=wording.ASKED)
async def asked(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K42, K59: what it is for, how long it takes, and who reads it; and that the agreed time is over, where it is."""
    found = await _open(session, promised)
    if found is None:
        return None
    evaluation, me, others = found
    over = await ends.last_day_of(session, evaluation)
    day = {ENDS_ON: day_words(over, clock.today(desk.time_zone), relative=False)} if over else {}
    return Filling(
        {
            READER: me,
            OTHERS: others,
            wording.WHO_READS: _(wording.CONFIDENTIAL),
            **day,
            **around(session, Place(evaluation.programme_id)),
        },
        form="term" if over else "",
        button=(_("Open the form"), desk.url(f"/me/evaluation/{evaluation.id}")),
        after=[_("You would rather tell us on the telephone? Ask your coordinator to call you.")],
    )  # fmt: skip


@letter("evaluation.reminder", title=N_("Your evaluation is still open"), words=wording.REMINDER)
async def reminder(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """K44: once, after two weeks by default."""
    found = await _open(session, promised)
    if found is None:
        return None
    evaluation, me, others = found
    return Filling(
        {READER: me, OTHERS: others, **around(session, Place(evaluation.programme_id))},
        button=(_("Open the form"), desk.url(f"/me/evaluation/{evaluation.id}")),
    )  # fmt: skip


@letter(KIND, title=N_("How do things stand for you now?"), may_drop=True, words=wording.BEFORE)
async def before(session: AsyncSession, promised: Letter, desk: Desk) -> Filling | None:
    """Only while there is something to answer."""
    participation_id = UUID(promised.about["participation_id"])
    if not await outcome_asking.is_open(session, participation_id):
        return None
    query = select(Person.full_name).where(Person.id == promised.person_id)
    me = (await session.execute(query)).scalar_one()
    return Filling(
        {READER: isolated(me), **around_of(session, participation_id)},
        button=(_("Answer the questions"), desk.url(f"/me/outcomes/{participation_id}")),
    )  # fmt: skip
