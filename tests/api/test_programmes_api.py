"""Programmes through the JSON door: started, opened, closed and dated as on the page."""

import httpx
import pytest

from infra import ids
from tenants.identity import tokens
from tenants.permissions import Role
from tests import making

DATES = {
    "opens_on": "2027-01-10",
    "closes_on": "2027-02-10",
    "matching_on": "2027-02-20",
    "launch_on": "2027-03-08",
    "ends_on": "2028-03-08",
}
NEW = {"starter": "inter_agency", "slug": "un-women", "cycle": {"name": "2027", **DATES}}


async def client(database, app, made, *permissions) -> httpx.AsyncClient:
    actor = await making.somebody(database, made.id, Role.OWNER, Role.COORDINATOR)
    async with database.tenant_session(actor.context()) as session:
        secret = (await tokens.make(session, actor, name="Test", permissions=permissions)).secret
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://anything.localhost/api/v1",
        headers={"authorization": f"Bearer {secret}", "accept-language": "en"},
    )


@pytest.fixture
async def caller(database, app, made):
    async with await client(database, app, made, "programme.read", "programme.change") as found:
        yield found


async def test_a_programme_is_started_closed_and_opened(caller):
    answer = await caller.post(
        "/programmes", json=NEW | {"name": {"en": "Across"}, "languages": ["en"], "structure": "reverse"}
    )
    assert answer.status_code == 201
    made = answer.json()
    assert made["structure"] == "reverse"
    assert (made["state"], made["name"], made["languages"]) == ("open", {"en": "Across"}, ["en"])
    assert made["cycles"][0]["launch_on"] == "2027-03-08" and made["questions"]
    at = f"/programmes/{made['id']}"
    assert (await caller.post(f"{at}/close")).json()["state"] == "closed"
    assert (await caller.post(f"{at}/open")).json()["state"] == "open"


async def test_cycles_are_planned_and_moved(caller):
    at = f"/programmes/{(await caller.post('/programmes', json=NEW)).json()['id']}"
    answer = await caller.post(f"{at}/cycles", json={"name": "2028", **DATES})
    assert answer.status_code == 201
    moved = await caller.patch(f"/cycles/{answer.json()['id']}", json=DATES | {"ends_on": "2028-06-01"})
    assert moved.json()["ends_on"] == "2028-06-01"
    assert (await caller.post(f"{at}/cycles", json={"name": "2028", **DATES})).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Not an address"},
        {"starter": "none"},
        {"languages": ["de"]},
        {"structure": "none"},
        {"languages": []},
        {"cycle": {"name": "2027", **DATES, "ends_on": "2020-01-01"}},
        {"cycle": {"name": " ", **DATES}},
        {"colour": "red"},
    ],
)
async def test_what_cannot_be_used_is_refused(caller, wrong):
    answer = await caller.post("/programmes", json=NEW | wrong)
    assert answer.status_code == 422
    assert (await caller.get("/programmes")).json() == []


async def test_an_address_is_taken_once(caller):
    await caller.post("/programmes", json=NEW)
    assert (await caller.post("/programmes", json=NEW)).status_code == 409


async def test_dates_out_of_order_move_nothing(caller):
    cycle = (await caller.post("/programmes", json=NEW)).json()["cycles"][0]
    answer = await caller.patch(f"/cycles/{cycle['id']}", json=DATES | {"closes_on": "2030-01-01"})
    assert answer.status_code == 422


async def test_reading_is_not_changing(database, app, made):
    launched = await making.programme(database, made)
    async with await client(database, app, made, "programme.read") as reader:
        at = f"/programmes/{launched.programme.id}"
        assert (await reader.get(at)).status_code == 200
        assert (await reader.post("/programmes", json=NEW)).status_code == 403
        assert (await reader.post(f"{at}/close")).status_code == 403
        assert (await reader.post(f"{at}/cycles", json={"name": "2028", **DATES})).status_code == 403
        assert (await reader.patch(f"/cycles/{launched.cycle.id}", json=DATES)).status_code == 403


async def test_programmes_of_others_are_not_there(database, caller):
    other = await making.organisation(database)
    theirs = await making.programme(database, other)
    for programme, cycle in ((theirs.programme.id, theirs.cycle.id), (ids.new(), ids.new())):
        at = f"/programmes/{programme}"
        assert (await caller.post(f"{at}/close")).status_code == 404
        assert (await caller.post(f"{at}/open")).status_code == 404
        assert (await caller.post(f"{at}/cycles", json={"name": "2028", **DATES})).status_code == 404
        assert (await caller.patch(f"/cycles/{cycle}", json=DATES)).status_code == 404


async def test_times_and_limits_are_the_programmes_own(
    database, app, made, caller, launched
):  # K28 K30 K39 K42
    at = f"/programmes/{launched.programme.id}/terms"
    usual = (await caller.get(at)).json()
    version = usual.pop("version")
    assert usual == {
        "contact_release": "with_proposal", "answer_days": 3, "date_days": 14, "meet_days": 61,
        "check_up_days": [91, 274, 366], "term_months": 12, "caseload_limit": 80, "confirm_days": 7,
        "wants_interview": True, "places": None, "eligibility": {},
    }  # fmt: skip
    wanted = usual | {"check_up_days": [243, 122, 122], "term_months": 8, "contact_release": "after_both_yes"}
    saved = (await caller.put(at, json=wanted | {"version": version})).json()
    assert saved.pop("version") != version and saved == wanted | {"check_up_days": [122, 243]}
    stale = await caller.put(at, json={"term_months": 9, "version": version})
    assert (stale.status_code, stale.json()["code"]) == (409, "terms_changed")
    assert (await caller.put(at, json=wanted | {"check_up_days": []})).json()[
        "check_up_days"
    ] == []  # a coffee talk
    bad = {"answer_days": 0, "term_months": 61, "check_up_days": [0]}
    refused = await caller.put(at, json=wanted | bad)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("#/answer_days", "too_small"), ("#/term_months", "too_large"), ("#/check_up_days", "check_up_days"),
    ]  # fmt: skip
    assert (await caller.get(at)).json()["term_months"] == 8
    some = {
        "date_days": 7,
        "places": 30,
        "eligibility": {"genders": ["woman"], "grades": ["p3", "P3", " P4 "]},
    }
    assert (await caller.put(at, json=some)).json()["eligibility"] == {
        "genders": ["woman"],
        "grades": ["P3", "P4"],
    }  # U21
    none_such = {"by_gender": {"man": ["G" * 21]}, "years_min": 5, "years_max": 4}
    refused = await caller.put(at, json={"meet_days": 6, "places": 0, "eligibility": none_such})
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("#/places", "too_small"), ("#/date_days", "too_large"),
        ("#/eligibility/by_gender/man", "grade_too_long"), ("#/eligibility/years_max", "too_small"),
    ]  # fmt: skip
    assert (await caller.get(f"{at}/standing")).json() == {
        "waiting": 0, "running": 0, "unconfirmed": 0, "to_talk": 0, "learning": 0,
    }  # fmt: skip
    back = (await caller.post(f"{at}/undo")).json()
    assert (back["date_days"], back["places"], back["eligibility"], back["term_months"]) == (14, None, {}, 8)
    assert (await caller.post(f"{at}/undo")).json()["code"] == "terms_undo_too_late"
    async with await client(database, app, made, "programme.read") as reader:
        assert (await reader.put(at, json=usual)).status_code == 403
    other = await making.organisation(database)
    async with await client(database, app, other, "programme.read", "programme.change") as stranger:
        assert (await stranger.get(at)).status_code == (await stranger.put(at, json=usual)).status_code == 404
        assert (await stranger.get(f"{at}/standing")).status_code == 404
        assert (await stranger.post(f"{at}/undo")).status_code == 404


async def test_what_is_said_of_a_programme_changes(database, app, made, caller, launched):
    at = f"/programmes/{launched.programme.id}"
    before = (await caller.get(at)).json()
    told = {"name": {"en": " Women  who lead "}, "focus": ["skills"], "languages": ["en", "fr"]}
    now = (await caller.patch(at, json=told | {"version": before["version"]})).json()
    assert now["name"] == before["name"] | {"en": "Women who lead"}
    assert (now["focus"], now["languages"], now["summary"]) == (["skills"], ["en", "fr"], before["summary"])
    stale = await caller.patch(at, json={"focus": ["career"], "version": before["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "about_changed")
    bad = {"name": {"en": "", "xx": "Nobody speaks it"}, "languages": [], "focus": []}
    refused = await caller.patch(at, json=bad)
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        ("#/languages", "missing"), ("#/name/xx", "language_not_spoken"), ("#/name/en", "missing"), ("#/focus", "missing"),
    ]  # fmt: skip
    assert (await caller.get(at)).json() == now
    other = await making.organisation(database)
    async with await client(database, app, other, "programme.read", "programme.change") as stranger:
        assert (await stranger.patch(at, json=told)).status_code == 404
