"""Every page there is, as somebody who may see it, in each of our languages: right and light."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from infra import language
from infra.ground import Ground
from tenants.organisations.models import Office
from tests import routes
from tests.isolation.asking import forget_limits
from tests.web import english
from tests.web.markup import Markup
from tests.worlds import Looked, Shown
from web import assets

pytestmark = pytest.mark.usefixtures("bugs")

LANGUAGES = language.installed()
PARTICIPANT_BYTES = 14 * 1024

# Addresses that lead on and show nothing themselves.
LEADING = {
    "GET /", "GET /settings/language", "GET /r/{slug}", "GET /sign-in/with/{provider_id}",
    "GET /sign-in/with/{provider_id}/back", "GET /sign-in/with/{provider_id}/begin", "GET /a/sign-in/{provider_id}/try",
    "GET /me/settings/accounts/{provider_id}/connect", "GET /step-up/with/{provider_id}", "GET /step-up/on",
    "GET /me/pair/{relationship_id}/next",
}  # fmt: skip
# One row of a roster by its number, for which this world has no import that is still open; test_imports.py corrects one.
# Why somebody was not let in is a refusal; test_provider_answers.py comes there.
ELSEWHERE = {"GET /c/import/{id}/rows/{number}", "GET /sign-in/turned"}
# Where a passkey is made or shown: nothing but a script can ask a browser for one. See docs/decisions/0016.
WITH_SCRIPT = {"GET /sign-in/passkey", "GET /me/settings/passkeys/new", "GET /step-up"}


@pytest.fixture(autouse=True)
async def _unlimited(ground: Ground) -> None:
    await forget_limits(ground)


def test_every_route_shows_something_to_somebody(ground: Ground, looked: Looked) -> None:
    shown = {str(one.route) for one in looked.shown}
    found = {name: sorted(told) for name, told in looked.statuses.items()}
    failures = {name: told for name, told in found.items() if any(one.startswith("5") for one in told)}
    known = shown | LEADING | ELSEWHERE | downloads(ground)
    unseen = {name: told for name, told in found.items() if name not in known}
    assert failures == {}
    assert unseen == {}, unseen


def downloads(ground: Ground) -> set[str]:
    """Addresses of files and streams, which a test of their own opens."""
    names = ("events", ".csv", ".ics", ".xlsx", "rejected", "export", "template", "feed", "/pack")
    return {str(r) for r in routes.pages(ground) if any(name in r.path for name in names)}


@dataclass(frozen=True)
class Read:
    """A page as its reader got it; `weight` is what travelled, in bytes."""

    shown: Shown
    page: Markup
    weight: int


Pages = Callable[[str], Awaitable[list[Read]]]


@pytest.fixture(scope="session")
def pages(looked: Looked) -> Pages:
    """Every page in a language, asked for once."""
    known: dict[str, list[Read]] = {}

    async def of(code: str) -> list[Read]:
        if code not in known:
            known[code] = []
            for shown in looked.shown:
                response = await looked.read(shown, code)
                if response.headers.get("content-type", "").startswith("text/html"):
                    read = Read(shown, Markup.of(response.text), response.num_bytes_downloaded)
                    known[code].append(read)
        return known[code]

    return of


@pytest.mark.parametrize("code", LANGUAGES)
async def test_page_is_whole_in_each_language(pages: Pages, code: str) -> None:  # K75
    wrong = []
    for one in await pages(code):
        shown, page = one.shown, one.page
        if (page.language, page.direction) != (code, language.direction(code)):
            wrong.append(f"{shown}: lang={page.language} dir={page.direction}")
        if not page.title.strip() or page.title.strip().startswith("–"):
            wrong.append(f"{shown}: no title")
        if page.h1 != 1:
            wrong.append(f"{shown}: {page.h1} headings of the first level")
        if twice := [one for one, times in Counter(page.ids).items() if times > 1]:
            wrong.append(f"{shown}: ids twice: {twice[:4]}")
    assert wrong == []


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
async def test_no_english_is_left_on_a_page(
    ground: Ground, looked: Looked, pages: Pages, code: str
) -> None:  # K75
    foreign = english.left_in(code) - await _names_of_offices(ground, looked)
    left: dict[str, str] = {}
    for one in await pages(code):
        for text in one.page.texts:
            if found := english.told(text) & foreign:
                left.setdefault(text, f"{one.shown} {sorted(found)}")
    assert left == {}, "\n".join(f"{text!r}: {where}" for text, where in left.items())


async def _names_of_offices(ground: Ground, looked: Looked) -> set[str]:
    """Somebody's own words, whatever other modules have called theirs."""
    async with ground.database.tenant_session(looked.world.made.house.context()) as session:
        names = (await session.execute(select(Office.name))).scalars()
        return {word for name in names for word in english.words(name)}


def _weight(address: str) -> int:
    found = assets.find(address.removeprefix(assets.PREFIX), accepts_gzip=True)
    assert found, address
    return len(found.body)


async def test_pages_of_participants_come_alone_and_light(pages: Pages) -> None:  # N14
    wrong = []
    for code in LANGUAGES:
        for one in [one for one in await pages(code) if not one.shown.is_staff]:
            shown, page, weight = one.shown, one.page, one.weight
            if str(shown.route) in WITH_SCRIPT:
                weight += sum(_weight(address) for address in page.loads)
                if len(page.loads) > 1 or page.scripts > 1:
                    wrong.append(f"{shown}: loads {page.loads} and {page.scripts} scripts")
            elif page.loads or page.scripts:
                wrong.append(f"{shown}: loads {page.loads} and {page.scripts} scripts")
            if weight > PARTICIPANT_BYTES:
                wrong.append(f"{shown} {code}: {weight} bytes")
    assert wrong == []
