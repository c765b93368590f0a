"""Texts made to do something, through every door in, looked for behind every door out."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

import httpx
import pytest
from sqlalchemy import select

from infra import language
from tenants.identity import tokens
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.permissions import Role, of
from tenants.programmes import asking, furnishing
from tenants.programmes.models import Programme
from tenants.proposals.runs import actions as runs
from tenants.registration import actions as registration
from tenants.registration.models import Participation
from tests import making
from tests.tenants.registration.roster.books import as_csv
from tests.working import drain

# An element of this name in any document means that a text has become markup.
MARKUP = "x-canary"
FORMULAS = (
    '=HYPERLINK("http://evil.example","x")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1+1", "＝1+1", "'=1+1", '"=1+1',
)  # fmt: skip
NAMES = (
    *FORMULAS,
    f'"><{MARKUP} onmouseover=alert(1)>',
    f"</title></textarea></script><{MARKUP}>",
    f"{{{{7*7}}}}${{7*7}}<%= 7*7 %><{MARKUP}>",
    "Ana\r\nBcc: evil@example.org",
    "Ana\u2028Bcc: evil@example.org",
    "Ana\nSubject: evil@example.org",
    '"Ana" <evil@example.org>, evil',
    "evil@example.org,Ana;evil@example.com",
    "=?utf-8?q?=0D=0ABcc:_evil@example.org?=",
    "\u202eilI anA\u2066\u2067",
    "Ana\u2069\u202c\u2069 (\u202eevil",
    "\u200bAna\ufeff\u00adIl\u200bić",
    "👩🏽\u200d🚀 Ana 🏳️\u200d🌈",
    "a\u0301" * 90,
    "%(name)s %s {0} {name}",
    "javascript:alert(1)//",
    "../../etc/passwd",
    "';DROP TABLE person;--",
)
INVISIBLE = ("\u200b", "\u202e\u2066", "\ufeff \u00ad", "\x01\x02", " \u2060 ")
KNOWN_HEADERS = {
    "message-id", "date", "from", "to", "reply-to", "subject", "auto-submitted", "mime-version", "content-type",
    "content-language", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post",
}  # fmt: skip
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Elements(HTMLParser):
    """Every element with its attributes, and what of them could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        runs = [name for name in of if name.startswith("on")]
        links = [value for value in of.values() if value and value.strip().lower().startswith("javascript:")]
        is_alien = tag == MARKUP or (tag == "script" and not of.get("nonce") and "src" not in of)
        links = [
            link
            for link in links
            if tag in ("a", "form", "iframe") and link in (of.get("href"), of.get("action"))
        ]
        if is_alien or runs or links:
            self.found.append(f"<{tag} {of}>")


def alive(html: str) -> list[str]:
    reader = Elements()
    reader.feed(html)
    return reader.found


@pytest.fixture
async def launched(database, made):
    launched = await making.programme(database, made)
    async with database.tenant_session(made.owner.context()) as session:
        one = asking.MOTIVATION
        await furnishing.ask(
            session, made.owner, launched.programme.id, key=one.key, kind=one.kind, field=one.field,
            label={"en": one.label}, is_obligatory=False,
        )  # fmt: skip
    return launched


@pytest.fixture
async def caller(database, made, app):
    both = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR, name="Both")
    async with database.tenant_session(both.context()) as session:
        everything = of(frozenset({Role.OWNER, Role.COORDINATOR}))
        secret = (await tokens.make(session, both, name="T", permissions=everything)).secret
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url=f"https://{made.host}/api/v1",
        headers={"authorization": f"Bearer {secret}"},
        timeout=60,
    ) as opened:
        yield opened


def body(launched, name, role, number):
    return {
        "programme_id": str(launched.programme.id), "role": role, "full_name": name, "email": f"{role}{number}@example.net",
        "language": ("en", "fr", "ar")[number % 3], "answers": making.answers(role, motivation=name),
        "consents": ["taking_part", "matching"], "channel": "phone", "is_confirmed": True,
    }  # fmt: skip


async def test_from_the_api_to_letters_pages_and_sheets(
    ground, database, browse, inbox, made, launched, caller
):
    for number, name in enumerate(NAMES):
        role = ("mentee", "mentor")[number % 2]
        answer = await caller.post("/registrations", json=body(launched, name, role, number))
        assert answer.status_code == 201, (name, answer.text)
    async with database.tenant_session(made.coordinator.context()) as session:
        (await session.get(Programme, (made.id, launched.programme.id))).wants_interview = False
        parts = list((await session.scalars(select(Participation))).all())
        for part in parts:
            await registration.make_ready(session, made.coordinator, part.id)
        run = await runs.start_run(session, made.coordinator, launched.cycle.id)
        names = {person.id: person.full_name for person in await session.scalars(select(Person))}
    await drain(ground, made.id)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get(f"/c/matching/{run.id}")
    await page.submit(f"/c/matching/{run.id}/approve")
    async with database.tenant_session(made.house.context()) as session:
        letters = list((await session.scalars(select(Letter.id))).all())
        [proposed, *_] = (
            await session.scalars(select(Letter).where(Letter.kind.startswith("proposal")))
        ).all()
    for letter in letters:
        await caller.post(f"/letters/{letter}/send-now")
    await drain(ground, made.id)
    _letters_are_harmless(inbox, len(NAMES))
    paths = [
        "/c/today", "/c/people", "/c/people?search=ana", "/c/pipeline", "/c/proposals", "/c/outbox?show=sent", "/c/pairs",
        f"/c/matching/{run.id}", f"/c/outbox/{proposed.id}", *(f"/c/people/{part.person_id}" for part in parts),
    ]  # fmt: skip
    for path in paths:
        shown = await browser.get(path)
        assert shown.status == 200, path
        assert alive(shown.html) == [], path
    for name in names.values():
        assert language.seen(name) == name and not BIDI.search(name)
    await _sheets_are_dead(browser, f"/c/matching/{run.id}/export")
    listed = (await caller.get("/people?limit=100")).json()
    assert {one["full_name"] for one in listed} >= set(names.values())


def _letters_are_harmless(inbox, at_least) -> None:
    assert len(inbox.mails) >= at_least
    for mail in inbox.mails:
        assert {name.lower() for name in mail} <= KNOWN_HEADERS, list(mail.keys())
        [to] = mail["To"].addresses
        assert to.domain in ("example.net", "example.org") and to.username != "evil", mail["To"]
        assert "\n" not in str(mail["Subject"]) and "\r" not in str(mail["Subject"])
        html = mail.get_body(("html",)).get_content()
        assert alive(html) == [], mail["Subject"]
        assert "49" not in re.findall(r"7\*7|\b49\b", html)
        for isolate in BIDI.findall(str(mail["Subject"])):
            assert isolate in "\u2068\u2069"


async def _sheets_are_dead(browser, path) -> None:
    text = (await browser.client.get(f"{path}?as=csv")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert sum("HYPERLINK" in cell or "cmd|" in cell for cell in cells) >= 1
    live = [
        cell
        for cell in cells
        if cell.lstrip("\ufeff\u200b \"'")[:1] in tuple("=+@\t\r\n＝＋－＠") and not cell.startswith("'")
    ]
    assert live == []
    book = zipfile.ZipFile(io.BytesIO((await browser.client.get(f"{path}?as=xlsx")).content))
    for name in book.namelist():
        written = book.read(name).decode("utf-8", "replace")
        assert "<f>" not in written and "<hyperlink" not in written, name


@pytest.mark.parametrize("name", INVISIBLE, ids=repr)
async def test_a_name_that_nobody_sees(launched, caller, name):
    answer = await caller.post("/registrations", json=body(launched, name, "mentee", 1))
    assert answer.status_code == 422 and "full_name" in answer.text, answer.text
    for method, address, sent in (
        ("POST", "/offices", {"name": name, "time_zone": "UTC"}), ("PATCH", "/organisation", {"name": name}),
    ):  # fmt: skip
        assert (await caller.request(method, address, json=sent)).status_code == 422, address


COLUMNS = (
    "Name", "Email", "Role", "Organisation", "Grade", "Gender", "Time zone", "Languages", "Topics I can cover",
    "Topics I want support on", "How many mentees", "Telephone", "Motivation", "Region", "Years of experience", "Sector", "Notes",
)  # fmt: skip
GOOD = ("Ana", "{}@example.net", "Mentee", "", "", "", "", "", "", "", "", "", "", "", "", "", "")


async def test_every_column_of_a_roster(ground, database, browse, made, launched):
    hostile = [name for name in NAMES if "\n" not in name] + ["\x07bell", "a\0b"]
    rows = []
    for at in range(len(COLUMNS)):
        for number, text in enumerate(hostile):
            row = [cell.format(f"r{at}x{number}") for cell in GOOD]
            row[at] = text
            rows.append(row)
    browser = await making.signed_in(database, browse, made, made.coordinator)
    page = await browser.get("/c/import")
    page = await page.submit(
        "/c/import", files={"file": ("=cmd|'.csv", as_csv([COLUMNS, *rows]), "text/csv")}
    )
    path = page.path.partition("?")[0]
    await drain(ground, made.id)
    page = await browser.get(path)
    assert page.status == 200 and alive(page.html) == []
    for shown in ("?show=refused", "?show=assumed", "?show=ready"):
        page = await browser.get(f"{path}{shown}")
        assert page.status == 200 and alive(page.html) == [], shown
    for kind in ("csv", "xlsx"):
        answer = await browser.client.get(f"{path}/refused.{kind}")
        assert answer.status_code == 200, (kind, answer.status_code)
        assert "\r" not in answer.headers["content-disposition"]
        if kind == "csv":
            cells = [
                cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row
            ]
            assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell] == []
        else:
            book = zipfile.ZipFile(io.BytesIO(answer.content))
            assert all(b"<f>" not in book.read(name) for name in book.namelist())
