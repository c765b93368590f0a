"""Whoever fills tables keeps ANALYZE from them until she is done, and nobody else from anything."""

import psycopg
from sqlalchemy import func, select

from infra.db import bulk
from tenants.people.models import Person
from tests import making


async def test_analyze_passes_over_a_table_that_is_being_filled(database, servers):
    made = await making.organisation(database)
    context = made.house.context()
    async with database.tenant_session(context) as one, database.tenant_session(context) as other:
        assert await bulk.hold_counts(one, Person)
        assert await waits(one) == "0"  # as before
        assert not await bulk.hold_counts(other, Person)  # and is not kept waiting for the end of the first
        assert await other.scalar(select(func.count()).select_from(Person)) > 0  # it goes on all the same
        assert await waits(other) == "0"
        url = servers.postgres.admin_url("mentorweave").replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as owner:
            told = []
            owner.add_notice_handler(lambda notice: told.append(notice.message_primary))
            owner.execute("ANALYZE (SKIP_LOCKED) person")
        assert ["lock not available" in one for one in told] == [True]
    async with database.tenant_session(context) as later:
        assert await bulk.hold_counts(later, Person)


async def waits(session):
    return await session.scalar(select(func.current_setting("lock_timeout")))
