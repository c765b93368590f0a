"""She who coordinates here and is one of a pair: what the other tells coordinators in private is not for her."""

from dataclasses import replace

import time_machine
from sqlalchemy import update

from infra import clock
from infra.db.batches import within
from tenants.evaluations import actions as evaluations
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tenants.proposals.models import AskedFor
from tenants.relationships import actions as relationships
from tenants.relationships import following
from tenants.relationships.keeping import not_heard
from tenants.relationships.keeping.not_heard import Said
from tenants.relationships.models import EndReason, Relationship
from tests import making
from tests.pairing import MONDAY
from tests.tenants.evaluations.test_evaluations import FULL, every
from tests.web.pages.test_opportunities_api import keyed

WHY, NEWS, DOUBT = "She talks too fast for me.", "We seldom meet, I am sad.", "I would rather stop."


async def test_what_the_other_says_in_private_is_read_by_colleagues_alone(stage, browse, app):
    # K33 K41 K38 K59
    with time_machine.travel(MONDAY, tick=True) as hand:
        mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
        async with stage.session() as session:
            session.add(
                RoleGrant(organisation_id=stage.made.id, person_id=mentor.person_id, role=Role.COORDINATOR)
            )
        both = frozenset({Role.COORDINATOR, Role.PARTICIPANT})
        njeri = replace(mentor.actor, roles=both)
        [proposal] = await stage.sent((mentor, mentee))
        await stage.become_known(proposal)
        await stage.answer(mentee, proposal, AskedFor.MEET, reason=WHY)
        hers = await making.signed_in(stage.database, browse, stage.made, njeri)
        desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        for address in (f"/c/proposals/{proposal}", "/c/proposals"):
            assert WHY not in (await hers.get(address)).text
        assert WHY in (await desk.get(f"/c/proposals/{proposal}")).text
        await stage.answer(mentor, proposal, AskedFor.MEET)
        await stage.both_go_on(proposal, mentor, mentee)
        case = (await stage.relationship(proposal)).id
        hand.move_to(
            clock.instant(clock.today("UTC").replace(year=2027, month=2, day=22), clock.now().time(), "UTC")
        )
        async with stage.session() as session:
            await following.follow_up(within(session), stage.made.house)
        async with stage.session(mentee.actor) as session:
            [asked] = await following.own_of(session, mentee.actor, case)
            await following.reply(session, mentee.actor, asked.id, goals=NEWS, news="")
        async with stage.session(stage.by) as session:
            await not_heard.ask(session, stage.by, case)
        async with stage.session(mentee.actor) as session:
            [question] = await not_heard.own_of(session, mentee.actor, case)
            await not_heard.answer(session, mentee.actor, question.id, Said(words=DOUBT))
        hers = await making.signed_in(stage.database, browse, stage.made, njeri)
        desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
        for address, words in ((f"/c/pairs/{case}", (NEWS, DOUBT)), (f"/c/pairs/{case}/log", (NEWS,))):
            read, kept = (await desk.get(address)).text, (await hers.get(address)).text
            assert [one in read for one in words] == [True] * len(words), address
            assert [one in kept for one in words] == [False] * len(words), address

        async with stage.session(stage.by) as session:
            await relationships.end(session, stage.by, case, reason=EndReason.GOALS_REACHED)
        async with stage.session() as session:
            await evaluations.follow_up(within(session), stage.made.house)
            await session.execute(update(Relationship).values(coordinator_id=stage.by.person_id))
        told = (await every(stage))["mentee"].id
        async with stage.session(mentee.actor) as session:
            await evaluations.answer(session, mentee.actor, told, FULL)
        assert "She moved to Aarhus" in (await desk.get(f"/c/evaluations/{told}")).text
        assert (await hers.get(f"/c/evaluations/{told}")).status == 404
        assert f"/c/evaluations/{told}" not in (await hers.get(f"/c/pairs/{case}")).html
        assert "No evaluation has been asked for yet" in (await hers.get("/c/evaluations")).text
        async with await keyed(stage, app, njeri, "evaluation.read", "proposal.read") as api:
            assert WHY not in str((await api.get(f"/proposals/{proposal}")).json())
            assert (await api.get("/evaluations")).json() == []
            assert (await api.get(f"/evaluations/{told}")).status_code == 404
