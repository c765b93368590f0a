"""A coordinator looks for somebody by hand, and proposes: on her pages."""

import pytest
from sqlalchemy import update

from tenants.permissions import Role
from tenants.programmes.models import Programme
from tenants.proposals.models import AskedFor, ProposalState
from tenants.relationships.models import Relationship
from tests import making
from tests.working import drain

TOPICS = ["leadership", "networking"]


@pytest.fixture
async def desk(stage, browse):
    return await making.signed_in(stage.database, browse, stage.made, stage.by)


@pytest.fixture
async def four(stage):
    """A mentee, who fits her, who fits less, and who has no language with her."""
    return (
        await stage.joins(topics_wanted=TOPICS),
        await stage.joins("mentor", name="Njeri Mwangi", topics_offered=TOPICS),
        await stage.joins("mentor", name="Zdenka Horvat", topics_offered=["negotiation"]),
        await stage.joins("mentor", name="Léa Roux", languages=[{"code": "fr", "level": 4}]),
    )


async def found(stage, page):
    """Where the page leads to once a worker has answered."""
    await drain(stage.ground, stage.made.id, kinds=("matching.",))
    return await page.browser.get(page.path)


async def test_from_a_record_to_two_letters_and_back(stage, desk, four):  # K27 N04
    mentee, good, _poor, _other = four
    page = await (await desk.get(f"/c/people/{mentee.person_id}")).submit("/c/matching/searches")
    assert "Looking for somebody for Wanjiru Kamau" in page.text and "Check again" in page.text
    page = await found(stage, page)
    assert "2 mentors are possible for Wanjiru Kamau" in page.text
    assert page.text.index("Njeri Mwangi") < page.text.index("Zdenka Horvat") and "Léa" not in page.text
    assert "A language in common 2 −1" in page.text  # what stands against whom a constraint excludes
    search = page.path
    page = await desk.get(f"{search}?of={good.id}")
    assert "The points add up to 36 of 100" in page.text

    page = await page.submit(f"{search}/propose", who=str(good.id))
    assert "A draft is made. Nobody has been told anything." in page.text
    assert "They fit with 36 of 100 points." in page.text and await stage.letters(mentee) == []
    draft = page.path
    again = await (await desk.get(search)).submit(f"{search}/propose", who=str(good.id))
    assert again.path == draft  # a doubled click makes one
    assert "One draft was made by hand" in (await desk.get("/c/proposals?show=drafts")).text

    page = await page.submit(f"{draft}/approve")
    assert "The proposal is approved." in page.text
    assert await stage.letters(mentee) == await stage.letters(good) == ["proposal.meet"]
    assert (await stage.held(mentee), await stage.held(good)) == (1, 1)
    page = await page.submit(f"{draft}/undo-approval")
    assert "The proposal is a draft again." in page.text and await stage.held(mentee) == 0
    page = await page.submit(f"{draft}/discard")
    assert "The draft is thrown away." in page.text
    assert (await desk.get(draft)).status == 404


async def test_other_weights_and_why_not_her(stage, desk, four):
    mentee, _good, _poor, lea = four
    page = await (await desk.get(f"/c/people/{mentee.person_id}")).submit("/c/matching/searches")
    page = await found(stage, page)
    page = await page.submit(f"{page.path}/again", w_topics="0", w_languages="10", languages="0")
    page = await found(stage, page)
    assert "3 mentors are possible for Wanjiru Kamau" in page.text
    page = await page.submit(f"{page.path}/again", languages="3")
    page = await found(stage, page)
    assert "Nobody here is called so." in (await page.submit(f"{page.path}/why", who="Nobody")).text
    page = await page.submit(f"{page.path}/why", who="lea")
    page = await found(stage, page)
    assert "but this does not hold: A language in common." in page.text
    refused = await page.submit(f"{page.path}/propose", who=str(lea.id))
    assert "A constraint stands between these two" in refused.text
    assert "What does not hold: A language in common." in refused.text
    wrong = await page.submit(f"{page.path}/again", **{f"w_{name}": "0" for name in WEIGHED})
    assert wrong.status == 422 and "Nothing weighs anything so far." in wrong.text


WEIGHED = (
    "topics", "languages", "overlap", "sector", "organisation", "seniority", "mode", "region", "gender",
)  # fmt: skip


async def test_beyond_the_limit_only_with_a_managers_reason(stage, browse, desk, four):  # K28
    mentee, good, *_ = four
    others = await stage.joins("mentor", name="M"), await stage.joins(name="E")
    async with stage.session() as session:
        await session.execute(update(Programme).values(caseload_limit=1))
    await stage.pair(*others)
    page = await (await desk.get(f"/c/people/{mentee.person_id}")).submit("/c/matching/searches")
    page = await found(stage, page)
    page = await page.submit(f"{page.path}/propose", who=str(good.id))
    assert "You have 1 of 1 matches in twelve months" in page.text
    assert "A programme manager can go beyond the limit with a reason." in page.text
    draft = page.path
    page = await page.submit(f"{draft}/approve")
    assert "1 of 1 matches in twelve months and 0 proposals that wait for answers" in page.text
    manager = await making.somebody(
        stage.database, stage.made.id, Role.COORDINATOR, Role.PROGRAMME_MANAGER, name="Mira Manager"
    )
    async with stage.session() as session:  # the case is handed over, and its match counts where it goes
        await session.execute(update(Relationship).values(coordinator_id=manager.person_id))
    assert "0 of your 1 matches this year are used" in (await desk.get("/c/today")).text
    hers = await making.signed_in(stage.database, browse, stage.made, manager)
    assert "All 1 of your matches this year are used" in (await hers.get("/c/today")).text
    behind = (await hers.get("/c/caseload")).text  # the list behind the number
    assert "One match of yours in twelve months" in behind and "M and E" in behind
    page = await hers.get(draft)
    page = await page.submit(f"{draft}/approve", override="Two of them meet without me")
    assert "The proposal is approved." in page.text


async def test_a_pair_that_said_no_is_not_possible(stage, desk, four):  # K35 N07
    mentee, good, *_ = four
    [proposal] = await stage.sent((good, mentee))
    await stage.become_known(proposal)

    await stage.answer(mentee, proposal, AskedFor.MEET, is_yes=False)
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    page = await (await desk.get(f"/c/people/{mentee.person_id}")).submit("/c/matching/searches")
    page = await found(stage, page)
    assert "One mentor is possible for Wanjiru Kamau" in page.text and "Njeri" not in page.text
