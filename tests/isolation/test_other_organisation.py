"""
Nothing of another organisation can be read, changed or guessed at, by anybody, through any route.

Each request that names something of the other organisation is answered to the
letter like one that names what nobody has.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.ground import Ground
from tests import routes
from tests.browsing import Page
from tests.conftest import Servers
from tests.isolation import bodies, canaries, directories, opaque, positions
from tests.isolation.asking import (
    PROGRAMS,
    ROUNDS,
    Answer,
    Asker,
    comparable,
    first_difference,
    forget_limits,
)
from tests.isolation.conftest import OURS, THEIRS, Two
from tests.isolation.positions import Ask, Trial
from tests.isolation.world import tenant_tables
from tests.listening import Bugs


@dataclass
class Findings:
    """What the trials came to."""

    requests: int = 0
    leaks: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    bugs: Bugs = field(default_factory=Bugs)


async def _put(asker: Asker, ask: Ask, findings: Findings) -> Answer:
    response = await asker.send(
        ask.method, ask.path, fields=list(ask.fields), json=ask.json, headers=dict(ask.headers)
    )
    findings.requests += 1
    answer = comparable(response, (ask.named,))
    if THEIRS.lower() in answer.raw.lower():
        findings.leaks.append(f"{asker.role}: {ask}")
    if answer.status >= 500:
        findings.failures.append(f"{answer.status} {asker.role}: {ask}: {findings.bugs.take()}")
    return answer


async def _try(asker: Asker, trial: Trial, findings: Findings) -> None:
    """Ask about nobody's row, theirs, and nobody's again: what an earlier request has changed is no difference."""
    findings.places.add(trial.theirs.place)
    before = await _put(asker, trial.nobodys[0], findings)
    theirs = await _put(asker, trial.theirs, findings)
    if theirs == before:
        return
    after = await _put(asker, trial.nobodys[1], findings)
    if theirs != after:
        findings.differences.append(f"{asker.role}: {trial.theirs}: {first_difference(theirs, after)}")


def _role_fits(route: routes.Route, asker: Asker) -> bool:
    return route.is_api == (asker.role == "token")


async def _pages(two: Two, found: list[routes.Route], asker: Asker) -> AsyncIterator[Page]:
    """The pages that this reader can open at home; their forms and links are tried with others' ids."""
    seen = set()
    for route in found:
        if route.method != "GET" or route.is_stream or route.path.startswith("/static"):
            continue
        path = route.filled(**{n: positions.first_own(route, n, kind, two.own) for n, kind in route.kinds})
        response = await asker.send("GET", path)
        if response.status_code == 200 and path not in seen:
            seen.add(path)
            yield Page(asker, response)  # type: ignore[arg-type]


async def _all_trials(ground: Ground, two: Two, document: dict[str, Any], findings: Findings) -> None:
    pages, api = routes.pages(ground), routes.api(ground)
    description = bodies.Description(document)
    for asker in two.askers.values():
        await forget_limits(ground)
        if asker.role == "directory":
            trials = list(directories.of_directory(two.own, two.other))
        else:
            trials = [
                trial
                for route in (*pages, *api)
                if _role_fits(route, asker)
                for trial in _of_route(route, asker, description, two)
            ]
        if asker.role not in PROGRAMS:
            async for page in _pages(two, pages, asker):
                trials += positions.of_forms(page, two.own, two.other)
        for number, trial in enumerate(_without_repeats(trials)):
            if number % 100 == 99:
                await forget_limits(ground)
            await _try(asker, trial, findings)


def _of_route(
    route: routes.Route, asker: Asker, description: bodies.Description, two: Two
) -> Iterator[Trial]:
    sample = description.sample(route, two.own) if route.is_api else None
    yield from positions.of_path(route, two.own, two.other, sample)
    yield from opaque.of_cursors(route, two.own, two.other)
    if route.is_api:
        yield from bodies.of_body(route, description, two.own, two.other)
    if asker.role == "visitor":
        yield from opaque.of_cookies(route, two.own, two.other)


def _without_repeats(trials: Iterable[Trial]) -> list[Trial]:
    """The same field of the same form stands on many pages; one of them is enough, in the long version some more."""
    seen: dict[str, int] = {}
    kept = []
    for trial in trials:
        times = seen[trial.theirs.place] = seen.get(trial.theirs.place, 0) + 1
        if times <= 2 * ROUNDS - 1:
            kept.append(trial)
    return kept


async def test_another_organisations_rows_are_nobodys(
    ground: Ground, servers: Servers, two: Two, bugs: Bugs
) -> None:  # N02, I18
    with canaries.superuser(servers) as connection:
        before = canaries.digests(connection, two.other.id)
    document = (await two.askers["token"].send("GET", "/api/v1/schema/openapi.json")).json()
    findings = Findings(bugs=bugs)
    for _ in range(ROUNDS):
        await _all_trials(ground, two, document, findings)
    with canaries.superuser(servers) as connection:
        after = canaries.digests(connection, two.other.id)
    print(f"\n{findings.requests:,} requests in {len(findings.places)} places by {len(two.askers)} readers")
    assert findings.requests >= (20_000 if ROUNDS > 1 else 2_500)
    assert findings.leaks == []
    assert findings.failures == []
    assert findings.differences == []
    assert after == before
    with_ids = {
        f"{route.path} {name}"
        for route in (*routes.pages(ground), *routes.api(ground))
        for name, kind in route.kinds
        if kind == "UUID"
    }
    assert with_ids - findings.places == set()


async def test_own_session_is_nothing_at_their_address(ground: Ground, two: Two) -> None:
    """At the address of the other organisation, about rows that are there, everybody of ours is nobody in particular."""
    findings = Findings()
    for role in ("coordinator", "owner") if ROUNDS == 1 else [*two.own.secrets]:
        await forget_limits(ground)
        session = two.own.secrets[role]
        for route in routes.pages(ground):
            if route.method != "GET" or route.is_stream or route.path.startswith("/static/"):
                continue
            path = route.filled(
                **{n: positions.first_own(route, n, kind, two.other) for n, kind in route.kinds}
            )
            answers = []
            for secret in (session, session[::-1]):
                headers = {"host": two.other.host, "cookie": f"__Host-session={secret}"}
                answers.append(comparable(await two.askers["visitor"].send("GET", path, headers=headers), ()))
            if answers[0] != answers[1]:
                findings.differences.append(f"{role}: {path}: {first_difference(*answers)}")
            findings.requests += 2
    assert findings.differences == []
    assert findings.requests > 200


async def test_a_token_speaks_for_its_own_organisation_at_every_address(ground: Ground, two: Two) -> None:
    await forget_limits(ground)
    seen = []
    for route in routes.api(ground):
        if route.method == "GET" and not route.kinds:
            answer = await two.askers["token"].send("GET", route.path, headers={"host": two.other.host})
            seen.append(answer.text.lower())
    assert len(seen) > 10
    assert not any(THEIRS.lower() in text for text in seen)
    assert any(OURS.lower() in text for text in seen)


async def test_other_organisation_is_full_of_everything(servers: Servers, two: Two) -> None:
    """Otherwise there would be nothing to find."""
    with canaries.superuser(servers) as connection:
        found = canaries.digests(connection, two.other.id)
    assert [table.name for table in tenant_tables() if found[table.name].startswith("0:")] == []


async def test_mark_is_seen_at_home(ground: Ground, two: Two) -> None:
    """Otherwise its absence elsewhere would prove nothing."""
    seen = set()
    for role in ("registered_mentee", "coordinator", "owner"):
        async for page in _pages(two, routes.pages(ground), two.askers[role]):
            if OURS.lower() in page.html.lower():
                seen.add(role)
                break
    assert seen == {"registered_mentee", "coordinator", "owner"}
