"""Opportunities through the API, and what the house does by itself: closing them, and the letter of the week."""

from datetime import timedelta

from httpx import URL

from infra import clock
from infra.db.batches import within
from tenants.actor import person
from tenants.opportunities import actions, closing, queries, weekly
from tenants.people.models import RoleGrant
from tenants.permissions import Role
from tests import making
from tests.api.test_me_api import client
from tests.web.pages.test_opportunities import COURSE, content, monday, two

__all__ = ["monday", "two"]  # fixtures that both files use


async def keyed(stage, app, actor, *permissions):
    """Her client of the API: a token is given to whoever may make some."""
    async with stage.session() as session:
        session.add(RoleGrant(organisation_id=stage.made.id, person_id=actor.person_id, role=Role.IT_CONTACT))
    roles = actor.roles | {Role.IT_CONTACT}
    return await client(stage.database, app, person(stage.made.id, actor.person_id, roles), *permissions)


async def test_through_the_api(stage, app, two):  # K84
    mentor, mentee = two
    programme = str(stage.launched.programme.id)
    desk = await keyed(stage, app, stage.by, "opportunities.keep", "programme.read", "own.case")
    hers = await keyed(stage, app, mentee.actor, "own.case")
    his = await keyed(stage, app, mentor.actor, "own.case")
    async with desk, hers, his:
        body = {**COURSE, "programme_ids": [programme]}
        made = (await desk.post("/opportunities", json=body)).json()["opportunity"]
        assert (made["state"], made["url"]) == ("open", "https://www.courses.example.org/books?seat=2")
        second = (
            await desk.post("/opportunities", json={**body, "last_on": "2026-12-01", "kind": "job"})
        ).json()
        board = await hers.get("/me/opportunities", params={"limit": 1})
        assert [one["id"] for one in board.json()] == [second["opportunity"]["id"]] and "next" in board.links
        rest = await hers.get("/me/opportunities", params=URL(board.links["next"]["url"]).params)
        assert [one["id"] for one in rest.json()] == [made["id"]]
        path = f"/me/opportunities/{made['id']}"
        assert (await hers.put(f"{path}/interest")).json()["is_interested"]
        [who] = (await desk.get(f"/opportunities/{made['id']}")).json()["interested"]
        assert who["full_name"] == "Wanjiru Kamau"
        assert (await hers.delete(f"{path}/interest")).status_code == 204
        body = {"person_id": str(mentor.person_id)}
        assert (await hers.post(f"{path}/pass-on", json=body)).json()["partners"] == {body["person_id"]: True}
        again = await hers.post(f"{path}/pass-on", json=body)
        assert (again.status_code, again.json()["code"]) == (409, "passed_on_before")
        stranger = await stage.joins(name="Stranger")
        unknown = await hers.post(f"{path}/pass-on", json={"person_id": str(stranger.person_id)})
        assert unknown.status_code == 404
        mine = (await hers.post("/me/opportunities", json=COURSE)).json()["opportunity"]
        assert (mine["state"], mine["programme_ids"]) == ("proposed", [programme])
        assert (await his.get(f"/me/opportunities/{mine['id']}")).status_code == 404
        assert (await his.get(f"/me/opportunities/{mine['id']}/interested")).status_code == 404
        assert (await desk.post(f"/opportunities/{mine['id']}/publish")).status_code == 200
        assert (await his.put(f"/me/opportunities/{mine['id']}/interest")).status_code == 200
        assert (await hers.get(f"/me/opportunities/{mine['id']}/interested")).json() == ["Njeri Mwangi"]
        changed = await desk.put(
            f"/opportunities/{mine['id']}", json={**COURSE, "programme_ids": [programme], "version": 7}
        )
        assert (changed.status_code, changed.json()["code"]) == (409, "opportunity_changed")
        listed = (await desk.get("/opportunities", params={"state": "open"})).json()
        assert sorted(one["interested"] for one in listed) == [0, 0, 1]
        assert (await hers.post("/opportunities", json=COURSE)).status_code == 403
        assert (await hers.post(f"/me/opportunities/{mine['id']}/withdraw")).json()["opportunity"][
            "state"
        ] == "withdrawn"


async def test_the_sweep_closes_and_the_weekly_letter_comes_to_who_asked(
    stage, browse, inbox, two, monday
):  # K84
    _mentor, mentee = two
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    page = await hers.get("/me/settings")
    page = await page.submit("/me/settings/letters", letter=["proposal.remind", weekly.KIND])
    async with stage.session(stage.by) as session:
        ids = [
            (await actions.post(session, stage.by, content(title=title, last_on=day), programme_ids=[stage.launched.programme.id])).id
            for title, day in (("Until Tuesday", "2026-11-24"), ("A course in law", "2026-12-18"))
        ]  # fmt: skip
    await stage.drain()
    inbox.mails.clear()
    house = stage.made.house

    async def sweep():
        async with stage.session() as session:
            await closing.close_over(session, house)
            await weekly.promise(within(session), house)
        await stage.drain()

    await sweep()
    assert inbox.mails == []  # of this week: told next Monday
    monday.move_to(clock.now() + timedelta(days=7))
    for _ in range(2):
        await sweep()
    [mail] = inbox.mails
    assert (
        mail["Subject"] == "One new opportunity"
        and mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    )
    told = mail.get_body(("plain",)).get_content()
    assert "A course in law" in told and "Until Tuesday" not in told
    async with stage.session(stage.by) as session:
        assert (await queries.access(session, stage.by, ids[0])).state == "closed"

    link = mail["List-Unsubscribe"].strip("<>").partition(stage.made.host)[2]
    visitor = browse(stage.made.host)
    for _ in range(2):
        page = await visitor.get(link)  # a program that checks letters
    assert "New opportunities, at most once a week" in page.text
    clicked = await visitor.client.post(
        link, data={"List-Unsubscribe": "One-Click"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert clicked.status_code == 200 and "You get no more of these letters" in clicked.text
    assert (await visitor.get(link[:-3] + "AAA")).status == 410
    async with stage.session(stage.by) as session:
        await actions.post(
            session, stage.by, content(title="New"), programme_ids=[stage.launched.programme.id]
        )
    monday.move_to(clock.now() + timedelta(days=7))
    await sweep()
    assert len(inbox.mails) == 1
