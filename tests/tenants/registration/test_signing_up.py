"""Registering by the form: saved page by page, sent once, confirmed once, or quietly forgotten."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from infra import clock
from infra.errors import Invalid, NotFound
from tenants.actor import visitor
from tenants.audit.models import AuditEvent
from tenants.notifications.models import Letter, Task
from tenants.organisations import queries as organisations
from tenants.people.models import Person, RoleGrant
from tenants.programmes import asking, furnishing
from tenants.programmes.starters import StarterName
from tenants.registration import (
    confirming,
    forgetting,
    forms,
    queries,
    registrations,
    resuming,
    signing_up,
)
from tenants.registration.models import Consent, Participation, Registration, Status
from tests import making

BOTH = ["taking_part", "matching"]


async def ask_more(database, made, launched):
    """Ask, of those who want to answer, what the talk usually asks."""
    async with database.tenant_session(made.owner.context()) as session:
        for one in (asking.EXPERIENCE, asking.EXCLUDED, asking.MOTIVATION):
            await furnishing.ask(
                session, made.owner, launched.programme.id, key=one.key, kind=one.kind, field=one.field,
                label={"en": one.label}, is_obligatory=False,
            )  # fmt: skip


async def filled(database, made, *, role="mentee", email="wanjiru@example.org", **others):
    """A form with every obligatory answer, not sent yet."""
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role=role)
        told = {"email": email, "full_name": "Wanjiru Kamau"} | making.answers(role, **others)
        for key, value in told.items():
            await signing_up.answer(session, guest, begun.id, key, value, language="en")
    return begun.id


async def send(database, made, id, given=BOTH):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        return await signing_up.send(session, guest, id, given, language="en")


async def confirm(database, made, id):
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        return await confirming.confirm(session, guest, id)


async def rows(database, made, query):
    async with database.tenant_session(made.house.context()) as session:
        return list((await session.execute(query)).scalars().all())


async def letters(database, made, kind):
    return await rows(database, made, select(Letter).where(Letter.kind == kind))


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


@pytest.mark.parametrize(
    ("key", "given", "code"),
    [
        ("role", "boss", "not_a_choice"),
        ("email", "wanjiru@", "email_unusable"),
        ("full_name", "  ", "missing"),
        ("languages", [], "missing"),
        ("languages", [{"code": "xx", "level": 3}], "not_a_choice"),
        ("languages", [{"code": "en", "level": 9}], "not_a_choice"),
        ("languages", "en", "unusable"),
        ("time_zone", "Mars/Olympus", "city_unknown"),
        ("topics_wanted", ["alchemy"], "not_a_choice"),
        ("topics_wanted", ["leadership", "networking", "negotiation", "procurement", "retirement", "data_analysis"], "too_many_topics"),
        ("phone", "call me", "phone_unusable"),
        ("experience_years", "many", "not_a_number"),
        ("experience_years", "200", "too_large"),
        ("motivation", "x" * 4001, "too_long"),
        ("excluded_emails", "a@example.org, nonsense", "email_unusable"),
        ("source", "a bird", "not_a_choice"),
    ],
)  # fmt: skip
async def test_an_answer_that_cannot_be_used_is_named(database, key, given, code):  # K05
    made = await making.organisation(database)
    await ask_more(database, made, await making.programme(database, made))
    id = await filled(database, made)
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        with pytest.raises(Invalid) as refused:
            await signing_up.answer(session, guest, id, key, given, language="en")
    [problem] = refused.value.problems
    assert (problem.field, problem.code) == (key, code)


async def test_optional_questions_may_stay_open(database):  # K05 K06
    made = await making.organisation(database)
    await ask_more(database, made, await making.programme(database, made))
    id = await filled(database, made, source=None, motivation="", experience_years="٧")
    registration = await send(database, made, id)
    assert registration.answers["source"] is None
    assert registration.answers["experience_years"] == 7


async def test_sending_names_all_that_is_missing(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role="mentor")
        with pytest.raises(Invalid) as refused:
            await signing_up.send(session, guest, begun.id, BOTH, language="en")
    assert {p.field for p in refused.value.problems} == {
        "email", "full_name", "phone", "languages", "time_zone", "topics_offered", "capacity",
    }  # fmt: skip


@pytest.mark.parametrize("given", [[], ["taking_part"], ["matching", "news"]])
async def test_obligatory_consents_are_asked_for(database, given):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    with pytest.raises(Invalid) as refused:
        await send(database, made, id, given)
    assert {p.code for p in refused.value.problems} == {"consent_needed"}


async def test_zero_places_are_said_before_sending(database):  # WCC #726
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made, role="mentor", capacity="0")
    with pytest.raises(Invalid) as refused:
        await send(database, made, id)
    assert [(p.field, p.code) for p in refused.value.problems] == [("capacity", "no_places")]


async def test_who_is_not_eligible_is_told_before_sending(database):  # U10 U21
    made = await making.organisation(database)
    await making.programme(
        database, made, starter=StarterName.INTER_AGENCY, eligibility={"genders": ["woman"], "grades": ["P3", "P4"]}
    )  # fmt: skip
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        begun = await signing_up.begin(session, guest, slug="network", language="en", role="mentee")
        told = making.answers(
            "mentee", gender="man", grade="d2", entity="ILO", mode="both", experience_years=20
        )
        told.pop("phone")
        for key, value in {"email": "x@example.org", "full_name": "X Y", **told}.items():
            await signing_up.answer(session, guest, begun.id, key, value, language="en")
        with pytest.raises(Invalid) as refused:
            await signing_up.send(session, guest, begun.id, BOTH, language="en")
    assert {(p.field, p.code) for p in refused.value.problems} == {
        ("gender", "not_eligible_gender"),
        ("grade", "not_eligible_grade"),
    }


async def test_a_full_programme_takes_mentors_and_no_more_mentees(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made, places=1)
    late = await filled(database, made, email="late@example.org")
    await making.participation(database, made, launched)
    with pytest.raises(signing_up.ProgrammeFull):
        await send(database, made, late)
    with pytest.raises(signing_up.ProgrammeFull):
        await filled(database, made)
    mentor = await filled(database, made, role="mentor")
    await send(database, made, mentor)
    async with database.tenant_session(made.house.context()) as session:
        assert await queries.places_left(session, launched.programme, launched.cycle.id) == 0


async def test_outside_its_dates_a_cycle_takes_nobody(database):
    made = await making.organisation(database)
    await making.programme(database, made, dates=making.days(opens=5))
    with pytest.raises(signing_up.RegistrationClosed):
        await filled(database, made)


async def test_a_sent_form_is_changed_no_more_but_its_address(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        with pytest.raises(signing_up.RegistrationSent):
            await signing_up.answer(session, guest, id, "full_name", "Somebody Else", language="en")
    async with database.tenant_session(guest.context()) as session:
        fresh = await resuming.change_address(session, guest, id)
    assert fresh.id != id and fresh.email is None and fresh.full_name == "Wanjiru Kamau"
    with pytest.raises(NotFound):  # the link that went to the wrong address opens nothing
        await confirm(database, made, id)


async def test_the_way_back_is_sent_only_for_forms_that_wait(database):
    made = await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    guest = visitor(made.id)
    async with database.tenant_session(guest.context()) as session:
        await resuming.send_resume_link(session, guest, email="nobody@example.org", language="en")
        await resuming.send_resume_link(session, guest, email="Wanjiru@example.org", language="en")
        await resuming.send_resume_link(session, guest, email="wanjiru@example.org", language="en")
    sent = await letters(database, made, "registration.resume")
    assert len(sent) == 2  # the one promised with the address, due in an hour, and the one asked for
    assert {one.about["registration_id"] for one in sent} == {str(id)}


async def test_the_form_asks_role_then_address(database):
    made = await making.organisation(database)
    launched = await making.programme(database, made)
    async with database.tenant_session(made.house.context()) as session:
        form = await forms.of_programme(session, launched.programme.id)
        assert [s.key for s in form.steps("mentor")][:3] == ["role", "email", "full_name"]
        assert "topics_wanted" not in [s.key for s in form.steps("mentor")]
        assert "office" not in [s.key for s in form.steps("mentor")]  # there is none to choose
        await making.organisations.open_office(session, made.owner, name="Aarhus", time_zone="UTC")
        form = await forms.of_programme(session, launched.programme.id)
        assert "office" in [s.key for s in form.steps("mentor")]
        assert len(await organisations.offices(session)) == 1


async def test_another_organisations_registration_is_unknown(database):
    made, other = await making.organisation(database), await making.organisation(database)
    await making.programme(database, made)
    id = await filled(database, made)
    await send(database, made, id)
    guest = visitor(other.id)
    async with database.tenant_session(guest.context()) as session:
        for unknown in (
            registrations.access_registration(session, id),
            registrations.access_sent(session, id),
            signing_up.answer(session, guest, id, "full_name", "X", language="en"),
            signing_up.send(session, guest, id, BOTH, language="en"),
            confirming.confirm(session, guest, id),
            resuming.change_address(session, guest, id),
            signing_up.begin(session, guest, slug="network", language="en"),
        ):
            with pytest.raises(NotFound):
                await unknown
        assert await registrations.registration_of(session, id) is None
    assert await rows(database, made, select(func.count()).select_from(Registration)) == [1]
