"""
Where a request can name something, and three requests that differ in that place alone.

A position is a parameter of the path, a field of a form, a parameter of a query
or a member of a JSON body. Forms are read from the organisation's own pages, so
that whatever a page can send is tried; bodies come from the API's description.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from infra import ids
from tests.browsing import Page
from tests.isolation.world import LINKS, World
from tests.routes import Route

# Parameters of paths by the table whose rows they name; of a name that is not here, every table is tried.
TABLES = {
    "person_id": "person",
    "office_id": "office",
    "token_id": "api_token",
    "provider_id": "identity_provider",
    "domain_id": "domain",
    "window_id": "support_window",
    "account_id": "account",
    "passkey_id": "passkey",
    "wish_id": "pair_wish",
    "deed_id": "deed",
    "contact_id": "contact",
    "conflict_id": "conflict",
    "step_id": "conflict_step",
    "session_id": "session",
    "programme_id": "programme",
    "cycle_id": "cycle",
    "question_id": "question",
    "run_id": "matching_run",
    "search_id": "match_search",
    "afterwards_id": "afterwards",
    "indicator_id": "indicator",
    "import_id": "roster_import",
    "participation_id": "participation",
    "registration_id": "registration",
    "proposal_id": "proposal",
    "party_id": "party",
    "to_id": "party",
    "relationship_id": "relationship",
    "pair_id": "relationship",
    "meeting_id": "meeting",
    "evaluation_id": "evaluation",
    "follow_up_id": "follow_up",
    "not_heard_id": "not_heard",
    "letter_id": "letter",
    "reader_id": "letter",
    "task_id": "task",
    "concern_id": "concern",
    "appointment_id": "appointment",
    "workshop_id": "workshop",
    "guest_id": "workshop_guest",
    "opportunity_id": "opportunity",
    "network_id": "sub_network",
    "newsletter_id": "newsletter",
    "note_id": "interview_note",
    "grant_id": "note_grant",
    "emergency_id": "note_emergency",
    "release_id": "note_release",
    "job_id": "outbox",
    "card_id": "pool_card",
    "consent_id": "consent",
    "copy_id": "personal_copy",
    "erasure_id": "erasure",
    "mentor_id": "participation",
    "mentee_id": "participation",
    "coordinator_id": "person",
}
# Words of paths that are the same in every organisation, with one that shows something.
WORDS = {
    "template": "proposal.meet",
    "spoken": "fr",
    "role": "mentee",
    "form": "toolbox",
    "step": "aim",
    "audience": "mentees",
    "key": "phone",
    "code": "leadership",
}
_UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
A_FEW = 3  # rows of one kind that are tried in one place


@dataclass(frozen=True)
class Ask:
    """One request, ready to be sent by anybody. `named` is what it names of the other organisation, or at random."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    json: Any = field(default=None, hash=False)
    headers: tuple[tuple[str, str], ...] = ()
    named: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} [{self.place}]"


@dataclass(frozen=True)
class Trial:
    """The same question about a row of the other organisation, and twice about one that nobody has."""

    theirs: Ask
    nobodys: tuple[Ask, Ask]


def of_path(route: Route, own: World, other: World, json: Any = None) -> Iterator[Trial]:
    """Trials for every parameter of a route's path, the others filled with ids of one's own; `json` is a body that is in order."""
    for name, kind in route.kinds:
        if (route.path, name) == ("/static/{name}", "name"):
            continue
        for theirs, nobody in candidates(route, name, kind, other):
            yield _trial(route, name, theirs, nobody, own, json)


def _trial(route: Route, name: str, theirs: str, nobody: tuple[str, str], own: World, json: Any) -> Trial:
    def ask(value: str) -> Ask:
        values = {other: first_own(route, other, kind, own) for other, kind in route.kinds}
        values[name] = value
        place = f"{route.path} {name}"
        return Ask(route.method, route.filled(**values), json=json, named=value, place=place)

    return Trial(ask(theirs), (ask(nobody[0]), ask(nobody[1])))


def candidates(route: Route, name: str, kind: str, other: World) -> Iterator[tuple[str, tuple[str, str]]]:
    """A value of the other organisation and two of nobody, for one parameter."""
    if kind == "UUID":
        tables = [TABLES[name]] if name in TABLES else sorted(other.rows)
        for table in tables:
            for theirs in _spread(other.rows.get(table, []), A_FEW if len(tables) == 1 else 1):
                yield str(theirs), nobodys()
    elif kind == "str":
        yield from _words(route, name, other)


def _spread(rows: list[UUID], most: int) -> list[UUID]:
    step = max(1, len(rows) // most)
    return rows[::step][:most]


def _words(route: Route, name: str, other: World) -> Iterator[tuple[str, tuple[str, str]]]:
    for beginning in LINKS:
        if route.path.startswith(beginning):
            theirs = other.links[beginning]
            yield theirs, (theirs[::-1], theirs[:-4] + "AAAA")
            return
    if name == "slug":
        yield other.slug, ("nowhere-1", "nowhere-2")
        return
    # A word such as a language or a kind is no row of anybody's; a signed token of a new sort has to be entered in LINKS.
    assert "token" not in name, f"enter {route} in world.LINKS"


def first_own(route: Route, name: str, kind: str, own: World) -> str:
    """A value with which the route shows something of the own organisation, where there is one."""
    if kind == "int":
        return "2"  # a second page, and the first row below the header
    if kind == "UUID":
        rows = own.rows.get(TABLES.get(name, table_in(route, own)), [])
        return str(rows[0]) if rows else str(ids.random())
    if name in WORDS:
        return WORDS[name]
    return next((own.links[beginning] for beginning in LINKS if route.path.startswith(beginning)), own.slug)


def table_in(route: Route, own: World) -> str:
    """The table that a path such as /c/import/{id} speaks of."""
    before = route.path.partition("{")[0]
    words = [word.rstrip("s").replace("-", "_") for word in before.split("/")]
    return next((table for word in reversed(words) if word for table in own.rows if word in table), "person")


def nobodys() -> tuple[str, str]:
    return str(ids.new()), str(ids.random())


def spoken_of(path: str) -> str:
    """The path without its ids: where a form leads, on whatever row."""
    return "/".join("{}" if _UUID.match(part) else part for part in path.split("/"))


def of_forms(page: Page, own: World, other: World) -> Iterator[Trial]:
    """Trials for every id that a form of one's own page would send, in its address or its fields, and for every id in a link's query."""
    for form in page.forms:
        address = form.action or page.path
        sent = tuple((one.name, one.value) for one in form.fields if one.is_sent and one.name != "csrf")
        yield from _of_address(form.method.upper(), address, sent, own, other)
        for at, (name, value) in enumerate(sent):
            if (table := table_of(value, own)) is None:
                continue
            for theirs in _spread(other.rows.get(table, []), 1):
                asks = [
                    Ask(form.method.upper(), address, (*sent[:at], (name, one), *sent[at + 1 :]), named=one,
                        place=f"form {spoken_of(urlsplit(address).path)} {name}")
                    for one in (str(theirs), *nobodys())
                ]  # fmt: skip
                if form.method == "get":
                    asks = [_as_query(ask) for ask in asks]
                yield Trial(asks[0], (asks[1], asks[2]))
    yield from _of_links(page, own, other)


def _of_address(
    method: str, address: str, sent: tuple[tuple[str, str], ...], own: World, other: World
) -> Iterator[Trial]:
    """What the form would do to somebody else's row, with all that it needs to be heard."""
    parts = urlsplit(address).path.split("/")
    for at, part in enumerate(parts):
        table = table_of(part, own)
        if method == "GET" or table is None or not other.rows.get(table):
            continue
        asks = [
            Ask(method, "/".join((*parts[:at], one, *parts[at + 1 :])), sent, named=one,
                place=f"form {spoken_of(urlsplit(address).path)} path {at}")
            for one in (str(other.rows[table][0]), *nobodys())
        ]  # fmt: skip
        yield Trial(asks[0], (asks[1], asks[2]))


def _of_links(page: Page, own: World, other: World) -> Iterator[Trial]:
    for address in sorted(set(re.findall(r'href="(/[^"]*\?[^"]*)"', page.html.replace("&amp;", "&")))):
        parts = urlsplit(address)
        pairs = tuple(parse_qsl(parts.query, keep_blank_values=True))
        for at, (name, value) in enumerate(pairs):
            if (table := table_of(value, own)) is None or not other.rows.get(table):
                continue
            theirs = str(other.rows[table][0])
            asks = [
                _as_query(Ask("GET", parts.path, (*pairs[:at], (name, one), *pairs[at + 1 :]), named=one,
                              place=f"link {spoken_of(parts.path)} {name}"))
                for one in (theirs, *nobodys())
            ]  # fmt: skip
            yield Trial(asks[0], (asks[1], asks[2]))


def _as_query(ask: Ask) -> Ask:
    from httpx import QueryParams

    return replace(ask, path=f"{ask.path.split('?')[0]}?{QueryParams(list(ask.fields))}", fields=())


def table_of(value: str, own: World) -> str | None:
    if not _UUID.match(value):
        return None
    return next((table for table, rows in own.rows.items() if UUID(value) in rows), None)
