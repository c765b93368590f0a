"""Journeys into a programme: by oneself on a telephone without scripts, and by telephone with a coordinator."""

import re

import pytest

from tenants.programmes.actions import Launched
from tests import making
from tests.journeys.house import MAIN, House, Visitor
from tests.making import Made
from tests.web.pages.test_apply import ANSWERS
from tests.web.pages.test_register import PAGE

pytestmark = pytest.mark.browser

REGISTER = "main button:text-is('Register')"
MOST_BYTES = 14 * 1024


@pytest.fixture(scope="module")
async def made(house: House) -> Made:
    return await making.organisation(house.ground.database)


@pytest.fixture(scope="module")
async def launched(house: House, made: Made) -> Launched:
    return await making.programme(house.ground.database, made)


@pytest.fixture(scope="module")
async def desk(house: House, made: Made, launched: Launched) -> Visitor:
    return await house.signed_in(made.coordinator, made.host)


async def must_be_light(her: Visitor) -> None:
    """In Arabic, from right to left, one request of at most 14 kB."""
    html = her.page.locator("html")
    assert (await html.get_attribute("lang"), await html.get_attribute("dir")) == ("ar", "rtl")
    weights = await her.weights()
    assert len(weights) == 1 and weights[0] <= MOST_BYTES, (her.page.url, weights)


async def question(her: Visitor) -> str:
    if await her.page.locator("input[name=rank]").count():
        return "ranking"
    return str(await her.page.locator("input[name=key]").first.get_attribute("value"))


async def test_registering_in_arabic_on_a_telephone_without_scripts(
    house: House, made: Made, desk: Visitor
) -> None:  # K01 K02 K03 K06 N14
    her = await house.visitor(made.host, language="ar", width=390, scripts=False)
    await her.open("/p/network")
    await must_be_light(her)
    await her.press("main button[value=mentee]")
    asked = []
    while "/apply/check" not in her.page.url:
        await must_be_light(her)
        asked.append(await question(her))
        await her.fill(**ANSWERS.get(asked[-1], {}))
        await her.press(MAIN)
    assert {"email", "full_name", "languages", "time_zone", "ranking"} <= set(asked)
    await must_be_light(her)
    assert "نيروبي" in await her.text() and "التفاوض والقيادة" in await her.text()

    await her.press("main a.btn.primary")
    await her.fill(consent_taking_part="yes", consent_matching="yes")
    await must_be_light(her)
    await her.press(MAIN)
    assert her.page.url.endswith("/apply/done")
    await must_be_light(her)

    letter = await house.letter("wanjiru@example.org")
    assert re.search(r"[\u0600-\u06ff]", letter.subject)
    await her.open(letter.link)
    await must_be_light(her)
    await desk.open("/c/people")
    assert "Wanjiru Kamau" not in await desk.text()  # opening the letter's page is no confirmation
    await her.press(MAIN)
    await must_be_light(her)

    await desk.open("/c/people")
    await desk.press("main a:has-text('Wanjiru Kamau')")
    record = await desk.text()
    assert "Wanjiru Kamau is registered" in record and "Mentee · Registered" in record  # K08
    assert "Negotiation\nLeadership" in record and "Writes in\nArabic" in record
    await desk.open("/c/today")
    assert "Read a new registration\nWanjiru Kamau" in await desk.text()
    # She gets in by a letter too, and sees what is next.
    her = await house.enter(made.host, "wanjiru@example.org", language="ar", width=390, scripts=False)
    assert her.page.url.endswith("/me")
    await must_be_light(her)


async def test_registering_somebody_by_telephone(house: House, desk: Visitor) -> None:  # K04
    await desk.open("/c/register?programme=network&role=mentee")
    await desk.fill(**{name: value for name, value in PAGE.items() if name != "consent_matching"})
    await desk.press(REGISTER)
    assert await desk.page.input_value("[name=full_name]") == "Fatima Noor"  # nothing is lost by a refusal
    await desk.fill(consent_matching="yes")
    await desk.press(REGISTER)
    assert "Fatima Noor is registered." in await desk.page.inner_text("body")
    await desk.open("/c/people?q=Fatima")
    assert "Mentee · Registered" in await desk.text()
    await desk.press("main a:has-text('Fatima Noor')")
    assert "By telephone" in await desk.text()  # how the consents were given
