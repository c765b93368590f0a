"""
Giving notice, taking it back, and what happens on its day.

It stands beside the room of agreements and not in it: it ends relationships, whose actions know of agreements.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock
from tenants.actor import Actor, house
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.organisations import queries as organisations
from tenants.people.models import Person
from tenants.permissions import Permission
from tenants.registration.joining import with_person
from tenants.relationships import actions as cases
from tenants.relationships import parties, queries, rules
from tenants.relationships.agreements import notice_rules, tasks
from tenants.relationships.agreements.events import Event
from tenants.relationships.agreements.notice_models import Ground, Notice, NoticeState
from tenants.relationships.agreements.notice_rules import Deed, NoticeGiven
from tenants.relationships.models import EndReason, Relationship, RelationshipState

AT_ONCE = 200


async def give(
    session: AsyncSession, actor: Actor, relationship_id: UUID, ground: Ground, *, reason: str | None = None
) -> Notice:
    """
    End a relationship as the agreement says: after a month, after a day, or at once.

    The others are told the day and never the ground; the coordinator is told both at once. Somebody of a
    group who is not its mentor leaves it, and the others go on.

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed. NoticeGiven: she has done so already.
        Invalid: the coordinator has to know why.
    """
    relationship, mine = await _own(session, actor, relationship_id)
    if await given_by(session, relationship.id, mine) is not None:
        raise NoticeGiven
    told = notice_rules.tidy_reason(ground, reason)
    today = clock.today((await organisations.own(session)).time_zone)
    notice = Notice(
        organisation_id=actor.organisation_id,
        relationship_id=relationship.id,
        participation_id=mine,
        ground=ground,
        reason=told,
        given_at=clock.now(),
        ends_on=notice_rules.ends_on(ground, today),
    )
    session.add(notice)
    await session.flush()
    audit.record(session, actor, Event.NOTICE_GIVEN, kind="relationship", id=relationship.id, ground=ground)
    kind = "notice.given" if ground is Ground.MONTH else f"notice.{ground.value}"
    await tasks.tell_notice(session, actor, relationship, notice.id, kind)
    if notice.ends_on <= today:
        await _take_effect(session, house(actor.organisation_id), notice, relationship)
    else:
        await _tell_others(session, actor, relationship, notice, "notice.given")
    return notice


async def take_back(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Notice:
    """
    Only she who gave it, until it takes effect. The others are told that they go on.

    Raises:
        NotFound: none of hers. RelationshipEnded: it is closed. NoticeClosed: she has given none that stands.
    """
    relationship, mine = await _own(session, actor, relationship_id)
    notice = await given_by(session, relationship.id, mine)
    if notice is None:
        raise notice_rules.NoticeClosed(state="")
    _move(notice, Deed.TAKE_BACK)
    for kind in ("notice.given", f"notice.{notice.ground}"):
        await notifications.settle(session, actor, key=f"{kind}:{notice.id}")
    others = [one for one in await queries.people(session, relationship) if one.participation_id != mine]
    keys = [f"notice.given:{notice.id}:{one.participation_id}" for one in others]
    caught = await notifications.withdraw_letters(session, keys=keys)
    if caught < len(others):  # whoever has read of it reads that it is over
        await _tell_others(session, actor, relationship, notice, "notice.taken_back")
    audit.record(session, actor, Event.NOTICE_TAKEN_BACK, kind="relationship", id=relationship.id)
    return notice


async def take_effect(session: AsyncSession, actor: Actor) -> None:
    """As the house, each hour: end what ends today, or should have while the house was away."""
    today = clock.today((await organisations.own(session)).time_zone)
    last: UUID | None = None
    while batch := await _due(session, today, last):
        for notice_id, relationship_id in batch:
            relationship = await _locked(session, relationship_id)
            notice = await _locked_notice(session, notice_id)
            if notice.state == NoticeState.GIVEN:  # not taken back while we waited
                await _take_effect(session, actor, notice, relationship)
        await session.flush()
        last = batch[-1][0]


async def own(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Notice | None:
    """
    The actor's own notice that stands.

    Raises:
        NotFound: none of hers.
    """
    relationship, mine = await queries.own_relationship(session, actor, relationship_id)
    return await given_by(session, relationship.id, mine)


async def of_case(session: AsyncSession, actor: Actor, relationship_id: UUID) -> Sequence[Any]:
    """
    All notices of a case with the names of who gave them and their reasons, the newest first, for its coordinators.

    Raises:
        NotFound: not one of the actor's cases.
    """
    relationship = await queries.access_relationship(session, actor, relationship_id)
    people = await queries.people(session, relationship)
    if actor.support_id is not None or actor.person_id in {one.person_id for one in people}:
        return []  # the reasons are told to coordinators, and to none of the others
    return await all_of(session, relationship_id)


async def all_of(session: AsyncSession, relationship_id: UUID) -> Sequence[Any]:
    """The same for whoever has shown that she coordinates the case, is none of its people, and is not support."""
    query = (
        with_person(select(Notice, Person.full_name), Notice.participation_id)
        .where(Notice.relationship_id == relationship_id)
        .order_by(Notice.given_at.desc(), Notice.id.desc())
    )
    rows: Sequence[Any] = (await session.execute(query)).all()
    return rows


async def _take_effect(
    session: AsyncSession, actor: Actor, notice: Notice, relationship: Relationship
) -> None:
    people = await queries.people(session, relationship)
    giver = next((one for one in people if one.participation_id == notice.participation_id), None)
    if relationship.state != RelationshipState.RUNNING or giver is None:
        _move(notice, Deed.LAPSE)
        return
    _move(notice, Deed.TAKE_EFFECT)
    await session.flush()
    if relationship.party_id is not None and rules.goes_on_without(giver.role, len(people)):
        await parties.remove(session, actor, relationship.id, giver.participation_id)
    else:
        await cases.end(session, actor, relationship.id, reason=EndReason.ASKED_TO_END)
    audit.record(
        session, actor, Event.NOTICE_DONE, kind="relationship", id=relationship.id, ground=notice.ground
    )


async def _own(session: AsyncSession, actor: Actor, relationship_id: UUID) -> tuple[Relationship, UUID]:
    """The relationship, locked: a notice that is taken back and one that takes effect wait for each other."""
    actor.require(Permission.OWN_CASE)
    actor.require_herself()
    relationship, mine = await queries.own_relationship(session, actor, relationship_id, lock=True)
    rules.must_be_running(relationship)
    return relationship, mine


async def given_by(session: AsyncSession, relationship_id: UUID, participation_id: UUID) -> Notice | None:
    """The notice of one of the people that stands; for whoever has shown that it is her."""
    query = select(Notice).where(
        Notice.relationship_id == relationship_id,
        Notice.participation_id == participation_id,
        Notice.state == NoticeState.GIVEN,
    )
    return (await session.execute(query)).scalar_one_or_none()


async def _due(session: AsyncSession, today: date, after: UUID | None) -> Sequence[Any]:
    query = select(Notice.id, Notice.relationship_id).where(
        Notice.state == NoticeState.GIVEN, Notice.ends_on <= today
    )
    if after:
        query = query.where(Notice.id > after)
    rows: Sequence[Any] = (await session.execute(query.order_by(Notice.id).limit(AT_ONCE))).all()
    return rows


async def _locked(session: AsyncSession, relationship_id: UUID) -> Relationship:
    query = select(Relationship).where(Relationship.id == relationship_id).with_for_update()
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one()


async def _locked_notice(session: AsyncSession, notice_id: UUID) -> Notice:
    query = select(Notice).where(Notice.id == notice_id).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one()


def _move(notice: Notice, deed: Deed) -> None:
    notice.state = notice_rules.moved(notice.state, deed)
    notice.settled_at = clock.now()


async def _tell_others(
    session: AsyncSession, actor: Actor, relationship: Relationship, notice: Notice, kind: str
) -> None:
    for one in await queries.people(session, relationship):
        if one.participation_id != notice.participation_id:
            await notifications.write(
                session, actor, kind, key=f"{kind}:{notice.id}:{one.participation_id}", person_id=one.person_id,
                notice_id=notice.id, relationship_id=relationship.id,
            )  # fmt: skip
