"""What all offices share is changed and ended by whoever made it, or works for the whole organisation; by page and by API."""

from datetime import timedelta

from infra import clock
from tenants.networks import actions as networks
from tenants.networks.models import SubNetwork
from tenants.newsletters import actions as newsletters
from tenants.newsletters.models import Issue
from tenants.newsletters.rules import Section, Words
from tenants.opportunities import actions as opportunities
from tenants.opportunities.models import Opportunity
from tenants.opportunities.rules import Content
from tenants.organisations import actions as organisations
from tests import making
from tests.web.pages.test_opportunities_api import keyed

WHY = "All offices share this. Whoever made it can change it"


async def shared(stage, by) -> tuple[Opportunity, SubNetwork, Issue]:
    """One of each on the board, among the sub-networks and the drafts."""
    programme = [stage.launched.programme.id]
    day = clock.today("UTC") + timedelta(days=3)
    async with stage.session(by) as session:
        return (
            await opportunities.post(
                session, by, Content("job", "A post in Mostar", "Apply soon.", "en", day, place="Mostar"),
                programme_ids=programme,
            ),
            await networks.make(session, by, name={"en": "Women in law"}, words={}),
            await newsletters.begin(
                session, by, texts={"en": Words("News", (Section("First", "What was."),))}, programme_ids=programme,
            ),
        )  # fmt: skip


def csrf(page) -> list[tuple[str, str]]:
    return [(one.name, one.value) for form in page.forms for one in form.fields if one.name == "csrf"][:1]


async def near(stage):
    """A coordinator of one office."""
    async with stage.session(stage.made.owner) as session:
        office = await organisations.open_office(session, stage.made.owner, name="Mostar", time_zone="UTC")
    return await making.somebody(
        stage.database, stage.made.id, *stage.by.roles, office_id=office.id, name="Hana"
    )


async def test_a_coordinator_of_an_office_ends_what_she_made_and_nothing_of_all(stage, browse):
    # K72, K74, K84, K81
    hana = await near(stage)
    desk = await making.signed_in(stage.database, browse, stage.made, hana)
    chief = await making.signed_in(stage.database, browse, stage.made, stage.by)
    job, network, issue = await shared(stage, stage.by)
    own_job, own_network, own_issue = await shared(stage, hana)
    assert own_network.lead_id == hana.person_id and network.lead_id is None  # else she could not change it
    ways = (
        (f"/c/opportunities/{job.id}", f"/c/opportunities/{own_job.id}", "close", "It is closed"),
        (f"/c/newsletters/{issue.id}", f"/c/newsletters/{own_issue.id}", "delete", "The draft is deleted"),
    )
    for others, hers, deed, said in ways:
        page = await desk.get(others)
        assert WHY in page.text and f"{others}/{deed}" not in page.html and f"{others}/edit" not in page.html
        own = await desk.get(hers)
        assert WHY not in own.text
        refused = await desk.post(f"{others}/{deed}", csrf(own))
        assert refused.status == 403 and WHY in refused.text
        assert (await desk.get(f"{others}/edit")).status == 403
        assert said in (await own.submit(f"{hers}/{deed}")).text
        assert said in (await (await chief.get(others)).submit(f"{others}/{deed}")).text

    page = await desk.get(f"/c/networks/{network.id}")
    assert WHY in page.text and "/edit" not in page.html and "Take somebody in" in page.text
    edit = await desk.get(f"/c/networks/{own_network.id}/edit")
    form = edit.form(f"/c/networks/{own_network.id}")
    fields = [(one.name, one.value) for one in form.fields if one.is_sent and one.name != "is_open"]
    refused = await desk.post(f"/c/networks/{network.id}", fields)
    assert refused.status == 403 and WHY in refused.text
    assert (await desk.get(f"/c/networks/{network.id}/edit")).status == 403
    assert "closed" in (await desk.post(f"/c/networks/{own_network.id}", fields)).text
    async with stage.session() as session:
        assert (await session.get(SubNetwork, (stage.made.id, network.id))).is_open


async def test_the_api_refuses_the_same_with_its_problem(stage, app):
    hana = await near(stage)
    job, network, issue = await shared(stage, stage.by)
    scopes = ("opportunities.keep", "networks.keep", "newsletters.send", "programme.read")
    text = {"en": {"subject": "Mine now", "sections": [{"heading": "H", "text": "T"}]}}
    wanted = (
        ("post", f"/opportunities/{job.id}/close", None),
        ("put", f"/networks/{network.id}",
         {"name": {"en": "Law"}, "words": {}, "lead_id": None, "is_open": False, "version": 1}),
        ("delete", f"/newsletters/{issue.id}", None),
        ("post", f"/newsletters/{issue.id}/send", {"version": 1}),
        ("put", f"/newsletters/{issue.id}/shown", {"is_public": True}),
        ("put", f"/newsletters/{issue.id}",
         {"texts": text, "programme_ids": [str(stage.launched.programme.id)], "version": 1}),
    )  # fmt: skip
    async with await keyed(stage, app, hana, *scopes) as api:
        for method, path, body in wanted:
            answer = await api.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "for_whole_organisation"), path
        assert (await api.get(f"/newsletters/{issue.id}")).json()["version"] == 1  # to be read by everybody
    async with await keyed(stage, app, stage.by, *scopes) as api:
        for method, path, body in wanted[:3]:
            assert (await api.request(method, path, json=body)).status_code < 300, path
