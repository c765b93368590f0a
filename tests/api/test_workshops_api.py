"""Workshops through the JSON door: the same actions as on the pages, and nothing for others."""

from datetime import timedelta

import time_machine

from infra import clock, ids
from tests.api.test_proposals_api import client, herself
from tests.gathering import Workshops

DESK = (
    "people.read",
    "status.change",
    "programme.read",
    "outbox.read",
    "evaluation.read",
    "evaluation.change",
)


async def test_a_workshop_from_the_plan_to_what_was_said_of_it(app, stage):
    # K70, K71, K73
    mina, lea = await stage.joins(name="Mina One"), await stage.joins(name="Lea Two")
    mona = await stage.joins("mentor", name="Mona Mentor")
    begins = clock.now() + timedelta(days=9)
    plan = {
        "kind": "introduction", "audience": "mentees", "title": {"en": "Getting started"}, "words": {"en": "Come"},
        "at": f"{begins:%Y-%m-%dT10:00}", "time_zone": "UTC", "place": "Obala 4", "places": 1,
    }  # fmt: skip
    async with (
        await client(app, stage, *DESK) as desk,
        await herself(app, stage, mina) as mine,
        await herself(app, stage, lea) as hers,
    ):
        answer = await desk.post("/workshops", json=plan | {"cycle_id": str(stage.launched.cycle.id)})
        assert answer.status_code == 201, answer.text
        here = f"/workshops/{answer.json()['id']}"
        bad = await desk.put(here, json=plan | {"at": "2020-01-01T10:00", "place": None})
        assert {one["code"] for one in bad.json()["errors"]} == {"interview_in_the_past", "workshop_place"}
        seen = (await desk.post(f"{here}/rehearsal", json={})).json()
        assert (seen["number"], seen["staying"]) == (2, {})
        assert seen["letter"]["facts"][0][0] == "When" and "/workshop/" not in str(seen)
        sent = (await desk.post(f"{here}/invitations", json={})).json()
        assert sent["number"] == 2
        assert (await mine.post(f"{here}/invitations", json={})).status_code == 403
        named = {"people": [str(mona.id), str(mina.id), str(ids.new())]}
        seen = (await desk.post(f"{here}/rehearsal", json=named)).json()
        assert (seen["number"], seen["staying"]) == (1, {"invited": 1})
        one = (await desk.post(f"{here}/invitations", json=named)).json()
        back = (await desk.post(f"/workshops/batches/{one['batch_id']}/undo")).json()
        assert (one["number"], back) == (1, {"taken_back": 1, "too_late": 0})

        [own] = (await mine.get("/me/workshops")).json()
        assert (own["title"], own["state"], own["may_say"]) == ("Getting started", "asked", False)
        said = [
            (await one.post(f"/me{here}/answer", json={"answer": "come"})).json()["state"]
            for one in (mine, hers)
        ]
        assert said == ["coming", "waiting"]
        back = (await desk.post(f"/workshops/batches/{sent['batch_id']}/undo")).json()
        assert back == {"taken_back": 0, "too_late": 2}
        guests = {one["full_name"]: one for one in (await desk.get(f"{here}/guests")).json()}
        waits = (await desk.get(f"{here}/guests?standing=waiting")).json()
        assert [one["full_name"] for one in waits] == ["Lea Two"]
        moved = (await desk.put(here, json=plan | {"place": "Titova 7", "places": 2, "version": 1})).json()
        assert (moved["sequence"], moved["guests"]["coming"]) == (1, 2)
        gone = await desk.post(f"{here}/cancel", json={"version": 1})
        assert (gone.status_code, gone.json()["code"]) == (409, "workshop_changed")
        path = f"{here}/guests/{guests['Lea Two']['id']}/answer"
        assert (await desk.post(path, json={"answer": "cannot"})).json()["state"] == "declined"
        early = await desk.post(f"{here}/attendance", json={})
        assert (early.status_code, early.json()["code"]) == (409, "workshop_not_yet")

        together = {"standing": ["coming"]}
        early = await desk.post(f"{here}/attendance/all", json=together)
        assert (early.status_code, early.json()["code"]) == (409, "workshop_not_yet")

        with time_machine.travel(begins + timedelta(days=1), tick=False):
            seen = (await desk.post(f"{here}/attendance/preview", json=together)).json()
            assert seen == {"number": 1, "first": ["Mina One"], "already": 0}
            deed = (await desk.post(f"{here}/attendance/all", json=together)).json()
            assert deed["number"] == 1 and (await desk.get(here)).json()["guests"]["came"] == 1
            nobody = await desk.post(f"{here}/attendance/all", json=together)
            assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_to_do")
            undone = (await desk.post(f"/deeds/{deed['deed_id']}/undo")).json()
            assert undone == {"back": 1, "stayed": 0}
            assert (await desk.get(here)).json()["state"] == "planned"
            came = [guests["Mina One"]["id"], str(ids.random())]
            assert (await desk.post(f"{here}/attendance", json={"came": came})).json() == {"came": 1}
            added = await desk.post(f"{here}/guests", json={"participation_id": str(mona.id)})
            assert (added.status_code, added.json()["state"]) == (201, "unasked")
            assert (await mine.get("/me/workshops")).json()[0]["may_say"]
            assert (await mine.post(f"/me{here}/opinion", json={"useful": 5})).status_code == 204
            again = await mine.post(f"/me{here}/opinion", json={"useful": 1})
            assert (again.status_code, again.json()["code"]) == (409, "opinion_given")
            typed = await desk.post(
                f"{here}/opinions", json={"role": "mentee", "useful": 4, "missing": "Time"}
            )
            assert (typed.json()["answers"], typed.json()["useful"]) == (2, {})  # two know of each other
            typed = await desk.post(f"{here}/opinions", json={"role": "mentee", "useful": 4})
            assert typed.json()["useful"] == {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1}
            assert (await desk.get(f"{here}/opinions")).json()["missing"] == ["Time"]
            assert [one["state"] for one in (await desk.get("/workshops?is_over=true")).json()] == ["held"]
            book = (await mine.get("/me/handbook?language=fr")).json()
            assert book["language"] == "fr" and len(book["chapters"]) == 10
            led = (await desk.get("/workshop-material/mentors")).json()
            assert [one["minutes"] for one in led["modules"]] == [30, 35, 35, 35]
    assert await Workshops(stage).state(mona, _Id(here)) == "unasked"


class _Id:
    def __init__(self, path):
        self.id = path.rpartition("/")[2]
