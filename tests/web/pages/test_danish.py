"""An organisation whose people speak Danish: what a visitor, a reader of letters and a writer of reports get."""

from sqlalchemy import update

from tenants.people.models import Person
from tests import making
from tests.working import drain


async def test_page_letter_and_report_are_danish(database, browse, ground, inbox):  # K75
    made = await making.organisation(database, languages=("en", "da"))
    launched = await making.programme(database, made)
    hers = await making.participation(database, made, launched, name="Søs Ærø", email="soes@example.org")
    async with database.tenant_session(made.house.context()) as session:
        people = [hers.person_id, made.coordinator.person_id]
        await session.execute(update(Person).where(Person.id.in_(people)).values(language="da"))
    visitor = browse(made.host)
    visitor.client.headers["accept-language"] = "da-DK, en;q=0.5"

    page = await visitor.get("/sign-in")
    await page.submit("/sign-in", email="soes@example.org")
    await drain(ground, made.id)
    letters = [mail for mail in inbox.to("soes@example.org") if mail["Content-Language"] == "da"]
    text = letters[-1].get_body(("plain",)).get_content()
    desk = await making.signed_in(database, browse, made, made.coordinator)
    figures, table = await desk.get("/c/figures"), await desk.get("/c/figures.csv")
    record = await desk.get(f"/c/people/{hers.person_id}")

    assert '<html lang="da" dir="ltr">' in page.html and "Send mig et link" in page.text
    assert letters[-1]["Subject"] == f"Log ind hos Organisation {made.host}"
    assert "Giv ikke koden til nogen. Vi beder dig aldrig om den." in text
    assert 'lang="da"' in letters[-1].get_body(("html",)).get_content()
    assert len(letters[-1].as_bytes()) <= 30_000
    assert "Intet match var nyt i denne periode" in figures.text
    assert table.response.text.startswith("\ufeffKontor,Nye match,Fortsætter efter det første møde,")
    assert "Alle kontorer,0,0," in table.response.text
    assert "Søs Ærø" in record.text and "Tilmeldt og bekræftet: I telefon" in record.text
