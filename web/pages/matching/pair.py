"""One pair of a run: what its score is made of, who would be next best, and keeping it together or apart."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language, progress
from infra.errors import Invalid, NotFound
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants.permissions import Permission
from tenants.programmes.structures import Makes
from tenants.proposals.models import MatchingRun, ProposalState, WishKind
from tenants.proposals.runs import actions, grounds, queries, results, rules, wishing, words
from tenants.proposals.runs.results import Pair
from web import query
from web.door import Door, Page
from web.forms import sentence
from web.pages.matching import cycles, showing
from web.pages.matching.cycles import PATH

NAMES_AT_ONCE = 10
PAIR = PATH + "/{run_id:uuid}/{proposal_id:uuid}"


@get(PAIR)
async def show(door: NamedDependency[Door], run_id: FromPath[UUID], proposal_id: FromPath[UUID]) -> Page:
    run = await queries.access_run(door.session, door.actor, run_id)
    one = await results.access_pair(door.session, door.actor, run_id, proposal_id)
    await cycles.show_of(door, run.cycle_id)
    ids = [one.mentor_id, one.mentee_id, *showing.alternative_ids(one)]
    people = await results.named(door.session, door.actor, ids)
    topics = await showing.topics(door, run.cycle_id)
    shown = rules.shown(one.contributions)
    of_peers = run.result.get("makes") == Makes.MUTUAL
    why = await _why(door, run, one, people)
    wishes = await queries.wishes(door.session, door.actor, run.cycle_id)
    return door.page(
        "matching/pair.html",
        run=run,
        pair=showing.pair(one, people),
        mentor=people.get(one.mentor_id),
        mentee=people.get(one.mentee_id),
        rows=[
            {
                "label": words.criterion(row.criterion, of_peers=of_peers),
                "points": row.points,
                "most": row.most,
                "basis": grounds.basis(row, topics),
            }
            for row in shown
        ],
        others=[_other(row, one, people) for row in one.alternatives],
        topics=topics,
        of_peers=of_peers,
        **why,
        languages=language.language_name,
        city=language.city,
        wish=next((w for w in wishes if (w.mentor_id, w.mentee_id) == (one.mentor_id, one.mentee_id)), None),
        total=rules.of_hundred(run.result["total"]),
        may_wish=door.actor.may(Permission.RUN_START),
        may_approve=door.actor.may(Permission.PROPOSAL_APPROVE) and one.state == ProposalState.DRAFT,
        here=f"{PATH}/{run_id}/{proposal_id}",
    )


async def _why(door: Door, run: MatchingRun, one: Pair, people: showing.People) -> dict[str, Any]:
    """What the pair with the mentor whom the reader asks about would earn and cost, once a worker has said so."""
    asked, who, called = query.uuid(door.request, "with"), query.text(door.request, "who"), []
    if asked is None and who:
        called = await results.mentors(door.session, door.actor, run.id, called=who, limit=NAMES_AT_ONCE)
        asked = called[0][0] if len(called) == 1 else None
    if asked is None:
        return {"asked": None, "answer": None, "who": who, "called": called}
    key = await actions.ask_why(door.session, door.actor, run.id, mentee_id=one.mentee_id, mentor_id=asked)
    state = await progress.last(door.ground.redis, key)
    named = {**people, **await results.named(door.session, door.actor, [asked])}
    name, mentee = (isolated(showing.name_of(named, id)) for id in (asked, one.mentee_id))
    answer = showing.why_not(state, run, mentor=name, mentee=mentee) if state else None
    return {"asked": asked, "answer": answer, "who": showing.name_of(named, asked), "called": []}


def _other(row: dict[str, Any], one: Pair, people: showing.People) -> dict[str, Any]:
    """A next best mentor: her score beside this one's, what the whole run would lose, and why she was not chosen."""
    taken = [isolated(showing.name_of(people, id)) for id in row["taken_by"]]
    score = rules.of_hundred(row["score"])
    why = (
        _("All places go to %(names)s", names=language.listed(taken))
        if taken
        else _("The whole is better as it is")
    )
    return {
        "id": row["participation_id"],
        "name": showing.name_of(people, row["participation_id"]),
        "score": score,
        "against": score - rules.of_hundred(one.score),
        "whole": _whole(row),
        "is_at_most": _is_at_most(row),
        "why": _("Just as good for the whole") if row["margin"] == 0 and not row.get("people") else why,
    }


def _whole(row: dict[str, Any]) -> str:
    """What the whole run would lose: points, or people where these come first; empty where there is no such price."""
    if row.get("people"):
        return ngettext("one mentee less", "%(num)s mentees less", row["people"])
    if row["margin"] is None or row["margin"] < 0:
        return ""
    points = rules.of_hundred(row["margin"])
    if not _is_at_most(row):
        return language.signed(-points)
    return ngettext("at most one point", "at most %(num)s points", points)


def _is_at_most(row: dict[str, Any]) -> bool:
    """A large run did not search to the end. Runs of older versions do not say whether they did."""
    return bool(row["margin"]) and rules.of_hundred(row["margin"]) > 0 and not row.get("is_exact", False)


@post(PAIR + "/wish")
async def wish(door: NamedDependency[Door], run_id: FromPath[UUID], proposal_id: FromPath[UUID]) -> Page:
    """Keep this pair together or apart, or the mentee together with another mentor, from the next run on."""
    run = await queries.access_run(door.session, door.actor, run_id)
    one = await results.access_pair(door.session, door.actor, run_id, proposal_id)
    filled = await door.form()
    here = f"{PATH}/{run_id}/{proposal_id}"
    given = filled.text("kind")
    mentor_id = one.mentor_id
    if given == "swap":
        mentor_id = _among(one, filled.text("mentor"))
    kind = WishKind.FORBID if given == WishKind.FORBID else WishKind.LOCK
    try:
        await wishing.wish(
            door.session, door.actor, run.cycle_id, mentor_id=mentor_id, mentee_id=one.mentee_id, kind=kind
        )
    except Invalid as error:
        return door.go(here, said=sentence(error.problems[0]))
    told = (
        _("Kept together from the next run on. Start a new run to see the effect.")
        if kind is WishKind.LOCK
        else _("Kept apart from the next run on. Start a new run to see the effect.")
    )
    return door.go(here, said=told)


def _among(one: Pair, text: str) -> UUID:
    for row in one.alternatives:
        if row["participation_id"] == text:
            return UUID(text)
    raise NotFound(kind="participation", id=text)


ROUTES = [show, wish]
