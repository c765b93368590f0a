"""Invitations to interviews: a coordinator invites many at once, and each answers from her letter."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from infra import ids
from tenants.audit.models import AuditEvent
from tenants.people.models import Person
from tenants.permissions import Role
from tenants.registration import leaving
from tenants.registration.appointment_models import AppointmentState
from tenants.registration.models import Status
from tests import making
from tests.pairing import MONDAY
from tests.web.pages.inviting import HERS, OTHERS, PLACE, Case, entry, words
from tests.web.pages.own_pages import must_be_light


@pytest.fixture
async def case(database, ground, inbox, browse):
    with time_machine.travel(MONDAY, tick=False) as hand:
        made = await making.organisation(database)
        launched = await making.programme(database, made)
        async with database.tenant_session(made.house.context()) as session:
            await session.execute(
                update(Person)
                .where(Person.id == made.coordinator.person_id)
                .values(email="cora@example.org", phone="+995 32 555 014", time_zone="Asia/Tbilisi")
            )
        desk = await making.signed_in(database, browse, made, made.coordinator)
        yield Case(hand, ground, made, launched, inbox, browse, desk)


async def test_many_are_invited_look_at_their_times_and_can_be_taken_back(case):
    # K09, K14, K15
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    njeri = await case.joins("Njeri Mwangi", OTHERS, "mentor")
    page = await case.times(wanjiru, njeri)
    assert "2 people would be invited" in page.text
    assert 'value="2026-12-07T10:00"' in page.html and 'value="2026-12-07T11:00"' in page.html
    assert "Monday 7 December, 07:00 in Copenhagen" in page.text  # ten in Tbilisi
    assert "The letter to Wanjiru Kamau" in page.text and PLACE in page.text
    assert "/interview/" not in page.html  # her key
    assert await case.status(wanjiru) == (Status.REGISTERED, None) and await case.one(wanjiru) is None

    page = await page.submit("/c/appointments")
    assert "2 people are invited" in page.text
    status, at = await case.status(wanjiru)
    assert status == Status.AWAITING_INTERVIEW and at.isoformat() == "2026-12-07T06:00:00+00:00"
    assert await case.tasks() == [("interview.hold", "2026-12-07")] * 2
    again = await case.desk.get(f"/c/appointments/new?p={wanjiru.id}")
    assert "invited to an interview already" in again.text and "They are invited" not in again.text

    undone = await page.submit("/c/appointments/undo")
    assert "2 invitations are taken back" in undone.text
    assert await case.status(wanjiru) == (Status.REGISTERED, None) and await case.tasks() == []
    await case.wait()
    assert [mail["Subject"] for mail in case.inbox.to(HERS)] == ["We have your registration"]


async def test_the_letter_says_who_when_where_and_is_answered_without_signing_in(case):
    # K15
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    await case.invite(wanjiru)
    await case.wait()
    mail = case.last(HERS)
    told = words(mail)
    for said in ("Dear Wanjiru Kamau", "Monday, 7 December 2026, 07:00 in Copenhagen", PLACE,
                 "10:00 in Tbilisi", "cora@example.org", "+995 32 555 014", "propose up to three"):  # fmt: skip
        assert said in told, said
    event, method = entry(mail)
    assert method == "REQUEST" and int(event["SEQUENCE"]) == 0
    assert event.start.utcoffset() == timedelta(hours=4) and event.start.hour == 10
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"  # she has said nothing yet

    address = case.link(HERS)
    browser = case.browse(case.made.host)
    page = await browser.get(address)
    must_be_light(page)
    assert (
        "Can you come to the interview?" in page.text and "Feedback from the first meeting" in page.text
    )  # K25
    assert (await browser.head(address)).status == 200
    assert (await case.one(wanjiru)).state == AppointmentState.ASKED  # looking changes nothing
    thanks = await page.submit(answer="come")
    assert thanks.path == "/interview/thanks"
    must_be_light(thanks)
    assert (await case.one(wanjiru)).state == AppointmentState.CONFIRMED
    again = await browser.get(address)
    assert again.text == page.text  # whoever is given the letter learns nothing of the answer
    assert (await browser.get("/me")).path.startswith("/sign-in")
    await again.submit(answer="come")
    assert await case.tasks() == [("interview.hold", "2026-12-07")]
    async with case.session() as session:  # a doubled click is one answer
        answered = select(AuditEvent.id).where(AuditEvent.event == "appointment.answered")
        assert len((await session.execute(answered)).all()) == 1


async def test_she_proposes_times_and_the_entry_in_her_calendar_moves_with_the_one_that_is_taken(case):
    # K15
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    await case.invite(wanjiru)
    await case.wait()
    first, _method = entry(case.last(HERS))
    old = case.link(HERS)
    page = await case.open(HERS)
    wrong = await page.submit(answer="other", time_1="2026-11-01T10:00", time_2="soon")
    assert wrong.status == 422 and "This time is over" in wrong.text
    skipped = await page.submit(answer="other", time_1="2027-03-28T02:30")
    assert skipped.status == 422 and "this hour is left out" in skipped.text
    none = await page.submit(answer="other")
    assert none.status == 422 and "This is needed" in none.text
    await page.submit(
        answer="other", time_1="2026-12-04T17:00", time_2="2026-12-03T17:00", word="After work, please"
    )
    assert await case.tasks() == [("interview.answered", "2026-11-23"), ("interview.hold", "2026-12-07")]
    assert "Look at what somebody says to an invitation" in (await case.desk.get("/c/today")).text

    one = await case.one(wanjiru)
    shown = await case.desk.get(f"/c/appointments/{one.id}")
    assert "Wanjiru Kamau proposes other times" in shown.text and "After work, please" in shown.text
    assert "Thursday 3 December, 20:00 in Tbilisi" in shown.text
    assert "Thursday 3 December, 17:00 in Copenhagen" in shown.text
    taken = await shown.submit(f"/c/appointments/{one.id}/accept", at="2026-12-03T16:00:00+00:00")
    assert "The time that she proposed stands" in taken.text
    assert await case.tasks() == [("interview.hold", "2026-12-03")]
    # A colleague who had the page open is told, and nothing happens twice.
    late = await shown.submit(f"/c/appointments/{one.id}/move", at="2026-12-10T10:00")
    assert "Somebody moved this appointment or answered meanwhile" in late.text
    await case.wait()
    moved, method = entry(case.last(HERS))
    assert method == "REQUEST" and moved["UID"] == first["UID"] and int(moved["SEQUENCE"]) == 1
    assert "The time that you proposed stands" in words(case.last(HERS))
    old_page = await case.browse(case.made.host).get(old)
    assert old_page.status == 410 and "has another time, is over, or was cancelled" in old_page.text
    must_be_light(old_page)

    shown = await case.desk.get(f"/c/appointments/{one.id}")
    await shown.submit(f"/c/appointments/{one.id}/cancel")
    await case.wait()
    gone, method = entry(case.last(HERS))
    assert method == "CANCEL" and gone["UID"] == first["UID"] and int(gone["SEQUENCE"]) == 2
    assert await case.tasks() == [] and (await case.status(wanjiru))[1] is None
    twice = await shown.submit(f"/c/appointments/{one.id}/cancel")
    assert "This appointment is over, or was cancelled" in twice.text


async def test_who_cannot_come_is_offered_another_time_and_reminded_of_it(case):
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    await case.invite(wanjiru)
    await case.wait()
    await (await case.open(HERS)).submit(answer="cannot", reason="I travel")
    one = await case.one(wanjiru)
    shown = await case.desk.get(f"/c/appointments/{one.id}")
    assert "Wanjiru Kamau cannot come then" in shown.text and "I travel" in shown.text
    for field, at, said in (
        ("at", "2026-11-22T10:00", "This time is over"),
        ("at", "2029-01-01T10:00", "within a year"),
        ("minutes", "5", "10 or more"),
        ("link", "javascript:alert(1)", "beginning with https://"),
    ):
        refused = await shown.submit(f"/c/appointments/{one.id}/move", **{field: at})
        assert refused.status == 422 and said in refused.text, said
    moved = await shown.submit(f"/c/appointments/{one.id}/move", at="2026-12-05T18:00", place="By telephone")
    assert "Moved: Saturday 5 December, 18:00 in Tbilisi" in moved.text
    # Moved again before the letter has left: she hears of the last time only.
    await moved.submit(f"/c/appointments/{one.id}/move", at="2026-12-05T19:00")
    await case.wait()
    assert [mail["Subject"] for mail in case.inbox.to(HERS)][1:] == [
        "An invitation to an interview on Monday 7 December",
        "Your interview is now on Saturday 5 December",
    ]
    assert "16:00 in Copenhagen" in words(case.last(HERS)) and "By telephone" in words(case.last(HERS))
    await case.wait(days=11, hours=5)
    assert len(case.inbox.to(HERS)) == 3
    await case.wait(hours=1)  # Friday, after 15:00 UTC
    assert case.last(HERS)["Subject"] == "Your interview is on Saturday 5 December"
    assert "You have not told us yet whether you can come" in words(case.last(HERS))
    page = await case.open(HERS)
    await case.wait(days=1)
    over = await page.submit(answer="come")
    assert over.status == 410  # its hour has come


async def test_who_leaves_or_has_talked_is_asked_nothing_more(case):
    # K10, K14
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    njeri = await case.joins("Njeri Mwangi", OTHERS, "mentor")
    await case.invite(wanjiru, njeri)
    await case.wait()
    page = await case.open(HERS)
    herself = making.person(case.made.id, wanjiru.person_id, frozenset({Role.PARTICIPANT}))
    async with case.session(herself) as session:
        await leaving.leave(session, herself, wanjiru.id)
    assert (await page.submit(answer="come")).status == 410
    assert (await case.one(wanjiru)).state == AppointmentState.CANCELLED
    await case.wait(seconds=1)
    assert [entry(mail)[1] for mail in case.inbox.to(HERS) if "does not take place" in mail["Subject"]] == [
        "CANCEL"
    ]

    open_page = await case.open(OTHERS)
    record = await case.desk.get(f"/c/people/{njeri.person_id}")
    assert "See the invitation" in record.text
    held = await record.submit(f"/c/people/{njeri.person_id}/interview/held", on="2026-11-23")
    assert "The day of the interview is noted" in held.text
    assert (await case.one(njeri)).state == AppointmentState.HELD and await case.tasks() == []
    assert (await open_page.submit(answer="cannot")).status == 410
    letters = len(case.inbox.to(OTHERS))
    await case.wait(days=20)
    assert len(case.inbox.to(OTHERS)) == letters


async def test_nothing_is_invited_where_hours_cannot_be_used_and_two_coordinators_do_not_both_invite(case):
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    njeri = await case.joins("Njeri Mwangi", OTHERS, "mentor")
    past = await case.times(wanjiru, first="2026-11-20T10:00")
    assert past.status == 422 and "This time is over" in past.text
    nowhere = await case.times(wanjiru, place="")
    assert nowhere.status == 422 and "Say where you talk" in nowhere.text
    page = await case.times(wanjiru, njeri)
    clash = await page.submit("/c/appointments", **{f"at_{njeri.id}": "2026-12-07T10:30"})
    assert clash.status == 422 and "there is another interview already" in clash.text
    assert await case.one(wanjiru) is None
    # Another coordinator invites one of them in between.
    tamar = await making.somebody(case.ground.database, case.made.id, Role.COORDINATOR, name="Tamar Beridze")
    theirs = await making.signed_in(case.ground.database, case.browse, case.made, tamar)
    hers = await theirs.get(f"/c/appointments/new?p={wanjiru.id}")
    hers = await hers.submit(
        "/c/appointments/times", first="2026-12-09T10:00", link="https://call.example.org/x"
    )
    await hers.submit("/c/appointments")
    told = await page.submit("/c/appointments")
    assert "One person is invited" in told.text and "One stays" in told.text
    assert (await case.one(wanjiru)).coordinator_id == tamar.person_id
    twice = await page.submit("/c/appointments")
    assert "2 stay" in twice.text and "are invited" not in twice.text
    # A plain note of an hour does not slip past the invitation.
    refused = await case.desk.post(
        f"/c/people/{wanjiru.person_id}/interview",
        [("csrf", re.search(r'name="csrf" value="([^"]+)"', page.html)[1]), ("participation", str(wanjiru.id)),
         ("at", "2026-12-01T10:00")],
    )  # fmt: skip
    assert refused.status == 409 or "invited to an interview already" in refused.text


async def test_one_answers_on_her_own_page_as_well_and_nobody_elses(case):
    wanjiru = await case.joins("Wanjiru Kamau", HERS)
    njeri = await case.joins("Njeri Mwangi", OTHERS, "mentor")
    await case.invite(wanjiru, njeri)
    hers, others = await case.one(wanjiru), await case.one(njeri)
    herself = making.person(case.made.id, wanjiru.person_id, frozenset({Role.PARTICIPANT}))
    browser = await making.signed_in(case.ground.database, case.browse, case.made, herself)
    me = await browser.get("/me")
    assert f"/me/interview/{hers.id}" in me.html and "Say whether you can come" in me.text
    page = await browser.get(f"/me/interview/{hers.id}")
    done = await page.submit(f"/me/interview/{hers.id}", answer="come")
    assert done.path == "/me" and "Your coordinator knows it" in done.text
    assert "You have said that you come" in (await browser.get(f"/me/interview/{hers.id}")).text
    for path in (f"/me/interview/{others.id}", f"/me/interview/{ids.new()}", f"/c/appointments/{others.id}"):
        assert (await browser.get(path)).status in (403, 404)
    far = await making.organisation(case.ground.database)
    await case.wait()
    assert (await case.browse(far.host).get(case.link(HERS))).status == 410
