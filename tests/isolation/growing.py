"""More rows of everything that lists are made of, so that a query for each row would show."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from infra import clock, ids
from infra.ground import Ground
from infra.outbox.models import JobState, OutboxJob
from tenants.audit.models import AuditEvent
from tenants.evaluations.models import Evaluation
from tenants.identity.models import ApiToken, Session
from tenants.notifications.models import Concern, Letter, LetterState, Task
from tenants.organisations.models import Office
from tenants.people.models import Person, RoleGrant
from tenants.pools.models import PoolCard
from tenants.programmes.models import Cycle, Programme
from tenants.proposals.models import MatchingRun, Proposal, ProposalState, RunState, Unmatched
from tenants.registration.models import (
    Consent,
    ImportState,
    Participation,
    Registration,
    RosterImport,
    RosterRow,
    RowState,
    Status,
)
from tenants.relationships.models import Meeting, MeetingState, Relationship
from tests.isolation.world import World


async def grow(ground: Ground, world: World, number: int) -> None:
    """`number` more pairs of people with all that belongs to them."""
    async with ground.database.tenant_session(world.made.house.context()) as session:
        for model in (Programme, Cycle, MatchingRun, RosterImport):
            assert world.rows[model.__tablename__]
        run = (
            await session.execute(select(MatchingRun).order_by(MatchingRun.number.desc()).limit(1))
        ).scalar_one()
        rows = _rows(world, number, run)
        for model, values in rows.items():
            await session.execute(
                insert(model), [{"organisation_id": world.id, "id": ids.new(), **one} for one in values]
            )


def _rows(world: World, number: int, run: MatchingRun) -> dict[Any, list[dict[str, Any]]]:
    made: dict[Any, list[dict[str, Any]]] = {}

    def add(model: Any, **values: Any) -> UUID:
        values.setdefault("id", ids.new())
        made.setdefault(model, []).append(values)
        found: UUID = values["id"]
        return found

    for _ in range(number):
        _one(world, run, add)
    return made


def _one(world: World, run: MatchingRun, add: Any) -> None:
    now, today, word = clock.now(), clock.today("UTC"), str(ids.random())[:8]
    programme, cycle = world.launched.programme.id, world.launched.cycle.id
    coordinator = world.people["coordinator"].person_id
    office = add(Office, name=f"Office {word}", time_zone="UTC", is_open=True)
    sides = []
    for role, name in (("mentor", "Amina"), ("mentee", "Wanjiru")):
        her = add(Person, full_name=f"{name} {word}", email=f"{role}.{word}@example.org", language="en",
                  time_zone="UTC", office_id=office, is_active=True)  # fmt: skip
        sides.append(_participation(world, add, her, role, office))
        add(
            Consent,
            person_id=her,
            purpose="matching",
            text_version="1",
            language="en",
            channel="form",
            given_at=now,
        )
        add(AuditEvent, event="participation.status_changed", actor_kind="person", person_id=coordinator,
            object_kind="participation", object_id=sides[-1], details={"was": "REGISTERED", "to": "LEFT"})  # fmt: skip
        add(Letter, key=f"grown {her}", kind="registration.received", person_id=her, language="en",
            about={"participation_id": str(sides[-1])}, due_at=now + timedelta(minutes=5), state=LetterState.WAITING)  # fmt: skip
        add(PoolCard, card_id=ids.random(), pool_id=run.pool_id, participation_id=sides[-1], side=role, open_places=1, fields={})  # fmt: skip
    mentor, mentee = sides
    member = add(Person, full_name=f"Mina {word}", email=f"mina.{word}@example.org", language="en", time_zone="UTC", is_active=True)  # fmt: skip
    add(RoleGrant, person_id=member, role="coordinator", office_id=office)
    add(
        ApiToken,
        name=f"Token {word}",
        person_id=member,
        token_digest=ids.random().bytes,
        permissions=["people.read"],
    )
    for one in (coordinator, world.people["confirmed_mentee"].person_id, world.people["owner"].person_id):
        add(
            Session,
            person_id=one,
            token_digest=ids.random().bytes,
            seen_at=now,
            expires_at=now + timedelta(hours=1),
        )
        add(Task, key=f"grown {ids.new()}", kind="registration.read", person_id=one, due_on=today, about={"participation_id": str(mentee)})  # fmt: skip
    add(
        Concern,
        person_id=world.people["confirmed_mentee"].person_id,
        text="Something.",
        readers=[str(coordinator)],
    )
    add(Registration, programme_id=programme, cycle_id=cycle, role="mentee", email=f"r.{word}@example.org", language="en",
        answers={}, consents=[], origin="form", sent_at=now, expires_at=now + timedelta(days=5))  # fmt: skip
    proposals = [
        add(Proposal, id=ids.random(), run_id=run.id, pool_id=run.pool_id, cycle_id=cycle, mentor_id=mentor, mentee_id=mentee,
            state=state, score=600, most=1000, contributions=run_contributions(), alternatives=[], sent_at=now,
            approved_by=coordinator)
        for state in (ProposalState.DRAFT, ProposalState.CONFIRMED)
    ]  # fmt: skip
    add(
        Unmatched,
        run_id=run.id,
        participation_id=mentee,
        side="mentee",
        reason="languages",
        facts={},
        change={},
    )
    pair = add(Relationship, proposal_id=proposals[1], programme_id=programme, cycle_id=cycle, mentor_id=mentor,
               mentee_id=mentee, coordinator_id=coordinator, begun_at=now, ends_on=today + timedelta(days=300),
               check_up_on=today)  # fmt: skip
    add(Meeting, relationship_id=pair, proposed_by=mentor, state=MeetingState.AGREED, wall_time="2027-01-10T10:00",
        time_zone="UTC", starts_at=now + timedelta(days=5), minutes=60)  # fmt: skip
    add(Evaluation, id=ids.random(), relationship_id=pair, participation_id=mentor, programme_id=programme, role="mentor",
        wording="plain", benefit_many=False, next_on=today, answers={})  # fmt: skip
    add(MatchingRun, number=100 + ids.new().int % 1_000_000_000 % 10**9, pool_id=run.pool_id, cycle_id=cycle,
        started_by=coordinator, state=RunState.DONE, criteria=run.criteria, result=run.result,
        certificate=run.certificate, begun_at=now, ended_at=now)  # fmt: skip
    roster = add(RosterImport, cycle_id=cycle, uploaded_by=coordinator, file_name=f"{word}.csv", file_digest=word,
                 state=ImportState.DISCARDED, version=1)  # fmt: skip
    add(RosterRow, import_id=roster, row_number=2, state=RowState.READY, cells=[], values={}, problems=[])
    add(OutboxJob, kind="letter.send", queue="mail", payload={}, key=f"dead {word}", state=JobState.DEAD, due_at=now,
        done_at=now, error="It broke.")  # fmt: skip


def _participation(world: World, add: Any, her: UUID, role: str, office: UUID) -> UUID:
    found: UUID = add(
        Participation, person_id=her, programme_id=world.launched.programme.id, cycle_id=world.launched.cycle.id,
        office_id=office, role=role, status=Status.READY, status_at=clock.now(), origin="roster",
        registered_on=clock.today("UTC"), capacity=3, topics_offered=["leadership"], topics_wanted=["leadership"],
        languages=[{"code": "en", "level": 3}], answers={}, excluded_emails=[],
    )  # fmt: skip
    return found


def run_contributions() -> list[dict[str, Any]]:
    return [
        {"criterion": "topics", "points": 300, "most": 500},
        {"criterion": "languages", "points": 300, "most": 500},
    ]
