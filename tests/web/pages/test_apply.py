"""Registering through the pages, as a phone without scripts does it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from tenants.programmes import actions as programmes
from tenants.programmes.models import Cycle
from tenants.programmes.starters import StarterName
from tenants.registration.models import Consent, Participation, Registration
from tests import making
from tests.web.pages.applying import ANSWERS, agree, answer_all, begin, confirm_link, key, rows
from tests.working import drain

MOST_BYTES = 14 * 1024  # of a participant's page, its styles within it


async def test_registering_from_the_poster_to_the_button(
    database, ground, browse, inbox, made, launched
):  # K01 K02 K03
    browser = browse(made.host)
    page, asked = await answer_all(await begin(browser))
    assert asked[:5] == [
        "email",
        "full_name",
        "phone",
        "mobile",
        "address",
    ]  # the role was chosen by the button
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
    assert "Question 4 of 11" in page.text and "Back" in page.text


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


async def test_a_form_is_sent_to_the_cycle_of_today_not_to_that_in_which_it_was_begun(
    browse, database, made, launched
):  # WCC #735
    page, _ = await answer_all(await begin(browse(made.host)))
    today = clock.today("UTC")
    async with database.tenant_session(made.house.context()) as session:
        over = update(Cycle).where(Cycle.id == launched.cycle.id).values(closes_on=today - timedelta(days=1))
        await session.execute(over)
    closed = await page.browser.get("/apply/check")
    assert "Registration is not open now." in closed.text and "Continue" not in closed.text
    assert (await agree(page)).path == "/apply/check"  # nothing is sent, and nothing lost
    assert "Wanjiru Kamau" in closed.text
    async with database.tenant_session(made.owner.context()) as session:
        fresh = await programmes.plan_cycle(
            session, made.owner, launched.programme.id, name="Next", dates=making.days(closes=60, ends=500)
        )
    assert (await agree(page)).path == "/apply/done"
    [sent] = await rows(database, made, select(Registration))
    assert sent.sent_at is not None and sent.cycle_id == fresh.id


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
