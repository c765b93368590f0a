"""What coordinators and people ask of a run holds, or is named when it cannot."""

from sqlalchemy import select, update

from tenants.organisations import actions as organisations
from tenants.people.models import Person
from tenants.proposals.models import NeverAgain, RunState, WishKind
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import wishing
from tenants.registration.models import Participation
from tests import crowd
from tests.workers.runs import found, read, start
from tests.working import drain
from workers.matching.checking import check_run


async def test_never_again_wishes_and_addresses_hold(ground, database, made, launched):  # K35
    mentees = await crowd.people(database, made, launched, "mentee", 3)
    mentors = await crowd.people(database, made, launched, "mentor", 3)
    by = made.coordinator
    async with database.tenant_session(made.house.context()) as session:
        rows = await session.execute(select(Participation.id, Participation.person_id))
        person = dict(rows.all())
        one, other = sorted((person[mentees[0]], person[mentors[0]]))
        session.add(NeverAgain(organisation_id=made.id, one_id=one, other_id=other))
        email = await session.scalar(select(Person.email).where(Person.id == person[mentors[1]]))
        await session.execute(
            update(Participation)
            .where(Participation.id == mentees[0])
            .values(excluded_emails=[email.upper()])
        )
    async with database.tenant_session(by.context()) as session:
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[2], mentee_id=mentees[1], kind=WishKind.LOCK
        )
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[0], mentee_id=mentees[2], kind=WishKind.FORBID
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    pairs, left = await found(database, made, run_id)
    assert (mentors[2], mentees[1]) in [row[:2] for row in pairs]
    assert {row[:2] for row in pairs} == {(mentors[2], mentees[1]), (mentors[1], mentees[2])}
    assert [row[0] for row in left if row[1] == "mentee"] == [mentees[0]]
    assert (run.result["kept_together"], run.result["kept_apart"], run.result["excluded"]) == (1, 1, 2)


async def test_impossible_lock_is_named(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 2)
    mentors = await crowd.people(
        database, made, launched, "mentor", 2, languages=[{"code": "fr", "level": 4}]
    )
    by = made.coordinator
    async with database.tenant_session(by.context()) as session:
        await wishing.wish(
            session, by, launched.cycle.id, mentor_id=mentors[0], mentee_id=mentees[0], kind=WishKind.LOCK
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.error) == (RunState.FAILED, "run_lock_impossible")
    assert run.result == {"mentee_id": str(mentees[0]), "mentor_id": str(mentors[0]), "limit": "languages"}


async def test_supervisor_is_never_proposed(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 1)
    mentors = await crowd.people(database, made, launched, "mentor", 1)
    async with database.tenant_session(made.house.context()) as session:
        boss = await session.scalar(
            select(Person.email)
            .join(Participation, Participation.person_id == Person.id)
            .where(Participation.id == mentors[0])
        )
        await session.execute(
            update(Participation).where(Participation.id == mentees[0]).values(supervisor_email=boss)
        )
    run_id = await start(database, made, launched)
    await drain(ground, made.id)
    pairs, left = await found(database, made, run_id)
    assert pairs == []
    assert {(row[0], row[2]) for row in left} == {(mentees[0], "supervisor"), (mentors[0], "supervisor")}


def quota(side, of, most, by="organisation"):
    return {"side": side, "of": of, "most": most, "by": by}


async def test_quotas_bind_and_are_told(ground, database, made, launched):
    await crowd.people(database, made, launched, "mentee", 6, seed=1, entity="UNDP")
    await crowd.people(database, made, launched, "mentee", 2, seed=2, entity="WHO")
    await crowd.people(database, made, launched, "mentor", 4, seed=1, entity="undp")
    await crowd.people(database, made, launched, "mentor", 4, seed=2, entity="WHO")
    chosen = choosing.read(
        {"weights": {"topics": 8}, "quotas": [quota("mentee", "Undp ", 3), quota("mentor", "WHO", 1)]}
    )
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.state, run.certificate["ok"]) == (RunState.DONE, True)
    used = {(one["side"], one["of"]): (one["used"], one["most"]) for one in run.result["quotas"]}
    assert used == {("mentee", "Undp "): (3, 3), ("mentor", "WHO"): (1, 1)}
    _pairs, left = await found(database, made, run_id)
    assert "quota" in {reason for _, side, reason, _, _ in left if side == "mentee"}
    assert (await check_run(ground, made.id, run_id)).faults == ()


async def test_quotas_by_office(ground, database, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        office = await organisations.open_office(session, made.owner, name="Mostar", time_zone="UTC")
    await crowd.people(database, made, launched, "mentee", 4, seed=1, office_id=office.id)
    await crowd.people(database, made, launched, "mentee", 2, seed=2)
    await crowd.people(database, made, launched, "mentor", 6)
    chosen = choosing.read(
        {"weights": {"topics": 8}, "quotas": [quota("mentee", str(office.id), 1, "office")]}
    )
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert [one["used"] for one in run.result["quotas"]] == [1]
    assert run.result["matched"] <= 3


async def test_a_lock_beyond_a_quota_is_named(ground, database, made, launched):
    mentees = await crowd.people(database, made, launched, "mentee", 2, entity="UNDP")
    mentors = await crowd.people(database, made, launched, "mentor", 2)
    async with database.tenant_session(made.coordinator.context()) as session:
        await wishing.wish(
            session, made.coordinator, launched.cycle.id,
            mentor_id=mentors[0], mentee_id=mentees[0], kind=WishKind.LOCK,
        )  # fmt: skip
    chosen = choosing.read({"weights": {"topics": 8}, "quotas": [quota("mentee", "UNDP", 0)]})
    run_id = await start(database, made, launched, chosen)
    await drain(ground, made.id)
    run = await read(database, made, run_id)
    assert (run.error, run.result["limit"]) == ("run_lock_impossible", "quota")
