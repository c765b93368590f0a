"""How many questions sealing and opening cost; the longest way is counted, not timed."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from sqlalchemy import event

from infra.crypto.envelope import Place
from infra.keys.owners import KeyOwner
from tests.infra.keys.conftest import Own, open_house


@contextmanager
def counted(house) -> Iterator[list[str]]:
    """Statements to the key database and to the main one, while this is open."""
    asked: list[str] = []
    engines = [house._store._engine.sync_engine, house.database._app.sync_engine]
    engines += [one.sync_engine for one in house.database._platform.values()]

    def note(_connection, _cursor, statement, *_) -> None:
        asked.append(statement.strip())

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_value_is_sealed_and_opened_by_one_query_each(own: Own) -> None:
    owner = KeyOwner(uuid4(), uuid4(), uuid4())
    place = Place(owner.tenant, "note", uuid4(), "words")
    sealed = await own.house.seal(owner, place, b"a")
    with counted(own.house) as asked:
        await own.house.unseal(owner, place, sealed)
        await own.house.seal(owner, place, b"b")
    assert len(asked) == 2
    assert all("FROM key" in one for one in asked)


async def test_a_fresh_process_asks_twice_more_whether_anything_was_destroyed(own: Own, ground) -> None:
    owner = KeyOwner(uuid4(), uuid4(), uuid4())
    place = Place(owner.tenant, "note", uuid4(), "words")
    sealed = await own.house.seal(owner, place, b"a")
    earlier, fresh = (open_house(ground, own.settings) for _ in range(2))
    await earlier.compare()  # whatever others have erased in the main database
    with counted(fresh) as asked:
        await fresh.unseal(owner, place, sealed)
    for house in (earlier, fresh):
        await house.close()
    # One of each database about its tombstones, once in five minutes; and the keys.
    assert len(asked) == 3
