"""
What one organisation sees does not depend on what another one has.

The same questions are asked while the other organisation is empty and again
when it is full; every answer has to be the same to the letter.
"""

from datetime import timedelta
from typing import Any

import time_machine

from infra import clock, ids
from infra.db import bulk
from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person
from tenants.registration.models import Participation
from tests import making, routes
from tests.isolation import positions
from tests.isolation.asking import (
    PROGRAMS,
    ROLES,
    ROUNDS,
    Answer,
    Asker,
    asker,
    comparable,
    first_difference,
    forget_limits,
)
from tests.isolation.conftest import Two
from tests.isolation.world import World

ROWS = 500 if ROUNDS == 1 else 10_000
AT_LEAST = 200 if ROUNDS == 1 else 2_000  # requests
READERS = ("coordinator", "owner", "token") if ROUNDS == 1 else ROLES
SEARCHED = "a" if ROUNDS == 1 else "ab"


async def _trace(ground: Ground, own: World, askers: list[Asker]) -> dict[str, Answer]:
    """What everybody gets to see at every address. Nothing is changed by looking, but for the trail, which keeps who looked."""
    answers = {}
    for one in askers:
        for route in (*routes.pages(ground), *routes.api(ground)):
            if route.is_api != (one.role in PROGRAMS) or route.method != "GET" or "/audit" in route.path:
                continue
            if route.is_stream:
                continue
            await forget_limits(ground)
            for address in _addresses(route, own):
                answer = comparable(await one.send(route.method, address), ())
                answers[f"{one.role} {route.method} {address}"] = answer
                if answer.status != 200:
                    break
    return answers


def _addresses(route: routes.Route, own: World) -> list[str]:
    address = route.filled(**{n: positions.first_own(route, n, kind, own) for n, kind in route.kinds})
    is_list = route.method == "GET" and not route.kinds
    return [address, *(f"{address}?q={one}&search={one}&limit=2" for one in SEARCHED if is_list)]


async def _fill(ground: Ground, other: making.Made, launched: Any) -> None:
    """Hundreds or thousands of people with all that lists, counts and searches look at; some share an address with ours."""
    now = clock.now()
    people = [
        {"organisation_id": other.id, "id": ids.new(), "full_name": f"Ana Anders {n}", "language": "en",
         "email": f"participant{n}@example.org", "time_zone": "UTC", "is_active": True}
        for n in range(ROWS)
    ]  # fmt: skip
    async with ground.database.tenant_session(other.house.context()) as session:
        await bulk.insert_rows(session, bulk.table(Person), people)
        await bulk.insert_rows(
            session,
            bulk.table(Participation),
            [
                {"organisation_id": other.id, "id": ids.new(), "person_id": one["id"], "origin": "roster",
                 "programme_id": launched.programme.id, "cycle_id": launched.cycle.id, "role": "mentee",
                 "status_at": now, "registered_on": now.date()}
                for one in people
            ],
        )  # fmt: skip
        await bulk.insert_rows(
            session,
            bulk.table(Task),
            [
                {"organisation_id": other.id, "id": ids.new(), "key": f"task {n}", "kind": "registration.read",
                 "due_on": now.date() - timedelta(days=n % 9), "about": {}}
                for n in range(ROWS)
            ],
        )  # fmt: skip
        await bulk.insert_rows(
            session,
            bulk.table(Letter),
            [
                {"organisation_id": other.id, "id": ids.new(), "key": f"letter {n}", "kind": "registration.received",
                 "person_id": one["id"], "language": "en", "about": {}, "due_at": now}
                for n, one in enumerate(people)
            ],
        )  # fmt: skip


async def test_another_organisation_of_any_size_changes_no_answer(
    ground: Ground, app: ASGIApp, two: Two
) -> None:  # N02
    own = two.own
    other = await making.organisation(ground.database)
    launched = await making.programme(ground.database, other, slug=own.slug)
    askers = [await asker(app, own, role) for role in READERS]
    program = next(one for one in askers if one.role == "token")
    await program.send(
        "GET", "/api/v1/organisation"
    )  # its first use is noted, and shown in the list of tokens
    # Both times from the same full minute on: pages say of some things when they were, to the minute.
    minute = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    with time_machine.travel(minute, tick=False):
        if ROUNDS > 1:
            await _trace(ground, own, askers)  # some things are settled by being looked at
        empty = await _trace(ground, own, askers)
    await _fill(ground, other, launched)

    with time_machine.travel(minute, tick=False):
        full = await _trace(ground, own, askers)

    print(f"\n{len(empty):,} requests, with nobody and with {ROWS:,} people in the other organisation")
    assert len(empty) >= AT_LEAST
    changed = [
        f"{q}: {first_difference(empty[q], full[q]) if q in empty and q in full else 'asked once only'}"
        for q in {**empty, **full}
        if empty.get(q) != full.get(q)
    ]
    assert changed == []
    for one in askers:
        await one.client.aclose()
