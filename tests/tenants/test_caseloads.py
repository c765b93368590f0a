"""What experience recommends to a programme, and how much each coordinator has in hand."""

import pytest

from infra.errors import NotFound
from tenants.permissions import Role
from tenants.reports import advice, caseloads
from tests import making


async def test_hints_are_said_where_they_apply(stage, browse):  # K29
    page = await (await making.signed_in(stage.database, browse, stage.made, stage.made.owner)).get(
        f"/a/programmes/{stage.launched.programme.id}"
    )
    assert "What experience recommends" in page.text
    assert "Two coordinators are recommended at least; one works here." in page.text
    assert "A pilot of 12 pairs is recommended" in page.text and "Twelve months" not in page.text
    await making.somebody(stage.database, stage.made.id, Role.COORDINATOR)
    async with stage.session(stage.made.owner) as session:
        found = await advice.hints(session, stage.made.owner, stage.launched.programme.id)
    assert [(one.code, one.found, one.aim) for one in found] == [("pilot", 0, 12)]  # a hint, and no bar


async def test_matches_are_counted_for_whoever_has_the_case(stage):  # K28 N08
    pair = await stage.pair(await stage.joins("mentor", name="M"), await stage.joins(name="E"))
    dora = await making.somebody(stage.database, stage.made.id, Role.COORDINATOR, name="Dora")
    manager = await making.somebody(stage.database, stage.made.id, Role.PROGRAMME_MANAGER, name="Mira")
    async with stage.session(stage.by) as session:
        [mine] = await caseloads.loads(session, stage.by)
        assert (mine.person_id, mine.meter.used, mine.meter.limit, mine.meter.warning) == (
            stage.by.person_id, 1, 80, 72,
        )  # fmt: skip
        [row] = await caseloads.matches(session, stage.by, stage.by.person_id)
        assert row.Relationship.id == pair.id
        with pytest.raises(NotFound):  # a colleague's are not hers to see
            await caseloads.matches(session, stage.by, dora.person_id)
        after = await caseloads.after(session, {dora.person_id: [pair.id], stage.by.person_id: []})
        assert {who: one.used for who, one in after.items()} == {dora.person_id: 1, stage.by.person_id: 0}
    async with stage.session(manager) as session:
        found = {one.full_name: one.meter.used for one in await caseloads.loads(session, manager)}
    assert found["Cora Coordinator"] == 1 and found["Dora"] == found["Mira"] == 0
