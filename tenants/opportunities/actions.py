"""Posting, proposing, deciding and ending: each once, whoever clicks twice."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra import clock, ids
from infra.db import bulk
from infra.errors import Conflict, Invalid, Problem
from tenants.actor import Actor
from tenants.audit import actions as audit
from tenants.notifications import actions as notifications
from tenants.opportunities import queries, rules, seeing
from tenants.opportunities.events import Event
from tenants.opportunities.models import Opportunity, OpportunityProgramme, OpportunityState
from tenants.opportunities.rules import Content
from tenants.organisations import queries as organisations
from tenants.permissions import Permission
from tenants.programmes import queries as programmes

TASK = "opportunity.proposed"
PUBLISHED = "opportunity.published"
DECLINED = "opportunity.declined"
ENDED = (OpportunityState.CLOSED, OpportunityState.WITHDRAWN, OpportunityState.DECLINED)


async def post(
    session: AsyncSession,
    actor: Actor,
    content: Content,
    *,
    programme_ids: Sequence[UUID],
    once: UUID | None = None,
) -> Opportunity:
    """
    Put an opportunity before the people of these programmes, at once. The form `once` posts one, however often it comes.

    Raises:
        Invalid: something in it cannot be used. NotFound: no such programme.
    """
    actor.require(Permission.OPPORTUNITIES_KEEP)
    if (before := await _before(session, actor, once)) is not None:
        return before
    clean = await _tidied(session, content)
    chosen = await _chosen(session, actor, programme_ids)
    made = await _add(session, actor, clean, chosen, OpportunityState.OPEN, once)
    made.published_at = clock.now()
    audit.record(session, actor, Event.PUBLISHED, kind="opportunity", id=made.id, opportunity=made.kind)
    return made


async def propose(
    session: AsyncSession,
    actor: Actor,
    content: Content,
    *,
    programme_ids: Sequence[UUID] = (),
    once: UUID | None = None,
) -> Opportunity:
    """
    Propose an opportunity to the programmes in which the actor takes part, or to some of them; a coordinator decides.

    Raises:
        Invalid: something in it cannot be used, or she takes part in no such programme. TooManyProposed
    """
    actor.require(Permission.OWN_CASE)
    if (before := await _before(session, actor, once)) is not None:
        return before
    mine = await seeing.parts(session, actor)
    chosen = [one for one in mine if not programme_ids or one.programme.id in programme_ids]
    if not chosen or {*programme_ids} - {one.programme.id for one in mine}:
        raise Invalid(Problem("programmes", "not_a_choice" if programme_ids else "missing"))
    clean = await _tidied(session, content)
    waiting = select(func.count()).where(
        Opportunity.posted_by == actor.require_person(), Opportunity.state == OpportunityState.PROPOSED
    )
    if ((await session.scalar(waiting)) or 0) >= rules.MOST_PROPOSED:
        raise rules.TooManyProposed(maximum=rules.MOST_PROPOSED)
    made = await _add(
        session, actor, clean, [one.programme.id for one in chosen], OpportunityState.PROPOSED, once
    )
    made.is_proposal, made.office_id = True, chosen[0].office_id
    audit.record(session, actor, Event.PROPOSED, kind="opportunity", id=made.id, opportunity=made.kind)
    await notifications.ask(
        session, actor, TASK,
        key=task_key(made.id), due_on=await queries.today(session), office_id=made.office_id, opportunity_id=made.id,
        participation_id=chosen[0].participation_id,
    )  # fmt: skip
    return made


async def change(
    session: AsyncSession,
    actor: Actor,
    opportunity_id: UUID,
    content: Content,
    *,
    programme_ids: Sequence[UUID],
    seen: int,
) -> Opportunity:
    """
    Put it into other words, or before other programmes. `seen` is the version from which the change was made.

    Raises:
        NotFound. Invalid: something in it cannot be used. OpportunityNotOpen: it has ended. OpportunityChanged: somebody
        was quicker. ForWholeOrganisation: all offices share it, and somebody else posted it.
    """
    one = await queries.access(session, actor, opportunity_id, lock=True)
    rules.must_be_hers(actor, one)
    if one.state in ENDED:
        raise rules.OpportunityNotOpen(state=one.state)
    if one.version != seen:
        raise rules.OpportunityChanged(version=one.version)
    clean = await _tidied(session, content)
    chosen = await _chosen(session, actor, programme_ids)
    for name in ("kind", "title", "words", "language", "is_remote"):
        setattr(one, name, getattr(clean, name))
    assert clean.last_on is not None
    one.last_on = clean.last_on
    one.place, one.url, one.contact = clean.place or None, clean.url or None, clean.contact or None
    one.version += 1
    await session.execute(delete(OpportunityProgramme).where(OpportunityProgramme.opportunity_id == one.id))
    _put_before(session, actor, one.id, chosen)
    audit.record(session, actor, Event.CHANGED, kind="opportunity", id=one.id)
    return one


async def publish(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Opportunity:
    """
    Put a proposal before the people of its programmes, and tell whoever proposed it.

    Raises:
        NotFound. OpportunityDecided: somebody else was quicker. OpportunityNotOpen: its last day is over.
    """
    one = await queries.access(session, actor, opportunity_id, lock=True)
    rules.must_be_proposed(one)
    if one.last_on < await queries.today(session):
        raise rules.OpportunityNotOpen(state=one.state)
    one.state, one.published_at = OpportunityState.OPEN, clock.now()
    audit.record(session, actor, Event.PUBLISHED, kind="opportunity", id=one.id, opportunity=one.kind)
    await _decided(session, actor, one, PUBLISHED)
    return one


async def decline(session: AsyncSession, actor: Actor, opportunity_id: UUID, *, words: str) -> Opportunity:
    """
    Decline a proposal with some words, which whoever proposed it is told.

    Raises:
        NotFound. Invalid: no words, or too many. OpportunityDecided: somebody else was quicker.
    """
    one = await queries.access(session, actor, opportunity_id, lock=True)
    rules.must_be_proposed(one)
    said = words.strip()
    if not said or len(said) > rules.MAX_WORDS:
        raise Invalid(
            Problem("words", "too_long", {"maximum": rules.MAX_WORDS})
            if said
            else Problem("words", "missing")
        )
    one.state, one.answer, one.ended_at = OpportunityState.DECLINED, said, clock.now()
    audit.record(session, actor, Event.DECLINED, kind="opportunity", id=one.id)
    await _decided(session, actor, one, DECLINED)
    return one


async def close(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Opportunity:
    """
    End it before its last day. A second click finds it ended.

    Raises:
        NotFound. OpportunityDecided: it was never open. ForWholeOrganisation: all offices share it, and somebody else
        posted it.
    """
    one = await queries.access(session, actor, opportunity_id, lock=True)
    rules.must_be_hers(actor, one)
    if one.state == OpportunityState.CLOSED:
        return one
    if one.state != OpportunityState.OPEN:
        raise rules.OpportunityNotOpen(state=one.state)
    one.state, one.ended_at = OpportunityState.CLOSED, clock.now()
    audit.record(session, actor, Event.CLOSED, kind="opportunity", id=one.id)
    return one


async def withdraw(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Opportunity:
    """
    Take back what one has posted oneself, decided upon or not.

    Raises:
        NotFound: not hers. OpportunityNotOpen: it has ended otherwise.
    """
    one = await seeing.see(session, actor, opportunity_id, lock=True)
    if one.posted_by != actor.person_id:
        raise rules.OpportunityNotOpen(state=one.state)
    if one.state == OpportunityState.WITHDRAWN:
        return one
    if one.state not in (OpportunityState.OPEN, OpportunityState.PROPOSED):
        raise rules.OpportunityNotOpen(state=one.state)
    one.state, one.ended_at = OpportunityState.WITHDRAWN, clock.now()
    await notifications.settle(session, actor, key=task_key(one.id))
    audit.record(session, actor, Event.WITHDRAWN, kind="opportunity", id=one.id)
    return one


async def _before(session: AsyncSession, actor: Actor, once: UUID | None) -> Opportunity | None:
    """What this form has posted already; of two that come at once the second waits and finds it."""
    if once is None:
        return None
    await session.execute(select(bulk.alone(once)))
    found: Opportunity | None = await session.scalar(select(Opportunity).where(Opportunity.id == once))
    if found is not None and found.posted_by != actor.person_id:
        raise Conflict
    return found


async def _tidied(session: AsyncSession, content: Content) -> Content:
    organisation = await organisations.own(session)
    return rules.tidied(content, today=clock.today(organisation.time_zone), languages=organisation.languages)


async def _chosen(session: AsyncSession, actor: Actor, programme_ids: Sequence[UUID]) -> list[UUID]:
    if not programme_ids:
        raise Invalid(Problem("programmes", "missing"))
    return [
        (await programmes.access_programme(session, actor, one)).id for one in dict.fromkeys(programme_ids)
    ]


async def _add(
    session: AsyncSession,
    actor: Actor,
    clean: Content,
    programme_ids: Sequence[UUID],
    state: OpportunityState,
    once: UUID | None,
) -> Opportunity:
    assert clean.last_on is not None
    made = Opportunity(
        organisation_id=actor.organisation_id, id=once or ids.new(), kind=clean.kind, state=state,
        title=clean.title, words=clean.words, language=clean.language, place=clean.place or None,
        is_remote=clean.is_remote, url=clean.url or None, last_on=clean.last_on, contact=clean.contact or None,
        posted_by=actor.require_person(), is_proposal=False, version=1,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    _put_before(session, actor, made.id, programme_ids)
    return made


def _put_before(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, programme_ids: Sequence[UUID]
) -> None:
    session.add_all(
        OpportunityProgramme(
            organisation_id=actor.organisation_id, opportunity_id=opportunity_id, programme_id=one
        )
        for one in programme_ids
    )


async def _decided(session: AsyncSession, actor: Actor, one: Opportunity, letter: str) -> None:
    await notifications.settle(session, actor, key=task_key(one.id))
    if one.posted_by is not None:
        await notifications.write(
            session, actor, letter, key=f"{letter}:{one.id}", person_id=one.posted_by, opportunity_id=one.id
        )


def task_key(opportunity_id: UUID) -> str:
    return f"{TASK}:{opportunity_id}"
