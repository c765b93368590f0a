"""How long a matching run takes, from its start to DONE, by the worker process that is there for it."""

import time
from uuid import UUID

import psycopg

from infra.ground import Ground
from tenants.programmes.starters import StarterName
from tenants.registration.models import ImportState, Status
from tests import making
from tests.coordinating import Coordinator
from tests.installation import Installation
from tests.performance.report import Row

SIDE = 2_000
WITHIN_S = 600.0

# Copies of the people of a roster, until there are enough on each side. Ids and addresses are new, and each copy has its topics, languages, sector and
# years of somebody else of the same role: three hundred people who are alike in everything would be a hard shape, and are no programme.
_COPIES = (
    """
    CREATE TEMPORARY TABLE original ON COMMIT DROP AS
    SELECT *, row_number() OVER (PARTITION BY role ORDER BY id) - 1 AS at, count(*) OVER (PARTITION BY role) AS all_of
    FROM participation WHERE organisation_id = %(organisation)s
    """,
    """
    CREATE TEMPORARY TABLE copy ON COMMIT DROP AS
    SELECT * FROM (
        SELECT id AS old_id, person_id AS old_person_id, uuidv7() AS id, uuidv7() AS person_id, n, role, all_of,
               row_number() OVER (PARTITION BY role ORDER BY n, id) + all_of AS rank
        FROM original, generate_series(1, 1 + %(side)s / 200) AS n
    ) AS every WHERE rank <= %(side)s
    """,
    """
    INSERT INTO person (organisation_id, id, full_name, email, phone, language, time_zone, gender, office_id,
                        is_active)
    SELECT organisation_id, c.person_id, full_name || ' ' || n, n || '.' || c.id || '@example.org', phone,
           language, time_zone, gender, office_id, true
    FROM copy AS c JOIN person ON person.organisation_id = %(organisation)s AND person.id = c.old_person_id
    """,
    """
    INSERT INTO participation
    SELECT (jsonb_populate_record(p, jsonb_build_object(
        'id', c.id, 'person_id', c.person_id, 'topics_wanted', a.topics_wanted, 'topics_offered', a.topics_offered,
        'languages', b.languages, 'sector', d.sector, 'experience_years', d.experience_years
    ))).*
    FROM copy AS c JOIN participation AS p ON p.organisation_id = %(organisation)s AND p.id = c.old_id
    JOIN original AS a ON a.role = c.role AND a.at = (c.rank * 7919 / 31) %% c.all_of
    JOIN original AS b ON b.role = c.role AND b.at = (c.rank * 104729 / 37) %% c.all_of
    JOIN original AS d ON d.role = c.role AND d.at = (c.rank * 15485863 / 41) %% c.all_of
    """,
)


async def measure(installation: Installation, *, runs: int, side: int = SIDE) -> list[Row]:
    ground = installation.ground()
    try:
        roster = [await _timed(await _imported(ground)) for _ in range(runs)]
        large = [await _timed(await _copied(installation, ground, side)) for _ in range(runs)]
    finally:
        await ground.close()
    return [
        Row("inter-agency-2026.xlsx, all who can be matched: start to done", roster, "s"),
        Row(f"{side:,} × {side:,}: start to done", large, "s"),
        Row("Memory of the matching process afterwards", [installation.resident_mb()["match"]], "MB"),
    ]


async def _imported(ground: Ground) -> Coordinator:
    made = await making.organisation(ground.database)
    launched = await making.programme(ground.database, made, starter=StarterName.INTER_AGENCY)
    coordinator = Coordinator(ground, made.coordinator, launched.cycle.id)
    import_id = await coordinator.upload("inter-agency-2026.xlsx")
    await coordinator.until_roster(import_id, ImportState.STAGED)
    await coordinator.commit(import_id, Status.READY)
    await coordinator.until_roster(import_id, ImportState.COMMITTED)
    return coordinator


async def _copied(installation: Installation, ground: Ground, side: int) -> Coordinator:
    coordinator = await _imported(ground)
    copy(installation.admin_url, coordinator.actor.organisation_id, side)
    return coordinator


def copy(url: str, organisation_id: UUID, side: int) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in _COPIES:
            connection.execute(statement, {"organisation": organisation_id, "side": side})


async def _timed(coordinator: Coordinator) -> float:
    begun = time.perf_counter()
    run_id = await coordinator.start_run()
    await coordinator.until_run(run_id, WITHIN_S)
    return time.perf_counter() - begun
