"""A registration counts once it is confirmed, once, and is forgotten otherwise."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from infra import clock
from infra.errors import NotFound
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter, Task
from tenants.people.models import Person, RoleGrant
from tenants.registration import (
    forgetting,
)
from tenants.registration.models import Consent, Participation, Registration, Status
from tests import making
from tests.tenants.registration.applying import confirm, filled, letters, rows, send


async def test_a_confirmed_registration_counts(database):  # K01 K02
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    assert await rows(database, made, select(Participation)) == []
    done = await confirm(database, made, id)
    assert done.is_first
    [person] = await rows(database, made, select(Person).where(Person.email == "wanjiru@example.org"))
    [participation] = await rows(database, made, select(Participation))
    assert participation.person_id == person.id
    assert (participation.role, participation.status) == ("mentee", Status.REGISTERED)
    assert participation.topics_wanted == ["leadership", "negotiation"]
    assert participation.languages == [{"code": "en", "level": 3}]
    assert (person.time_zone, person.phone) == ("Europe/Copenhagen", "+45 70 12 34 56")
    granted = await rows(database, made, select(RoleGrant.role).where(RoleGrant.person_id == person.id))
    assert granted == ["participant"]
    consents = await rows(database, made, select(Consent))
    assert {(c.purpose, c.text_version, c.channel, c.language) for c in consents} == {
        ("taking_part", "2026-11", "form", "en"),
        ("matching", "2026-11", "form", "en"),
    }
    [received] = await letters(database, made, "registration.received")
    assert received.person_id == person.id
    [task] = await rows(database, made, select(Task))
    assert task.kind == "registration.read" and task.about["participation_id"] == str(participation.id)
    events = await rows(
        database, made, select(AuditEvent.event).where(AuditEvent.object_kind == "participation")
    )
    assert events == ["registration.confirmed"]


async def test_nothing_is_kept_twice_once_confirmed(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    await confirm(database, made, id)
    [registration] = await rows(database, made, select(Registration))
    assert (registration.answers, registration.email, registration.full_name) == ({}, None, None)
    assert all(one.to_email is None and one.person_id for one in await rows(database, made, select(Letter)))


async def test_double_click_on_send_writes_one_letter(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await asyncio.gather(*(send(database, made, id) for _ in range(4)))
    [letter] = await letters(database, made, "registration.confirm")
    assert letter.to_email == "wanjiru@example.org"


async def test_double_click_on_confirm_makes_one_participation(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    done = await asyncio.gather(*(confirm(database, made, id) for _ in range(4)))
    assert sorted(one.is_first for one in done) == [False, False, False, True]
    assert len({one.participation.id for one in done}) == 1
    assert len(await rows(database, made, select(Participation))) == 1
    assert len(await letters(database, made, "registration.received")) == 1
    assert len(await rows(database, made, select(Consent))) == 2


async def test_two_forms_of_one_address_become_one_person(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    first, second = [await filled(database, made) for _ in range(2)]
    await send(database, made, first)
    await send(database, made, second)
    done = await asyncio.gather(confirm(database, made, first), confirm(database, made, second))
    assert sorted(one.is_first for one in done) == [False, True]
    assert len(await rows(database, made, select(Participation))) == 1
    assert len(await rows(database, made, select(Person).where(Person.email == "wanjiru@example.org"))) == 1


async def test_mentor_and_mentee_are_two_parts_of_one_person(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    for role in ("mentor", "mentee"):
        id = await filled(database, made, role=role)
        await send(database, made, id)
        assert (await confirm(database, made, id)).is_first
    found = await rows(database, made, select(Participation))
    assert {one.role for one in found} == {"mentor", "mentee"}
    assert len({one.person_id for one in found}) == 1


async def test_second_registration_is_answered_alike_and_by_another_letter(database):  # AnitaB #866
    made = await making.organisation(database)
    await making.programme(database, made)
    first = await filled(database, made)
    await send(database, made, first)
    await confirm(database, made, first)
    second = await filled(database, made, email=" Wanjiru@Example.org ")
    sent = await send(database, made, second)
    assert sent.sent_at is not None
    [already] = await letters(database, made, "registration.already")
    assert already.to_email == "wanjiru@example.org"
    assert len(await letters(database, made, "registration.confirm")) == 1


async def test_whoever_left_may_register_again(database):  # cncf #1392
    made = await making.organisation(database)
    await making.programme(database, made)
    first = await filled(database, made)
    await send(database, made, first)
    participation = (await confirm(database, made, first)).participation
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(
            update(Participation)
            .values(status=Status.LEFT, end_reason="withdrawn")
            .where(Participation.id == participation.id)
        )
    second = await filled(database, made, topics_wanted=["networking"])
    await send(database, made, second)
    assert len(await letters(database, made, "registration.confirm")) == 2
    assert (await confirm(database, made, second)).is_first
    [again] = await rows(database, made, select(Participation))
    assert (again.id, again.status, again.topics_wanted) == (participation.id, "REGISTERED", ["networking"])
    assert again.end_reason is None


async def test_unconfirmed_registration_is_forgotten_silently(database):  # K02
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    async with database.tenant_session(made.house.context()) as session:
        assert not await forgetting.expire(session, made.house, id)
        await session.execute(update(Registration).values(expires_at=clock.now() - timedelta(seconds=1)))
    for gone in (confirm(database, made, id), send(database, made, id)):
        with pytest.raises(NotFound):
            await gone
    async with database.tenant_session(made.house.context()) as session:
        assert await forgetting.clear_expired(session, made.house) == 1
        assert await forgetting.clear_expired(session, made.house) == 0
        assert not await forgetting.expire(session, made.house, id)
    assert await rows(database, made, select(Registration)) == []
    assert await rows(database, made, select(Letter)) == []
    assert await rows(database, made, select(Person).where(Person.email == "wanjiru@example.org")) == []


async def test_expiry_is_due_by_the_programmes_days(database):
    made = await making.organisation(database)
    await making.programme(database, made, confirm_days=3)
    id = await filled(database, made)
    registration = await send(database, made, id)
    assert abs(registration.expires_at - clock.now() - timedelta(days=3)) < timedelta(minutes=1)


async def test_a_confirmed_one_is_never_forgotten(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    await confirm(database, made, id)
    async with database.tenant_session(made.house.context()) as session:
        await session.execute(update(Registration).values(expires_at=clock.now() - timedelta(days=1)))
        assert await forgetting.clear_expired(session, made.house) == 0
    assert not (await confirm(database, made, id)).is_first
