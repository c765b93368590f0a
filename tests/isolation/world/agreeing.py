"""What a pair agrees on: signed by one of the two, with a plan, a memo that was read, and a notice that stands."""

from infra.ground import Ground
from tenants.relationships import notices
from tenants.relationships import queries as relationships
from tenants.relationships.agreements import actions, memos, plans, queries, templates
from tenants.relationships.agreements.notice_models import Ground as NoticeGround
from tenants.relationships.agreements.plan_rules import Change, Deed
from tenants.relationships.agreements.rules import Content
from tenants.relationships.agreements.templates import Setting
from tests.isolation.world.shape import World


async def agree(ground: Ground, world: World) -> None:
    mentor, mentee = world.people["confirmed_mentor"], world.people["confirmed_mentee"]
    manager = world.people["manager"]
    async with ground.database.tenant_session(manager.context()) as session:
        programme_id = world.launched.programme.id
        await templates.choose(session, manager, programme_id, Setting(copy_days=20))
        text = await templates.current(session, programme_id, "annex", "en")
        own = {one["code"]: "We drink coffee together." for one in text.body["sections"]}
        await templates.write(
            session, manager, programme_id, "annex", "en", {**own, "title": "Our promise"}, seen=text.digest
        )
    async with ground.database.tenant_session(mentor.context()) as session:
        relationship = await relationships.of_proposal(session, world.confirmed)
        assert relationship is not None
        pair = relationship.id
        assert relationship.mentor_id and relationship.mentee_id
        content = Content(
            ("email",), "Once a week", "She leads a team.", ("job",), "A garden of her own",
            {relationship.mentor_id: "That she is on time", relationship.mentee_id: "Patience"},
        )  # fmt: skip
        await actions.fill(session, mentor, pair, content, seen=0)
        shown = await queries.own(session, mentor, pair, "en")
        await actions.sign(session, mentor, pair, language="en", digest=shown.digest)
        made = await plans.change(session, mentor, pair, Change(Deed.ADD, text="Postati kriminalistica"))
        goal = made.content["goals"][0]["id"]
        world.queries["/me/pair/{relationship_id}/plan/item"] = f"?item={goal}"
        await plans.change(session, mentor, pair, Change(Deed.ADD, goal, "Prvi ispit"))
        await plans.change(session, mentor, pair, Change(Deed.DONE, goal))
    async with ground.database.tenant_session(mentee.context()) as session:
        [memo] = await memos.own(session, mentee, "en")
        await memos.acknowledge(
            session, mentee, memo.participation.id, language="en", digest=memo.text.digest
        )
        await notices.give(session, mentee, pair, NoticeGround.MONTH, reason="I move to Mostar.")
