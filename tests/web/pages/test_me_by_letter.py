"""A letter's question, answered without signing in."""

from sqlalchemy import select, update

from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.proposals import answering, queries
from tenants.proposals.models import AskedFor, ProposalState
from tests import pairing
from tests.web.pages.own_pages import link, must_be_light

MEET = AskedFor.MEET


PHONE = "+45 70 12 34 56"


async def test_answering_from_the_letter_without_signing_in(stage, browse, case):
    _mentor, mentee, proposal = case
    browser = browse(stage.made.host)
    address = await link(stage, mentee, proposal)
    page = await browser.get(address)
    assert "Why you two: Njeri Mwangi could be your mentor" in page.text
    assert PHONE not in page.html and "example.org" not in page.html
    must_be_light(page)
    assert (await stage.read(proposal)).state == ProposalState.OPEN
    page = await page.submit(answer="yes")
    assert page.path == "/answer/thanks" and "We have noted your answer" in page.text
    must_be_light(page)
    async with stage.session() as session:
        assert await queries.said(session, proposal, MEET) == {mentee.id: True}
        events = select(AuditEvent.details).where(
            AuditEvent.object_id == proposal, AuditEvent.event == "proposal.answered"
        )
        assert (await session.execute(events)).scalar_one() == {"asked_for": "meet", "by_letter": True}
    # Whoever is given the letter, even the other one, learns nothing of what was answered.
    again = await browser.get(address)
    assert "You said" not in again.text and again.text == (await browse(stage.made.host).get(address)).text
    page = await again.submit(answer="no", reason="On second thoughts")
    assert (await stage.read(proposal)).state == ProposalState.DECLINED
    # Nor does it let anybody in.
    assert (await browser.get("/me")).path.startswith("/sign-in")


async def test_after_the_meeting_the_letter_asks_whether_to_go_on_and_shows_no_contact(
    stage, browse, case
):  # K33
    mentor, mentee, proposal = case
    await stage.both_meet(proposal, mentor, mentee)
    page = await browse(stage.made.host).get(await link(stage, mentor, proposal))
    assert "You and Wanjiru Kamau : do you want to go on?" in page.text
    assert PHONE not in page.html
    # An old form of the first question finds that it has moved on.
    old = await page.submit(answer="yes", asked_for="meet")
    assert old.status == 410 and "There is nothing left to answer here" in old.text
    await page.submit(answer="yes")
    await (await browse(stage.made.host).get(await link(stage, mentee, proposal))).submit(answer="yes")
    assert (await stage.read(proposal)).state == ProposalState.CONFIRMED


async def test_a_letter_whose_time_is_over_is_kind(stage, browse, case):
    mentor, mentee, proposal = case
    address = await link(stage, mentee, proposal)
    page = await browse(stage.made.host).get(address)
    await stage.answer(mentor, proposal, MEET, False)
    for found in (
        await browse(stage.made.host).get(address),
        await page.submit(answer="yes"),
        await browse(stage.made.host).get("/answer/" + "A" * 43),
        await browse(stage.made.host).get("/answer/x"),
    ):
        assert found.status == 410 and "You have done nothing wrong." in found.text
        assert "Njeri" not in found.html
    must_be_light(found)


async def test_a_link_opens_nothing_elsewhere(stage, browse, case, database, ground):
    _, mentee, proposal = case
    far = await pairing.stage(database, ground)
    assert (await browse(far.made.host).get(await link(stage, mentee, proposal))).status == 410
    async with stage.session() as session:
        hold = await answering.hold_of(session, proposal, mentee.id)
    for token in (
        ground.links.token("sign-in", stage.made.id, hold),
        ground.links.token("answer", far.made.id, hold),
    ):
        assert (await browse(stage.made.host).get(f"/answer/{token}")).status == 410


async def test_the_letters_page_speaks_the_letters_language(stage, browse, case):
    _, mentee, proposal = case
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(language="ar"))
    page = await browse(stage.made.host).get(await link(stage, mentee, proposal))
    assert '<html lang="ar" dir="rtl">' in page.html
    page = await browse(stage.made.host).get(await link(stage, mentee, proposal), params={"lang": "en"})
    assert '<html lang="en"' in page.html
