"""Questions and topics of a programme through the API: the same rules as on the pages."""

from infra import ids
from tests import making
from tests.api.test_members_api import caller

__all__ = ["caller"]

CHILDREN = {
    "shape": "choice",
    "label": {"en": "Do you look after children?"},
    "options": [{"label": {"en": "Yes"}}, {"label": {"en": "No", "fr": "Non"}}],
}


async def test_a_program_asks_words_orders_and_leaves_out(database, made, caller):  # K05
    launched = await making.programme(database, made)
    her = await making.participation(database, made, launched)
    at = f"/programmes/{launched.programme.id}/questions"
    made_one = await caller.post(f"{at}/own", json=CHILDREN)
    assert made_one.status_code == 201
    one = made_one.json()
    key = one["key"]
    assert (one["kind"], one["is_asked"], one["version"], one["field"]) == ("choice", True, 1, None)
    yes = one["options"][0]["value"]
    for wrong, code in (
        ({"label": {"fr": "Et ?"}}, "text_missing_first"),
        ({"label": {"en": "And?", "da": "Og?"}}, "guide_language"),
        ({"options": CHILDREN["options"][:1]}, "question_needs_options"),
        ({"options": [CHILDREN["options"][0]] * 2}, "option_twice"),
        ({"shape": "number", "fills": "sector"}, "not_a_choice"),
        ({"shape": "text", "fills": "sector"}, "fact_asked_already"),
    ):
        refused = await caller.post(f"{at}/own", json=CHILDREN | wrong)
        assert refused.status_code == 422 and code in {each["code"] for each in refused.json()["errors"]}

    answers = f"/participations/{her.id}"
    assert (await caller.patch(answers, json={"answers": {key: yes}})).status_code == 200
    words = {"label": {"en": "Have you got children?"}, "options": one["options"][1:], "version": 1}
    few = await caller.put(f"{at}/{key}", json=words)
    assert few.json()["errors"][0]["code"] == "question_needs_options"
    words["options"].append({"label": {"en": "I do not say"}})
    changed = await caller.put(f"{at}/{key}", json=words)
    again = await caller.put(f"{at}/{key}", json=words)  # sent twice, it changes nothing the second time
    assert changed.json() == again.json() and changed.json()["version"] == 2
    retired = [each for each in changed.json()["options"] if each["is_retired"]]
    assert [each["value"] for each in retired] == [yes]
    stale = await caller.put(f"{at}/{key}", json=words | {"label": {"en": "Any?"}})
    assert (stale.status_code, stale.json()["code"]) == (409, "question_changed")
    # Hers stays and may be sent again; nobody else can choose it.
    assert (await caller.patch(answers, json={"answers": {key: yes}})).status_code == 200
    late = await making.participation(database, made, launched, email="late@example.org")
    refused = await caller.patch(f"/participations/{late.id}", json={"answers": {key: yes}})
    assert [each["code"] for each in refused.json()["errors"]] == ["not_a_choice"]

    moved = await caller.post(f"{at}/{key}/place", json={"place": 1})
    assert moved.status_code == 200
    every = (await caller.get(at)).json()
    assert (every[0]["key"], every[0]["answers"], every[1]["answers"]) == (key, 1, None)
    assert (await caller.delete(f"{at}/{key}")).status_code == 204
    every = (await caller.get(at)).json()
    assert (every[-1]["key"], every[-1]["is_asked"], every[-1]["answers"]) == (key, False, 1)
    assert key not in (await caller.get(f"/participations/{her.id}")).json()["answers"]
    assert (await caller.post(f"{at}/{key}/place", json={"place": 1})).status_code == 404
    assert (await caller.post(at, json={"key": key})).json()["is_asked"]
    assert (await caller.get(f"/participations/{her.id}")).json()["answers"][key] == yes


async def test_a_program_adds_names_orders_and_retires_topics(database, made, caller):
    launched = await making.programme(database, made)
    at = f"/programmes/{launched.programme.id}/topics"
    added = await caller.post(at, json={"label": {"en": "Keeping bees"}})
    assert added.status_code == 201
    code = added.json()["code"]
    refused = await caller.post(at, json={"label": {"en": "Leadership"}})
    assert [each["code"] for each in refused.json()["errors"]] == ["topic_known"]
    named = await caller.put(f"{at}/{code}", json={"label": {"en": "Bees"}, "version": 1})
    assert (named.json()["label"], named.json()["version"]) == ({"en": "Bees"}, 2)
    stale = await caller.put(f"{at}/{code}", json={"label": {"en": "Wasps"}, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "topic_changed")
    assert (await caller.post(f"{at}/{code}/place", json={"place": 1})).status_code == 200
    first = (await caller.get(at)).json()[0]
    assert (first["code"], first["people"]) == (code, 0)
    for _again in range(2):
        gone = await caller.post(f"{at}/{code}/offer", json={"is_offered": False})
        assert (gone.status_code, gone.json()["is_offered"]) == (200, False)
    shown = (await caller.get(f"/programmes/{launched.programme.id}")).json()["topics"]
    assert code not in {one["code"] for one in shown}


async def test_of_another_organisation_there_is_nothing(database, made, caller):  # N02
    other = await making.organisation(database)
    theirs = await making.programme(database, other)
    own = await making.programme(database, made)
    label = {"label": {"en": "Mine"}}
    for method, path, body in (
        ("GET", "questions", None),
        ("POST", "questions/own", label | {"shape": "text"}),
        ("PUT", "questions/phone", label | {"version": 1}),
        ("POST", "questions/phone/place", {"place": 1}),
        ("GET", "topics", None),
        ("POST", "topics", label),
        ("PUT", "topics/leadership", label | {"version": 1}),
        ("POST", "topics/leadership/place", {"place": 1}),
        ("POST", "topics/leadership/offer", {"is_offered": False}),
    ):
        for programme in (theirs.programme.id, ids.new()):
            answer = await caller.request(method, f"/programmes/{programme}/{path}", json=body)
            assert answer.status_code == 404, path
        unknown = path.replace("phone", "shoes").replace("leadership", "shoes")
        if unknown != path:
            answer = await caller.request(method, f"/programmes/{own.programme.id}/{unknown}", json=body)
            assert answer.status_code == 404, path
