"""Registering as a person does it: programme page, one question a page, letter, button (journey 1)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.notifications.models import Letter
from tenants.programmes.starters import StarterName
from tenants.registration.models import Consent, Participation, Registration
from tests import making
from tests.working import drain

CONSENTS = {"consent_taking_part": "yes", "consent_matching": "yes"}
ANSWERS = {
    "email": {"email": "Wanjiru@Example.org"},
    "full_name": {"full_name": "Wanjiru Kamau"},
    "phone": {"phone": "+254 700 123456"},
    "languages": {"languages-en": "3", "languages-other": "sw", "languages-other-level": "4"},
    "time_zone": {"time_zone": "Africa/Nairobi"},
    "topics_offered": {"topics_offered": ["leadership", "networking"]},
    "topics_wanted": {"topics_wanted": ["leadership", "negotiation"]},
    "ranking": {"topics_wanted-1": "negotiation", "topics_wanted-2": "leadership"},
    "capacity": {"capacity": "2"},
}
MOST_BYTES = 14 * 1024  # of a participant's page, its styles within it


def key(page) -> str:
    """The question that the page asks."""
    if 'name="rank" value="1"' in page.html:
        return "ranking"
    return re.search(r'name="key" value="([^"]+)"', page.html)[1]


async def begin(browser, role="mentee"):
    page = await browser.get("/p/network")
    assert page.status == 200
    return await page.submit("/apply", role=role)


async def answer_all(page, **others):
    """Answer page after page until the answers are shown; returns that page and the questions asked."""
    asked = []
    while not page.path.startswith("/apply/check"):
        asked.append(key(page))
        assert len(asked) < 30
        page = await page.submit("/apply", **(others.get(asked[-1]) or ANSWERS.get(asked[-1], {})))
        assert page.status == 200, page.text
    return page, asked


async def agree(page, **consents):
    page = await page.browser.get("/apply/agree")
    return (
        await page.submit("/apply/agree", **(consents or CONSENTS)) if page.path == "/apply/agree" else page
    )


async def confirm_link(ground, made, inbox, email="wanjiru@example.org") -> str:
    await drain(ground, made.id)
    text = inbox.to(email)[-1].get_body(("plain",)).get_content()
    return re.search(r"/confirm/[\w-]{43}", text)[0]


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return list((await session.execute(query)).scalars().all())


async def test_registering_from_the_poster_to_the_button(
    database, ground, browse, inbox, made, launched
):  # K01 K02 K03
    browser = browse(made.host)
    page, asked = await answer_all(await begin(browser))
    assert asked[:3] == ["email", "full_name", "phone"]  # the role was chosen by the button
    assert "Negotiation and Leadership" in page.text and "Nairobi" in page.text
    assert "Swahili (native) and English (fluent)" in page.text
    page = await agree(page)
    assert page.path == "/apply/done" and "wanjiru@example.org" in page.text
    assert await rows(database, made, select(Participation)) == []

    link = await confirm_link(ground, made, inbox)
    [letter] = inbox.to("wanjiru@example.org")
    assert letter["subject"] == "Confirm that you want to be a mentee"  # K03
    text = letter.get_body(("plain",)).get_content()
    assert "signed up as a mentee in Mentor network" in re.sub(r"\s+", " ", text)
    assert "you need do nothing" in re.sub(r"\s+", " ", text)

    phone = browse(made.host)  # the letter is opened elsewhere
    page = await phone.get(link)
    assert (
        await rows(database, made, select(Participation)) == []
    )  # a scanner that follows links confirms nothing
    page = await page.submit("/confirm/")
    assert page.status == 200 and "You are registered as a mentee" in page.text
    [participation] = await rows(database, made, select(Participation))
    assert participation.topics_wanted == ["negotiation", "leadership"]
    await drain(ground, made.id)
    assert inbox.to("wanjiru@example.org")[-1]["subject"] == "We have your registration"


async def test_get_and_head_confirm_nothing_and_a_second_click_is_kind(
    database, ground, browse, inbox, made, launched
):
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser, "mentor"))
    page = await agree(page)
    link = await confirm_link(ground, made, inbox)
    for _ in range(3):
        assert (await browser.head(link)).status == 200
        shown = await browser.get(link)
    assert await rows(database, made, select(Participation)) == []
    first, second = await shown.submit("/confirm/"), await shown.submit("/confirm/")
    assert (first.status, second.status) == (200, 200)
    assert len(await rows(database, made, select(Participation))) == 1
    assert len(await rows(database, made, select(Consent))) == 2


async def test_double_click_on_send_writes_one_letter(database, browse, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await page.browser.get("/apply/agree")
    first, second = [await page.submit("/apply/agree", **CONSENTS) for _ in range(2)]
    assert first.path == second.path == "/apply/done"
    assert len(await rows(database, made, select(Letter).where(Letter.kind == "registration.confirm"))) == 1


async def test_nothing_is_lost_on_the_way(browse, made, launched):
    browser = browse(made.host)
    page = await begin(browser)
    for _ in range(2):
        page = await page.submit("/apply", **ANSWERS[key(page)])
    at = page.path
    assert (await browser.get("/apply")).path == at
    page = await browser.get("/apply/3")
    assert 'value="Wanjiru Kamau"' in page.html
    page = await browser.get("/apply/check")  # too early: back to the first open question
    assert page.path == at
    assert "Question 4 of 9" in page.text and "Back" in page.text


async def test_going_on_in_another_browser(database, ground, browse, inbox, made, launched):  # journey 1
    page = await begin(browse(made.host))
    page = await page.submit("/apply", **ANSWERS["email"])
    page = await page.submit("/apply", **ANSWERS["full_name"])

    other = browse(made.host)
    page = await other.get("/apply")
    page = await page.submit("/apply/resume", email="wanjiru@example.org")
    assert "is on the way" in page.text
    unknown = await (await other.get("/apply")).submit("/apply/resume", email="nobody@example.org")
    assert "is on the way" in unknown.text  # no oracle
    await drain(ground, made.id)
    assert inbox.to("nobody@example.org") == []
    text = inbox.to("wanjiru@example.org")[-1].get_body(("plain",)).get_content()
    link = re.search(r"/apply/resume/[\w-]{43}", text)[0]
    page = await other.get(link)
    assert "Wanjiru" not in page.text  # opening it shows nothing yet
    page = await page.submit("/apply/resume")
    assert key(page) == "phone"
    assert 'value="Wanjiru Kamau"' in (await other.get("/apply/3")).html


async def test_a_change_on_the_way_returns_to_the_answers(browse, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)))
    change = re.search(r'href="(/apply/3\?from=check)"', page.html)[1]
    page = await page.browser.get(change)
    page = await page.submit("/apply", full_name="Wanjiru N. Kamau")
    assert page.path == "/apply/check" and "Wanjiru N. Kamau" in page.text


async def test_topics_keep_their_order_when_one_is_added(browse, made, launched):
    page, asked = await answer_all(await begin(browse(made.host)))
    assert asked.index("ranking") == asked.index("topics_wanted") + 1
    change = re.search(
        r'href="(/apply/\d+\?from=check)">Change<span class="vh"> What would you like support', page.html
    )
    page = await page.browser.get(change[1])
    page = await page.submit("/apply", topics_wanted=["leadership", "negotiation", "networking"])
    assert key(page) == "ranking"
    page = await page.submit("/apply")
    assert page.path == "/apply/check" and "Negotiation, Leadership and Networking" in page.text
    page = await page.browser.get(f"{change[1]}&rank=1")
    page = await page.submit("/apply", **{f"topics_wanted-{rank}": "networking" for rank in (1, 2, 3)})
    assert "Networking, Negotiation and Leadership" in page.text  # the same named thrice loses no other
    page = await page.browser.get(change[1])
    page = await page.submit("/apply", topics_wanted="networking")
    assert page.path == "/apply/check" and "Negotiation" not in page.text


async def test_changing_the_role_asks_what_is_missing(browse, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await page.browser.get("/apply/1?from=check")
    page = await page.submit("/apply", role="mentor")
    page, asked = await answer_all(page)
    assert {"topics_offered", "capacity"} <= set(asked)
    assert "Mentor" in page.text


@pytest.mark.parametrize(
    ("question", "wrong", "words"),
    [
        ("capacity", {"capacity": "many"}, "Write a whole number, such as 2."),
        ("email", {"email": "wanjiru@"}, "Write an e-mail address such as name@example.org."),
        ("full_name", {"full_name": ""}, "This is needed."),
        ("languages", {}, "This is needed."),
        ("time_zone", {"time_zone": ""}, "This is needed."),
        ("topics_wanted", {}, "This is needed."),
        ("phone", {"phone": "no"}, "Write a telephone number in digits"),
    ],
)
async def test_an_answer_that_cannot_be_used_comes_back(browse, made, launched, question, wrong, words):
    page = await begin(browse(made.host), "mentor" if question == "capacity" else "mentee")
    while key(page) != question:
        page = await page.submit("/apply", **ANSWERS.get(key(page), {}))
    page = await page.submit("/apply", **wrong)
    assert page.status == 422
    assert words in page.text and f'href="#f-{question}"' in page.html and f'id="f-{question}"' in page.html
    for value in wrong.values():
        assert value in page.html


async def test_without_the_consents_it_is_not_sent(database, browse, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)))
    page = await page.browser.get("/apply/agree")
    assert 'type="checkbox"' in page.html and "checked" not in re.sub(
        r"<style.*?</style>", "", page.html, flags=re.S
    )
    page = await agree(page, consent_news="yes")
    assert page.status == 422
    assert page.text.count("We need your agreement to this") == 4  # above, and beside each
    page = await agree(page)
    assert page.path == "/apply/done"


async def test_who_does_not_fit_is_told_kindly_before_sending(browse, database, made):  # U10 U21 WCC #726
    await making.programme(
        database, made, starter=StarterName.INTER_AGENCY, wants_interview=True,
        eligibility={"genders": ["woman"], "grades": ["P3", "P4"]},
    )  # fmt: skip
    told = {
        "entity": {"entity": "ILO"}, "grade": {"grade": "d2"}, "gender": {"gender": "woman"},
        "capacity": {"capacity": "0"}, "mode": {"mode": "both"}, "experience_years": {"experience_years": "12"},
    }  # fmt: skip
    page, _ = await answer_all(await begin(browse(made.host), "mentor"), **told)
    assert "This programme is for these grades: P3, P4." in page.text
    assert "With no place for a mentee" in page.text
    assert "Continue" not in page.text
    assert (await agree(page)).path == "/apply/check"
    public = await page.browser.get("/p/network")
    assert "For women." in public.text and "Grades: P3 and P4." in public.text


async def test_a_second_registration_is_answered_alike(database, ground, browse, inbox, made, launched):
    async def register():
        page, _ = await answer_all(await begin(browse(made.host)))
        return await agree(page)

    first = await register()
    link = await confirm_link(ground, made, inbox)
    await (await browse(made.host).get(link)).submit("/confirm/")
    second = await register()

    def shown(page):
        return re.sub(r'value="[\w=-]+"|nonce="[^"]+"|styles [^*]*', "", page.html)

    assert shown(first) == shown(second)
    await drain(ground, made.id)
    letter = inbox.to("wanjiru@example.org")[-1]
    assert letter["subject"] == "You are registered already"
    assert "/confirm/" not in letter.get_body(("plain",)).get_content()


async def test_a_wrong_address_is_put_right(database, ground, browse, inbox, made, launched):
    page, _ = await answer_all(await begin(browse(made.host)), email={"email": "wrong@example.org"})
    page = await agree(page)
    wrong = await confirm_link(ground, made, inbox, "wrong@example.org")
    page = await page.submit("/apply/address")
    assert key(page) == "email"
    page, _ = await answer_all(page)
    page = await agree(page)
    assert (await page.browser.get(wrong)).status == 410
    right = await confirm_link(ground, made, inbox)
    assert "You are registered" in (await (await page.browser.get(right)).submit("/confirm/")).text


async def test_an_expired_link_says_so(database, ground, browse, inbox, made, launched):  # K02
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser))
    await agree(page)
    link = await confirm_link(ground, made, inbox)
    page = await browser.get(link)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Registration).values(expires_at=clock.now() - timedelta(seconds=1)))
    for gone in (await browser.get(link), await page.submit("/confirm/")):
        assert gone.status == 410 and "has been deleted" in gone.text
    assert (await browser.get("/apply/done")).path == "/apply"
    assert await rows(database, made, select(Participation)) == []


async def test_nobody_can_register_where_it_is_closed_or_full(database, browse, made):
    await making.programme(database, made, slug="later", dates=making.days(opens=5))
    full = await making.programme(database, made, slug="full", places=1)
    await making.participation(database, made, full)
    browser = browse(made.host)
    page = await browser.get("/p/later")
    assert "Registration opens on" in page.text and "Register as" not in page.text
    page = await browser.get("/p/full")
    assert "Register as a mentor" in page.text and "Register as a mentee" not in page.text
    assert "all are taken" in page.text
    assert (await browser.get("/p/nowhere")).status == 404


async def test_the_form_in_arabic(database, ground, browse, inbox, made, launched):
    browser = browse(made.host)
    browser.client.headers["accept-language"] = "ar"
    page, _ = await answer_all(await begin(browser))
    assert '<html lang="ar" dir="rtl">' in page.html
    assert "نيروبي" in page.text and "السواحلية" in page.text and "التفاوض والقيادة" in page.text
    english = re.findall(
        r"[A-Za-z]{3,}", re.sub(r"<bdi>.*?</bdi>", "", page.html.split("<main", 1)[1].split("</main>")[0])
    )
    assert not set(english) & {"What", "Your", "Which", "Change", "Continue", "Mentee", "answer"}
    page = await agree(page)
    [registration] = await rows(database, made, select(Registration))
    assert registration.language == "ar"
    page = await browser.get(await confirm_link(ground, made, inbox))
    assert '<html lang="ar" dir="rtl">' in page.html
    await page.submit("/confirm/")
    assert {c.language for c in await rows(database, made, select(Consent))} == {"ar"}


@pytest.mark.parametrize("spoken", ["en", "fr", "ar"])
@pytest.mark.parametrize("role", ["mentor", "mentee"])
async def test_every_page_is_light_and_needs_no_script(
    database, ground, browse, inbox, made, role, spoken
):  # N14
    await making.programme(database, made, starter=StarterName.INTER_AGENCY)
    browser = browse(made.host)
    browser.client.headers["accept-language"] = spoken
    told = {
        "entity": {"entity": "ILO"}, "grade": {"grade": "P3"}, "gender": {"gender": "woman"},
        "mode": {"mode": "both"}, "experience_years": {"experience_years": "12"},
    }  # fmt: skip
    pages = [await browser.get("/p/network"), await browser.get("/apply"), await browser.get("/apply/help")]
    page = await begin(browser, role)
    while page.path != "/apply/check":
        pages.append(page)
        asked = key(page)
        page = await page.submit("/apply", **(told.get(asked) or ANSWERS.get(asked, {})))
    pages += [
        page,
        await browser.get("/apply/agree"),
        await agree(page, consent_news="yes"),
        await agree(page),
    ]
    link = await confirm_link(ground, made, inbox)
    pages += [await browser.get(link), await (await browser.get(link)).submit("/confirm/")]
    for one in pages:
        assert len(one.html.encode()) <= MOST_BYTES, (one.path, len(one.html.encode()))
        assert (
            "<script" not in one.html and '<link rel="stylesheet' not in one.html and " hx-" not in one.html
        )


async def test_another_organisations_form_and_link_are_unknown(
    database, ground, browse, inbox, made, launched
):
    other = await making.organisation(database)
    await making.programme(database, other)
    browser = browse(made.host)
    page, _ = await answer_all(await begin(browser))
    await agree(page)
    link = await confirm_link(ground, made, inbox)
    token = browser.client.cookies.get("__Host-registration")
    stranger = browse(other.host)
    stranger.client.cookies.set("__Host-registration", token, domain=other.host, path="/")
    assert (await stranger.get("/apply/done")).path == "/apply"
    random = "/confirm/" + "A" * 43

    def shown(page):
        return page.status, re.sub(r'value="[\w=-]+"|nonce="[^"]+"', "", page.html)

    there, nowhere = await stranger.get(link), await stranger.get(random)
    assert there.status == nowhere.status == 410
    assert shown(there)[1].replace(link, "") == shown(nowhere)[1].replace(random, "")
    assert (await stranger.get(link.replace("/confirm/", "/apply/resume/"))).status == 410
    assert (
        await browser.get(link.replace("/confirm/", "/apply/resume/"))
    ).status == 410  # of another purpose
