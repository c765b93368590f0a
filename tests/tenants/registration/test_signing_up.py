"""A registration from its first question to being sent: what is asked, what fits, what is refused."""

import pytest
from sqlalchemy import func, select

from infra.errors import Invalid, NotFound
from tenants.actor import visitor
from tenants.organisations import queries as organisations
from tenants.programmes.starters import StarterName
from tenants.registration import (
    confirming,
    forms,
    queries,
    registrations,
    resuming,
    signing_up,
)
from tenants.registration.models import Registration
from tests import making
from tests.tenants.registration.applying import BOTH, ask_more, confirm, filled, letters, rows, send


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
