"""Registering somebody else (K04), heard by the coordinator or confirmed by letter (N14)."""

import pytest
from sqlalchemy import select

from infra.errors import Forbidden, Invalid, NotFound
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import confirming, on_behalf, queries, registrations
from tenants.registration.models import Channel
from tests import making


async def register(database, actor, launched, **facts):
    told = {
        "programme_id": launched.programme.id,
        "role": "mentee",
        "full_name": "Fatima Noor",
        "email": "fatima@example.org",
        "language": "ar",
        "given": making.answers("mentee"),
        "agreed": ["taking_part", "matching", "news"],
        "channel": "phone",
        "is_confirmed": True,
    } | facts
    async with database.tenant_session(actor.context()) as session:
        return await on_behalf.register(session, actor, **told)


async def test_heard_by_telephone_counts_at_once(database, made, launched):  # K04 N14
    registration, participation = await register(database, made.coordinator, launched)
    assert participation is not None and participation.origin == "coordinator"
    assert registration.confirmed_at is not None
    async with database.tenant_session(made.coordinator.context()) as session:
        given = await queries.consents(session, made.coordinator, participation.person_id)
        assert {c.purpose for c in given} == {"taking_part", "matching", "news"}
        assert {(c.channel, c.recorded_by, c.language) for c in given} == {
            (Channel.PHONE, made.coordinator.person_id, "ar")
        }
        events = (
            await session.execute(select(AuditEvent).where(AuditEvent.event == "registration.recorded"))
        ).scalars()
        [event] = events
        assert event.person_id == made.coordinator.person_id
        assert event.details == {"role": "mentee", "channel": "phone", "confirmed": True}


async def test_somebody_without_an_address(database, made, launched):  # K04
    for name in ("Fatima Noor", "Amina Diallo"):
        _, participation = await register(
            database, made.coordinator, launched, full_name=name, email=None, channel="in_person"
        )
        assert participation is not None
    async with database.tenant_session(made.coordinator.context()) as session:
        listed = await queries.participations(session, made.coordinator)
        assert [(one.full_name, one.email) for one in listed] == [
            ("Amina Diallo", None),
            ("Fatima Noor", None),
        ]
        assert (await session.execute(select(Letter))).scalars().all() == []


async def test_without_an_address_only_the_coordinator_can_hear_it(database, made, launched):
    with pytest.raises(Invalid) as refused:
        await register(database, made.coordinator, launched, email=" ", is_confirmed=False)
    assert [p.code for p in refused.value.problems] == ["confirmation_needs_address"]


async def test_confirmed_by_the_letter_to_check(database, made, launched):  # K04
    registration, participation = await register(database, made.coordinator, launched, is_confirmed=False)
    assert participation is None
    async with database.tenant_session(made.coordinator.context()) as session:
        [letter] = (await session.execute(select(Letter))).scalars()
        assert (letter.kind, letter.to_email, letter.language) == (
            "registration.check", "fatima@example.org", "ar",
        )  # fmt: skip
        assert await queries.participations(session, made.coordinator) == []
        [waiting] = await registrations.waiting(session, made.coordinator)
        assert waiting.full_name == "Fatima Noor"
    async with database.tenant_session(made.house.context()) as session:
        done = await confirming.confirm(session, made.house, registration.id)
        assert done.is_first and done.participation.origin == "coordinator"
        [channel] = {
            c.channel for c in await queries.consents(session, made.coordinator, done.participation.person_id)
        }
        assert channel == Channel.PHONE  # how the consents were given, whoever clicked


async def test_a_waiting_registration_confirmed_by_telephone(database, made, launched):  # N14
    registration, _ = await register(database, made.coordinator, launched, is_confirmed=False)
    for _ in range(2):
        async with database.tenant_session(made.coordinator.context()) as session:
            found = await on_behalf.confirm_by_phone(
                session, made.coordinator, registration.id, channel="in_person"
            )
    async with database.tenant_session(made.coordinator.context()) as session:
        [only] = await queries.participations(session, made.coordinator)
        assert only.id == found.id
        assert await registrations.waiting(session, made.coordinator) == []
        with pytest.raises(Invalid):
            await on_behalf.confirm_by_phone(session, made.coordinator, registration.id, channel="form")


async def test_all_that_is_wrong_is_said_at_once(database, made, launched):
    with pytest.raises(Invalid) as refused:
        await register(
            database, made.coordinator, launched,
            full_name="", email="fatima@", channel="form", agreed=[], given={"time_zone": "X", "hat": "red"},
        )  # fmt: skip
    assert {(p.field, p.code) for p in refused.value.problems} == {
        ("full_name", "missing"),
        ("email", "email_unusable"),
        ("channel", "not_a_channel"),
        ("consent_taking_part", "consent_needed"),
        ("consent_matching", "consent_needed"),
        ("phone", "missing"),
        ("languages", "missing"),
        ("time_zone", "city_unknown"),
        ("topics_wanted", "missing"),
        ("hat", "unknown_field"),
    }


async def test_who_takes_part_already_is_found(database, made, launched):
    _, first = await register(database, made.coordinator, launched)
    _, second = await register(database, made.coordinator, launched, full_name="F. Noor")
    assert first is not None and second is not None and first.id == second.id
    async with database.tenant_session(made.coordinator.context()) as session:
        name = await session.scalar(select(Person.full_name).where(Person.id == first.person_id))
        assert name == "Fatima Noor"


async def test_only_who_may_register_others_does(database, made, launched):
    for actor in (made.owner, await making.somebody(database, made.id, Role.PARTICIPANT)):
        with pytest.raises(Forbidden):
            await register(database, actor, launched)


async def test_another_organisations_programme_is_unknown(database, made, launched):
    other = await making.organisation(database)
    with pytest.raises(NotFound):
        await register(database, other.coordinator, launched)
    registration, _ = await register(database, made.coordinator, launched, is_confirmed=False)
    async with database.tenant_session(other.coordinator.context()) as session:
        with pytest.raises(NotFound):
            await on_behalf.confirm_by_phone(session, other.coordinator, registration.id, channel="phone")
        assert await registrations.waiting(session, other.coordinator) == []


async def test_a_coordinator_of_one_office_sees_what_she_wrote_down(database, made, launched):
    async with database.tenant_session(made.owner.context()) as session:
        office = await making.organisations.open_office(session, made.owner, name="Aarhus", time_zone="UTC")
    local = await making.somebody(database, made.id, Role.COORDINATOR, office_id=office.id)
    theirs, _ = await register(database, made.coordinator, launched, is_confirmed=False)
    hers, _ = await register(
        database, local, launched, is_confirmed=False, email="amina@example.org",
        given=making.answers("mentee", office=str(office.id)),
    )  # fmt: skip
    async with database.tenant_session(local.context()) as session:
        assert [one.id for one in await registrations.waiting(session, local)] == [hers.id]
        with pytest.raises(NotFound):
            await on_behalf.confirm_by_phone(session, local, theirs.id, channel="phone")
        confirmed = await on_behalf.confirm_by_phone(session, local, hers.id, channel="phone")
        assert confirmed.office_id == office.id
    async with database.tenant_session(made.coordinator.context()) as session:
        assert [one.id for one in await registrations.waiting(session, made.coordinator)] == [theirs.id]
