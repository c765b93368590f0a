"""
What one organisation sees does not depend on what another one has.

The same questions are asked while the other organisation is empty and again
when it is full; every answer has to be the same to the letter.
"""

from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import insert

from infra import clock, ids
from infra.ground import Ground
from infra.http.asgi import ASGIApp
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person
from tenants.registration.models import Participation
from tests import making, routes
from tests.isolation import positions, world
from tests.isolation.asking import Answer, Asker, asker, comparable, first_difference, forget_limits
from tests.isolation.world import World

ROWS = 500
READERS = ("visitor", "open_mentee", "coordinator", "owner", "token")


async def _trace(ground: Ground, own: World, askers: list[Asker]) -> dict[str, Answer]:
    """What everybody gets to see at every address. Nothing is changed by looking, but for the trail, which keeps who looked."""
    await forget_limits(ground)
    answers = {}
    for one in askers:
        for route in (*routes.pages(ground), *routes.api(ground)):
            if route.is_api != (one.role == "token") or route.method != "GET" or "/audit" in route.path:
                continue
            for address in _addresses(route, own):
                answer = comparable(await one.send(route.method, address), ())
                answers[f"{one.role} {route.method} {address}"] = answer
                if answer.status != 200:
                    break
    return answers


def _addresses(route: routes.Route, own: World) -> list[str]:
    address = route.filled(**{n: positions.first_own(route, n, kind, own) for n, kind in route.kinds})
    is_list = route.method == "GET" and not route.kinds
    return [address, f"{address}?q=a&limit=2"] if is_list else [address]


async def _fill(ground: Ground, other: making.Made, launched: Any) -> None:
    """Five hundred people with all that lists, counts and searches look at; some share an address with ours."""
    now = clock.now()
    people = [
        {"organisation_id": other.id, "id": ids.new(), "full_name": f"Ana Anders {n}", "language": "en",
         "email": f"participant{n}@example.org", "time_zone": "UTC", "is_active": True}
        for n in range(ROWS)
    ]  # fmt: skip
    async with ground.database.tenant_session(other.house.context()) as session:
        await session.execute(insert(Person), people)
        await session.execute(
            insert(Participation),
            [
                {"organisation_id": other.id, "id": ids.new(), "person_id": one["id"], "origin": "roster",
                 "programme_id": launched.programme.id, "cycle_id": launched.cycle.id, "role": "mentee",
                 "status_at": now, "registered_on": now.date()}
                for one in people
            ],
        )  # fmt: skip
        await session.execute(
            insert(Task),
            [
                {"organisation_id": other.id, "id": ids.new(), "key": f"task {n}", "kind": "registration.read",
                 "due_on": now.date() - timedelta(days=n % 9), "about": {}}
                for n in range(ROWS)
            ],
        )  # fmt: skip
        await session.execute(
            insert(Letter),
            [
                {"organisation_id": other.id, "id": ids.new(), "key": f"letter {n}", "kind": "registration.received",
                 "person_id": one["id"], "language": "en", "about": {}, "due_at": now}
                for n, one in enumerate(people)
            ],
        )  # fmt: skip


async def test_another_organisation_of_any_size_changes_no_answer(
    ground: Ground, app: ASGIApp
) -> None:  # N02
    own = await world.make(ground, slug="our-network")
    other = await making.organisation(ground.database)
    launched = await making.programme(ground.database, other, slug="our-network")
    askers = [await asker(app, own, role) for role in READERS]
    await askers[-1].send(
        "GET", "/api/v1/organisation"
    )  # its first use is noted, and shown in the list of tokens
    # Both times from the same full minute on: pages say of some things when they were, to the minute.
    minute = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
    with time_machine.travel(minute, tick=False):
        empty = await _trace(ground, own, askers)
    await _fill(ground, other, launched)

    with time_machine.travel(minute, tick=False):
        full = await _trace(ground, own, askers)

    assert len(empty) > 100
    changed = [f"{q}: {first_difference(empty[q], full[q])}" for q in empty if full[q] != empty[q]]
    assert changed == []
    for one in askers:
        await one.client.aclose()
