"""Looking for somebody by hand: who fits one person, with points and reasons as in a run, and a draft of one of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from infra import language, progress
from infra.errors import Conflict, Invalid, NotFound, WrongState
from infra.http.events import Source
from infra.http.forms import Form
from infra.language import gettext as _
from infra.language import isolated, ngettext
from tenants import sentences
from tenants.permissions import Permission
from tenants.proposals import by_hand
from tenants.proposals.runs import criteria, grounds, results, rules, words
from tenants.proposals.runs.criteria import WEIGHED, Criteria
from tenants.proposals.search_models import MatchSearch, SearchState
from tenants.proposals.searches import actions, queries
from tenants.proposals.searches import rules as searching
from tenants.registration import queries as registration
from web import query
from web.door import Door, Page
from web.forms import refused
from web.pages.matching import choosing, cycles, showing
from web.refusals import said
from web.rendering import FormState

PATH = f"{cycles.PATH}/searches"
ONE = PATH + "/{search_id:uuid}"


@post(PATH)
async def begin(door: NamedDependency[Door]) -> Page:
    """Look for somebody for the person that the form names, with the programme's usual criteria."""
    filled = await door.form()
    who = _id(filled.text("participation"))
    mine = await registration.access_participation(door.session, door.actor, who)
    try:
        found = await actions.search(door.session, door.actor, who)
    except WrongState as error:
        return door.go(f"/c/people/{mine.person_id}", said=said(error))
    return door.go(f"{PATH}/{found.id}")


@get(ONE)
async def show(door: NamedDependency[Door], search_id: FromPath[UUID]) -> Page:
    search = await queries.access_search(door.session, door.actor, search_id)
    return await _page(door, search, FormState())


@get(ONE + "/events")
async def follow(door: NamedDependency[Door], search_id: FromPath[UUID]) -> Response[bytes]:
    """Ends as soon as there is an answer; the page then turns over."""
    search = await queries.access_search(door.session, door.actor, search_id)
    return door.stream(_until_over(door, search))


async def _until_over(door: Door, search: MatchSearch) -> Source:
    key = searching.progress_key(search.organisation_id, search.id)
    async for state in progress.follow(door.ground.redis, key):
        # The row is the truth; what was said about it may be lost with its server.
        async with door.ground.database.tenant_session(door.actor.context()) as session:
            if await actions.waiting(session, search.id) is None:
                return
        if state is None:
            yield None


@post(ONE + "/again")
async def again(door: NamedDependency[Door], search_id: FromPath[UUID]) -> Page:
    """The same person with other weights and constraints."""
    search = await queries.access_search(door.session, door.actor, search_id)
    filled = await door.form()
    try:
        chosen = choosing.read(filled, _chosen(search), [])
        found = await actions.search(door.session, door.actor, search.participation_id, chosen)
    except Invalid as error:
        return await _page(door, search, refused(filled, error), status=422)
    except WrongState as error:
        return door.go(f"{PATH}/{search_id}", said=said(error))
    return door.go(f"{PATH}/{found.id}")


@post(ONE + "/why")
async def why_not(door: NamedDependency[Door], search_id: FromPath[UUID]) -> Page:
    """What somebody in particular would earn, and what stands against her."""
    search = await queries.access_search(door.session, door.actor, search_id)
    filled = await door.form()
    named = await _named(door, search, filled)
    if len(named) != 1:
        form = FormState({"who": filled.text("who")})
        return await _page(door, search, form, called=named)
    try:
        found = await actions.search(
            door.session, door.actor, search.participation_id, _chosen(search), named_id=named[0][0]
        )
    except WrongState as error:
        return door.go(f"{PATH}/{search_id}", said=said(error))
    return door.go(f"{PATH}/{found.id}#y")


async def _named(door: Door, search: MatchSearch, filled: Form) -> list[tuple[UUID, str]]:
    if filled.text("id"):
        return [(_id(filled.text("id")), "")]
    who = filled.text("who").strip()
    return await queries.called(door.session, door.actor, search, who) if who else []


@post(ONE + "/propose")
async def propose(door: NamedDependency[Door], search_id: FromPath[UUID]) -> Page:
    """A draft of the two, which nobody is told of."""
    await queries.access_search(door.session, door.actor, search_id)
    filled = await door.form()
    try:
        made = await by_hand.propose(door.session, door.actor, search_id, _id(filled.text("who")))
    except (WrongState, Conflict) as error:
        return door.go(f"{PATH}/{search_id}", said=_refusal(error))
    return door.go(f"/c/proposals/{made.id}", said=_("A draft is made. Nobody has been told anything."))


def _refusal(error: WrongState | Conflict) -> str:
    if isinstance(error, searching.SearchRefused):
        limits = language.listed([words.limit(name) for name in error.facts["limits"]])
        return said(error) + " " + _("What does not hold: %(limits)s.", limits=limits)
    return said(error)


async def _page(
    door: Door,
    search: MatchSearch,
    form: FormState,
    *,
    called: Sequence[tuple[UUID, str]] | None = None,
    status: int = 200,
) -> Page:
    await cycles.show_of(door, search.cycle_id)
    chosen = _chosen(search)
    shown_id = query.uuid(door.request, "of")
    rows = search.result.get("best", [])
    named = search.result.get("named")
    ids = [UUID(row["participation_id"]) for row in rows]
    people = await results.named(
        door.session, door.actor, {*ids, search.participation_id} | ({search.named_id} if search.named_id else set())
    )  # fmt: skip
    mine = people[search.participation_id]
    of_peers = mine.role == "peer"
    topics = await showing.topics(door, search.cycle_id)
    opened = next((row for row in rows if row["participation_id"] == str(shown_id)), named)
    return door.page(
        "matching/search.html",
        status=status,
        search=search,
        form=form,
        mine=mine,
        name=showing.name_of(people, mine.participation_id),
        of_peers=of_peers,
        other="peer" if of_peers else "mentor" if mine.role == "mentee" else "mentee",
        here=f"{PATH}/{search.id}",
        is_waiting=search.state == SearchState.WAITING,
        failed=_(sentences.every()[search.error]) if search.error else "",
        headline=_headline(mine.role, search.result, showing.name_of(people, mine.participation_id)),
        rows=[_row(row, people, of_peers=of_peers) for row in rows],
        steps=_steps(search.result, mine.role),
        opened=_opened(opened, people, topics, of_peers=of_peers) if opened else None,
        answer=_answer(search, people),
        called=called,
        criteria=[(name, words.criterion(name, of_peers=of_peers)) for name in WEIGHED],
        points=criteria.points(chosen.weights),
        weights=[(value, _(label)) for value, label in choosing.WEIGHTS],
        chosen=choosing.in_words(chosen),
        levels=[(level, _(label)) for level, label in words.LEVELS.items()],
        may_propose=door.actor.may(Permission.PROPOSAL_APPROVE),
        may_search=door.actor.may(Permission.RUN_START),
        zone=door.actor.time_zone,
    )


def _headline(role: str, result: dict[str, Any], name: str) -> str:
    if not result:
        return _("Looking for somebody for %(name)s", name=isolated(name))
    count = result["possible"]
    if not count:
        return _("Nobody is possible for %(name)s as the constraints stand", name=isolated(name))
    if role == "mentee":
        return ngettext(
            "One mentor is possible for %(name)s",
            "%(num)s mentors are possible for %(name)s",
            count,
            name=isolated(name),
        )
    if role == "mentor":
        return ngettext(
            "One mentee is possible for %(name)s",
            "%(num)s mentees are possible for %(name)s",
            count,
            name=isolated(name),
        )
    return ngettext(
        "One other person is possible for %(name)s",
        "%(num)s other people are possible for %(name)s",
        count,
        name=isolated(name),
    )


def _row(row: dict[str, Any], people: showing.People, *, of_peers: bool) -> dict[str, Any]:
    """One of the best, as the table shows her."""
    id = UUID(row["participation_id"])
    shown = rules.shown(row["contributions"])
    weakest = rules.weakest(shown)
    return {
        "id": id,
        "name": showing.name_of(people, id),
        "place": showing.place_of(people, id),
        "places": people[id].capacity if id in people else 0,
        "score": rules.of_hundred(row["score"]),
        "reasons": [
            {"label": words.criterion(one.criterion, of_peers=of_peers), "points": one.points}
            for one in shown
        ],
        "weakest": words.criterion(weakest.criterion, of_peers=of_peers) if weakest else "",
        "weakest_points": weakest.points if weakest else 0,
        "weakest_most": weakest.most if weakest else 0,
    }


def _opened(
    row: dict[str, Any], people: showing.People, topics: dict[str, str], *, of_peers: bool
) -> dict[str, Any]:
    """One of them with every criterion and what it rests on."""
    shown = rules.shown(row["contributions"])
    id = UUID(row["participation_id"])
    return {
        "id": id,
        "name": showing.name_of(people, id),
        "person_id": people[id].person_id if id in people else None,
        "score": rules.of_hundred(row["score"]),
        "failed": [words.limit(name) for name in row["failed"]],
        "rows": [
            {
                "label": words.criterion(one.criterion, of_peers=of_peers),
                "points": one.points,
                "most": one.most,
                "basis": grounds.basis(one, topics),
            }
            for one in shown
        ],
    }


def _answer(search: MatchSearch, people: showing.People) -> str:
    """To "why not her?": what forbids the pair, or where she stands among those who are possible."""
    if search.named_id is None or search.state != SearchState.DONE:
        return ""
    name = isolated(showing.name_of(people, search.named_id))
    row = search.result.get("named")
    if row is None:
        return _("%(name)s cannot be matched just now, or has no place left.", name=name)
    score = rules.of_hundred(row["score"])
    if row["failed"]:
        return _(
            "%(name)s would have %(score)s points, but this does not hold: %(limits)s.",
            name=name, score=score, limits=language.listed([words.limit(one) for one in row["failed"]]),
        )  # fmt: skip
    return _(
        "%(name)s is possible, with %(score)s points: number %(place)s of %(possible)s.",
        name=name, score=score, place=search.result["place"], possible=search.result["possible"],
    )  # fmt: skip


def _steps(result: dict[str, Any], role: str) -> list[dict[str, Any]]:
    """How many each constraint takes away, for the drawing."""
    if not result:
        return []
    first = {"label": words.others(role, result["others"]), "left": result["others"], "taken": 0}
    return [first, *({"label": words.limit(row["limit"]), **row} for row in result["waterfall"])]


def _chosen(search: MatchSearch) -> Criteria:
    return criteria.of_run(search.criteria).criteria


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(kind="participation") from None


ROUTES = [begin, show, follow, again, why_not, propose]
