"""The five rosters from the upload to people who can be matched, through the real workers."""

import pytest

from infra.ground import Ground
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.registration.models import Consent, ImportState, Participation, Status
from tests.tenants.registration.importing.desk import desk

# rows ready, refused
PREVIEWS = {
    "inter-agency-2026.xlsx": (644, 16),
    "mentor-network.csv": (110, 30),
    "solidarite.csv": (121, 4),
    "chapter-pilot.xlsx": (13, 0),
}


@pytest.mark.parametrize("name", PREVIEWS)
async def test_roster_becomes_people(ground: Ground, name: str) -> None:
    at = await desk(ground)
    before = await at.count(Person)

    import_id = await at.roster(name)
    preview = await at.of(import_id)
    assert (preview.state, preview.counts["to_commit"], preview.counts["refused"]) == (
        ImportState.STAGED,
        *PREVIEWS[name],
    )
    assert await at.count(Participation) == 0  # nothing is saved yet
    assert await at.count(Person) == before

    done = await at.commit(import_id, Status.READY)
    assert done.state == ImportState.COMMITTED
    assert done.counts["imported"] == PREVIEWS[name][0]
    people = await at.count(Person) - before
    assert people == PREVIEWS[name][0]
    parts = await at.participations()
    assert len(parts) == done.counts["participations"] == sum(done.counts["sides"].values())
    assert {part.import_id for part in parts} == {import_id}
    assert await at.count(Consent) == 2 * people
    assert await at.count(Letter) == 0  # nobody gets mail until she is invited
