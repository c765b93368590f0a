"""
Organisations full of people, made by the million: rows as the actions would leave them, without their work.

As the superuser, whom row security does not hold, and with foreign keys not
checked one by one. The tests of the actions say that such rows are right; here
they only have to be many.
"""

from dataclasses import dataclass
from uuid import UUID

import psycopg

FIRST_NAMES = [
    "Wanjiru",
    "Ana",
    "Élodie",
    "Mehmet",
    "Fatima",
    "Žofia",
    "Kwame",
    "Ingrid",
    "Rashid",
    "Chloé",
    "Luis",
    "Noor",
    "Petra",
    "Samuel",
    "Aiko",
    "Zeynep",
]
LAST_NAMES = [
    "Kamau",
    "Ilić",
    "Dubois",
    "Yılmaz",
    "Haddad",
    "Nowak",
    "Mensah",
    "Larsen",
    "Khan",
    "Martin",
    "García",
    "Rahimi",
    "Novák",
    "Okafor",
    "Tanaka",
]
AT_ONCE = 250  # organisations in one transaction, so that the log of changes is reused


@dataclass(frozen=True, slots=True)
class Pattern:
    """An organisation made by hand, whose programme, cycle and pool the others copy."""

    organisation_id: UUID
    programme_id: UUID
    cycle_id: UUID


# The ids of programme, cycle and pool are the organisation's own: the key of each table has both.
_COPY = """
    INSERT INTO {table} SELECT (jsonb_populate_record(row, jsonb_build_object(
        'organisation_id', o.id, 'id', o.id{others}))).*
    FROM {table} AS row, fresh AS o WHERE row.organisation_id = %(organisation_id)s AND {chosen}
"""
_FOUND = (
    """
    CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS
    SELECT uuidv7() AS id, n FROM generate_series(%(first)s::int, %(last)s::int) AS n
    """,
    """
    INSERT INTO organisation (organisation_id, name, hue, languages, default_language, time_zone)
    SELECT id, 'Organisation ' || n, n %% 360, '["en","fr"]', 'en', 'UTC' FROM fresh
    """,
    """
    INSERT INTO organisation_host (organisation_id, host, is_primary)
    SELECT id, 'crowd' || n || '.localhost', true FROM fresh
    """,
    _COPY.format(table="programme", others="", chosen="row.id = %(programme_id)s"),
    _COPY.format(table="cycle", others=", 'programme_id', o.id", chosen="row.id = %(cycle_id)s"),
    _COPY.format(table="pool", others=", 'cycle_id', o.id", chosen="row.cycle_id = %(cycle_id)s"),
)
_PEOPLE = (
    """
    CREATE TEMPORARY TABLE them ON COMMIT DROP AS
    SELECT o.id AS organisation_id, uuidv7() AS id, uuidv7() AS other_id, s.n,
           (%(names)s::text[])[1 + (s.n * 7 + s.n / 16) %% cardinality(%(names)s::text[])] AS given,
           (%(families)s::text[])[1 + (s.n * 11 + s.n / 15) %% cardinality(%(families)s::text[])] AS family
    FROM fresh AS o, generate_series(1, %(people)s::int) AS s (n)
    """,
    """
    INSERT INTO person (organisation_id, id, full_name, email, phone, language, time_zone, is_active)
    SELECT organisation_id, id, given || ' ' || family || ' ' || n, 'p' || n || '@example.org',
           '+45 70 12 34 56', 'en', 'Europe/Copenhagen', true FROM them
    """,
    """
    INSERT INTO participation (organisation_id, id, person_id, programme_id, cycle_id, role, status, status_at,
        origin, registered_on, capacity, mode, topics_offered, topics_wanted, languages, excluded_emails, answers)
    SELECT t.organisation_id, t.other_id, t.id, c.programme_id, c.id,
           CASE WHEN n %% 3 = 0 THEN 'mentor' ELSE 'mentee' END,
           (ARRAY['READY TO BE MATCHED', 'REGISTERED', 'AWAITING INTERVIEW', 'IN A MENTOR RELATIONSHIP',
                  'NETWORK PARTICIPANT'])[1 + n %% 5],
           now() - n * interval '7 minutes', 'roster', current_date - 30, 2, 'individual',
           '["leadership", "networking"]', '["negotiation", "leadership"]', '[{"code": "en", "level": 3}]',
           '[]', '{}'
    FROM them AS t JOIN cycle AS c ON c.organisation_id = t.organisation_id
    """,
    """
    INSERT INTO registration (organisation_id, id, programme_id, cycle_id, role, email, full_name, language,
        answers, consents, origin, sent_at, expires_at)
    SELECT t.organisation_id, gen_random_uuid(), c.programme_id, c.id, 'mentee', 'r' || n || '@example.org',
           given || ' ' || family, 'en', '{}', '[]', 'form', now(), now() + interval '6 days'
    FROM them AS t JOIN cycle AS c ON c.organisation_id = t.organisation_id WHERE n %% 20 = 0
    """,
    """
    INSERT INTO task (organisation_id, id, key, kind, due_on, about)
    SELECT organisation_id, uuidv7(), 'crowd:' || n, 'registration.read', current_date + n %% 9 - 3,
           jsonb_build_object('participation_id', other_id)
    FROM them WHERE n %% 250 = 0
    """,
    """
    INSERT INTO letter (organisation_id, id, key, kind, person_id, language, about, state, due_at, sent_at, subject)
    SELECT organisation_id, uuidv7(), 'crowd:' || n, 'identity.address_changed', id, 'en', '{}',
           CASE WHEN n %% 10 = 0 THEN 'waiting' ELSE 'sent' END,
           CASE WHEN n %% 10 = 0 THEN now() + interval '3 days' ELSE now() END, now(), 'A letter'
    FROM them WHERE n %% 2 = 0
    """,
    """
    INSERT INTO audit_event (organisation_id, id, created_at, event, actor_kind, object_kind, object_id, details)
    SELECT organisation_id, uuidv7(), now() - n * interval '11 minutes',
           CASE WHEN n %% 4 = 0 THEN 'registration.confirmed' ELSE 'participation.status_changed' END,
           'person', 'participation', other_id, '{}' FROM them
    """,
    """
    INSERT INTO outbox (organisation_id, id, kind, queue, payload, key, state, due_at, done_at, attempt)
    SELECT organisation_id, uuidv7(), 'mail.send', 'mail', '{}', 'crowd:' || n, 'done', now(), now(), 1
    FROM them WHERE n %% 4 = 0
    """,
    """
    INSERT INTO proposal (organisation_id, id, pool_id, cycle_id, mentor_id, mentee_id, state, score, most,
        contributions, alternatives, sent_at, answer_by, meet_by, created_at)
    SELECT one.organisation_id, gen_random_uuid(), p.id, c.id, one.other_id, two.other_id,
           (ARRAY['draft', 'open', 'meeting', 'confirmed', 'declined'])[1 + one.n / 3 %% 5], 700, 1000, '[]', '[]',
           now(), now() + interval '3 days', current_date + 60, now() - one.n * interval '5 minutes'
    FROM them AS one JOIN them AS two ON two.organisation_id = one.organisation_id AND two.n = one.n + 1
    JOIN cycle AS c ON c.organisation_id = one.organisation_id
    JOIN pool AS p ON p.organisation_id = c.organisation_id AND p.cycle_id = c.id
    WHERE one.n %% 3 = 0
    """,
    """
    INSERT INTO relationship (organisation_id, id, proposal_id, programme_id, cycle_id, mentor_id, mentee_id, state,
        begun_at, ends_on)
    SELECT p.organisation_id, uuidv7(), p.id, c.programme_id, c.id, p.mentor_id, p.mentee_id, 'running',
           p.created_at, current_date + 300
    FROM fresh AS o JOIN proposal AS p ON p.organisation_id = o.id AND p.state = 'confirmed'
    JOIN cycle AS c ON c.organisation_id = p.organisation_id AND c.id = p.cycle_id
    """,
)


def found(url: str, pattern: Pattern, *, organisations: int, people: int, first: int = 1) -> None:
    """Found organisations `first`, `first + 1`, ... with `people` each."""
    for begin in range(first, first + organisations, AT_ONCE):
        end = min(begin + AT_ONCE, first + organisations) - 1
        with psycopg.connect(url) as connection:
            _prepare(connection)
            for statement in _FOUND:
                connection.execute(
                    statement,
                    {
                        "first": begin,
                        "last": end,
                        "organisation_id": pattern.organisation_id,
                        "programme_id": pattern.programme_id,
                        "cycle_id": pattern.cycle_id,
                    },
                )
            _people(connection, people)


def fill(url: str, organisation_id: UUID, *, people: int) -> None:
    """Fill an organisation that has a programme, a cycle and a pool."""
    with psycopg.connect(url) as connection:
        _prepare(connection)
        connection.execute(
            "CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT %s::uuid AS id", [organisation_id]
        )
        _people(connection, people)


def settle(url: str) -> float:
    """What autovacuum would do by and by; returns the size of the database in bytes."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")  # or it is written while somebody measures
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row
        return float(row[0])


def _prepare(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute("SET LOCAL synchronous_commit = off")


def _people(connection: "psycopg.Connection[tuple[object, ...]]", people: int) -> None:
    facts = {"people": people, "names": FIRST_NAMES, "families": LAST_NAMES}
    for statement in _PEOPLE:
        connection.execute(statement, facts)
