"""What recurs: one job an organisation and turn, missed turns once, not all at the same moment."""

from datetime import timedelta

from sqlalchemy import select, text

from infra import clock
from infra.db.context import Context
from infra.ground import Ground
from infra.outbox.models import OutboxJob
from tests import making
from tests.making import Made
from workers.sweeping import SweepOrganisation
from workers.timetable import keep_timetable


async def turns(ground: Ground, made: Made) -> list[OutboxJob]:
    async with ground.database.tenant_session(Context(made.id)) as session:
        query = select(OutboxJob).where(OutboxJob.kind == SweepOrganisation.KIND).order_by(OutboxJob.key)
        return list((await session.execute(query)).scalars())


async def keep(ground: Ground, *, late_by: timedelta) -> None:
    async with ground.database.platform_session("relay") as connection:
        await keep_timetable(connection)
        await connection.execute(
            text("UPDATE timetable SET due_at = clock_timestamp() - :late"), {"late": late_by}
        )
        await keep_timetable(connection)
        await keep_timetable(connection)


async def test_missed_turns_are_made_up_by_one(ground: Ground) -> None:
    made = await making.organisation(ground.database)
    before = len(await turns(ground, made))
    await keep(ground, late_by=timedelta(days=2, minutes=1))

    found = await turns(ground, made)
    assert len(found) - before in (1, 2)  # two if the first turn ever was due as well
    async with ground.database.platform_session("relay") as connection:
        due_at = await connection.scalar(text("SELECT due_at FROM timetable WHERE name = 'sweep'"))
    assert clock.now() < due_at <= clock.now() + timedelta(hours=1)


async def test_jobs_of_one_turn_are_spread(ground: Ground) -> None:
    all_made = [await making.organisation(ground.database) for _ in range(12)]
    await keep(ground, late_by=timedelta(seconds=1))

    moments = [(await turns(ground, made))[-1].due_at for made in all_made]
    assert len(set(moments)) == len(moments)
    assert max(moments) - min(moments) > timedelta(minutes=1)
    assert max(moments) <= clock.now() + timedelta(minutes=15)
