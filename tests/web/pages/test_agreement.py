"""The agreement of a pair on its pages: filled in by two, signed in two languages, changed, and kept as a file."""

import gzip
import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import update

from tenants.people.models import Person
from tenants.relationships.agreements import queries
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


async def test_two_fill_it_in_and_sign_each_in_her_language(stage, case, browse):  # K49 K50 K51 K52 K56
    pair, mine, hers, mentor, mentee = case
    path = f"/me/pair/{pair.id}/agreement"
    page = await mine.get(path)
    assert "Write your agreement together with" in page.text
    for section, points in (("mentor", 5), ("mentee", 5), ("clauses", 7), ("ending", 3), ("review", 1)):
        part = page.html.split(f'id="s-{section}"')[1].split("</ol>")[0]
        assert part.count("<li") == points, section
    must_be_light(page)
    form = await mine.get(path + "/fill")
    must_be_light(form)
    too_many = await form.submit(**FILLED | {"purposes": ["job", "education", "listener", "internship", "confidence"]})
    assert too_many.status == 422 and "Choose at most 4. You have chosen 5." in too_many.text
    page = await (await mine.get(path + "/fill")).submit(**FILLED)
    assert "Read your agreement, and sign it" in page.text and "A job &lt;b&gt;by" in page.html
    # The other one opens the form, and the first one changes something meanwhile.
    late = await hers.get(path + "/fill")
    assert "الهاتف" in late.text
    must_be_light(late)
    await (await mine.get(path + "/fill")).submit(frequency="Twice a month")
    lost = await late.submit(aims="عمل جديد")
    assert lost.status == 409 and "عمل جديد" in lost.html and "Twice a month" in lost.html
    page = await lost.submit(frequency="Twice a month")
    assert "عمل جديد" in page.html and page.status == 200
    assert len(gzip.compress(page.html.encode(), 5)) <= 7_000  # as it is sent; Arabic takes two bytes a letter
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
    async with stage.session() as session:
        assert [await queries.is_whole(session, one) for one in found.signed] == [True, True]
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
    assert found.signed[0].signature.digest in re.sub(r"\s", "", told)
