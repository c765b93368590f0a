"""Quotas on the form of a run, and two people kept together or apart by their names: without JavaScript."""

import re
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from tenants.identity import tokens
from tenants.organisations import actions as organisations
from tenants.permissions import Role
from tenants.programmes.models import Structure
from tenants.proposals.models import MatchingRun
from tests import crowd, making, pairing
from tests.working import drain


@pytest.fixture
async def desk(database, browse, made):
    return await making.signed_in(database, browse, made, made.coordinator)


@pytest.fixture
async def pool(database, made, launched):
    return (
        await crowd.people(database, made, launched, "mentee", 8),
        await crowd.people(database, made, launched, "mentor", 6),
    )


async def test_quotas_come_from_the_pool_and_come_back(ground, database, made, launched, desk):
    await crowd.people(database, made, launched, "mentee", 4, seed=1, entity="UNDP")
    await crowd.people(database, made, launched, "mentee", 3, seed=2, entity="World Health Organization")
    await crowd.people(database, made, launched, "mentor", 6, seed=3)
    page = await desk.get("/c/matching/new")
    assert "Quotas for organisations" in page.text
    assert "Quotas for offices" not in page.text
    undp = re.search(r'name="(q_organisation_mentee_\w+)"[^>]*aria-label="[^"]*UNDP', page.html)[1]

    page = await page.submit("/c/matching/new", do="count", **{undp: "2"})
    assert f"{undp}=2" in page.path
    assert re.search(rf'name="{undp}"[^>]* value="2"', page.html)

    refused = await page.submit("/c/matching/new", do="start", **{undp: "some"})
    assert refused.status == 422
    assert "We cannot use this value." in refused.text
    assert 'value="some"' in refused.html

    run = await page.submit("/c/matching/new", do="start")
    await drain(ground, made.id)
    async with database.tenant_session(made.house.context()) as session:
        done = await session.scalar(select(MatchingRun))
    assert [(one["of"], one["used"]) for one in done.result["quotas"]] == [("UNDP", 2)]
    shown = (await desk.get(run.path)).text
    assert "The quota that you set is used up." in shown
    assert "How the quotas were used" in shown and "UNDP mentees 2 2 used up" in shown


async def test_a_coordinator_of_an_office_reads_the_quotas_of_hers(database, made, launched, browse, app):
    async with database.tenant_session(made.owner.context()) as session:
        here, there = [
            str((await organisations.open_office(session, made.owner, name=name, time_zone="UTC")).id)
            for name in ("Mostar", "Tuzla")
        ]
    stage = pairing.Stage(database, None, made, launched)
    run_id, _ = await stage.drafts()
    used = {"side": "mentee", "most": 4, "used": 3}
    counts = dict.fromkeys(("mentees", "mentors", "matched", "total", "bound", "most", "places"), 0)
    async with stage.session() as session:
        run = await session.get(MatchingRun, (made.id, run_id))
        run.ended_at = run.created_at
        run.result = counts | {"lowest": 0, "highest": 0, "pairs_possible": 0, "regions": []} | {
            "quotas": [used | {"by": "office", "of": one} for one in (here, there)]
        }  # fmt: skip
    local = await making.somebody(database, made.id, Role.COORDINATOR, Role.IT_CONTACT, office_id=UUID(here))
    async with database.tenant_session(local.context()) as session:
        secret = (await tokens.make(session, local, name="T", permissions=["run.read"])).secret
    page = await (await making.signed_in(database, browse, made, local)).get(f"/c/matching/{run_id}")
    assert "Mostar mentees 3 4 one left" in page.text and "Tuzla" not in page.text
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url=f"https://{made.host}/api/v1",
        headers={"authorization": f"Bearer {secret}"},
    ) as caller:
        told = (await caller.get(f"/runs/{run_id}")).json()["result"]["quotas"]
    assert told == [used | {"by": "office", "of": here}]


async def test_what_comes_first_is_chosen_and_told(ground, database, made, launched, pool, desk):
    page = await desk.get("/c/matching/new")
    assert re.search(r'name="aim" value="points"[^>]* checked', page.html)
    for meant in ("All pairs together fit as well as they can.", "As many mentees as possible get a mentor."):
        assert meant in page.text
    counted = await page.submit("/c/matching/new", do="count", aim="lowest")
    assert "aim=lowest" in counted.path
    assert re.search(r'name="aim" value="lowest"[^>]* checked', counted.html)
    run = await counted.submit("/c/matching/new", do="start")
    await drain(ground, made.id)
    page = await desk.get(run.path)
    assert "The weakest pair first, proved: No set has more pairs." in page.text
    assert re.search(r"It costs (nothing: no set|[0-9.]+ of the)", page.text)
    assert "pairs that would rather swap" in page.text
    assert "Proved: The weakest pair first" in (await desk.get("/c/matching")).text
    proof = await desk.get(f"{run.path}/certificate")
    assert (
        "A second program, which only counts and knows nothing of the first, has confirmed it." in proof.text
    )


async def test_groups_are_shown_with_topic_and_people(ground, database, made, desk):
    launched = await making.programme(database, made, structure=Structure.GROUP)
    await crowd.people(database, made, launched, "mentee", 9, mode="group")
    await crowd.people(database, made, launched, "mentor", 3, mode="group", capacity=5)
    page = await desk.get("/c/matching/new")
    assert "How large a group is" in page.text
    assert 'name="aim"' not in page.html
    run = await page.submit("/c/matching/new", do="start", least="2", most="5")
    await drain(ground, made.id)
    page = await desk.get(run.path)
    assert re.search(r"\d groups", page.text)
    assert re.search(r"[2-5] mentees · [A-Z]", page.text)
    assert re.search(r"(Proved: no groups of these people|No groups of these people can)", page.text)
    whom = re.search(r'href="(/c/matching/[0-9a-f-]{36}/move\?who=[0-9a-f-]{36})"', page.html)[1]
    assert "being worked out" in (await desk.get(whom)).text
    await drain(ground, made.id)
    assert "being worked out" not in (await desk.get(whom)).text
    # Somebody who came after the run is added to a draft by hand; those who sit there can be moved on as before.
    [late] = await crowd.people(database, made, launched, "mentee", 1, seed=2, mode="group")
    new = await (await desk.get(run.path)).browser.get(f"{run.path}/move")
    assert "Came after this run" in new.text and f"who={late}" in new.html
    address = f"{run.path}/move?who={late}"
    assert "being worked out" in (await desk.get(address)).text
    await drain(ground, made.id)
    added = await (await desk.get(address)).submit(f"{run.path}/move")
    assert "is moved. Nobody has been told anything." in added.text and "changed by hand" in added.text
    assert "Came after this run" not in (await desk.get(f"{run.path}/move")).text
    assert "being worked out" in (await desk.get(whom)).text
    await drain(ground, made.id)
    assert "There is no other draft" not in (await desk.get(whom)).text
    page = await desk.get(run.path)
    proof = await desk.get(f"{run.path}/certificate")
    assert "confirmed the points of every group, and a bound that no groups exceed" in proof.text
    assert (await desk.get("/c/matching")).text.count("Run 1") == 1
    approved = await page.submit(f"{run.path}/approve")  # the first group alone
    assert "One proposal was approved." in approved.text
    assert "Approve this group" in (await desk.get(run.path)).text


async def test_two_people_are_named_and_kept_together(database, made, launched, pool, desk):
    new = await desk.get("/c/matching/new")
    assert f'href="/c/matching/wishes?cycle={launched.cycle.id}"' in new.html
    page = await desk.get(f"/c/matching/wishes?cycle={launched.cycle.id}")
    assert "The runs decide about every pair" in page.text

    refused = await page.submit("/c/matching/wishes", mentor_text="Mentor", mentee_text="Nobody at all")
    assert refused.status == 422
    assert "This is needed." in refused.text  # neither together nor apart

    refused = await page.submit(
        "/c/matching/wishes", mentor_text="Mentor", mentee_text="Nobody at all", kind="lock"
    )
    assert "Several people have such a name." in refused.text
    assert "Nobody of this name is in the cycle." in refused.text
    chosen = re.search(r'name="mentor" value="([0-9a-f-]{36})"', refused.html)[1]

    page = await refused.submit("/c/matching/wishes", mentor=chosen, mentee_text="Mentee 1-003", kind="lock")
    assert page.status == 200
    assert "You decide about one pair yourself" in page.text
    again = await page.submit(
        "/c/matching/wishes", mentor_text="Mentor 1-002", mentee_text="Mentee 1-003", kind="lock"
    )
    assert "This mentee is kept together with somebody else already." in again.text
    apart = await page.submit(
        "/c/matching/wishes", mentor_text="Mentor 1-002", mentee_text="Mentee 1-004", kind="forbid"
    )
    assert "Kept apart from the next run on." in apart.text
    page = await apart.submit("/c/matching/wishes/")
    assert "Released: the next run decides about this pair." in page.text


async def test_names_are_suggested_while_typing(database, browse, made, launched, pool, desk):
    address = f"/c/matching/wishes/options?cycle={launched.cycle.id}&side=mentor&q=mentor+1-00"
    found = (await desk.client.get(address)).json()
    assert [one["text"] for one in found] == [f"Mentor 1-00{n}" for n in range(6)]
    other = await making.organisation(database)
    stranger = await making.signed_in(database, browse, other, other.coordinator)
    assert (await stranger.client.get(address)).status_code == 404
    assert (await stranger.get(f"/c/matching/wishes?cycle={launched.cycle.id}")).status == 404
