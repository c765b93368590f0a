"""Proposals and pairs through the JSON door: the same actions as the pages, and nothing for others."""

import httpx
import pytest
from sqlalchemy import select, update

from infra import ids
from tenants.identity import tokens
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.proposals.models import AskedFor
from tenants.registration import leaving
from tenants.registration.models import Participation
from tests import making, pairing
from tests.parties import sent

CASES = ("proposal.read", "proposal.approve", "relationship.read", "relationship.change")


async def client(app, stage, *permissions, actor=None) -> httpx.AsyncClient:
    if actor is None:
        actor = await making.somebody(stage.database, stage.made.id, Role.OWNER, Role.COORDINATOR)
    async with stage.session(actor) as session:
        secret = (await tokens.make(session, actor, name="Test", permissions=permissions)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


async def herself(app, stage, whose) -> httpx.AsyncClient:
    """A token of her own: somebody in IT who is a mentee as well."""
    async with stage.session() as session:
        session.add(
            RoleGrant(
                organisation_id=stage.made.id, person_id=whose.person_id, role=Role.IT_CONTACT, office_id=None
            )
        )
    from tenants.actor import person

    actor = person(stage.made.id, whose.person_id, frozenset({Role.PARTICIPANT, Role.IT_CONTACT}))
    return await client(app, stage, "own.case", actor=actor)


@pytest.fixture
async def case(app, stage):
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    [proposal] = await stage.sent((mentor, mentee))
    await stage.become_known(proposal)
    async with await client(app, stage, *CASES) as desk:
        yield desk, mentor, mentee, proposal


async def test_a_coordinator_reads_who_answered_what(stage, case):
    desk, _mentor, mentee, proposal = case
    await stage.answer(mentee, proposal, AskedFor.MEET, reason="Gladly")
    [row] = (await desk.get("/proposals?state=open")).json()
    assert (row["mentor_name"], row["mentee_name"], row["state"]) == ("Njeri Mwangi", "Wanjiru Kamau", "open")
    assert (await desk.get("/proposals?state=declined")).json() == []
    [said] = (await desk.get(f"/proposals/{proposal}")).json()["answers"]
    assert (said["participation_id"], said["is_yes"], said["reason"]) == (str(mentee.id), True, "Gladly")


async def test_withdrawn_once(case):
    desk, _, _, proposal = case
    answered = await desk.post(f"/proposals/{proposal}/withdraw")
    assert (answered.status_code, answered.json()["proposal"]["state"]) == (200, "withdrawn")
    again = await desk.post(f"/proposals/{proposal}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "proposal_closed")


async def test_a_coordinator_notes_what_she_was_told(case):
    desk, mentor, mentee, proposal = case
    for whose, state in ((mentee, "open"), (mentor, "meeting")):
        body = {"participation_id": str(whose.id), "asked_for": "meet", "is_yes": True}
        noted = await desk.post(f"/proposals/{proposal}/answers", json=body)
        assert (noted.status_code, noted.json()["proposal"]["state"]) == (200, state)


async def test_one_answers_ones_own(app, stage, case):
    _, mentor, mentee, proposal = case
    async with stage.session() as session:  # K30
        asked = {"mobile": "+387 61 000 000", "address": "Library street 7, Tuzla", "motivation": "To share"}
        hers = update(Participation).where(Participation.id == mentor.id)
        await session.execute(hers.values(answers=asked))
    await stage.answer(mentor, proposal, AskedFor.MEET)
    async with await herself(app, stage, mentee) as mine:
        [row] = (await mine.get("/me/proposals")).json()
        assert (row["my_answers"], row["other"]["phone"]) == ({}, None)
        assert (row["other"]["mobile"], row["other"]["address"]) == (None, None)
        body = {"asked_for": "meet", "is_yes": True}
        answered = await mine.post(f"/me/proposals/{proposal}/answers", json=body)
        assert answered.status_code == 200, answered.text
        assert answered.json()["state"] == "meeting"
        assert answered.json()["other"]["phone"] == "+45 70 12 34 56"
        released = answered.json()["other"]
        assert (released["mobile"], released["address"]) == (asked["mobile"], asked["address"])
        day = pairing.soon(days=5).date().isoformat()
        noted = await mine.post(f"/proposals/{proposal}/first-meeting", json={"on": day})
        assert noted.status_code == 204
        assert (await mine.get(f"/me/proposals/{proposal}")).json()["first_meeting_on"] == day
        # Her token reads no case, not even her own.
        assert (await mine.get(f"/proposals/{proposal}")).status_code == 403
        unknown = await mine.post(f"/me/proposals/{proposal}/answers", json={**body, "as": "mentor"})
        assert unknown.status_code == 422


async def test_a_case_from_check_up_to_end(stage, case):
    desk, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    [row] = (await desk.get("/relationships?state=running")).json()
    path = f"/relationships/{row['id']}"
    day = pairing.soon(days=5).date().isoformat()
    assert (await desk.put(f"{path}/check-up", json={"on": day})).json()["check_up_on"] == day
    assert len((await desk.get(f"/relationships?check_up_by={day}")).json()) == 1
    assert (await desk.post(f"{path}/check-up/done")).json()["check_up_on"] > day
    body = {"reason": "goals_reached", "note": "Well done", "mentor_goes_on_as": "LEFT"}
    ended = (await desk.post(f"{path}/end", json=body)).json()
    assert (ended["state"], ended["end_reason"], ended["note"]) == ("ended", "goals_reached", "Well done")
    assert (await stage.status(mentor), await stage.status(mentee)) == ("LEFT", "READY TO BE MATCHED")
    again = await desk.post(f"{path}/end", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "relationship_ended")


async def test_meetings_of_ones_own_pair(app, stage):
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    async with await herself(app, stage, mentee) as mine, await herself(app, stage, mentor) as hers:
        [row] = (await mine.get("/me/pairs")).json()
        assert row["id"] == str(pair.id)
        body = {"times": [f"{pairing.soon(days=7).date()}T14:00"], "time_zone": "Africa/Nairobi"}
        [offer] = (await hers.post(f"/me/pairs/{pair.id}/meetings", json=body)).json()
        assert (await hers.post(f"/me/meetings/{offer['id']}/agree")).status_code == 409
        assert (await mine.post(f"/me/meetings/{offer['id']}/agree")).status_code == 204
        [seen] = (await mine.get(f"/me/pairs/{pair.id}/meetings")).json()
        assert (seen["state"], seen["is_mine"], seen["time_zone"]) == ("agreed", False, "Africa/Nairobi")
        assert (await mine.post(f"/me/meetings/{offer['id']}/held")).status_code == 409
        assert (await mine.post(f"/me/meetings/{offer['id']}/cancel")).status_code == 204
        wrong = await mine.post(f"/me/pairs/{pair.id}/meetings", json={**body, "times": ["soon"]})
        assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "meeting_time_unreadable")


async def test_meetings_move_are_kept_and_reckoned(app, stage, database):  # K38 U09
    both = await making.somebody(database, stage.made.id, Role.OWNER, Role.COORDINATOR)
    mentor, mentee = await stage.joins("mentor"), await stage.joins()
    pair = await stage.pair(mentor, mentee)
    own, week = f"/me/pairs/{pair.id}", pairing.soon(days=7).date()
    async with (
        await herself(app, stage, mentee) as mine, await herself(app, stage, mentor) as hers,
        await client(app, stage, *CASES, "programme.read", "programme.change", actor=both) as desk,
    ):  # fmt: skip
        body = {"times": [f"{week}T14:00"], "time_zone": "Africa/Nairobi"}
        many = (await hers.post(f"{own}/meetings", json=body | {"monthly": True})).json()
        assert len(many) > 10 and len({one["series_id"] for one in many}) == 1
        assert (await mine.post(f"/me/meetings/{many[0]['id']}/agree")).status_code == 204
        move = body | {"times": [f"{week}T16:00"], "instead_of": many[0]["id"]}
        [other] = (await mine.post(f"{own}/meetings", json=move)).json()
        assert other["instead_of"] == many[0]["id"]
        assert (await hers.post(f"/me/meetings/{other['id']}/agree")).status_code == 204
        assert (await mine.post(f"/me/meetings/{many[1]['id']}/cancel")).status_code == 204
        early = await hers.post(f"/me/meetings/{many[0]['id']}/answer", json={"answer": "met"})
        assert (early.status_code, early.json()["code"]) == (409, "meeting_not_yet")
        today = pairing.clock.today("UTC").isoformat()
        assert (await mine.post(f"{own}/met", json={"on": today})).json()["state"] == "held"
        kept = (await desk.get(f"/relationships/{pair.id}/meetings")).json()
        assert (kept["held"], kept["cancelled"], kept["moved"], kept["rate"]) == (1, 1, 1, 0.5)
        [asked, _] = (await desk.post(f"/relationships/{pair.id}/not-heard")).json()
        again = await desk.post(f"/relationships/{pair.id}/not-heard")
        assert (again.status_code, again.json()["code"]) == (409, "asked_lately")
        [wanted] = (await mine.get(f"{own}/not-heard")).json()
        path = f"/me/not-heard/{wanted['id']}/answer"
        assert (await hers.put(path, json={"goes_on": "yes"})).status_code == 404
        assert (await mine.put(path, json={})).status_code == 422
        assert (await mine.put(path, json={"goes_on": "yes"})).json()["goes_on"] == "yes"
        assert asked["answered_at"] is None
        rows = (await desk.get(f"/relationships/{pair.id}/not-heard")).json()
        assert sorted(one["goes_on"] or "" for one in rows) == ["", "yes"]
        settings = f"/programmes/{stage.launched.programme.id}/meetings"
        assert (await desk.get(settings)).json()["quiet_days"] == 35
        watch = {"is_watched": True, "quiet_days": 60, "task_days": 7, "not_heard_days": 28}
        assert (await desk.put(settings, json=watch)).json() == watch
        assert (await desk.put(settings, json=watch | {"quiet_days": 6})).status_code in (400, 422)


async def test_lists_come_in_pages(stage, case):
    desk, _mentor, _, _ = case
    await stage.sent((await stage.joins("mentor", name="M2"), await stage.joins(name="E2")))
    first = await desk.get("/proposals?limit=1")
    rest = await desk.get("/proposals" + first.links["next"]["url"])
    assert {first.json()[0]["id"], rest.json()[0]["id"]} == {
        row["id"] for row in (await desk.get("/proposals")).json()
    }


async def test_anothers_answer_like_unknown_ones(app, stage, case, database, ground):  # isolation
    _, mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    await stage.both_go_on(proposal, mentor, mentee)
    pair = (await stage.relationship(proposal)).id
    day = pairing.soon(days=5).date().isoformat()
    offer = {"times": [f"{day}T14:00"], "time_zone": "UTC"}
    async with stage.session(mentor.actor) as session:
        from tenants.relationships import meeting

        [made] = await meeting.propose(session, mentor.actor, pair, wall_times=offer["times"], zone="UTC")
    far = await pairing.stage(database, ground)
    other = await making.somebody(database, far.made.id, Role.OWNER, Role.COORDINATOR)
    async with await client(app, far, *CASES, "own.case", actor=other) as outsider:
        for method, path, body in (
            ("GET", "/proposals/{proposal}", None),
            ("POST", "/proposals/{proposal}/withdraw", None),
            ("POST", "/proposals/{proposal}/first-meeting", {"on": day}),
            (
                "POST",
                "/proposals/{proposal}/answers",
                {"participation_id": str(mentee.id), "asked_for": "go_on", "is_yes": False},
            ),
            ("GET", "/me/proposals/{proposal}", None),
            ("POST", "/me/proposals/{proposal}/answers", {"asked_for": "go_on", "is_yes": False}),
            ("GET", "/relationships/{pair}", None),
            ("PUT", "/relationships/{pair}/check-up", {"on": day}),
            ("POST", "/relationships/{pair}/check-up/done", None),
            ("POST", "/relationships/{pair}/end", {"reason": "other"}),
            ("GET", "/me/pairs/{pair}/meetings", None),
            ("POST", "/me/pairs/{pair}/meetings", offer),
            ("POST", "/me/meetings/{meeting}/agree", None),
            ("POST", "/me/meetings/{meeting}/cancel", None),
            ("POST", "/me/meetings/{meeting}/held", None),
            ("POST", "/me/meetings/{meeting}/answer", {"answer": "met"}),
            ("POST", "/me/pairs/{pair}/met", {"on": pairing.clock.today("UTC").isoformat()}),
            ("GET", "/relationships/{pair}/meetings", None),
            ("POST", "/relationships/{pair}/not-heard", None),
            ("GET", "/relationships/{pair}/not-heard", None),
            ("GET", "/me/pairs/{pair}/not-heard", None),
            ("PUT", "/me/not-heard/{pair}/answer", {"goes_on": "no"}),
        ):
            theirs = await outsider.request(
                method, path.format(proposal=proposal, pair=pair, meeting=made.id), json=body
            )
            random = ids.random()
            nobodys = await outsider.request(
                method, path.format(proposal=random, pair=random, meeting=random), json=body
            )
            assert theirs.status_code == nobodys.status_code == 404, (method, path, theirs.text)
            assert {**theirs.json(), "instance": ""} == {**nobodys.json(), "instance": ""}
        assert (await outsider.get("/proposals")).json() == []
        assert (await outsider.get("/relationships")).json() == []
        # A cycle or a run of the others narrows her lists like an unknown one.
        assert (await outsider.get(f"/proposals?cycle_id={stage.launched.cycle.id}")).json() == []
    async with stage.session() as session:
        from tenants.relationships.models import Meeting, Relationship

        assert (await session.execute(select(Relationship.state))).scalars().all() == ["running"]
        assert (await session.execute(select(Meeting.state))).scalars().all() == ["proposed"]


async def test_who_has_left_a_circle_that_is_asked_is_told_so(app, database, ground):  # K33
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    people = [await stage.joins("peer") for _ in range(4)]
    [party] = await sent(stage, people)
    async with await herself(app, stage, people[0]) as her:
        assert (await her.get(f"/me/groups/{party}")).json()["may_answer"] is True
        async with stage.session(people[0].actor) as session:
            await leaving.leave(session, people[0].actor, people[0].id)
        refused = await her.post(f"/me/groups/{party}/answers", json={"is_yes": True})
        assert (refused.status_code, refused.json()["code"]) == (409, "party_seat_given_up")
        assert "no answer counts for it" in refused.json()["detail"]
        seen = (await her.get(f"/me/groups/{party}")).json()
        assert (seen["state"], seen["my_answer"], seen["may_answer"]) == ("open", None, False)
