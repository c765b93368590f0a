"""Looking for somebody by hand: who fits one person, with the points of a run, and a draft of one of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from api.door import ApiDoor
from api.proposals import Pairing
from api.runs import ContributionView, in_criteria, read_criteria
from tenants.proposals import by_hand, listing
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs import rules
from tenants.proposals.search_models import MatchSearch, SearchState
from tenants.proposals.searches import actions, queries


class NewSearch(Struct, forbid_unknown_fields=True):
    """
    `participation_id`: for whom to look. Without `criteria` the programme's usual ones count; quotas, sizes and the aim
    of a run are left out. `named_id`: somebody of the other side of whom you want to know why she is not among the best.
    """

    participation_id: UUID
    criteria: choosing.Criteria | None = None
    named_id: UUID | None = None


class Candidate(Struct):
    """Points of all criteria add up to `score`; `shown_score` is what people see of 100. `failed` are constraints that forbid it."""

    participation_id: UUID
    score: int
    shown_score: int
    contributions: list[ContributionView]
    failed: list[str]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Candidate":
        shown = {one.criterion: one.points for one in rules.shown(row["contributions"])}
        return cls(
            UUID(row["participation_id"]),
            row["score"],
            rules.of_hundred(row["score"]),
            [
                ContributionView(
                    one["criterion"], one["points"], one["most"], shown.get(one["criterion"], 0), one["facts"]
                )
                for one in row["contributions"]
            ],
            row["failed"],
        )


class Step(Struct):
    """One constraint, in the order in which they are asked: how many it takes, and how many it leaves."""

    limit: str
    taken: int
    left: int


class Search(Struct):
    """
    While it is `waiting`, ask again. `others` are the people of the other side, `elsewhere` those of offices that are not
    yours, who are left out. `best` are the twenty with the most points, `place` is where the one you named stands among
    all who are possible (0: nowhere). `named` is null where she cannot be matched. It is kept for a day.
    """

    id: UUID
    participation_id: UUID
    named_id: UUID | None
    state: SearchState
    created_at: datetime
    ended_at: datetime | None
    criteria: dict[str, Any]
    inputs_digest: str | None
    matcher_version: str | None
    error: str | None
    others: int
    elsewhere: int
    possible: int
    place: int
    waterfall: list[Step]
    best: list[Candidate]
    named: Candidate | None

    @classmethod
    def of(cls, one: MatchSearch) -> "Search":
        told = one.result
        named = told.get("named")
        return cls(
            one.id, one.participation_id, one.named_id, SearchState(one.state), one.created_at, one.ended_at,
            one.criteria, one.inputs_digest, one.matcher_version, one.error, told.get("others", 0),
            told.get("elsewhere", 0), told.get("possible", 0), told.get("place", 0),
            [Step(row["limit"], row["taken"], row["left"]) for row in told.get("waterfall", ())],
            [Candidate.of(row) for row in told.get("best", ())], Candidate.of(named) if named else None,
        )  # fmt: skip


class Choice(Struct, forbid_unknown_fields=True):
    """Somebody whom the search tells of."""

    participation_id: UUID


@post("/searches", status_code=202, summary="Look for somebody for one person, with the points of a run")
async def begin(door: NamedDependency[ApiDoor], data: JSONBody[NewSearch]) -> Search:
    """The same question gives the same search, until what it depends on has changed."""
    chosen = read_criteria(data.criteria)
    with in_criteria():
        made = await actions.search(
            door.session, door.actor, data.participation_id, chosen, named_id=data.named_id
        )
    return Search.of(made)


@get("/searches/{search_id:uuid}", summary="What a search has found")
async def search(door: NamedDependency[ApiDoor], search_id: FromPath[UUID]) -> Search:
    return Search.of(await queries.access_search(door.session, door.actor, search_id))


@post("/searches/{search_id:uuid}/proposals", status_code=201, summary="Make a draft of a proposal by hand")
async def propose(
    door: NamedDependency[ApiDoor], search_id: FromPath[UUID], data: JSONBody[Choice]
) -> Pairing:
    """Nobody is told of a draft. What the two have already is given back: there is never a second one."""
    made = await by_hand.propose(door.session, door.actor, search_id, data.participation_id)
    await door.session.flush()
    return Pairing.of(await listing.shown(door.session, door.actor, made.id))


ROUTES = [begin, search, propose]
