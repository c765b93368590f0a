"""Groups and circles on pages: one's own question and page, and what coordinators see and do."""

import pytest
from sqlalchemy import select

from tenants.actor import person
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.proposals.answering import PURPOSE as PROPOSED
from tenants.proposals.parties import answering, queries
from tenants.registration import leaving
from tenants.relationships.afterwards.models import Afterwards
from tenants.relationships.afterwards.rules import PURPOSE
from tests import making, pairing
from tests.parties import begun, says, sent


@pytest.fixture
async def circle(database, ground):
    stage = await pairing.stage(database, ground, structure=Structure.CIRCLE)
    names = ("Amina Diallo", "Ana Ilić", "Njeri Mwangi", "Sokha Chan")
    people = [await stage.joins("peer", name=name) for name in names]
    [party] = await sent(stage, people)
    return stage, people, party


async def test_a_peer_is_asked_and_then_sees_her_circle(circle, database, browse):  # K33
    stage, people, party = circle
    page = await making.signed_in(database, browse, stage.made, people[0].actor)
    asked = await page.get("/me")
    assert "say whether you take part in a circle" in asked.text
    asked = await page.get(f"/me/group/{party}")
    assert "A circle for you and 3 more peers" in asked.text
    assert "Ana Ilić" not in asked.text
    for one in people[1:3]:
        await says(stage, party, one, yes=True)
    await says(stage, party, people[3], yes=False)
    done = await asked.submit(f"/me/group/{party}", answer="yes")
    found, _ = await begun(stage, party)
    shown = await page.get(f"/me/pair/{found.id}")
    assert "Who is in your circle" in shown.text
    assert "Ana Ilić" in shown.text
    assert "Sokha Chan" not in shown.text
    assert "Enough of you said yes" in done.text
    home = (await page.get("/me")).text
    assert "Open your circle’s page" in home
    assert (
        "To remember: ten points" not in home and "Handbook" not in home
    )  # which speak to mentors and mentees
    leaving = await page.get(f"/me/pair/{found.id}/notice")
    assert "Leave your circle earlier?" in leaving.text and "They go on without you" in leaving.text
    assert "With one month’s notice" in leaving.text and "we ask each of you to look back" not in leaving.text
    assert "who may go on without you" in (await page.get(f"/me/leave/{people[0].id}")).text
    deleting = (await page.get("/me/privacy/delete")).text
    assert "You leave your circle. The others go on without you" in deleting and "None" not in deleting
    empty = await page.get(f"/me/pair/{found.id}/meetings")
    assert "Propose a meeting" in empty.text and "Open one to ask" not in empty.text


async def test_notice_of_one_ends_the_circle_for_nobody_else(circle, database, browse):  # K53
    stage, people, party = circle
    for one in people:
        await says(stage, party, one, yes=True)
    found, _ = await begun(stage, party)
    agreement = f"/me/pair/{found.id}/agreement"
    going, staying = [
        await making.signed_in(database, browse, stage.made, one.actor) for one in (people[0], people[1])
    ]
    shown = (await going.get(agreement)).text
    assert "Our nine aims" in shown and "mentee" not in shown  # C10: no side leads
    assert "together with your circle" in shown  # and no list of names as a headline
    given = await (await going.get(f"/me/pair/{found.id}/notice")).submit(ground="month")
    assert "You leave your circle on" in given.text
    assert "You leave your circle on" in (await going.get(f"/me/pair/{found.id}")).text
    others = (await staying.get(f"/me/pair/{found.id}")).text
    assert "Somebody ends her part in your group or circle" in others and "mentoring ends" not in others
    desk = await making.signed_in(database, browse, stage.made, stage.by)
    assert "It ends by notice" not in (await desk.get(f"/c/pairs/{found.id}")).text


async def test_a_coordinator_sees_answers_and_the_case(circle, database, browse):
    stage, people, party = circle
    desk = await making.signed_in(database, browse, stage.made, stage.by)
    assert "Circle 1" in (await desk.get("/c/groups")).text
    page = await desk.get(f"/c/groups/{party}")
    assert "0 of 4 people have said yes" in page.text
    for one in people[:3]:
        await says(stage, party, one, yes=True)
    page = await desk.get(f"/c/groups/{party}")
    assert "3 of 4 people have said yes" in page.text
    one_of_them = person(stage.made.id, people[0].person_id, frozenset({Role.COORDINATOR, Role.PARTICIPANT}))
    async with stage.session(one_of_them) as session:
        seats = (await queries.shown(session, one_of_them, party)).seats
    assert [one.is_yes for one in seats if one.person_id != people[0].person_id] == [None] * 3  # K33
    await page.submit(f"/c/groups/{party}/begin")
    found, members = await begun(stage, party)
    assert len(members) == 3
    assert "A circle of 3 people" in (await desk.get("/c/pairs")).text
    case = await desk.get(f"/c/pairs/{found.id}")
    assert "&lt;" not in case.text  # a mark of names that was escaped
    assert "A circle of 3 people" in case.text
    assert (await case.submit(f"/c/pairs/{found.id}/remove")).status == 422  # nobody is meant by chance
    await case.submit(f"/c/pairs/{found.id}/remove", who=str(people[0].id))
    assert "A circle of 2 people" in (await desk.get(f"/c/pairs/{found.id}")).text


async def test_who_is_let_go_learns_it_wherever_she_acts(circle, database, browse):  # K13
    stage, people, party = circle
    for one in people:
        await says(stage, party, one, yes=True)
    found, _ = await begun(stage, party)
    path = f"/me/pair/{found.id}"
    hers = await making.signed_in(database, browse, stage.made, people[0].actor)
    opened = await hers.get(f"{path}/notice")
    desk = await making.signed_in(database, browse, stage.made, stage.by)
    case = await desk.get(f"/c/pairs/{found.id}")
    for _click in range(2):  # or a colleague
        noted = await case.submit(f"/c/pairs/{found.id}/remove", who=str(people[0].id))
        assert noted.status == 200 and "she has left, and can be matched again" in noted.text

    for late in (await opened.submit(ground="month"), await hers.get(path)):
        assert late.status == 404 and "You are no longer part of this group or circle" in late.text
    assert "Your part in your circle is over" in (await hers.get(f"/me/group/{party}")).text
    stranger = await making.signed_in(database, browse, stage.made, (await stage.joins("peer")).actor)
    assert "no longer part" not in (await stranger.get(path)).text

    async with stage.session() as session:
        asked = await session.scalar(select(Afterwards.id))
    token = stage.ground.links.token(PURPOSE, stage.made.id, asked)
    choosing = (await browse(stage.made.host).get(f"/next/{token}")).text
    assert "You are no longer part of your circle" in choosing
    assert not [name for name in ("Ilić", "Mwangi", "Chan") if name in choosing]  # whoever has the letter


async def test_who_has_left_while_all_are_asked_learns_it_wherever_she_answers(
    circle, database, browse
):  # K13 K33
    stage, people, party = circle
    hers = await making.signed_in(database, browse, stage.made, people[0].actor)
    async with stage.session() as session:
        hold = await answering.hold_of(session, party, people[0].id)
    letter = browse(stage.made.host)
    path = f"/answer/{stage.ground.links.token(PROPOSED, stage.made.id, hold)}"
    opened, by_letter = await hers.get(f"/me/group/{party}"), await letter.get(path)
    async with stage.session(people[0].actor) as session:
        await leaving.leave(session, people[0].actor, people[0].id)
    for job_is_done in (False, True):
        if job_is_done:
            await stage.drain()
        late = await opened.submit(f"/me/group/{party}", answer="yes")
        for page in (late, await hers.get(f"/me/group/{party}")):
            assert page.status == 200 and "You are no longer asked about this circle" in page.text
            assert "write to" in page.text and "Yes, I take part" not in page.text
        for page in (await by_letter.submit(path, answer="yes"), await letter.get(path)):
            assert page.status == 410 and "or you have left" in page.text
        assert "say whether you take part" not in (await hers.get("/me")).text
    async with stage.session(stage.by) as session:
        seats = (await queries.shown(session, stage.by, party)).seats
    assert {one.full_name: one.is_yes for one in seats} == {
        one.full_name: False if one.person_id == people[0].person_id else None for one in seats
    }
