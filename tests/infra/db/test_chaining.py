"""What migrations make of rows that are there: events become links of the chain, proposals keep their days, nobody stays alone unasked."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from infra import ids
from infra.db import migrate, roles
from infra.db.context import Context
from infra.db.session import Database
from tenants.audit import queries
from tenants.audit.chain import Walk
from tests.conftest import PASSWORDS, Servers

BEFORE = "before_the_chain"
ORGANISATIONS = [ids.new(), ids.new()]
# Nobody else is there: only what the filling reads.
PROPOSALS = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO programme (organisation_id, id, slug, structure, state, focus, name, summary, languages,
        contact_release, wants_interview, eligibility, answer_days, date_days, meet_days, confirm_days, check_up_days,
        term_months, caseload_limit)
    VALUES ('{organisation}', gen_random_uuid(), 'network', 'one_to_one', 'open', '[]', '{{}}', '{{}}', '[]',
        'with_proposal', false, '{{}}', 3, {date_days}, 50, 7, '[]', 12, 80);
    INSERT INTO cycle (organisation_id, id, programme_id, name, opens_on, closes_on, matching_on, launch_on, ends_on)
    SELECT organisation_id, gen_random_uuid(), id, '2026', now(), now(), now(), now(), now()
    FROM programme WHERE organisation_id = '{organisation}';
    INSERT INTO proposal (organisation_id, id, pool_id, cycle_id, mentor_id, mentee_id, state, score, most,
        contributions, alternatives, meet_by)
    SELECT organisation_id, gen_random_uuid(), gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(), state,
        0, 0, '[]', '[]', CASE WHEN state = 'meeting' THEN date '2027-01-20' END
    FROM cycle, unnest(array['draft', 'open', 'meeting', 'expired']) AS state
    WHERE organisation_id = '{organisation}';
"""
# One participation of each programme, a circle's with a card; of `asked` there is a question, of `listed` a roster that said it.
MODES = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO programme (organisation_id, id, slug, structure, state, focus, name, summary, languages,
        contact_release, wants_interview, eligibility, answer_days, date_days, meet_days, confirm_days, check_up_days,
        term_months, caseload_limit)
    SELECT '{organisation}', gen_random_uuid(), slug, structure, 'open', '[]', '{{}}', '{{}}', '[]', 'with_proposal',
        false, '{{}}', 3, 14, 50, 7, '[]', 12, 80
    FROM (VALUES ('circle', 'circle'), ('group', 'group'), ('asked', 'circle'), ('listed', 'circle'), ('pairs', 'one_to_one'))
        AS made (slug, structure);
    INSERT INTO participation (organisation_id, id, person_id, programme_id, cycle_id, role, status, status_at, origin,
        registered_on, capacity, mode, topics_offered, topics_wanted, languages, excluded_emails, answers)
    SELECT organisation_id, gen_random_uuid(), gen_random_uuid(), id, gen_random_uuid(), 'mentee', 'REGISTERED', now(),
        'form', now(), 1, 'individual', '[]', '[]', '[]', '[]', '{{}}'
    FROM programme WHERE organisation_id = '{organisation}' AND slug <> 'network';
    INSERT INTO pool_card (organisation_id, id, card_id, pool_id, participation_id, side, open_places, fields)
    SELECT organisation_id, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), id, 'mentee', 1,
        '{{"mode": "individual", "grade": "P3"}}'
    FROM participation WHERE organisation_id = '{organisation}';
    INSERT INTO question (organisation_id, id, programme_id, key, position, kind, asked_of, field, is_obligatory, label, hint, options)
    SELECT organisation_id, gen_random_uuid(), id, 'how', 1, 'choice', 'everybody', 'mode', false, '{{}}', '{{}}', '[]'
    FROM programme WHERE organisation_id = '{organisation}' AND slug = 'asked';
    INSERT INTO roster_row (organisation_id, id, import_id, row_number, state, cells, values, problems, person_is_new,
        participation_ids)
    SELECT participation.organisation_id, gen_random_uuid(), gen_random_uuid(), 2, 'imported', '[]',
        '{{"mode": "individual"}}', '[]', true, jsonb_build_array(participation.id)
    FROM participation JOIN programme ON programme.id = programme_id
    WHERE participation.organisation_id = '{organisation}' AND slug = 'listed';
"""


@pytest.fixture(scope="module")
def inside(servers: Servers) -> Iterator[Engine]:
    """A database as it was at the beginning, with rows of two organisations, brought to the present."""
    superuser = create_engine(servers.postgres.admin_url())
    migrate.install(superuser, BEFORE, PASSWORDS)
    url = servers.url(roles.MIGRATOR, BEFORE)
    command.upgrade(migrate.configured(url), "2026_11_22_ground")
    engine = create_engine(servers.postgres.admin_url(BEFORE))
    with engine.begin() as connection:
        _events(connection)
        for organisation, date_days in zip(ORGANISATIONS, (10, 20), strict=True):
            connection.exec_driver_sql(PROPOSALS.format(organisation=organisation, date_days=date_days))
            connection.exec_driver_sql(MODES.format(organisation=organisation))
    migrate.upgrade(url, servers.signer)
    yield engine
    engine.dispose()
    with superuser.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"DROP DATABASE {BEFORE} WITH (FORCE)"))
    superuser.dispose()


def _events(connection: Connection) -> None:
    for n in range(7):
        connection.execute(
            text(
                "INSERT INTO audit_event (organisation_id, id, created_at, event, actor_kind, object_kind, details)"
                " VALUES (:organisation, gen_random_uuid(), now() - make_interval(mins => :n), 'x', 'house', 'y',"
                " jsonb_build_object('n', :n))"
            ),
            {"organisation": ORGANISATIONS[n % 2], "n": n},
        )


@pytest.mark.usefixtures("inside")
async def test_events_from_before_are_linked_in_their_order(servers: Servers) -> None:
    database = Database(servers.settings(BEFORE), servers.signer)
    for organisation, expected in zip(ORGANISATIONS, ([6, 4, 2, 0], [5, 3, 1]), strict=True):
        walk, found = Walk(organisation), []
        async with database.tenant_session(Context(organisation)) as session:
            async for some in queries.links(session):
                assert list(walk.along(some)) == []
                found += [link.event.details for link in some if link.event]
        assert found == [f'{{"n": {n}}}' for n in expected]
    await database.close()


def test_proposals_that_wait_keep_the_days_of_their_programme(inside: Engine) -> None:  # K31
    def kept(organisation: UUID) -> list[tuple[str, int | None, int | None]]:
        query = "SELECT state, date_days, meet_days FROM proposal WHERE organisation_id = :id ORDER BY meet_days, state"
        with inside.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), {"id": organisation})]

    rest = [("draft", None, None), ("expired", None, None)]
    assert [kept(one) for one in ORGANISATIONS] == [
        [("meeting", days, 50), ("open", days, 50), *rest] for days in (10, 20)
    ]
    forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('programme', 'cycle', 'proposal')"
    with inside.connect() as connection:
        assert connection.scalar(text(forced)) is True


def test_whoever_was_never_asked_how_she_wants_to_meet_is_not_kept_alone(inside: Engine) -> None:  # I06
    query = """
        SELECT slug, mode, fields ->> 'mode', fields ->> 'grade'
        FROM participation JOIN programme ON programme.id = programme_id
        JOIN pool_card ON participation_id = participation.id
        WHERE participation.organisation_id = :id ORDER BY slug
    """
    for organisation in ORGANISATIONS:
        with inside.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query), {"id": organisation})]
        assert found == [
            ("asked", "individual", "individual", "P3"),
            ("circle", "both", "both", "P3"),
            ("group", "both", "both", "P3"),
            ("listed", "individual", "individual", "P3"),
            ("pairs", "individual", "individual", "P3"),
        ]
    forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname = ANY(:names)"
    with inside.connect() as connection:
        tables = ["programme", "question", "participation", "pool_card", "roster_row"]
        assert connection.scalar(text(forced), {"names": tables}) is True
