"""One's own data on the pages: what was agreed to, a copy behind a fresh proof, a deletion and the way back."""

import json

from sqlalchemy import select

from tenants.permissions import Role
from tenants.registration.models import Consent, Status
from tests import erasing, making
from tests.web.pages.own_pages import must_be_light, signed_in
from tests.web.pages.test_step_up import grow_old


async def test_she_takes_a_consent_back_and_gives_it_again(stage, browse):
    her = await stage.joins()
    browser = await signed_in(stage, browse, her)
    must_be_light(await browser.get("/me/privacy"))
    page = await browser.get("/me/privacy/kept")
    must_be_light(page)
    assert "Concerns that you told" in page.text
    page = await browser.get("/me/privacy/consents")
    must_be_light(page)
    assert "Look for a match with my answers" in page.text
    page = await page.submit("/me/privacy/consents", purpose="matching", say="no")
    assert "We look for nobody for you until you agree again" in page.text
    assert str(her.id) not in (await erasing.everything(stage.ground, stage.made.id))["pool_card"]
    async with stage.session() as session:
        row = (await session.execute(select(Consent).where(Consent.purpose == "matching"))).scalar_one()
        assert (row.withdrawn_channel, row.withdrawn_by) == ("form", None)
    page = await page.submit("/me/privacy/consents", purpose="matching", say="yes")
    assert str(her.id) in (await erasing.everything(stage.ground, stage.made.id))["pool_card"]
    assert "Said 2 times" in page.text
    refused = await page.submit("/me/privacy/consents", purpose="taking_part", say="no")
    assert refused.status == 422


async def test_she_downloads_her_copy_after_a_fresh_proof(stage, browse, inbox):
    her = await stage.joins(name="Wanjiru Kamau", email="wanjiru@example.org")
    browser = await signed_in(stage, browse, her)
    page = await (await browser.get("/me/privacy")).submit("/me/privacy/copy")
    assert "We are putting your copy together" in page.text
    await stage.drain()
    assert "/me/privacy#copy" in inbox.to("wanjiru@example.org")[-1].get_body(("plain",)).get_content()
    page = await browser.get("/me/privacy")
    must_be_light(page)
    [path] = {
        one.split('"')[0]
        for one in page.html.split('href="')[1:]
        if one.startswith("/me/privacy/copies") and "json" in one[:120]
    }
    await grow_old(stage.database, stage.made)
    assert (await browser.get(path)).path.startswith("/step-up")
    await grow_old(stage.database, stage.made, minutes=1)
    response = (await browser.get(path)).response
    assert json.loads(response.content)["sections"][0]["rows"][0]["full_name"] == "Wanjiru Kamau"
    assert (response.headers["cache-control"], "attachment" in response.headers["content-disposition"]) == (
        "no-store",
        True,
    )
    pdf = (await browser.get(path.replace("/json", "/pdf"))).response
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    other = await signed_in(stage, browse, await stage.joins(name="Ana Ilić"))
    assert (await other.get(path)).status == 404


async def test_she_asks_for_the_deletion_and_takes_it_back(stage, browse, inbox):
    mentor = await stage.joins("mentor", name="Ana Ilić")
    her = await stage.joins(email="wanjiru@example.org")
    await stage.pair(mentor, her)
    browser = await signed_in(stage, browse, her)
    await grow_old(stage.database, stage.made)
    assert (await browser.get("/me/privacy/delete")).path.startswith("/step-up")
    await grow_old(stage.database, stage.made, minutes=1)
    page = await browser.get("/me/privacy/delete")
    must_be_light(page)
    assert "Your mentoring with Ana Ilić comes to its end" in page.text
    page = await page.submit("/me/privacy/delete")
    must_be_light(page)
    assert "Your data will be deleted on" in page.text
    await stage.drain()
    assert await stage.status(her) == Status.IN_RELATIONSHIP  # nothing changes before its day
    assert any("Your data will be deleted on" in mail["Subject"] for mail in inbox.to("wanjiru@example.org"))
    page = await page.submit("/me/privacy/keep")
    assert "Taken back. Nothing is deleted." in page.text


async def test_who_was_deleted_is_signed_out_and_may_come_as_somebody_new(stage, browse):
    her = await stage.joins(email="wanjiru@example.org")
    browser = await signed_in(stage, browse, her)
    await erasing.erased(stage.ground, her.actor)
    assert (await browser.get("/me")).path.startswith("/sign-in")
    again = await stage.joins(email="wanjiru@example.org")
    assert again.person_id != her.person_id


async def test_coordinator_sees_to_the_rights_of_a_participant(stage, browse):
    her = await stage.joins(name="Wanjiru Kamau")
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    page = await desk.get(f"/c/people/{her.person_id}")
    assert f"/c/people/{her.person_id}/data" in page.html
    path = f"/c/people/{her.person_id}/data"
    page = await (await desk.get(path)).submit(
        f"{path}/consents", purpose="matching", say="no", channel="phone"
    )
    assert "It is written down." in page.text
    async with stage.session() as session:
        row = (await session.execute(select(Consent).where(Consent.purpose == "matching"))).scalar_one()
        assert (row.withdrawn_channel, row.withdrawn_by) == ("phone", stage.by.person_id)
    page = await page.submit(f"{path}/copy")
    assert "Only the person herself can open it" in page.text
    page = await (await desk.get(f"{path}/delete")).submit(f"{path}/delete")
    assert "All data of Wanjiru Kamau will be deleted on" in page.text
    page = await page.submit(f"{path}/keep")
    assert "Taken back. Nothing is deleted." in page.text
    await erasing.asked(stage.ground, her.actor)
    page = await desk.get(path)
    assert "Only she can take it back" in page.text
    assert f"{path}/keep" not in page.html


async def test_who_guards_data_protection_reads_the_map_and_the_proofs(stage, browse):
    proof = await erasing.erased(stage.ground, (await stage.joins(name="Wanjiru Kamau")).actor)
    guard = await making.somebody(stage.database, stage.made.id, Role.DATA_PROTECTION, name="Dora Guard")
    for reader in (guard, stage.made.owner):
        browser = await making.signed_in(stage.database, browse, stage.made, reader)
        page = await browser.get("/a/privacy")
        assert (page.status, proof.number in page.text, "Wanjiru" in page.text) == (200, True, False)
        assert "supervisor_email" in (await browser.get("/a/privacy/map", params={"of": "taking_part"})).text
        found = await browser.get("/a/privacy", params={"number": proof.number.lower()})
        assert proof.number in found.text
        nothing = await browser.get("/a/privacy", params={"number": "2222-2222-2222"})
        assert "No deletion to show" in nothing.text
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    assert (await desk.get("/a/privacy")).status == 403
