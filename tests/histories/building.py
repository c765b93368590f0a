"""An organisation for some histories: its programmes, its people, a draft for each pair; and what stands there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from infra import clock
from infra.db.session import Database
from infra.ground import Ground
from tenants.evaluations import actions as evaluations
from tenants.evaluations.models import Evaluation
from tenants.evaluations.rules import Asking
from tenants.gatherings.models import Guest, Opinion, Workshop
from tenants.organisations.models import Organisation
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.programmes import actions as programmes
from tenants.programmes.models import ContactRelease, Structure
from tenants.proposals.models import Proposal
from tenants.proposals.party_models import Party
from tenants.registration.models import Participation
from tenants.relationships.agreements import templates
from tenants.relationships.agreements.notice_models import Notice
from tenants.relationships.follow_up_models import FollowUp
from tenants.relationships.models import Meeting, Relationship, RelationshipState
from tenants.relationships.models import Member as Belonging
from tests import making, parties
from tests.histories.house import House
from tests.histories.script import PAIR, History, Member, Planned, Terms
from tests.pairing import Somebody, Stage

STRUCTURES = {"pair": Structure.ONE_TO_ONE, "group": Structure.GROUP, "circle": Structure.CIRCLE}


async def build(
    database: Database,
    ground: Ground,
    zone: str,
    histories: Sequence[History],
    planned: Mapping[str, Planned],
) -> House:
    made = await making.organisation(database)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Organisation).values(time_zone=zone))
        desk = update(Person).where(Person.id == made.coordinator.require_person())
        await session.execute(desk.values(time_zone=zone))
    stages = {
        terms: await _programme(database, ground, made, terms)
        for terms in dict.fromkeys(
            [*(one.terms for one in histories), *(one.terms for one in planned.values())]
        )
    }
    house = House(next(iter(stages.values())), zone)
    colleague = await making.somebody(database, made.id, Role.COORDINATOR, name="Colleague")
    house.desks = {"coordinator": made.coordinator.require_person(), "colleague": colleague.require_person()}
    house.names |= {id: name for name, id in house.desks.items()}
    async with database.tenant_session(made.house.context()) as session:
        mine = select(Person.email, Person.id).where(Person.id.in_(house.desks.values()))
        house.addresses = {row.email: house.names[row.id] for row in await session.execute(mine)}
        await session.execute(
            update(Person).where(Person.id == colleague.require_person()).values(time_zone=zone)
        )
    house.cycles = {name: stages[one.terms].launched.cycle.id for name, one in planned.items()}
    for at, history in enumerate(histories):
        stage = stages[history.terms]
        for member in history.members:
            await _join(house, stage, member)
        for number, pair in enumerate(history.pairs):
            people = [house.people[name] for name in pair]
            if history.terms.structure == PAIR:
                run, [proposal] = await stage.drafts(tuple(people))
            else:
                run, [proposal] = await parties.drafted(stage, people, least=history.terms.least)
                house.parties.add(f"{at}.{number}")
            house.pairs[f"{at}.{number}"] = run, proposal
            house.programmes[f"{at}.{number}"] = stage.launched.programme.id
            house.names[proposal] = f"pair {at}.{number}"
    return house


async def _programme(database: Database, ground: Ground, made: making.Made, terms: Terms) -> Stage:
    release = ContactRelease.WITH_PROPOSAL if terms.releases_at_once else ContactRelease.AFTER_BOTH_YES
    launched = await making.programme(
        database, made, slug=terms.name, dates=making.days(closes=600, ends=1_000), wants_interview=False,
        contact_release=release, caseload_limit=10_000, structure=STRUCTURES[terms.structure], check_up_days=list(terms.check_up_days),
        **{name: getattr(terms, name) for name in ("term_months", "answer_days", "date_days", "meet_days")},
    )  # fmt: skip
    asking = Asking(terms.asks_evaluation, remind_days=terms.remind_days, call_days=terms.call_days)
    setting = templates.Setting(review_months=terms.review_months)
    async with database.tenant_session(made.owner.context()) as session:
        await templates.choose(session, made.owner, launched.programme.id, setting)
        await evaluations.set_asking(session, made.owner, launched.programme.id, asking)
        await programmes.give_role(
            session, made.owner, launched.programme.id, made.coordinator.require_person(), Role.COORDINATOR
        )
    return Stage(database, ground, made, launched)


async def _join(house: House, stage: Stage, member: Member) -> None:
    facts = {"capacity": member.capacity} if member.role in ("mentor", "peer") else {}
    her = await stage.joins(member.role, name=member.name, **facts)
    address = {} if member.has_email else {"email": None}
    async with stage.session() as session:
        mine = update(Person).where(Person.id == her.person_id)
        await session.execute(mine.values(time_zone=member.zone, **address))
    actor = replace(her.actor, time_zone=member.zone)
    house.people[member.name] = Somebody(actor, her.id, her.role)
    house.names |= {her.person_id: member.name, her.id: member.name}


async def standing(house: House) -> dict[str, object]:
    """The same as the model's."""
    found: dict[str, object] = {}
    named = house.names
    async with house.stage.session() as session:

        async def rows(*columns: Any) -> Sequence[Any]:
            return (await session.execute(select(*columns))).all()

        for row in await rows(Participation.id, Participation.status):
            found[f"status of {named[row.id]}"] = row.status
        for row in await rows(
            Proposal.id, Proposal.state, Proposal.answer_by, Proposal.meet_by, Proposal.first_meeting_on
        ):
            last = row.answer_by and clock.local(row.answer_by - timedelta(seconds=1), house.zone).date()
            found[_of("proposal", named[row.id])] = (row.state, last, row.meet_by, row.first_meeting_on)
        for row in await rows(Party.id, Party.state, Party.answer_by):
            last = row.answer_by and clock.local(row.answer_by - timedelta(seconds=1), house.zone).date()
            found[_of("proposal", named[row.id])] = (row.state, last, None, None)
        pairs: dict[UUID, str] = {}
        given: dict[str, list[Any]] = {}
        for row in await rows(
            Relationship.id, Relationship.proposal_id, Relationship.party_id, Relationship.state, Relationship.begun_at,
            Relationship.ends_on, Relationship.check_up_on, Relationship.coordinator_id,
        ):  # fmt: skip
            pairs[row.id] = named[row.proposal_id or row.party_id]
            begun = clock.local(row.begun_at, house.zone).date()
            runs = row.state == RelationshipState.RUNNING
            found[_of("relationship", pairs[row.id])] = (
                runs, begun, row.ends_on, row.check_up_on, named[row.coordinator_id],
            )  # fmt: skip
        members: dict[str, list[str]] = {}
        for row in await rows(Belonging.relationship_id, Belonging.participation_id, Belonging.left_at):
            several = members.setdefault(_of("members", pairs[row.relationship_id]), [])
            several += [] if row.left_at else [named[row.participation_id]]
        found |= {of: sorted(several) for of, several in members.items()}
        for row in await rows(
            FollowUp.relationship_id, FollowUp.participation_id, FollowUp.after_days, FollowUp.reply_by,
            FollowUp.replied_at,
        ):  # fmt: skip
            whose = f"{_of('follow-up', pairs[row.relationship_id])} {named[row.participation_id]} {row.after_days}"
            found[whose] = (row.reply_by - timedelta(days=14), row.replied_at is not None)
        for row in await rows(
            Evaluation.relationship_id, Evaluation.participation_id, Evaluation.state, Evaluation.next_on
        ):
            whose = f"{_of('evaluation', pairs[row.relationship_id])} {named[row.participation_id]}"
            found[whose] = (row.state, row.next_on)
        states = {
            row.id: (row.state, row.starts_at)
            for row in await rows(Meeting.id, Meeting.state, Meeting.starts_at)
        }
        for row in await rows(
            Notice.relationship_id, Notice.ground, Notice.state, Notice.ends_on, Notice.given_at
        ):
            given.setdefault(_of("notices", pairs[row.relationship_id]), []).append(row)
    for of, notices in given.items():
        found[of] = [
            (row.ground, row.state, row.ends_on) for row in sorted(notices, key=lambda row: row.given_at)
        ]
    for pair, meetings in house.meetings.items():
        if meetings:
            found[f"meetings {pair}"] = [states[one] for one in meetings]
    tasks: dict[str, list[tuple[Any, ...]]] = {}
    for task in await house.open_tasks():
        tasks.setdefault(f"tasks about {house.about(task)}", []).append(
            (task.kind, task.due_on, named[task.person_id] if task.person_id else "")
        )
    found |= await house.agreements_stand(pairs)
    return found | {of: sorted(several) for of, several in tasks.items()} | await _workshops(house)


async def _workshops(house: House) -> dict[str, object]:
    found: dict[str, object] = {}
    async with house.stage.session() as session:
        opinions = Counter((await session.execute(select(Opinion.workshop_id))).scalars())
        for one in (await session.execute(select(Workshop))).scalars():
            hour = clock.local(one.starts_at, house.zone).replace(tzinfo=None)
            found[house.names[one.id]] = (one.state, hour, one.places, opinions[one.id])
        for guest in (await session.execute(select(Guest))).scalars():
            whose = f"{house.names[guest.workshop_id]} {house.names[guest.participation_id]}"
            found[whose] = (guest.state, guest.came, guest.has_said)
    return found


def _of(what: str, pair: str) -> str:
    return pair.replace("pair", what)
