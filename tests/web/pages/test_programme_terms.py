"""Other times, limits and conditions for a programme that runs: what was promised before stays."""

import pytest

from infra import clock
from tenants.programmes import queries
from tests import making
from tests.web.pages.support_visits import csrf_of


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def test_a_manager_chooses_times_and_limits(database, made, launched, owner, browse):  # K28 K30 K39 K42
    at = f"/a/programmes/{launched.programme.id}"
    assert f'href="{at}/terms"' in (await owner.get(at)).html
    page = await owner.get(f"{at}/terms")
    assert 'value="91, 274, 366"' in page.html and 'value="80"' in page.html
    wrong = await page.submit(check_up_days="soon", answer_days="", term_months="many", caseload_limit="0")
    assert wrong.status == 422 and 'value="soon"' in wrong.html
    assert "Write at most 12 numbers of days" in wrong.text and "This is needed." in wrong.text
    saved = await page.submit(
        contact_release="after_both_yes", check_up_days="122; ٢٤٣", term_months="8", caseload_limit="40"
    )
    assert "Saved." in saved.text and 'value="122, 243"' in saved.html
    found = await of(database, made)
    assert (found.contact_release, found.check_up_days) == ("after_both_yes", [122, 243])
    assert (found.term_months, found.caseload_limit, found.answer_days) == (8, 40, 3)
    desk = await making.signed_in(database, browse, made, made.coordinator)
    assert (await desk.get(f"{at}/terms")).status == 403


async def of(database, made):
    async with database.tenant_session(made.house.context()) as session:
        return await queries.open_by_slug(session, "network")


async def test_what_cannot_be_is_told_field_by_field_and_what_was_typed_stays(launched, owner):
    at = f"/a/programmes/{launched.programme.id}/terms"
    page = await owner.get(at)
    wrong = await page.submit(
        date_days="62", places="0", **{"eligibility.grades": "x" * 21, "eligibility.years_max": "-1"},
        **{"eligibility.genders": ["woman", "cat"]},
    )  # fmt: skip
    assert wrong.status == 422 and wrong.text.count("This should be 61 or less.") == 2
    for words in (
        "This should be 1 or more.",
        "A grade has at most 20 characters.",
        "This should be 0 or more.",
    ):
        assert words in wrong.text
    assert (
        f'value="{"x" * 21}"' in wrong.html
        and 'value="woman" id="f-eligibility.genders" checked' in wrong.html
    )
    assert 'value="61"' in (await owner.get(at)).html  # as before


async def test_of_two_who_change_them_the_second_looks_again(database, made, launched, owner):
    at = f"/a/programmes/{launched.programme.id}/terms"
    first, second = await owner.get(at), await owner.get(at)
    assert "Saved." in (await first.submit(answer_days="5")).text
    assert "Somebody else has changed" in (await second.submit(term_months="8")).text
    again = await (await owner.get(at)).submit()
    assert "Nothing was changed." in again.text
    found = await of(database, made)
    assert (found.answer_days, found.term_months) == (5, 12)


async def test_a_change_is_taken_back_by_whoever_made_it(database, made, launched, owner, browse):
    at = f"/a/programmes/{launched.programme.id}/terms"
    page = await owner.get(at)
    saved = await page.submit(places="12", wants_interview=[], **{"eligibility.by_gender.man": "g6؛ G7"})
    assert "Take it back for 10 minutes" in saved.text and 'value="G6, G7"' in saved.html
    assert "The form does not ask for this: grade." in saved.text
    assert "For men, grades: G6 and G7." in (await owner.get("/p/network")).text  # U28
    other = await making.signed_in(database, browse, made, await making.somebody(
        database, made.id, *made.owner.roles, name="Second Owner"
    ))  # fmt: skip
    theirs = await other.get(at)
    assert "no longer be taken back" in (await other.post(f"{at}/undo", [("csrf", csrf_of(theirs))])).text
    assert "What held before holds again." in (await saved.submit(f"{at}/undo")).text
    assert "no longer be taken back" in (await saved.submit(f"{at}/undo")).text
    found = await of(database, made)
    assert (found.places, found.wants_interview, found.eligibility) == (None, True, {})


async def test_what_was_promised_stays(database, stage, browse):  # K31
    at = f"/a/programmes/{stage.launched.programme.id}/terms"
    owner = await making.signed_in(database, browse, stage.made, stage.made.owner)
    pairs = [(await stage.joins("mentor", name=f"Mentor {n}"), await stage.joins()) for n in range(3)]
    meeting, waiting = await stage.sent(*pairs[:2])
    await stage.become_known(meeting, waiting)
    await stage.both_meet(meeting, *pairs[0])
    mentee = await making.signed_in(database, browse, stage.made, pairs[0][1].actor)
    told = (await mentee.get(f"/me/proposal/{meeting}")).text
    page = await owner.get(at)
    assert "2 wait for their answers or their first meeting, and keep their own days." in page.text
    assert "3 people take part now" in page.text
    assert "Saved." in (await page.submit(date_days="3", meet_days="20", answer_days="9")).text

    assert (await mentee.get(f"/me/proposal/{meeting}")).text == told
    await stage.both_meet(waiting, *pairs[1])
    [later] = await stage.sent(pairs[2])
    await stage.become_known(later)
    await stage.both_meet(later, *pairs[2])
    today = clock.today("UTC")
    kept = [await stage.read(one) for one in (meeting, waiting, later)]
    assert [((one.date_by - today).days, (one.meet_by - today).days) for one in kept] == [
        (14, 61), (14, 61), (3, 20),
    ]  # fmt: skip
