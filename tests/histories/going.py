"""Pairs in every state that there is, of which one is about to leave, to be deleted, or to move to another office."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from infra import clock
from infra.db.batches import within
from tenants.actor import person
from tenants.evaluations import actions as evaluations
from tenants.notifications.models import Letter, LetterState, Task
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.proposals import answering
from tenants.proposals.models import AskedFor, Hold, Proposal
from tenants.registration import actions as registration
from tenants.registration.models import Participation, Status
from tenants.relationships import actions as relationships
from tenants.relationships import following, meeting
from tenants.relationships.models import EndReason, Meeting, Relationship
from tests import crowd
from tests.pairing import Somebody, Stage

MEET, GO_ON = AskedFor.MEET, AskedFor.GO_ON
OPEN = ("just approved", "open", "she wants to meet", "the other wants to meet")
MEETING = ("meeting", "meeting on a day", "she goes on")
RUNNING = ("pair", "pair with a meeting", "pair that is asked", "pair at its term")
ENDED = ("ended", "ended and answered")
ALONE = ("registered", "awaiting interview", "ready", "network participant", "drafted")
STATES = (*ALONE, *OPEN, *MEETING, *RUNNING, *ENDED)


@dataclass
class Case:
    state: str
    her: Somebody
    other: Somebody
    proposal: UUID
    case: UUID | None = None
    letters: frozenset[UUID] = frozenset()
    tasks: frozenset[UUID] = frozenset()


async def led_to(stage: Stage, hand: Any, states: Sequence[str] = STATES) -> list[Case]:
    """One pair a state, all of one organisation; whoever goes is the mentee."""
    both = await sides(stage, len(states))
    run, made = await stage.drafts(*zip(both[1], both[0], strict=True))
    cases = [Case(*one) for one in zip(states, *both, made, strict=True)]
    await _send(stage, hand, run, cases)
    await _lead_on(stage, cases)
    await _end(stage, [one for one in cases if one.state in ENDED])
    await _alone(stage, cases)
    await stage.drain()
    await stage.approve(run, [one.proposal for one in cases if one.state == "just approved"])
    for one in cases:
        one.letters, one.tasks = await _rows_of(stage, one)
    return cases


async def sides(stage: Stage, number: int) -> list[list[Somebody]]:
    """So many mentees, and as many mentors, who are ready."""
    found = []
    for role in ("mentee", "mentor"):
        ids = await crowd.people(stage.database, stage.made, stage.launched, role, number)
        async with stage.session() as session:
            rows = await session.execute(
                select(Participation.id, Participation.person_id)
                .where(Participation.id.in_(ids))
                .order_by(Participation.id)
            )
            found.append(
                [Somebody(person(stage.made.id, row.person_id, frozenset({Role.PARTICIPANT})), row.id, role) for row in rows]
            )  # fmt: skip
    return found


async def _send(stage: Stage, hand: Any, run: UUID, cases: list[Case]) -> None:
    sent = [one.proposal for one in cases if one.state not in (*ALONE, "just approved")]
    await stage.approve(run, sent)
    hand.shift(timedelta(minutes=11))
    await stage.drain()


async def _lead_on(stage: Stage, cases: list[Case]) -> None:
    for one in cases:
        if one.state in (*MEETING, *RUNNING, *ENDED):
            await stage.both_meet(one.proposal, one.her, one.other)
        if one.state == "she wants to meet":
            await stage.answer(one.her, one.proposal, MEET)
        if one.state == "the other wants to meet":
            await stage.answer(one.other, one.proposal, MEET)
        if one.state == "meeting on a day":
            async with stage.session(one.her.actor) as session:
                day = clock.today("UTC") + timedelta(days=3)
                await answering.note_first_meeting(session, one.her.actor, one.proposal, on=day)
        if one.state == "she goes on":
            await stage.answer(one.her, one.proposal, GO_ON)
        if one.state in (*RUNNING, *ENDED):
            await stage.both_go_on(one.proposal, one.her, one.other)
            one.case = (await stage.relationship(one.proposal)).id
        if one.state == "pair with a meeting":
            await _arrange(stage, one)
        if one.state == "pair that is asked":
            await _age(stage, one, begun_at=clock.now() - timedelta(days=91))
        if one.state == "pair at its term":
            await _age(stage, one, ends_on=clock.today("UTC"))
    async with stage.session() as session:
        await following.follow_up(within(session), stage.made.house)
        await evaluations.follow_up(within(session), stage.made.house)


async def _arrange(stage: Stage, one: Case) -> None:
    wall = f"{clock.today('UTC') + timedelta(days=3)}T10:00"
    async with stage.session(one.other.actor) as session:
        [offer] = await meeting.propose(session, one.other.actor, one.case, wall_times=[wall], zone="UTC")
    async with stage.session(one.her.actor) as session:
        await meeting.agree(session, one.her.actor, offer.id)


async def _age(stage: Stage, one: Case, **facts: Any) -> None:
    async with stage.session() as session:
        await session.execute(update(Relationship).where(Relationship.id == one.case).values(**facts))


async def _end(stage: Stage, cases: list[Case]) -> None:
    for one in cases:
        async with stage.session(stage.by) as session:
            await relationships.end(session, stage.by, one.case, reason=EndReason.GOALS_REACHED)
    async with stage.session() as session:
        await evaluations.follow_up(within(session), stage.made.house)


async def _alone(stage: Stage, cases: list[Case]) -> None:
    statuses = {"registered": Status.REGISTERED, "awaiting interview": Status.AWAITING_INTERVIEW}
    for one in cases:
        if one.state in statuses:
            async with stage.session() as session:
                mine = update(Participation).where(Participation.id == one.her.id)
                await session.execute(mine.values(status=statuses[one.state]))
        if one.state == "network participant":
            async with stage.session(stage.by) as session:
                await registration.to_network_participant(session, stage.by, one.her.id)


async def _rows_of(stage: Stage, one: Case) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """What has been sent to the two, and what is to be done about them."""
    about = [str(id) for id in (one.proposal, one.case, one.her.id, one.other.id) if id]
    async with stage.session() as session:
        letters = select(Letter.id).where(
            Letter.person_id.in_((one.her.person_id, one.other.person_id)), Letter.state == LetterState.SENT
        )
        tasks = select(Task.id).where(
            Task.done_at.is_(None),
            *[Task.about["proposal_id"].astext.in_(about) | Task.about["relationship_id"].astext.in_(about)
              | Task.about["participation_id"].astext.in_(about)],
        )  # fmt: skip
        return frozenset((await session.execute(letters)).scalars()), frozenset(
            (await session.execute(tasks)).scalars()
        )


@dataclass(frozen=True)
class Outcome:
    """What has become of two people when one of them has gone."""

    case: str  # the state of their proposal, or of their relationship
    her: str
    other: str
    held: int = 0  # places
    told_her: str = ""
    told_other: str = ""
    to_do: str = ""  # tasks that the coordinator had not before
    no_more: str = ""  # and those that are settled
    meeting: str | None = None


async def outcome(stage: Stage, one: Case) -> Outcome:
    letters, tasks = await _rows_of(stage, one)
    async with stage.session() as session:
        query = select(Letter.person_id, Letter.kind).where(Letter.id.in_(letters - one.letters))
        sent = (await session.execute(query.order_by(Letter.kind))).all()
        kinds = {row.id: row.kind for row in await session.execute(select(Task.id, Task.kind))}
        state = await session.scalar(select(Proposal.state).where(Proposal.id == one.proposal))
        case = await session.scalar(select(Relationship.state).where(Relationship.id == one.case))
        arranged = await session.scalar(select(Meeting.state).where(Meeting.relationship_id == one.case))
        held = len((await session.execute(select(Hold.id).where(Hold.proposal_id == one.proposal))).all())
    return Outcome(
        case or state or "",
        await stage.status(one.her),
        await stage.status(one.other),
        held,
        " ".join(row.kind for row in sent if row.person_id == one.her.person_id),
        " ".join(row.kind for row in sent if row.person_id == one.other.person_id),
        " ".join(sorted(kinds[task] for task in tasks - one.tasks if task in kinds)),
        " ".join(sorted(kinds[task] for task in one.tasks - tasks if task in kinds)),
        arranged,
    )


async def words(stage: Stage, one: Case, mails: Sequence[Any]) -> str:
    """What the other one has been written, without names, addresses and how lines are broken."""
    async with stage.session() as session:
        email = await session.scalar(select(Person.email).where(Person.id == one.other.person_id))
    texts = [mail.get_body(("plain",)).get_content() for mail in mails if email in mail["To"]]
    told = re.sub(r"(Mentee|Mentor) \d+-\d+", r"\1", " ".join(" ".join(texts).split()))
    return re.sub(r"http\S+", "", told)
