"""A participant leaves by her own wish: told before what happens, everybody else told without blame, and welcome back."""

import asyncio

import pytest
from sqlalchemy import select, update

from infra import ids
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter, Task
from tenants.organisations import actions as organisations
from tenants.pools.models import PoolCard
from tenants.programmes import actions as programmes
from tenants.programmes.models import Cycle
from tenants.proposals.models import ProposalState
from tenants.registration import actions, agreeing, leaving
from tenants.registration.consents import Purpose
from tenants.registration.models import Participation, Status
from tenants.registration.rules import UndoTooLate
from tests import making, pairing
from tests.api.test_me_api import client
from tests.web.pages.test_me import must_be_light, signed_in


async def written(stage, *kinds: str) -> dict[str, str]:
    """Subjects by kind, as they were sent."""
    async with stage.session() as session:
        rows = await session.execute(select(Letter.kind, Letter.subject).where(Letter.kind.in_(kinds)))
        return {row.kind: row.subject for row in rows}


async def tasks(stage) -> set[str]:
    return {kind for kind, _ in await stage.tasks()}


async def test_she_reads_what_happens_leaves_and_comes_back(stage, browse, inbox):
    async with stage.session(stage.made.owner) as session:
        await programmes.give_role(
            session,
            stage.made.owner,
            stage.launched.programme.id,
            stage.by.person_id,
            making.Role.COORDINATOR,
        )
    her = await stage.joins()
    browser = await signed_in(stage, browse, her)
    page = await browser.get("/me")
    assert f'href="/me/leave/{her.id}"' in page.html
    page = await browser.get(f"/me/leave/{her.id}")
    must_be_light(page)
    assert "Do you want to leave Mentor network ?" in page.text and "you need give no reason" in page.text
    assert await stage.status(her) == Status.READY  # looking changes nothing

    page = await page.submit(f"/me/leave/{her.id}")
    must_be_light(page)
    assert (page.path, await stage.status(her)) == (f"/me/leave/{her.id}", Status.LEFT)
    assert "You have left Mentor network" in page.text
    async with stage.session() as session:
        assert (
            await session.execute(select(PoolCard).where(PoolCard.participation_id == her.id))
        ).all() == []
        event = select(AuditEvent.person_id, AuditEvent.details).where(
            AuditEvent.event == "participation.status_changed", AuditEvent.details["to"].astext == "LEFT"
        )
        assert (await session.execute(event)).one() == (
            her.person_id,
            {"was": "READY TO BE MATCHED", "to": "LEFT"},
        )
    await stage.drain()
    assert await written(stage, "registration.left", "registration.left_told") == {
        "registration.left": "You have left Mentor network",
        "registration.left_told": "Wanjiru Kamau has left Mentor network",
    }
    assert await tasks(stage) == {"registration.left"}
    assert "You have left Mentor network" in (await browser.get("/me")).text

    page = await page.submit(f"/me/leave/{her.id}/return")
    assert page.path == "/me" and "Welcome back" in page.text
    assert (await stage.status(her), await tasks(stage)) == (Status.REGISTERED, {"registration.returned"})
    async with stage.session(stage.by) as session:
        await actions.select_for_interview(session, stage.by, her.id)
    assert await tasks(stage) == set()


async def test_open_proposals_are_withdrawn_and_the_other_one_learns_no_reason(stage, browse):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    browser = await signed_in(stage, browse, mentee)
    page = await browser.get(f"/me/leave/{mentee.id}")
    assert "The proposal with Njeri Mwangi does not go ahead" in page.text.replace("\u2068", "").replace(
        "\u2069", ""
    )
    await page.submit(f"/me/leave/{mentee.id}")
    await stage.drain()
    assert (await stage.read(proposal)).state == ProposalState.WITHDRAWN
    assert (await stage.held(mentor), await stage.held(mentee)) == (0, 0)
    assert (await stage.letters(mentor))[-1] == "proposal.closed"
    assert await stage.letters(mentee, "sent") == []  # her own letter says it all
    assert await tasks(stage) == {"registration.left", "proposal.next"}
    page = await (await signed_in(stage, browse, mentor)).get("/me")
    assert "Wanjiru" not in page.text


async def test_a_pair_waits_for_its_coordinator(stage, browse):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    relationship = await stage.pair(mentor, mentee)
    await stage.drain()
    browser = await signed_in(stage, browse, mentor)
    page = await browser.get(f"/me/leave/{mentor.id}")
    assert "Your mentoring with Wanjiru Kamau comes to its end" in page.text.replace("\u2068", "").replace(
        "\u2069", ""
    )
    page = await page.submit(f"/me/leave/{mentor.id}")
    await stage.drain()
    assert await tasks(stage) >= {"registration.left", "relationship.left"}
    assert (await stage.relationship(relationship.proposal_id)).state == "running"
    assert "You have left" in (await browser.get("/me")).text  # and no more meetings to propose
    # As long as the coordinator has not ended it she finds her way back, whatever the dates of registration.
    async with stage.session() as session:
        await session.execute(update(Cycle).values(closes_on=Cycle.opens_on))
    page = await browser.get(f"/me/leave/{mentor.id}")
    assert "is not closed yet" in page.text
    page = await page.submit(f"/me/leave/{mentor.id}/return")
    assert "Your mentoring goes on" in page.text and "propose a meeting with Wanjiru Kamau" in page.text
    assert await stage.status(mentor) == Status.IN_RELATIONSHIP
    assert await tasks(stage) == {"relationship.check_up"}


async def test_two_clicks_and_ids_of_others(stage, browse):
    her, other = await stage.joins(), await stage.joins(name="Zainab")
    theirs = await (await pairing.stage(stage.database, stage.ground)).joins()
    browser = await signed_in(stage, browse, her)
    page = await browser.get(f"/me/leave/{her.id}")
    token = next(field.value for form in page.forms for field in form.fields if field.name == "csrf")
    for one in (other.id, theirs.id, ids.new()):
        assert (await browser.get(f"/me/leave/{one}")).status == 404
        for path in (f"/me/leave/{one}", f"/me/leave/{one}/return"):
            assert (await browser.post(path, [("csrf", token)])).status == 404
    answers = await asyncio.gather(
        *(browser.post(f"/me/leave/{her.id}", [("csrf", token)]) for _ in range(4))
    )
    assert {one.path for one in answers} == {f"/me/leave/{her.id}"}
    async with stage.session() as session:
        kinds = (
            await session.execute(select(Letter.kind).where(Letter.person_id == her.person_id))
        ).scalars()
        assert [kind for kind in kinds if kind == "registration.left"] == ["registration.left"]
    assert await stage.status(other) == Status.READY


async def test_the_way_back_has_its_limits(stage, browse):
    """Closed registration, a consent that was taken back, and somebody whom a coordinator has taken out."""
    her, out = await stage.joins(), await stage.joins(name="Zainab")
    async with stage.session(her.actor) as session:
        await leaving.leave(session, her.actor, her.id)
    async with stage.session(stage.by) as session:
        with pytest.raises(UndoTooLate):  # hers alone
            await actions.undo(session, stage.by, her.id)
    async with stage.session(stage.by) as session:
        await actions.leave(session, stage.by, out.id)
    async with stage.session(out.actor) as session:
        with pytest.raises(leaving.CannotReturn):
            await leaving.come_back(session, out.actor, out.id)
    browser = await signed_in(stage, browse, her)
    page = await browser.get(f"/me/leave/{her.id}")
    async with stage.session() as session:
        await session.execute(update(Cycle).values(closes_on=Cycle.opens_on))
    refused = await page.submit(f"/me/leave/{her.id}/return")
    assert "Registration is not open now" in refused.text and "Take part again" not in refused.text
    async with stage.session() as session:
        await session.execute(update(Cycle).values(closes_on=Cycle.matching_on))
    async with stage.session(her.actor) as session:
        await agreeing.take_back(session, her.actor, her.person_id, Purpose.MATCHING)
    assert "Take part again" not in (await browser.get(f"/me/leave/{her.id}")).text
    assert await stage.status(her) == Status.LEFT


async def test_no_office_is_told_of_another_ones_people(stage, browse):
    async with stage.session(stage.made.owner) as session:
        here, there = [
            (await organisations.open_office(session, stage.made.owner, name=name, time_zone="UTC")).id
            for name in ("Mostar", "Tuzla")
        ]
    local = await making.somebody(
        stage.database, stage.made.id, making.Role.COORDINATOR, name="Lana", office_id=there
    )
    async with stage.session(stage.made.owner) as session:
        await programmes.give_role(
            session, stage.made.owner, stage.launched.programme.id, local.person_id, making.Role.COORDINATOR
        )
    for office, told in ((here, 0), (there, 1)):
        her = await stage.joins(office=str(office))
        async with stage.session(her.actor) as session:
            await leaving.leave(session, her.actor, her.id)
        async with stage.session() as session:
            found = await session.execute(select(Letter.id).where(Letter.kind == "registration.left_told"))
            assert len(found.all()) == told
            desks = select(Task.office_id).where(Task.kind == "registration.left").order_by(Task.id.desc())
            assert (await session.execute(desks.limit(1))).scalar_one() == office


async def test_an_appointment_leaves_the_desk_with_her(database, browse, made, launched):
    entered = await making.participation(database, made, launched)
    desk = await making.signed_in(database, browse, made, made.coordinator)
    path = f"/c/people/{entered.person_id}"
    await (await desk.get(path)).submit(f"{path}/interview", at="2027-01-07T10:00")
    her = making.person(made.id, entered.person_id, frozenset({making.Role.PARTICIPANT}))
    async with database.tenant_session(her.context()) as session:
        await leaving.leave(session, her, entered.id)
    async with database.tenant_session(made.house.context()) as session:
        open_tasks = await session.execute(select(Task.kind).where(Task.done_at.is_(None)))
        assert list(open_tasks.scalars()) == ["registration.left"]
        assert (await session.get(Participation, (made.id, entered.id))).interview_on is None


async def test_the_same_through_the_api(database, app, made, launched):
    her = await making.somebody(database, made.id, making.Role.PARTICIPANT, making.Role.IT_CONTACT)
    async with database.tenant_session(made.house.context()) as session:
        email = (await session.get(making.Person, (made.id, her.person_id))).email
    entered = await making.participation(database, made, launched, email=email)
    stranger = await making.participation(database, made, launched, name="Zainab")
    async with await client(database, app, her, "own.case") as caller:
        [mine] = (await caller.get("/me/participations")).json()
        assert (mine["id"], mine["status"], mine["may_return"]) == (str(entered.id), "REGISTERED", False)
        at = f"/me/participations/{entered.id}"
        assert (await caller.post(f"{at}/return")).status_code == 409
        left = await caller.post(f"{at}/leave")
        assert (left.status_code, left.json()["status"], left.json()["may_return"]) == (200, "LEFT", True)
        assert (await caller.post(f"{at}/leave")).json()["code"] == "status_not_reachable"
        assert (await caller.get("/me/participations")).json() == [left.json()]
        assert (await caller.post(f"{at}/return")).json()["status"] == "REGISTERED"
        for one in (stranger.id, ids.new()):
            assert (await caller.post(f"/me/participations/{one}/leave")).status_code == 404
    async with await client(database, app, her, "tokens.manage") as narrow:
        assert (await narrow.get("/me/participations")).status_code == 403
        assert (await narrow.post(f"{at}/leave")).status_code == 403
