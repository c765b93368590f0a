"""Sub-networks: begun by coordinators, joined and left by their people."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from infra import clock
from infra.errors import NotFound
from tenants.gatherings import actions as workshops
from tenants.gatherings.models import WorkshopState
from tenants.networks import actions, queries
from tenants.opportunities import actions as opportunities
from tenants.opportunities.rules import Content
from tenants.organisations.models import Office
from tenants.registration import leaving
from tenants.registration.models import Participation
from tests import making
from tests.gathering import asked
from tests.web.pages.test_opportunities_api import keyed


async def test_a_sub_network_is_begun_joined_and_left(stage, browse):  # K72
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    hers = await making.signed_in(stage.database, browse, stage.made, mentee.actor)
    form = await desk.get("/c/networks/new")
    assert (await form.submit("/c/networks", name_en=" ")).status == 422
    told = {"name_en": "Women in law", "name_fr": "Femmes et droit", "words_en": "Lawyers and judges."}
    page = await form.submit("/c/networks", **told, lead_id=str(stage.by.person_id))
    twice = await form.submit("/c/networks", **told)
    address = page.path
    assert twice.path == address and "Women in law" in page.text
    assert "One sub-network is open" in (await desk.get("/c/networks")).text
    page = await (await hers.get("/me/networks?lang=fr")).submit("/me/networks", lang="fr")
    assert "Femmes et droit" in page.text and len(page.html.encode()) < 60_000
    page = await hers.get("/me/networks?lang=en")
    assert "You are in one sub-network" in page.text
    page = await desk.get(address)
    assert "Wanjiru Kamau" in page.text
    page = await desk.get(f"{address}?q=Njeri")
    page = await page.submit(f"{address}/people/{mentor.id}")
    assert "People 2" in page.text
    page = await page.submit(f"{address}/people/{mentor.id}/out")
    assert "Njeri Mwangi" not in page.text
    edit = await desk.get(f"{address}/edit")
    page = await edit.submit(address, is_open=None)
    assert "closed" in page.text
    stale = await edit.submit(address, name_en="Another name")
    assert stale.status == 409 and "Another name" in stale.html
    page = await hers.get("/me/networks")
    assert "Women in law" in page.text  # who is in it stays
    page = await page.submit("/me/networks")
    assert "There is no sub-network yet" in page.text


async def test_through_the_api_and_within_reach(stage, app):  # K72
    mentor, mentee = await stage.joins("mentor", name="Njeri Mwangi"), await stage.joins()
    other = await making.programme(stage.database, stage.made, slug="another")
    async with stage.session() as session:
        office = Office(organisation_id=stage.made.id, name="Mostar", time_zone="UTC")
        session.add(office)
        await session.flush()
        query = update(Participation).where(Participation.id == mentor.id).values(office_id=office.id)
        await session.execute(query)
    desk = await keyed(stage, app, stage.by, "networks.keep", "people.read", "programme.read")
    hers = await keyed(stage, app, mentee.actor, "own.case")
    async with desk, hers:
        everybody = (await desk.post("/networks", json={"name": {"en": "Women in law"}})).json()
        body = {"name": {"en": "Elsewhere"}, "programme_id": str(other.programme.id)}
        elsewhere = (await desk.post("/networks", json=body)).json()
        assert (await desk.post("/networks", json={"name": {"xx": "Moon"}})).status_code == 422
        assert [one["network"]["id"] for one in (await hers.get("/me/networks")).json()] == [everybody["id"]]
        for _ in range(2):
            assert (await hers.put(f"/me/networks/{everybody['id']}")).status_code == 200
        assert (await hers.put(f"/me/networks/{elsewhere['id']}")).status_code == 404
        into = await desk.put(f"/networks/{elsewhere['id']}/people/{mentee.id}")
        assert (into.status_code, into.json()["errors"][0]["code"]) == (422, "not_in_programme")
        assert (await desk.put(f"/networks/{everybody['id']}/people/{mentor.id}")).status_code == 200
        people = (await desk.get(f"/networks/{everybody['id']}/people")).json()
        assert [one["full_name"] for one in people] == ["Njeri Mwangi", "Wanjiru Kamau"]
        change = {"name": {"en": "Law"}, "words": {}, "lead_id": None, "is_open": False, "version": 1}
        assert (await desk.put(f"/networks/{everybody['id']}", json=change)).json()["is_open"] is False
        late = await desk.put(f"/networks/{everybody['id']}", json=change)
        assert (late.status_code, late.json()["code"]) == (409, "network_changed")
        assert (await hers.delete(f"/me/networks/{everybody['id']}")).status_code == 204
        closed = await hers.put(f"/me/networks/{everybody['id']}")
        assert (closed.status_code, closed.json()["code"]) == (409, "network_closed")
        assert (await hers.get("/networks")).status_code == 403
    near = replace(stage.by, offices=frozenset({office.id}))
    async with stage.session(near) as session:
        assert [one.people for one in await queries.listed(session, near)] == [0, 1]
        with pytest.raises(NotFound):
            await actions.add(session, near, elsewhere["id"], mentee.id)
    async with stage.session(mentor.actor) as session:  # who leaves is counted no more
        await leaving.leave(session, mentor.actor, mentor.id)
    async with stage.session(near) as session:
        assert sorted(one.people for one in await queries.listed(session, near)) == [0, 0]


async def test_the_network_in_figures_each_with_its_list(stage, browse, app):  # K72
    await stage.joins("mentor", name="Njeri Mwangi")
    await stage.joins()
    async with stage.session(stage.by) as session:
        await actions.make(session, stage.by, name={"en": "Women in law"}, words={})
        day = clock.today("UTC") + timedelta(days=3)
        one = Content("job", "A post in Mostar", "Apply soon.", "en", day, place="Mostar")
        await opportunities.post(session, stage.by, one, programme_ids=[stage.launched.programme.id])
        # One that took place yesterday, and one two years ago.
        for title, days in (("Getting started", 1), ("Long ago", 730)):
            one = await workshops.plan(
                session, stage.by, stage.launched.cycle.id, asked(title={"en": title}, kind="theme")
            )
            one.state, one.starts_at = WorkshopState.HELD, clock.now() - timedelta(days=days)
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    page = await desk.get("/c/figures")
    assert "Types of networking 3" in page.text and "Sub-networks 1" in page.text
    assert "Opportunities on the board 1" in page.text
    assert "Workshops and seminars 1" in page.text
    [held] = {
        one
        for one in re.findall(r'href="(/c/workshops[^"]*)"', page.html)
        if "since" in one and "kind" not in one
    }
    of_kind = f"{held}&amp;kind=theme"
    listed = (await desk.get(held.replace("&amp;", "&"))).text
    assert "held from" in listed and "Long ago" not in listed
    assert "Long ago" in (await desk.get("/c/workshops?show=over")).text
    assert "Getting started" not in (await desk.get(f"{held}&kind=trip".replace("&amp;", "&"))).text
    for href, shown in (
        ("/c/people?role=mentor&amp;status=now", "Njeri Mwangi"),
        ("/c/networks", "Women in law"),
        ("/c/opportunities", "A post in Mostar"),
        (held, "Getting started"),
        (of_kind, "Getting started"),
    ):
        assert f'href="{href}"' in page.html
        assert shown in (await desk.get(href.replace("&amp;", "&"))).text
    async with await keyed(stage, app, stage.by, "relationship.read") as api:
        told = (await api.get("/figures")).json()
    assert (told["sub_networks"], told["activities"]) == (1, {"networks": 1, "opportunities": 1, "theme": 1})
