"""From the rows of a run to what its pages show: names, points of a hundred, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from infra import language
from infra.language import N_, isolated, ngettext
from infra.language import gettext as _
from infra.progress import Progress
from tenants import sentences
from tenants.programmes import queries as programmes
from tenants.programmes.rules import text_in
from tenants.programmes.structures import PEER, Makes
from tenants.proposals.models import MatchingRun, ProposalState, RunState
from tenants.proposals.runs import results, rules, words
from tenants.proposals.runs.criteria import UNIT, WEIGHED
from tenants.proposals.runs.results import Left, Named, Pair
from web.door import Door

PHASES = (("reading", "scoring"), ("solving", "explaining"), ("proving", "checking", "saving"))
DOTS_MOST = 200  # dots of a strip; more are counted in bars

People = Mapping[UUID, Named]


async def names(
    door: Door, pairs: Iterable[Pair], left: Iterable[Left], scores: Sequence[tuple[UUID, UUID, int]]
) -> People:
    """Everybody that a page of results speaks of."""
    wanted = {id for one in pairs for id in (one.mentor_id, one.mentee_id, *alternative_ids(one))}
    for one in left:
        wanted.add(one.participation_id)
        if other := one.change.get("participation_id"):
            wanted.add(UUID(other))
    wanted |= {id for mentor, mentee, _score in scores for id in (mentor, mentee)}
    return await results.named(door.session, door.actor, wanted)


def alternative_ids(one: Pair) -> list[UUID]:
    listed = [UUID(row["participation_id"]) for row in one.alternatives]
    return listed + [UUID(id) for row in one.alternatives for id in row["taken_by"]]


def name_of(people: People, id: UUID | str | None) -> str:
    """The name, or what stands for somebody whom the reader may not know, or who has been deleted since."""
    found = people.get(UUID(id) if isinstance(id, str) else id) if id else None
    if found is None:
        return _("somebody who is no longer here")
    return _("somebody of another office") if found.is_hidden else found.full_name


def place_of(people: People, id: UUID) -> str:
    found = people.get(id)
    return (found.office or language.city(found.time_zone)) if found and not found.is_hidden else ""


def pair(one: Pair, people: People) -> dict[str, Any]:
    """A row of the table of proposals."""
    of_peers = one.mentee_id in people and people[one.mentee_id].role == PEER
    shown = rules.shown(one.contributions)
    weakest = rules.weakest(shown)
    best = one.alternatives[0] if one.alternatives else None
    score = rules.of_hundred(one.score)
    return {
        "id": one.id,
        "mentor": name_of(people, one.mentor_id),
        "mentee": name_of(people, one.mentee_id),
        "mentor_place": place_of(people, one.mentor_id),
        "mentee_place": place_of(people, one.mentee_id),
        "score": score,
        "reasons": [
            {"label": words.criterion(row.criterion, of_peers=of_peers), "points": row.points}
            for row in shown
        ],
        "weakest": words.criterion(weakest.criterion, of_peers=of_peers) if weakest else "",
        "weakest_points": weakest.points if weakest else 0,
        "weakest_most": weakest.most if weakest else 0,
        "next": name_of(people, best["participation_id"]) if best else "",
        "margin": score - rules.of_hundred(best["score"]) if best else 0,
        "is_draft": one.state == ProposalState.DRAFT,
        "state": one.state,
    }


def left(one: Left, people: People) -> dict[str, Any]:
    """Somebody without a partner: the reason and the smallest change in words."""
    return {
        "id": one.participation_id,
        "name": name_of(people, one.participation_id),
        "person_id": people[one.participation_id].person_id if one.participation_id in people else None,
        "side": one.side,
        "place": place_of(people, one.participation_id),
        "reason": words.reason(one.side, one.reason, one.facts),
        "change": words.change(
            one.side, one.change, isolated(name_of(people, one.change.get("participation_id")))
        ),
    }


def strip(scores: Sequence[tuple[UUID, UUID, int]], people: People) -> list[dict[str, Any]]:
    """One row a proposal."""
    return [
        {
            "label": _(
                "%(mentor)s and %(mentee)s",
                mentor=isolated(name_of(people, mentor)),
                mentee=isolated(name_of(people, mentee)),
            ),
            "value": rules.of_hundred(score),
        }
        for mentor, mentee, score in scores
    ]


def bands(spread: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """How many proposals lie in each ten points, the highest first, from how many have each score."""
    counted: dict[int, int] = {}
    for score, number in spread:
        low = min(rules.of_hundred(score), 99) // 10 * 10
        counted[low] = counted.get(low, 0) + number
    return [
        {"label": _("%(low)s to %(high)s", low=low, high=low + 9 + (low == 90)), "value": counted[low]}
        for low in sorted(counted, reverse=True)
    ]


def figures(result: Mapping[str, Any], makes: str = Makes.PAIRS) -> list[tuple[str, str]]:
    """The run in numbers."""
    of = {"matched": result["matched"], "mentees": result["mentees"], "places": result["places"]}
    pairs = result.get("parted", result["matched"])
    mean = result["total"] / pairs / (result["most"] / 100) if pairs else 0.0
    points = [
        (_("points in all"), language.number(rules.of_hundred(result["total"]))),
        (_("mean"), language.number(mean, places=1)),
        (_("lowest"), language.number(rules.of_hundred(result["lowest"]))),
    ]
    if makes == Makes.CIRCLES:
        return [
            (_("circles"), language.number(result["groups"])),
            (_("people placed"), _("%(matched)s of %(mentees)s", **of)),
            (_("mean of any two"), language.number(mean, places=1)),
            (_("lowest"), language.number(rules.of_hundred(result["lowest"]))),
        ]
    if makes == Makes.MUTUAL:
        return [*points, (_("people placed"), _("%(matched)s of %(mentees)s", **of))]
    if makes == Makes.GROUPS:
        points.append((_("groups"), language.number(result["groups"])))
    return [
        *points,
        (_("mentees matched"), _("%(matched)s of %(mentees)s", **of)),
        (_("places used"), _("%(matched)s of %(places)s", **of)),
        *swaps(result),
    ]


def swaps(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How many pairs would both rather have each other; older runs have not counted them, if they were very large."""
    count = result.get("blocking_pairs")
    return [] if count is None else [(_("pairs that would rather swap"), language.number(count))]


def groups(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Mentees with a proposal by group; nothing where there is only one group."""
    if len(rows) < 2:
        return []
    return [
        {
            "label": row["name"] or _("No answer"),
            "value": row["matched"],
            "shown": _("%(matched)s of %(mentees)s", matched=row["matched"], mentees=row["mentees"]),
        }
        for row in rows
    ]


def steps(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The waterfall of a run for its drawing."""
    first = {"label": _("All pairs"), "left": result["pairs"], "taken": 0}
    return [first, *({"label": words.limit(row["limit"]), **row} for row in result["waterfall"])]


def points(run: MatchingRun) -> list[tuple[str, int]]:
    """What each criterion could give in this run."""
    return [(words.criterion(name), run.criteria["points"].get(name, 0)) for name in WEIGHED]


def phases(state: Progress | None, run: MatchingRun) -> list[dict[str, str]]:
    """The three phases with "done", "now" or "next" for each."""
    titles = (
        _("Count the possible pairs"),
        _("Find the best set"),
        _("Prove that nothing better exists"),
    )
    at = -1
    if run.state == RunState.RUNNING:
        at = next((n for n, names in enumerate(PHASES) if state and state.phase in names), 0)
    return [
        {"title": title, "is": "done" if n < at else "now" if n == at else "next"}
        for n, title in enumerate(titles)
    ]


async def why_failed(door: Door, run: MatchingRun) -> str:
    """What a failed run can tell a coordinator; empty for one that was stopped."""
    if run.state != RunState.FAILED or run.error is None:
        return ""
    facts = dict(run.result)
    if run.error == "run_pool_too_large":
        facts["what"] = _(_CROWDS[facts["what"]])
    said = _(sentences.every().get(run.error, sentences.every()["run_broken"]), **facts)
    if run.error == "run_lock_impossible":
        both = [UUID(facts["mentor_id"]), UUID(facts["mentee_id"])]
        people = await results.named(door.session, door.actor, both)
        said += " " + _(
            "The pair is %(mentor)s and %(mentee)s, and the constraint: %(limit)s.",
            mentor=isolated(name_of(people, facts["mentor_id"])),
            mentee=isolated(name_of(people, facts["mentee_id"])),
            limit=words.limit(facts["limit"]),
        )
    return said


_CROWDS = {"mentees": N_("mentees"), "mentors": N_("mentors"), "people": N_("people")}
_NO_PRICE = {
    "groups": N_(
        "Nothing forbids %(mentee)s with %(mentor)s. A group shares one topic and one language, so what one person alone would cost cannot be said."
    ),
    "mutual": N_("A pair that you keep together stands against %(mentee)s with %(mentor)s."),
    "": N_("A pair that you keep together stands against %(mentee)s with %(mentor)s."),
    "stable": N_(
        "%(mentee)s and %(mentor)s would have %(score)s points, but one of them has a partner who fits better, or somebody whom you keep with her."
    ),
    "lowest": N_(
        "%(mentee)s and %(mentor)s would have %(score)s points: that is below the lowest score of this run, or a pair that you keep together stands against it."
    ),
}


def why_not(state: Progress, run: MatchingRun, *, mentor: str, mentee: str) -> str:
    """The answer to "why not this mentor": what forbids the pair, or its price."""
    if state.phase == "absent":
        return _("%(mentor)s took no part in this run.", mentor=mentor)
    facts = state.facts
    who = {"mentor": mentor, "mentee": mentee, "score": rules.of_hundred(facts["score"])}
    if facts["failed"]:
        limits = language.listed([words.limit(name) for name in facts["failed"]])
        return _(
            "%(mentee)s and %(mentor)s would have %(score)s points, but this does not hold: %(limits)s.",
            limits=limits, **who,
        )  # fmt: skip
    if facts["is_matched"]:
        return _("%(mentee)s and %(mentor)s are a pair of this run, with %(score)s points.", **who)
    if facts["price"] is None:
        kind = "groups" if "groups" in run.result else run.result.get("aim", "")
        kind = "mutual" if run.result.get("makes") == Makes.MUTUAL else kind
        return _(_NO_PRICE.get(kind, _NO_PRICE[""]), **who)
    if facts.get("people"):
        return ngettext(
            "%(mentee)s with %(mentor)s (%(score)s points) would leave one mentee more without a mentor.",
            "%(mentee)s with %(mentor)s (%(score)s points) would leave %(num)s mentees more without a mentor.",
            facts["people"], **who,
        )  # fmt: skip
    total = run.result["total"]
    return _(
        "%(mentee)s with %(mentor)s (%(score)s points) would cost the run %(price)s points: %(left)s instead of %(total)s.",
        price=language.number(facts["price"] / UNIT, places=1 if facts["price"] % UNIT else 0),
        left=rules.of_hundred(total - facts["price"]), total=rules.of_hundred(total), **who,
    )  # fmt: skip


async def topics(door: Door, cycle_id: UUID) -> dict[str, str]:
    """Labels of the programme's topics in the reader's language."""
    cycle = await programmes.own_cycle(door.session, cycle_id)
    programme = await programmes.own_programme(door.session, cycle.programme_id)
    return {
        topic.code: text_in(topic.label, door.language, programme.languages)
        for topic in await programmes.topics(door.session, programme.id)
    }
