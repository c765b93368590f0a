"""One's own pair through the JSON door: who the other is, and how to reach her."""

from tenants.registration.models import Participation
from tests.api.test_proposals_api import CASES, client, herself


async def test_how_to_reach_the_other_of_ones_own_pair_and_of_no_other(app, stage):
    # K30
    mentor, mentee, other = await stage.joins("mentor"), await stage.joins(), await stage.joins("mentor")
    pair, strange = await stage.pair(mentor, mentee), await stage.pair(other, await stage.joins())
    async with stage.session() as session:
        own = await session.get(Participation, (stage.made.id, mentor.id))
        own.answers = {**own.answers, "mobile": " +45 1 ", "address": "Obala 4", "dream": "hers alone"}
    async with await herself(app, stage, mentee) as mine, await herself(app, stage, mentor) as hers:
        [row] = (await mine.get("/me/pairs")).json()
        shown = (await mine.get(f"/me/pairs/{pair.id}")).json()
        [told] = shown["others"]
        assert shown["pair"] == row and (told["mobile"], told["address"]) == ("+45 1", "Obala 4")
        assert told["email"] and told["role"] == "mentor" and "hers alone" not in str(shown)
        [back] = (await hers.get(f"/me/pairs/{pair.id}")).json()["others"]
        assert (back["role"], back["mobile"]) == ("mentee", None)
        assert (await mine.get(f"/me/pairs/{strange.id}")).status_code == 404
    async with await client(app, stage, *CASES) as desk:  # a key of the desk opens nobody's own pages
        assert (await desk.get(f"/me/pairs/{pair.id}")).status_code == 403
        assert (await desk.get("/me/pairs")).status_code == 403
