"""A pool full of people who can be matched, made by plain inserts: the roads to it have tests of their own."""

import random
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from infra import clock, ids
from infra.db.session import Database
from tenants.people.models import Person
from tenants.pools import actions as pools
from tenants.programmes.actions import Launched
from tenants.registration.models import Participation, Status
from tests.making import Made

TOPICS = (
    "leadership",
    "networking",
    "negotiation",
    "public_speaking",
    "work_life_balance",
    "career_development",
)
ZONES = ("Europe/Copenhagen", "Africa/Nairobi", "Asia/Tbilisi", "Europe/Sarajevo")
SECTORS = ("police", "Mining", "health", "law")


async def people(
    database: Database,
    made: Made,
    launched: Launched,
    role: str,
    count: int,
    *,
    seed: int = 1,
    **fixed: Any,
) -> list[UUID]:
    """`count` people in this role who are ready to be matched, different ones for each seed; their participations."""
    rng = random.Random(f"{seed} {role}")
    persons: list[dict[str, Any]] = []
    participations: list[dict[str, Any]] = []
    for number in range(count):
        person_id = ids.new()
        persons.append(
            {
                "organisation_id": made.id, "id": person_id, "full_name": f"{role.title()} {seed}-{number:03}",
                "email": f"{role}{seed}x{number}@{made.id.hex[:8]}.example.org", "language": "en",
                "time_zone": fixed.get("time_zone", rng.choice(ZONES)), "gender": "woman",
            }
        )  # fmt: skip
        participations.append(
            {
                "organisation_id": made.id, "id": ids.new(), "person_id": person_id,
                "programme_id": launched.programme.id, "cycle_id": launched.cycle.id, "role": role,
                "status": Status.READY, "status_at": clock.now(), "origin": "roster",
                "registered_on": clock.today("UTC"), "capacity": 1,
                "topics_offered": rng.sample(TOPICS, 3) if role in ("mentor", "peer") else [],
                "topics_wanted": rng.sample(TOPICS, 3) if role in ("mentee", "peer") else [],
                "languages": [{"code": "en", "level": rng.choice((2, 3, 4))}],
                "sector": rng.choice(SECTORS), "region": rng.choice(("Europe", "Africa")),
                "experience_years": rng.randrange(12, 25) if role == "mentor" else rng.randrange(1, 12),
                "mode": "individual",
            }
            | {name: value for name, value in fixed.items() if name != "time_zone"}
        )  # fmt: skip
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(insert(Person), persons)
        await session.execute(insert(Participation), participations)
        made_ids = [row["id"] for row in participations]
        await pools.rebuild_cards(session, made_ids)
    return made_ids
