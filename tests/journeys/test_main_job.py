"""
The main job in one go: a messy roster, a run, proposals, private answers, a pair (and one that does not become one).

Each step goes on where the one before has ended, as a coordinator's week does.
"""

import asyncio
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Route, expect
from python_calamine import CalamineWorkbook

from tenants.programmes.starters import StarterName
from tests import making
from tests.coordinating import ROSTERS
from tests.journeys.house import MAIN, House, Visitor
from tests.making import Made

pytestmark = pytest.mark.browser

SOON_MS = 60_000
REASON = "We once shared an office."
# Runs before the page's own script, and writes down what it shows of something's progress.
KEEP_PROGRESS = """addEventListener("DOMContentLoaded", () => {
    const keep = () => {
        const [title, bar] = ["h1", "main progress"].map((one) => document.querySelector(one));
        if (bar) sessionStorage.kept = JSON.stringify(
            [...JSON.parse(sessionStorage.kept || "[]"), [title.textContent, bar.closest("div").textContent]]);
    };
    keep();
    new MutationObserver(keep).observe(document.body, { childList: true, subtree: true });
})"""


@dataclass(frozen=True)
class Side:
    name: str
    email: str


@dataclass(frozen=True)
class Pair:
    id: str
    mentor: Side
    mentee: Side

    @property
    def people(self) -> set[str]:
        """Some are a mentor in one pair and a mentee in another."""
        return {self.mentor.email, self.mentee.email}

    def both_ways(self) -> Iterator[tuple[Side, Side]]:
        yield self.mentor, self.mentee
        yield self.mentee, self.mentor


@dataclass
class Week:
    """What one step leaves to the next."""

    house: House
    made: Made
    desk: Visitor
    run: str = ""
    pairs: list[Pair] = field(default_factory=list)


@pytest.fixture(scope="module")
async def week(house: House) -> Week:
    made = await making.organisation(house.ground.database)
    await making.programme(house.ground.database, made, starter=StarterName.INTER_AGENCY, slug="inter-agency")
    return Week(house, made, await house.signed_in(made.coordinator, made.host))


async def test_importing_a_roster_with_bad_rows(house: House, week: Week, tmp_path: Path) -> None:
    desk, page = week.desk, week.desk.page
    headline = page.locator("h1")
    await page.add_init_script(KEEP_PROGRESS)
    await desk.open("/c/import")
    await page.set_input_files("input[type=file]", ROSTERS / "inter-agency-2026.xlsx")
    await desk.press("main button:text-is('Upload and check')", moves_on=True)
    # Nobody presses anything: the page follows the worker by itself.
    await expect(headline).to_have_text("644 of 660 people are ready to import", timeout=SOON_MS)
    await desk.look("preview")

    # One row by hand, one group by a choice.
    await desk.press("section:has(h2:has-text('Numbers that cannot be')) a:text-is('55')")
    assert "Élise Peltier" in await desk.text()
    await desk.fill(**{"cell-experience_years": "3"})
    await desk.press(MAIN, moves_on=True)
    await expect(headline).to_have_text("645 of 660 people are ready to import", timeout=SOON_MS)
    group = "section:has(h2:has-text('E-mail addresses that cannot be right'))"
    await page.locator(group).locator("select").select_option(label="take what we suggest")
    await desk.press(f"{group} button:has-text('Apply to all')", moves_on=True)
    await expect(headline).to_have_text("647 of 660 people are ready to import", timeout=SOON_MS)

    await page.check("[name=status][value=ready]")
    await page.check("[name=have_agreed]")
    await desk.press("button:has-text('Import 647 people')", moves_on=True)
    await expect(headline).to_have_text("647 people are in", timeout=SOON_MS)
    assert "647 people are being imported" in {title for title, _ in await progress(desk)}
    await desk.look("imported")

    async with page.expect_download() as begun:
        await page.click("a:has-text('Download the 13 rows that were refused')")
    await (await begun.value).save_as(tmp_path / "refused.xlsx")
    [header, *rows] = CalamineWorkbook.from_path(tmp_path / "refused.xlsx").get_sheet_by_index(0).to_python()
    assert (header[0], header[-1], len(rows)) == ("Row", "Reason", 13)
    assert all(row[-1] for row in rows)
    assert "Sis Florence Kiprono in row 4 has the same address" in str(rows[0][-1])

    await desk.press("main a:has-text('Look at the people')")
    await desk.open("/c/people?q=p700194")
    assert "Camille Marin-Perret" in await desk.text()  # whose address was mended by the group's choice


async def test_matching_with_live_progress(week: Week) -> None:  # N04
    desk, page = week.desk, week.desk.page
    headline = page.locator("h1")
    await desk.open("/c/matching")
    await a_count_that_comes_while_one_types(desk)
    await desk.look("counted")
    # A run of 660 takes half a second: without a rest before it, nothing would be left to show.
    with week.house.installation.stopped("match"):
        await desk.press("button[value=start]", moves_on=True)
        await expect(page.locator("main progress")).to_be_visible()
    await expect(headline).to_contain_text("mentees have a proposal", timeout=SOON_MS)
    assert [words for title, words in await progress(desk) if title.startswith("Run ")]
    await desk.look("results")
    assert "Proved best of" in await desk.text()
    week.run = page.url

    for address in await page.locator("main table th a").evaluate_all("all => all.map((one) => one.href)"):
        pair = people_of(week.house, address.rsplit("/", 1)[1])
        if pair is not None and not any(pair.people & one.people for one in week.pairs):
            week.pairs.append(pair)
        if len(week.pairs) == 2:
            break
    for pair in week.pairs:
        await desk.open(f"{week.run}/{pair.id}")
        score = re.search(r"fit with (\d+) of 100 points", await headline.inner_text())
        assert score and f"add up to {score[1]}" in await desk.text()
        await desk.press("button:has-text('Approve this proposal')")
        assert "One proposal was approved." in await page.inner_text("body")


async def a_count_that_comes_while_one_types(desk: Visitor) -> None:
    """The count comes by itself, into its own parts of the page: what is being typed stays, and where one is."""
    page = desk.page
    goes_on = asyncio.Event()

    async def hold(route: Route) -> None:
        await goes_on.wait()
        await route.continue_()

    await page.route("**/matching/new/events*", hold)
    await desk.press("main a:has-text('New matching run')", moves_on=True)
    await expect(page.locator("aside")).to_contain_text("The pairs are being counted.")
    await page.locator("summary", has_text="Quotas for organisations").click()
    field_ = page.locator("details[open] input").first
    await field_.fill("7")
    goes_on.set()
    await expect(page.locator("aside")).to_contain_text("stay possible", timeout=SOON_MS)
    await expect(page.locator("h1")).to_contain_text("pairs are possible for")
    await expect(page.locator("#taken-languages")).not_to_contain_text("…")
    await expect(page.locator("#live")).to_contain_text("pairs are possible for")
    await expect(field_).to_have_value("7")
    await expect(field_).to_be_focused()
    await field_.fill("")
    await page.unroute("**/matching/new/events*", hold)


async def progress(visitor: Visitor) -> list[tuple[str, str]]:
    """Headline and progress, as often as either changed, of all pages so far."""
    return [
        (one, other) for one, other in await visitor.page.evaluate("JSON.parse(sessionStorage.kept || '[]')")
    ]


def people_of(house: House, proposal_id: str) -> Pair | None:
    """The two of a proposal; None where one of them takes part twice, or has more than one place."""
    rows = house.installation.sql(
        "SELECT full_name, email FROM proposal AS r"
        " JOIN participation AS p ON p.id IN (r.mentor_id, r.mentee_id) JOIN person ON person.id = p.person_id"
        f" WHERE r.id = '{UUID(proposal_id)}' AND p.capacity = 1"
        " AND (SELECT count(*) FROM participation AS q WHERE q.person_id = p.person_id) = 1"
        " ORDER BY p.id = r.mentee_id"
    )
    if len(rows) < 2:
        return None
    return Pair(proposal_id, *(Side(str(name), str(email)) for name, email in rows))


async def test_letters_go_when_the_coordinator_says_so(house: House, week: Week) -> None:
    desk = week.desk
    await desk.open("/c/outbox")
    assert "4 letters wait to be sent" in await desk.text()
    links = await desk.page.locator("main ol a").evaluate_all("all => all.map((one) => one.href)")
    for link in links:
        await desk.open(link)
        await desk.press("button:has-text('Send it now')")
    for pair in week.pairs:
        for me, other in pair.both_ways():
            letter = await house.letter(me.email, f"Do you want to meet {other.name}?")
            assert other.email not in letter.text  # K30: not before both want to meet


async def answer(
    house: House, week: Week, who: Side, value: str, other: Side, *, reason: str = ""
) -> Visitor:
    """By the link of the letter, signed out, on a telephone without scripts."""
    her = await house.visitor(week.made.host, width=390, scripts=False)
    await her.open((await house.letter(who.email, f"Do you want to meet {other.name}?")).link)
    assert other.email not in await her.page.content()
    if reason:
        await her.page.click("main summary")
        await her.fill(reason=reason)
    await her.press(f"main button[value={value}]")
    assert "We have noted your answer" in await her.text()
    return her


async def test_two_private_yes_make_a_pair(house: House, week: Week) -> None:  # K11 K30 K31 K33
    mentor, mentee = week.pairs[0].mentor, week.pairs[0].mentee
    for me, other in week.pairs[0].both_ways():
        await answer(house, week, me, "yes", other)
    for me, other in week.pairs[0].both_ways():
        contact = await house.letter(me.email, f"You and {other.name}: how to reach each other")
        assert other.email in contact.text
    assert await status(week, mentee) == await status(week, mentor) == "Ready to be matched"

    # They have met. One answers by the letter that she has, the other one signs in.
    await answer(house, week, mentee, "yes", mentor)
    assert await status(week, mentee) == "Ready to be matched"
    hers = await house.enter(week.made.host, mentor.email, width=390, scripts=False)
    await hers.open(f"/me/proposal/{week.pairs[0].id}")
    assert mentee.email in await hers.text()
    await hers.page.click("main details:has(button) > summary")
    await hers.press("main button[value=yes]")
    await hers.open("/me")
    shown = await hers.text()
    assert f"You and {mentee.name} are a pair" in shown, shown
    assert await status(week, mentee) == await status(week, mentor) == "In a mentor relationship"
    await week.desk.open("/c/pairs")
    assert mentor.name in await week.desk.text() and mentee.name in await week.desk.text()


async def status(week: Week, who: Side) -> str:
    await week.desk.open(f"/c/people?q={who.email}")
    found = re.search(r"(?:Mentor|Mentee) · ([\w ]+)", await week.desk.text())
    assert found
    return found[1]


async def test_a_private_no_blames_nobody(house: House, week: Week) -> None:  # K33 K35
    mentor, mentee = week.pairs[1].mentor, week.pairs[1].mentee
    await answer(house, week, mentee, "yes", mentor)
    await answer(house, week, mentor, "no", mentee, reason=REASON)
    told = []
    for me, other in week.pairs[1].both_ways():
        letter = await house.letter(me.email, f"Your proposal with {other.name}")
        assert "it says nothing about you" in letter.text.replace("\n", " ")
        told.append(plain(letter.text, me, other))
        her = await house.enter(week.made.host, me.email, width=390, scripts=False)
        for path in ("/me", f"/me/proposal/{week.pairs[1].id}"):
            await her.open(path)
            shown = await her.page.content()
            assert REASON not in shown and other.email not in shown
            assert not re.search(r"declined|refused|said no|turned", await her.text())
        told.append(plain(await her.text(), me, other))
        assert await status(week, me) == "Ready to be matched"
    assert (told[0], told[1]) == (told[2], told[3])


def plain(text: str, me: Side, other: Side) -> str:
    """The words without the two names, which alone may differ."""
    text = re.sub(r"[\u2066-\u2069]", "", text).replace(me.name, "ME").replace(other.name, "OTHER")
    return re.sub(r"\s+", " ", text)


async def test_the_next_run_without_scripts(house: House, week: Week) -> None:  # K35
    desk = await house.signed_in(week.made.coordinator, week.made.host, scripts=False)
    await desk.open("/c/matching")
    await desk.press("main a:has-text('New matching run')")
    await desk.press("button[value=start]")
    headline = desk.page.locator("h1")
    async with asyncio.timeout(SOON_MS / 1000):
        while "mentees have a proposal" not in await headline.inner_text():
            await desk.press("a:has-text('Check again')")
    async with desk.page.expect_download() as begun:
        await desk.page.click("a:has-text('as CSV')")
    path = await (await begun.value).path()
    pairs = {(row[0], row[1]) for row in csv.reader(path.read_text("utf-8-sig").splitlines())}
    assert len(pairs) > 300
    assert not pairs & {(pair.mentor.name, pair.mentee.name) for pair in week.pairs}
    assert week.pairs[0].mentee.name not in {mentee for _, mentee in pairs}
    assert week.pairs[1].mentee.name in {name for pair in pairs for name in pair}
