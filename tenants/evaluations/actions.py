"""Asking for evaluations at the end of a relationship, taking the answers, and following up on those that do not come."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db.batches import Transactions, in_batches
from infra.errors import Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.evaluations import ends, queries, rules
from tenants.evaluations.events import Event
from tenants.evaluations.forms import BEGUN, FIRST_PART, Question, questions
from tenants.evaluations.models import Evaluation, EvaluationSetting, EvaluationState, Wording
from tenants.evaluations.rules import Asking
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes
from tenants.registration.models import Participation, Status
from tenants.relationships import queries as relationships
from tenants.relationships.models import Relationship

AT_ONCE = 100  # steps that are taken in one transaction


async def follow_up(transactions: Transactions, actor: Actor) -> None:
    """As the house, each hour: ask where a relationship is at its end, then remind, then have a coordinator call (K42, K44)."""
    async with transactions() as session:
        today = clock.today((await organisations.own(session)).time_zone)
        await ends.ask_no_more(session, actor, today)
    await in_batches(transactions, partial(_ask_next, actor, today))
    await in_batches(transactions, partial(_ask_leavers, actor, today))
    await in_batches(transactions, partial(_step_next, actor, today))


async def _ask_next(actor: Actor, today: date, session: AsyncSession, after: UUID | None) -> UUID | None:
    # One of which nobody can be asked stays in the list, and must not stand before the others.
    batch = await ends.at_their_end(session, today, after)
    for relationship in batch:
        await _ask_all(session, actor, relationship, today)
    return batch[-1].id if batch else None


async def _ask_leavers(actor: Actor, today: date, session: AsyncSession, after: UUID | None) -> UUID | None:
    batch = await ends.who_left(session, after)
    for _member, relationship, participation in batch:
        await _ask(session, actor, relationship, participation, today)
    return batch[-1].Member.id if batch else None


async def _step_next(actor: Actor, today: date, session: AsyncSession, _after: UUID | None) -> UUID | None:
    due = await queries.due(session, today, AT_ONCE)
    for evaluation in due:
        await _next_step(session, actor, evaluation, today)
    await session.flush()
    return due[-1].id if due else None


async def begin(
    session: AsyncSession, actor: Actor, evaluation_id: UUID, given: Mapping[str, Any]
) -> Evaluation:
    """
    Keep the first part of the form while she fills in the rest. Nobody else sees it before she has sent all.

    Raises:
        NotFound: somebody else was asked. EvaluationSettled: its time is over.
        Invalid: a question of the first part without an answer, or an answer that there is not.
    """
    evaluation = await queries.own_evaluation(session, actor, evaluation_id, lock=True)
    rules.must_be_open(evaluation, clock.now())
    first, second = parts(evaluation)
    begun = rules.read(first, given)
    if evaluation.state == EvaluationState.ANSWERED:  # what she has sent stands until she sends all anew
        evaluation.answers = {**queries.sent(evaluation), BEGUN: begun}
        return evaluation
    kept = {name: value for name, value in evaluation.answers.items() if name in rules.fields(second)}
    evaluation.answers = begun | kept
    return evaluation


async def answer(
    session: AsyncSession, actor: Actor, evaluation_id: UUID, given: Mapping[str, Any]
) -> Evaluation:
    """
    Keep what she who was asked answers. She may mend it for two weeks.

    Raises:
        NotFound: somebody else was asked. EvaluationSettled: its time is over.
        Invalid: a question without an answer, or an answer that there is not.
    """
    evaluation = await queries.own_evaluation(session, actor, evaluation_id, lock=True)
    await _keep(session, actor, evaluation, rules.read(form(evaluation), given))
    evaluation.recorded_by = None
    audit.record(session, actor, Event.ANSWERED, kind="evaluation", id=evaluation.id)
    return evaluation


async def record(
    session: AsyncSession, actor: Actor, evaluation_id: UUID, given: Mapping[str, Any]
) -> Evaluation:
    """
    Key in what a coordinator was told, on the telephone or on paper; some of it may be missing.

    Raises:
        NotFound: none of the actor's cases. EvaluationSettled: it is closed, or she has answered it herself.
        Invalid: as for `answer`.
    """
    actor.require(Permission.EVALUATION_CHANGE)
    evaluation = await queries.access_evaluation(session, actor, evaluation_id, lock=True)
    if evaluation.state == EvaluationState.ANSWERED and evaluation.recorded_by is None:
        raise rules.EvaluationSettled
    await _keep(session, actor, evaluation, rules.read(form(evaluation), given, may_be_partial=True))
    evaluation.recorded_by = actor.person_id
    audit.record(session, actor, Event.RECORDED, kind="evaluation", id=evaluation.id)
    return evaluation


async def close(session: AsyncSession, actor: Actor, evaluation_id: UUID) -> Evaluation:
    """
    Ask no more: she was called, and no answer will come.

    Raises:
        NotFound: none of the actor's cases. EvaluationSettled: it is answered.
    """
    actor.require(Permission.EVALUATION_CHANGE)
    evaluation = await queries.access_evaluation(session, actor, evaluation_id, lock=True)
    if evaluation.state == EvaluationState.CLOSED:
        return evaluation
    if evaluation.state == EvaluationState.ANSWERED:
        raise rules.EvaluationSettled
    evaluation.state = EvaluationState.CLOSED
    evaluation.next_on = None
    await _settle(session, actor, evaluation)
    audit.record(session, actor, Event.CLOSED, kind="evaluation", id=evaluation.id)
    return evaluation


async def set_asking(session: AsyncSession, actor: Actor, programme_id: UUID, asking: Asking) -> Asking:
    """
    How a programme asks from now on; who has been asked already keeps her form.

    Raises:
        NotFound: no programme that the actor reaches. Invalid: another form, or days that nobody waits.
    """
    actor.require(Permission.PROGRAMME_CHANGE)
    await programmes.access_programme(session, actor, programme_id, lock=True)
    if asking.wording not in set(Wording):
        raise Invalid(Problem("wording", "not_a_choice"))
    rules.must_be_days(remind_days=asking.remind_days, call_days=asking.call_days)
    before = await queries.asking(session, programme_id)
    if asking == before:
        return asking
    await session.execute(delete(EvaluationSetting).where(EvaluationSetting.programme_id == programme_id))
    session.add(
        EvaluationSetting(
            organisation_id=actor.organisation_id,
            programme_id=programme_id,
            is_on=asking.is_on,
            wording=asking.wording,
            benefit_many=asking.benefit_many,
            remind_days=asking.remind_days,
            call_days=asking.call_days,
        )
    )
    audit.record(session, actor, Event.SETTING_CHANGED, kind="programme", id=programme_id)
    return asking


def filling(evaluation: Evaluation) -> dict[str, Any]:
    """Her answers as her form shows them: what she has begun anew in the place of what she has sent."""
    begun: dict[str, Any] | None = evaluation.answers.get(BEGUN)
    if begun is None:
        return evaluation.answers
    first, _second = parts(evaluation)
    stands = {name: value for name, value in evaluation.answers.items() if name not in rules.fields(first)}
    return {name: value for name, value in stands.items() if name != BEGUN} | begun


def form(evaluation: Evaluation) -> tuple[Question, ...]:
    """The questions that she was asked."""
    return questions(evaluation.role, evaluation.wording, benefit_many=evaluation.benefit_many)


def parts(evaluation: Evaluation) -> tuple[list[Question], list[Question]]:
    """The form in two halves."""
    asked = form(evaluation)
    first = [one for one in asked if one.code in FIRST_PART]
    return first, [one for one in asked if one.code not in FIRST_PART]


async def _ask_all(session: AsyncSession, actor: Actor, relationship: Relationship, today: date) -> None:
    before = select(Evaluation.participation_id).where(Evaluation.relationship_id == relationship.id)
    answered = set(await session.scalars(before))  # before a notice was taken back
    for participation in await _people(session, relationship):
        if participation.id not in answered:
            await _ask(session, actor, relationship, participation, today)


async def _ask(
    session: AsyncSession, actor: Actor, relationship: Relationship, participation: Participation, today: date
) -> None:
    asking = await queries.asking(session, relationship.programme_id)
    evaluation = Evaluation(
        organisation_id=actor.organisation_id,
        id=ids.random(),
        relationship_id=relationship.id,
        participation_id=participation.id,
        programme_id=relationship.programme_id,
        role=participation.role,
        wording=asking.wording,
        benefit_many=asking.benefit_many,
        next_on=today + timedelta(days=asking.remind_days),
    )
    session.add(evaluation)
    await session.flush()
    await notifications.write(
        session, actor, "evaluation.asked", key=f"evaluation.asked:{evaluation.id}",
        person_id=participation.person_id, evaluation_id=evaluation.id,
    )  # fmt: skip
    audit.record(session, actor, Event.ASKED, kind="evaluation", id=evaluation.id)


async def _people(session: AsyncSession, relationship: Relationship) -> list[Participation]:
    """Those who were in it to the end; who has left the programme before gets no more letters of it."""
    belonging = await relationships.people(session, relationship)
    query = select(Participation).where(Participation.id.in_([one.participation_id for one in belonging]))
    left_before = (Participation.status == Status.LEFT) & (
        Participation.status_at < (relationship.ended_at or clock.now())
    )
    return list((await session.execute(query.where(~left_before).order_by(Participation.id))).scalars())


async def _next_step(session: AsyncSession, actor: Actor, evaluation: Evaluation, today: date) -> None:
    participation = (
        await session.execute(select(Participation).where(Participation.id == evaluation.participation_id))
    ).scalar_one()
    if evaluation.reminded_at is None:
        asking = await queries.asking(session, evaluation.programme_id)
        evaluation.reminded_at = clock.now()
        evaluation.next_on = today + timedelta(days=asking.call_days)
        await notifications.write(
            session, actor, "evaluation.reminder", key=f"evaluation.reminder:{evaluation.id}",
            person_id=participation.person_id, evaluation_id=evaluation.id,
        )  # fmt: skip
        audit.record(session, actor, Event.REMINDED, kind="evaluation", id=evaluation.id)
        return
    relationship = (
        await session.execute(select(Relationship).where(Relationship.id == evaluation.relationship_id))
    ).scalar_one()
    evaluation.called_at = clock.now()
    evaluation.next_on = None
    await notifications.ask(
        session, actor, "evaluation.call", key=rules.call_task(evaluation.id), due_on=today,
        person_id=relationship.coordinator_id, office_id=participation.office_id,
        evaluation_id=evaluation.id, participation_id=participation.id,
    )  # fmt: skip
    audit.record(session, actor, Event.CALL_ASKED, kind="evaluation", id=evaluation.id)


async def _keep(session: AsyncSession, actor: Actor, evaluation: Evaluation, answers: dict[str, Any]) -> None:
    rules.must_be_open(evaluation, clock.now())
    evaluation.state = EvaluationState.ANSWERED
    evaluation.answered_at = evaluation.answered_at or clock.now()
    evaluation.answers = answers
    evaluation.next_on = None
    await _settle(session, actor, evaluation)
    if answers["ended"] == "no":
        await _tell_that_it_goes_on(session, actor, evaluation)


async def _tell_that_it_goes_on(session: AsyncSession, actor: Actor, evaluation: Evaluation) -> None:
    """K60: she says that they go on; the coordinator looks what is to be done with the case. Once for each case."""
    query = select(Relationship.coordinator_id, Participation.office_id)
    query = query.join(Participation, Participation.id == evaluation.participation_id)
    found = (await session.execute(query.where(Relationship.id == evaluation.relationship_id))).one()
    await notifications.ask(
        session, actor, "evaluation.goes_on", key=f"evaluation.goes_on:{evaluation.relationship_id}",
        due_on=clock.today((await organisations.own(session)).time_zone),
        person_id=found.coordinator_id, office_id=found.office_id, evaluation_id=evaluation.id,
        participation_id=evaluation.participation_id,
    )  # fmt: skip


async def _settle(session: AsyncSession, actor: Actor, evaluation: Evaluation) -> None:
    await notifications.withdraw_letters(
        session, keys=[f"evaluation.asked:{evaluation.id}", f"evaluation.reminder:{evaluation.id}"]
    )
    await notifications.settle(session, actor, key=rules.call_task(evaluation.id))
