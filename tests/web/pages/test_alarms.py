"""A confidential text that was changed in the database: an error, an event in the trail, and a letter that a person reads."""

import pytest
from sqlalchemy import create_engine, text

from tenants.audit import queries
from tenants.audit.queries import Filter
from tenants.people.models import Person
from tenants.privacy import copies
from tests import making
from tests.conftest import DATABASE
from tests.working import drain


@pytest.fixture
async def reader(database, browse, made):
    """Olivia, who has a copy of her data ready, and a browser in which she has just signed in."""
    return await making.signed_in(database, browse, made, made.owner)


@pytest.fixture
async def copy_id(ground, reader, made):
    async with ground.database.tenant_session(made.owner.context()) as session:
        asked = await copies.ask(session, made.owner, made.owner.person_id)
    await drain(ground, made.id, kinds=("privacy.",))
    return asked.id


def change(servers, copy_id) -> None:
    """As somebody with the database in her hands: one bit of the last byte."""
    superuser = create_engine(servers.postgres.admin_url(DATABASE))
    with superuser.begin() as connection:
        connection.execute(
            text("""UPDATE personal_copy SET machine = set_byte(machine, length(machine) - 1,
                get_byte(machine, length(machine) - 1) # 1) WHERE id = :id"""),
            {"id": copy_id},
        )
    superuser.dispose()


async def test_a_changed_text_is_refused_written_down_and_told(ground, servers, made, reader, copy_id, inbox):
    address = f"/me/privacy/copies/{copy_id}/json"
    assert (await reader.get(address)).status == 200
    change(servers, copy_id)

    for _ in range(2):
        page = await reader.get(address)
        assert page.status == 500
        assert "is not what was sealed" in page.text
        assert '"sections"' not in page.text

    async with ground.database.tenant_session(made.owner.context()) as session:
        rows = await queries.events(session, made.owner, Filter(events=("sealed.changed",)), limit=5)
        email = (await session.get_one(Person, (made.id, made.owner.person_id))).email
    assert [(row.object_kind, row.object_id, row.details["found"]) for row in rows] == [
        ("personal_copy", copy_id, "tag")
    ] * 2
    await drain(ground, made.id)
    letters = [one["Subject"] for one in inbox.to(email) if "Alarm" in one["Subject"]]
    assert letters == ["Alarm: a confidential text was changed from outside"]
