"""Matching runs: starting one, watching it, and reading what came of it with its reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from api.door import ApiDoor
from infra import progress
from infra.errors import Invalid, Problem
from infra.http.paging import Paging, cut
from infra.progress import Progress
from tenants.actor import Actor
from tenants.pools.models import Side
from tenants.proposals.models import MatchingRun, RunState
from tenants.proposals.runs import actions, queries, results, rules
from tenants.proposals.runs import criteria as choosing
from tenants.proposals.runs.queries import Listed
from tenants.proposals.runs.results import Left, Pair


class NewRun(Struct, forbid_unknown_fields=True):
    """`criteria` as in the answer; without them the programme's usual ones count."""

    cycle_id: UUID
    criteria: choosing.Criteria | None = None


class ProgressView(Struct):
    phase: str
    percent: int
    at: datetime


class RunView(Struct):
    """
    Points are stored points: `result.most` of them are the score 100.

    `result.aim` is what the run put first. `result.bound` less `result.total` is what that costs beside the most points in
    all; `result.most_points_matched` and `result.most_points_lowest` are the people and the lowest score of that.
    `result.blocking_pairs`: mentors and mentees who would both rather have each other.
    `result.quotas`: each quota of the run with how many of its pairs were `used`; of another office nothing is told.
    """

    id: UUID
    number: int
    cycle_id: UUID
    state: RunState
    created_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    criteria: dict[str, Any]
    inputs_digest: str | None
    matcher_version: str | None
    result: dict[str, Any]
    error: str | None
    progress: ProgressView | None

    @classmethod
    def of(cls, actor: Actor, run: MatchingRun, state: Progress | None = None) -> "RunView":
        told = ProgressView(state.phase, state.percent, state.at) if state else None
        result = run.result | ({"quotas": rules.quotas_told(actor, run)} if "quotas" in run.result else {})
        return cls(
            run.id, run.number, run.cycle_id, RunState(run.state), run.created_at, run.begun_at, run.ended_at,
            run.criteria, run.inputs_digest, run.matcher_version, result, run.error, told,
        )  # fmt: skip


class ListedRun(Struct):
    id: UUID
    number: int
    cycle_id: UUID
    state: RunState
    created_at: datetime
    ended_at: datetime | None
    is_proved: bool
    error: str | None

    @classmethod
    def of(cls, row: Listed) -> "ListedRun":
        return cls(
            row.id, row.number, row.cycle_id, RunState(row.state), row.created_at, row.ended_at, row.is_proved,
            row.error,
        )  # fmt: skip


class ContributionView(Struct):
    """`points` of all criteria add up to the proposal's `score`; `shown` is what people see of 100."""

    criterion: str
    points: int
    most: int
    shown: int
    facts: dict[str, Any]


class AlternativeView(Struct):
    """
    `margin`: stored points that the whole run would lose with this mentor instead; null where there is no such price.

    `margin_is_exact`: false in large runs where a long search was cut short: it would lose `margin` at most, perhaps less.

    `people`: how many people fewer would be matched, in a run that puts people first; the others may then gain points.
    """

    participation_id: UUID
    score: int
    margin: int | None
    taken_by: list[UUID]
    people: int
    margin_is_exact: bool


class RunProposal(Struct):
    """A pair of a run. What a run of groups or circles has made is at `/runs/{run_id}/groups`."""

    id: UUID
    mentor_id: UUID
    mentee_id: UUID
    state: str
    score: int
    most: int
    shown_score: int
    contributions: list[ContributionView]
    alternatives: list[AlternativeView]

    @classmethod
    def of(cls, pair: Pair) -> "RunProposal":
        shown = {row.criterion: row.points for row in rules.shown(pair.contributions)}
        return cls(
            pair.id,
            pair.mentor_id,
            pair.mentee_id,
            pair.state,
            pair.score,
            pair.most,
            rules.of_hundred(pair.score),
            [
                ContributionView(
                    row["criterion"], row["points"], row["most"], shown.get(row["criterion"], 0), row["facts"]
                )
                for row in pair.contributions
            ],
            [
                AlternativeView(
                    UUID(row["participation_id"]),
                    row["score"],
                    row["margin"],
                    [UUID(one) for one in row["taken_by"]],
                    row.get("people", 0),
                    row.get("is_exact", False),
                )
                for row in pair.alternatives
            ],
        )


class UnmatchedView(Struct):
    """`reason` is the constraint that binds, `change` the smallest one that would match this person."""

    id: UUID
    participation_id: UUID
    side: Side
    reason: str
    facts: dict[str, Any]
    change: dict[str, Any]

    @classmethod
    def of(cls, left: Left) -> "UnmatchedView":
        return cls(left.id, left.participation_id, Side(left.side), left.reason, left.facts, left.change)


class CertificateView(Struct):
    """
    No other set of pairs has more stored points than `bound`; with the aim `points`, `total` equals it.

    What another aim promises is proved too, and `bound` less `total` is what it costs. Of groups, `total` may be below what
    a longer search would find, and `recounted_bound` is the bound that anybody can recount from the prices; `bound` may be
    lower by a search to the end. `seal` signs all that the run keeps.
    """

    ok: bool
    total: int
    bound: int
    pairs_checked: int
    digest: str
    version: str
    seal: str
    aim: choosing.Aim = "points"
    recounted_bound: int | None = None


@post("/runs", status_code=202, summary="Start a matching run")
async def start(door: NamedDependency[ApiDoor], data: JSONBody[NewRun]) -> RunView:
    chosen = read_criteria(data.criteria)
    with in_criteria():
        made = await actions.start_run(door.session, door.actor, data.cycle_id, chosen)
    return RunView.of(door.actor, made)


def read_criteria(given: choosing.Criteria | None) -> choosing.Criteria | None:
    """
    Raises:
        Invalid: what msgspec alone cannot see, such as nothing that weighs.
    """
    if given is None:
        return None
    with in_criteria():
        return choosing.read({field: getattr(given, field) for field in given.__struct_fields__})


@contextmanager
def in_criteria() -> Iterator[None]:
    """Problems with criteria, named by where they stand in the body."""
    try:
        yield
    except Invalid as error:
        raise Invalid(
            *(Problem(f"criteria.{one.field}", one.code, one.facts) for one in error.problems), **error.facts
        ) from error


@get("/runs", summary="Matching runs, the newest first")
async def runs(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    cycle_id: Annotated[UUID | None, QueryParameter(description="Only those of this cycle.")] = None,
) -> list[ListedRun]:
    after = paging.after(tuple[int])
    rows = await queries.runs(
        door.session, door.actor, cycle_id=cycle_id, after=after[0] if after else None, limit=paging.limit + 1
    )
    return [ListedRun.of(row) for row in cut(door.request.scope, paging, rows, lambda row: (row.number,))]


@get("/runs/{run_id:uuid}", summary="One run: its state, how far it is, its result")
async def run(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> RunView:
    found = await queries.access_run(door.session, door.actor, run_id)
    state = None
    if found.state in rules.OPEN:
        state = await progress.last(door.ground.redis, rules.progress_key(found.organisation_id, found.id))
    return RunView.of(door.actor, found, state)


@post("/runs/{run_id:uuid}/cancel", status_code=200, summary="Stop a run; nothing is proposed to anyone")
async def cancel(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> RunView:
    return RunView.of(door.actor, await actions.cancel_run(door.session, door.actor, run_id))


@get("/runs/{run_id:uuid}/proposals", summary="The pairs of a run with their reasons, highest score first")
async def proposals(
    door: NamedDependency[ApiDoor], paging: NamedDependency[Paging], run_id: FromPath[UUID]
) -> list[RunProposal]:
    await queries.access_run(door.session, door.actor, run_id)
    rows = await results.pairs(
        door.session, door.actor, run_id, after=paging.after(tuple[int, UUID]), limit=paging.limit + 1
    )
    return [RunProposal.of(row) for row in cut(door.request.scope, paging, rows, lambda row: row.sort_key)]


@get("/runs/{run_id:uuid}/unmatched", summary="Those left out, each with a reason and the smallest change")
async def unmatched(
    door: NamedDependency[ApiDoor],
    paging: NamedDependency[Paging],
    run_id: FromPath[UUID],
    side: Annotated[Side | None, QueryParameter(description="Only mentors, or only mentees.")] = None,
) -> list[UnmatchedView]:
    await queries.access_run(door.session, door.actor, run_id)
    after = paging.after(tuple[UUID])
    rows = await results.unmatched(
        door.session,
        door.actor,
        run_id,
        side=side,
        after=after[0] if after else None,
        limit=paging.limit + 1,
    )
    return [UnmatchedView.of(row) for row in cut(door.request.scope, paging, rows, lambda row: (row.id,))]


@get("/runs/{run_id:uuid}/certificate", summary="The independent proof that no better set of pairs exists")
async def certificate(door: NamedDependency[ApiDoor], run_id: FromPath[UUID]) -> CertificateView:
    """
    Raises:
        RunNotDone: the run has no result (yet).
    """
    found = await queries.access_run(door.session, door.actor, run_id)
    rules.must_be_done(found)
    return CertificateView(**found.certificate)


ROUTES = [start, runs, run, cancel, proposals, unmatched, certificate]
