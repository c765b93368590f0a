"""The agreement of a pair on its pages: filled in by two, signed in two languages, changed, and kept as a file."""

import gzip
import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from tenants.people.models import Person
from tenants.relationships.agreements import queries
from tests import making
from tests.web.pages.own_pages import must_be_light, signed_in

FILLED = {
    "ways": ["email", "video"],
    "frequency": "Once a week",
    "aims": "A job <b>by</b> summer",
    "purposes": ["job", "confidence"],
    "other_purposes": "",
}


@pytest.fixture
async def case(stage, browse):
    """A mentor who reads English and a mentee who reads Arabic, with a browser each."""
    mentor = await stage.joins("mentor", name="Njeri Mwangi")
    mentee = await stage.joins(name="Amal Haddad")
    async with stage.session() as session:
        await session.execute(update(Person).where(Person.id == mentee.person_id).values(language="ar"))
    pair = await stage.pair(mentor, mentee)
    mine, hers = await signed_in(stage, browse, mentor), await signed_in(stage, browse, mentee)
    return pair, mine, hers, mentor, mentee


async def shown(stage, pair, whose, language="en"):
    async with stage.session(whose.actor) as session:
        return await queries.own(session, whose.actor, pair.id, language)


async def test_two_fill_it_in_and_sign_each_in_her_language(stage, case, browse):  # K49 K50 K51 K52 K55 K56
    pair, mine, hers, mentor, mentee = case
    path = f"/me/pair/{pair.id}/agreement"
    page = await mine.get(path)
    assert "Write your agreement together with" in page.text
    for named in ("Mentor: Njeri Mwangi", "Mentee: Amal Haddad", "Our coordinator: Cora Coordinator"):
        assert named in page.text, named  # K55: whom it is between
    for section, points in (("mentor", 5), ("mentee", 5), ("clauses", 7), ("ending", 3), ("review", 1)):
        part = page.html.split(f'id="s-{section}"')[1].split("</ol>")[0]
        assert part.count("<li") == points, section
    must_be_light(page)
    form = await mine.get(path + "/fill")
    must_be_light(form)
    too_many = await form.submit(
        **FILLED | {"purposes": ["job", "education", "listener", "internship", "confidence"]}
    )
    assert too_many.status == 422 and "Choose at most 4. You have chosen 5." in too_many.text
    page = await (await mine.get(path + "/fill")).submit(**FILLED)
    assert "Read your agreement, and sign it" in page.text and "A job &lt;b&gt;by" in page.html
    # The other one opens the form, and the first one changes something meanwhile.
    late = await hers.get(path + "/fill")
    assert "الهاتف" in late.text
    must_be_light(late)
    await (await mine.get(path + "/fill")).submit(frequency="Twice a month")
    assert (await late.submit(seen="9" * 5_000)).status == 409
    lost = await late.submit(aims="عمل جديد")
    assert lost.status == 409 and "عمل جديد" in lost.html and "Twice a month" in lost.html
    page = await lost.submit(frequency="Twice a month")
    assert "عمل جديد" in page.html and page.status == 200
    assert (
        len(gzip.compress(page.html.encode(), 5)) <= 7_000
    )  # as it is sent; Arabic takes two bytes a letter
    # One signs, the other changes what was signed: the signature falls away, and says so.
    await (await mine.get(path)).submit(path + "/sign")
    assert await stage.letters(mentee) != [] and "agreement.to_sign" in await stage.letters(mentee)
    read = await mine.get(path)
    assert "You have signed. It waits for" in read.text
    outdated = await hers.get(path)
    await (await hers.get(path + "/fill")).submit(frequency="Every Monday")
    assert "agreement.changed" in await stage.letters(mentor)
    assert (await shown(stage, pair, mentor)).signed == []
    # What she had before her is no longer what stands there.
    refused = await outdated.submit(path + "/sign")
    assert "تغيّر" in refused.text or "changed since" in refused.text
    assert (await shown(stage, pair, mentor)).signed == []
    page = await (await mine.get(path)).submit(path + "/sign")
    page = await (await hers.get(path)).submit(path + "/sign")
    found = await shown(stage, pair, mentee, "ar")
    assert found.state == "in_force"
    assert {one.signature.language for one in found.signed} == {"en", "ar"}
    assert len({one.signature.digest for one in found.signed}) == 2
    assert [found.is_whole(one) for one in found.signed] == [True, True]
    # K37, K52: the copy is there, the coordinator is told, and both have a file in both languages.
    tasks = [kind for kind, _due in await stage.tasks()]
    assert "agreement.signed" in tasks
    assert (await stage.letters(mentor))[-1] == (await stage.letters(mentee))[-1] == "agreement.signed"
    file = await hers.client.get(path + ".pdf")
    assert file.headers["content-type"] == "application/pdf"
    read = PdfReader(BytesIO(file.content))
    told = " ".join(page.extract_text() for page in read.pages)
    assert "Our mentoring agreement" in told and "Every Monday" in told
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert told.count("SHA-256") == 2  # once for each who signed, not once a column
    await a_change_leaves_what_holds_to_be_read(stage, browse, pair, mine, hers)
    assert found.signed[0].signature.digest in re.sub(r"\s", "", told)


async def a_change_leaves_what_holds_to_be_read(stage, browse, pair, mine, hers):
    path = f"/me/pair/{pair.id}/agreement"
    form = await (await mine.get(path)).submit(path + "/amend")
    draft = await form.submit(frequency="Every second Tuesday")
    assert "This is a change." in draft.text and "Every Monday" not in draft.text
    assert f'href="{path}?version=1"' in draft.html
    assert len(gzip.compress(draft.html.encode(), 5)) <= 7_000  # as it is sent
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    for browser, at in ((mine, path), (hers, path), (desk, f"/c/pairs/{pair.id}/agreement")):
        before = await browser.get(at + "?version=1")
        assert "Every Monday" in before.text and "Tuesday" not in before.text, at
        assert "/sign" not in before.html.replace("/sign-out", "") and "/amend" not in before.html
        assert (await browser.get(at + "?version=9")).status == 404
        file = await browser.client.get(at + ".pdf?version=1")
        told = " ".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
        assert "Every Monday" in told and "Tuesday" not in told
    for browser in (mine, hers):  # all sign, and the one before it stays to be read
        await (await browser.get(path)).submit(path + "/sign")
    assert "Every Monday" in (await hers.get(path + "?version=1")).text
    assert "Tuesday" in (await hers.get(path)).text
    await (await mine.get(path)).submit(path + "/amend")


async def test_plan_notice_and_memo_have_their_pages(stage, case, browse):  # K26 K53 K57 K58
    pair, mine, hers, _, _ = case
    path = f"/me/pair/{pair.id}/plan"
    page = await mine.get(path)
    must_be_light(page)
    empty = await page.submit(text=" ")
    assert empty.status == 422 and 'id="f-text-err"' in empty.html
    page = await page.submit(text="Become a <b>nurse</b>", by="2027-10-01")
    assert "Become a &lt;b&gt;nurse" in page.html
    [goal] = set(re.findall(r"item\?item=([0-9a-f]+)", page.html))
    item = await mine.get(f"{path}/item?item={goal}")
    must_be_light(item)
    late = await hers.get(f"{path}/item?item={goal}")
    wrong = await item.submit(text="Later", by="2020-01-01", deed="change")
    assert wrong.status == 422 and 'id="f-by-err"' in wrong.html
    page = await (await mine.get(f"{path}/item?item={goal}")).submit(deed="change", text="Become a midwife")
    assert "midwife" in page.text
    page = await late.submit(deed="change", text="Become a doctor")
    assert "midwife" in page.text and "doctor" not in page.text
    add = next(
        one
        for one in (await mine.get(f"{path}/item?item={goal}")).forms
        if any(f.value == "add" for f in one.fields)
    )
    page = await mine.post(
        path,
        [(f.name, f.value) for f in add.fields if f.name not in ("text", "by")]
        + [("csrf", _csrf(item)), ("text", "Three schools"), ("by", "")],
    )
    assert "Three schools" in page.text
    page = await mine.post(path, [("csrf", _csrf(item)), ("item", goal), ("deed", "done")])
    assert "Well done! Your coordinator hears that you have reached a goal." in page.text
    must_be_light(page)
    assert "plan.goal_reached" in [kind for kind, _due in await stage.tasks()]
    # K58: each reads her memo, and it is kept in which language.
    memo = await hers.get("/me/memo")
    assert memo.html.count("<li>") >= 10 and "مرشدتك متطوعة" in memo.text
    page = await memo.submit("/me/memo/")
    assert (
        "I have read it" not in page.html
        and "/me/memo/" not in page.html.split("<main")[1].split("<form")[-1]
    )
    # K34: before both have said yes, anybody may read what a pair agrees on, and nobody can fill it in.
    visitor = browse(stage.made.host)
    read = await visitor.get(f"/p/{stage.launched.programme.slug}/material")
    assert "You fill it in together once both of you have said yes" in read.text and "/fill" not in read.html
    must_be_light(read)
    plan = await visitor.get(read.path + "?show=plan")
    assert "Milestones or targets" in plan.text and "You fill it in together" in plan.text
    must_be_light(plan)
    for show in ("mentee", "mentor"):
        assert "Ten things to remember" in (await visitor.get(read.path + f"?show={show}")).text
    # K53: notice is given, seen by the other without its reason, and taken back.
    notice = f"/me/pair/{pair.id}/notice"
    page = await mine.get(notice)
    must_be_light(page)
    assert (await page.submit(ground="", reason="")).status == 422
    refused = await page.submit(ground="breach", reason=" ")
    assert refused.status == 422 and "Nobody else reads it." in refused.text
    page = await refused.submit(ground="breach", reason="She <i>never</i> came.")
    assert "Take my notice back" in page.text
    assert "never" not in (await hers.get(f"/me/pair/{pair.id}")).html
    desk = await making.signed_in(stage.database, browse, stage.made, stage.by)
    case_page = await desk.get(f"/c/pairs/{pair.id}")
    assert "Notice was given for" in case_page.text and "They reached a goal" in case_page.text
    told = await desk.get(f"/c/pairs/{pair.id}/agreement")
    assert "She &lt;i&gt;never&lt;/i&gt; came." in told.html and "Become a midwife" in told.text
    assert "has read the memo" in told.text and "has not read the memo yet" in told.text
    file = await desk.client.get(f"/c/pairs/{pair.id}/agreement.pdf")
    assert file.content.startswith(b"%PDF")
    page = await page.submit(notice + "/back")
    assert "Your notice is taken back" in page.text


async def test_a_programme_keeps_its_own_words(stage, browse):  # K55
    owner = await making.signed_in(stage.database, browse, stage.made, stage.made.owner)
    path = f"/a/programmes/{stage.launched.programme.id}/agreement"
    page = await (await owner.get(path)).submit(path, form="annex", copy_days="30", review_months="13")
    assert page.status == 422 and 'id="f-review_months-err"' in page.html
    page = await page.submit(path, form="annex", copy_days="30", review_months="6")
    assert page.html.count("ours") >= 12
    form = await owner.get(path + "/annex/fr")
    assert form.html.count("À quelle") == 0 and "Nous nous voyons au moins une fois par mois." in form.html
    other = await owner.get(path + "/annex/fr")
    wrong = await form.submit(aims=" ", title="Notre promesse")
    assert wrong.status == 422 and "Notre promesse" in wrong.html
    page = await wrong.submit(aims="Un point.\n\n Deux points. ", title="Notre promesse")
    assert "own, version 1" in page.text
    late = await other.submit(title="Autre chose")
    assert late.status == 409 and "Autre chose" in late.html
    form = await owner.get(path + "/annex/fr")
    assert "Un point.\nDeux points.</textarea>" in form.html
    page = await owner.post(path + "/annex/fr", [("csrf", _csrf(form)), ("back", "yes")])
    assert "own, version" not in page.text
    for wrong_path in ("/annex/xx", "/poem/en"):
        assert (await owner.get(path + wrong_path)).status == 404
    coordinator = await making.signed_in(stage.database, browse, stage.made, stage.by)
    assert (await coordinator.get(path)).status == 403


def _csrf(page):
    return re.search(r'name="csrf" value="([^"]+)"', page.html)[1]
