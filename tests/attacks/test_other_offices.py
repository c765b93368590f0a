"""A curious coordinator of one office, at work on the people of another."""

import pytest

from infra.errors import Invalid, NotFound
from tenants.notifications import actions as notifications
from tenants.notifications import queries as letters
from tenants.permissions import Role
from tenants.registration import on_behalf, profiles
from tests import making


@pytest.fixture
async def coordinators(database, made, offices):
    return [
        await making.somebody(database, made.id, Role.COORDINATOR, name=name, office_id=office)
        for name, office in zip(("Asta Aarhus", "Karen Copenhagen"), offices, strict=True)
    ]


async def record(database, actor, launched, email, **others):
    """Written down, and not confirmed yet: a letter asks her."""
    async with database.tenant_session(actor.context()) as session:
        return await on_behalf.register(
            session, actor, programme_id=launched.programme.id, role="mentee", full_name="Nora Newcomer",
            email=email, language="en", given=making.answers("mentee"), agreed=["taking_part", "matching"],
            channel="phone", is_confirmed=False, **others,
        )  # fmt: skip


async def test_letters_to_whom_another_office_has_written_down(database, made, launched, coordinators):
    """The letter "check what we wrote for you" holds all that she has said."""
    asta, karen = coordinators
    await record(database, karen, launched, "nora@example.org")
    async with database.tenant_session(karen.context()) as session:
        [hers] = await letters.letters(session, karen)
        assert (await letters.access_letter(session, karen, hers.id)).kind == "registration.check"
    async with database.tenant_session(asta.context()) as session:
        assert await letters.letters(session, asta) == []
        assert await letters.letter_counts(session, asta) == {}
        with pytest.raises(NotFound):
            await letters.access_letter(session, asta, hers.id)
        with pytest.raises(NotFound):
            await notifications.take_back(session, asta, hers.id)
    async with database.tenant_session(made.coordinator.context()) as session:
        assert len(await letters.letters(session, made.coordinator)) == 1


async def test_nobody_is_moved_beyond_ones_reach(database, made, launched, offices, coordinators):
    asta, _karen = coordinators
    aarhus, copenhagen = offices
    part = await making.participation(database, made, launched, by=asta)
    async with database.tenant_session(asta.context()) as session:
        for office in (copenhagen, None):
            with pytest.raises(NotFound):
                await profiles.move_to_office(session, asta, part.id, office_id=office)
        moved = await profiles.move_to_office(session, asta, part.id, office_id=aarhus)
        assert moved.office_id == aarhus


async def test_answers_move_nobody_either(database, made, launched, offices, coordinators):
    asta, _karen = coordinators
    part = await making.participation(database, made, launched, by=asta)
    async with database.tenant_session(asta.context()) as session:
        with pytest.raises(Invalid) as refused:
            await profiles.change_answers(session, asta, part.id, {"office": str(offices[1])})
        assert [problem.field for problem in refused.value.problems] == ["office"]
        await profiles.change_answers(session, asta, part.id, {"office": str(offices[0])})


async def test_cycle_of_another_programme(database, made, launched):
    other = await making.programme(database, made, slug="other")
    with pytest.raises(NotFound):
        await record(database, made.coordinator, launched, "nora@example.org", cycle_id=other.cycle.id)
